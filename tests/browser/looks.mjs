// What can be measured of how the page looks: width, contrast, focus, and what axe finds.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What sticks out of the window to the right. */
export function overflowing(page) {
  return page.evaluate(() => {
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > innerWidth + 1 && !element.closest(".unseen, .sprite");
    });
    const wide = [document.documentElement, ...document.querySelectorAll(".scroll")].filter((element) => element.scrollWidth > element.clientWidth + 1);
    return [...out, ...wide].map((element) => `${element.tagName} ${element.className}`);
  });
}

/** Contrast of the element's text with what lies behind it, as WCAG counts it. */
export function contrast(locator) {
  return locator.first().evaluate((element) => {
    const rgb = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    let behind = element;
    const opaque = (node) => (rgb(getComputedStyle(node).backgroundColor)[3] ?? 1) === 1;
    while (behind.parentElement && !opaque(behind)) behind = behind.parentElement;
    const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map((color) => light(rgb(color)));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}

/** Serious and critical findings of axe, in words. */
export async function barriers(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/** Presses Tab until the element with this accessible name has the focus; every stop must show that it has it. */
export async function tabTo(page, within, limit = 150) {
  for (let stop = 0; stop < limit; stop += 1) {
    await page.keyboard.press("Tab");
    const { there, seen, what } = await within.evaluateAll((wanted) => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      const ring = style.outlineStyle !== "none" || at.closest(".composer:focus-within") !== null;
      return { there: wanted.includes(at), seen: at === document.body || ring, what: at.outerHTML.slice(0, 120) };
    });
    if (!seen) throw new Error(`nothing shows that this has the focus: ${what}`);
    if (there) return;
  }
  throw new Error(`not reached in ${limit} steps of Tab`);
}
