// Says what went wrong, and what to do, near where it happened.

import { el } from "./dom.js";
import { Trouble } from "./api.js";

export const troubleLine = () => el("div", { class: "trouble", role: "alert" });

export function say(line, cause) {
  if (!(cause instanceof Trouble)) console.error(cause);
  const { message, hint = "" } = cause instanceof Trouble ? cause : new Trouble("That did not work.", "Load the page again and try once more.");
  line.replaceChildren(el("strong", {}, sentence(message)), hint ? ` ${sentence(hint)}` : "");
}

export const hush = (line) => line.replaceChildren();

/** The workspace's sentences begin small and have no full stop. */
export function sentence(words) {
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
