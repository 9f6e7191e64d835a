// Asks a person something in a dialog: a form, or a yes.

import { byId, el } from "./dom.js";
import { fieldOf } from "./field.js";
import { sentence, say, troubleLine } from "./trouble.js";

/**
 * Opens the dialog. `send` gets what was filled in, by field name; while it fails the dialog stays
 * open with that and says why, beside the fields that it is about. Resolves when the dialog is gone.
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
    const filled = Object.fromEntries(inputs.map((input) => [input.name, input.value()]));
    await send(filled).then(() => dialog.close(), (cause) => blame(inputs, trouble, cause));
    go.removeAttribute("aria-disabled");
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  if (inputs.length) inputs[0].focus();
  else form.querySelector(".ask-buttons button").focus();
  inputs.forEach((input) => input.fit());
  return new Promise((done) => { dialog.onclose = done; });
}

/** Says what is wrong, beside each field that it is about, and goes to the first of them. */
function blame(inputs, trouble, cause) {
  inputs.forEach((input) => input.clear());
  say(trouble, cause);
  const wrong = inputs.filter(({ name, blame: tell }) => {
    const whys = (cause.problems ?? []).filter(({ field }) => field === name).map(({ why }) => sentence(why));
    if (whys.length) tell(whys.join(" "));
    return whys.length > 0;
  });
  wrong[0]?.focus();
}
