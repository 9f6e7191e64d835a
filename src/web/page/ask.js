// Asks a person something in a dialog: a form, or a yes.

import { byId, el } from "./dom.js";
import { say, troubleLine } from "./trouble.js";

/**
 * Opens the dialog. `send` gets what was typed, by field name; while it fails the dialog stays open
 * with what was typed and says why. Resolves when the dialog is gone.
 */
export function ask({ title, words, fields = [], confirm, danger = false, send }) {
  const dialog = byId("ask");
  const trouble = troubleLine();
  const go = el("button", { type: "submit", class: danger ? "danger solid" : "primary" }, confirm);
  const inputs = fields.map(fieldOf);
  const form = el("form", { novalidate: true },
    el("h2", { id: "ask-title" }, title),
    words && el("p", { class: "ask-words" }, words),
    ...inputs.map((input) => input.row),
    trouble,
    el("div", { class: "ask-buttons" },
      el("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "Cancel"), go));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.getAttribute("aria-disabled")) return;
    go.setAttribute("aria-disabled", "true");
    const typed = Object.fromEntries(inputs.map(({ name, input }) => [name, input.value]));
    await send(typed).then(() => dialog.close(), (cause) => say(trouble, cause));
    go.removeAttribute("aria-disabled");
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  (inputs[0]?.input ?? form.querySelector(".ask-buttons button")).focus();
  inputs.forEach(({ input }) => fit(input));
  return new Promise((done) => { dialog.onclose = done; });
}

function fieldOf({ name, label, value, kind }) {
  const input = kind === "lines"
    ? el("textarea", { name, rows: name === "text" ? "4" : "2", oninput: () => fit(input) })
    : el("input", { name, type: "text", autocomplete: "off" });
  input.value = value ?? "";
  return { name, input, row: el("label", { class: "field" }, el("span", {}, label), input) };
}

/** A text area grows with what is in it. */
export function fit(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}
