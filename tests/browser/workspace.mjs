// Starts a countersign with an empty data directory, and browsers for the people who use it.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const START_WITHIN = 20_000;
const START = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/;

/** The start URL, and a way to end what was started. `COUNTERSIGN_URL` names one that runs already. */
export async function startWorkspace() {
  if (process.env.COUNTERSIGN_URL) return { url: process.env.COUNTERSIGN_URL, stop: async () => {} };
  const data = await mkdtemp(join(tmpdir(), "countersign-browser-"));
  const program = process.env.COUNTERSIGN_BIN ?? join(ROOT, "target/debug/countersign");
  const child = spawn(program, ["--data", data], {
    env: { COUNTERSIGN_LOG: "warn", ...process.env, COUNTERSIGN_WEB_LISTEN: "127.0.0.1:0", COUNTERSIGN_LOCAL_LISTEN: "127.0.0.1:0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => { child.once("exit", done).once("error", done); });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  const gaveUp = new Promise((done) => { setTimeout(done, START_WITHIN, `said no start URL in ${START_WITHIN} ms`).unref(); });
  const url = await Promise.race([startUrl(child), ended, gaveUp]);
  if (START.test(url)) return { url, stop };
  await stop();
  throw new Error(`${program}: ${url}`);
}

function startUrl(child) {
  return new Promise((found) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = START.exec(line)?.[0];
      if (url) found(url);
    });
  });
}

/** One browser; each person gets a window of their own, as on a device of their own. */
export async function startBrowser(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium", args: FLAGS });
  const complaints = [];
  const opens = async (person, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`${person}: ${error}`));
    page.on("console", (line) => {
      if (/Content Security Policy|Refused to/.test(line.text())) complaints.push(`${person}: ${line.text()}`);
    });
    await page.goto(url);
    await page.getByLabel("Acting as").selectOption(person);
    return page;
  };
  return { opens, complaints, close: () => browser.close() };
}
