// A small menu beside the button that opens it: arrow keys move, Escape closes and goes back.

import { byId, el } from "./dom.js";

/** Opens it with `items`: {text, label?, danger?, run}. `grid` lays them out side by side. */
export function openMenu(anchor, label, items, { grid = false } = {}) {
  const menu = byId("menu");
  menu.setAttribute("aria-label", label);
  menu.classList.toggle("grid", grid);
  menu.replaceChildren(...items.map((item) => choice(menu, item)));
  menu.onkeydown = (event) => move(menu, event);
  menu.ontoggle = (event) => {
    anchor.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && menu.contains(document.activeElement)) anchor.focus();
  };
  menu.showPopover();
  place(menu, anchor);
  menu.firstElementChild.focus();
}

function choice(menu, { text, label, danger, run }) {
  return el("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null, "aria-label": label, title: label,
    onclick: () => {
      menu.hidePopover();
      run();
    },
  }, text);
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 8);
  const below = at.bottom + 6;
  const top = below + menu.offsetHeight > innerHeight - 8 ? at.top - menu.offsetHeight - 6 : below;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}

function move(menu, event) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  if (event.key === "Tab") return menu.hidePopover();
  if (!(event.key in steps)) return undefined;
  event.preventDefault();
  items.at(steps[event.key] % items.length).focus();
  return undefined;
}
