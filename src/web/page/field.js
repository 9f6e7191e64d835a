// One field of a form: its label, how to fill it in, and what is wrong with it.

import { el } from "./dom.js";

let fields = 0;

/**
 * `value()` is what was filled in, of several chosen ones a line each; `blame(why)` says what is
 * wrong, `clear()` takes that back.
 */
export function fieldOf({ name, label, hint = "", value = "", kind, of = [] }) {
  const id = `field-${fields += 1}`;
  const help = hint && el("p", { class: "hint", id: `${id}-hint` }, hint);
  const wrong = el("p", { class: "problem", id: `${id}-wrong` });
  const parts = kind === "many" ? boxes({ id, name, label, value, of }) : single({ id, name, label, value, kind, of });
  const row = parts.row(help, wrong);
  const describe = () => {
    const ids = [help && help.id, wrong.textContent && wrong.id].filter(Boolean).join(" ");
    parts.controls.forEach((control) => {
      if (ids) control.setAttribute("aria-describedby", ids);
      else control.removeAttribute("aria-describedby");
      if (wrong.textContent) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
  };
  describe();
  return {
    name, row,
    value: parts.value,
    focus: () => parts.controls[0]?.focus(),
    fit: () => parts.controls.forEach(fit),
    blame: (why) => { wrong.textContent = why; describe(); },
    clear: () => { wrong.textContent = ""; describe(); },
  };
}

/** A line, lines, or one of several. */
function single({ id, name, label, value, kind, of }) {
  const control = {
    lines: () => el("textarea", { id, name, rows: name === "text" ? "4" : "2", oninput: () => fit(control) }),
    one: () => el("select", { id, name }, ...of.map((one) => el("option", { value: one.id }, one.label))),
  }[kind]?.() ?? el("input", { id, name, type: "text", autocomplete: "off" });
  control.value = value;
  return {
    controls: [control],
    value: () => control.value,
    row: (help, wrong) => el("div", { class: "field" }, el("label", { for: id }, label), help, control, wrong),
  };
}

/** Any number of several. */
function boxes({ id, name, label, value, of }) {
  const chosen = value.split("\n");
  const controls = of.map((one) => {
    const box = el("input", { type: "checkbox", name, value: one.id });
    box.checked = chosen.includes(one.id);
    return box;
  });
  const lines = of.map((one, nth) => el("label", { class: "choice" }, controls[nth], el("span", {}, one.label)));
  return {
    controls,
    value: () => controls.filter((box) => box.checked).map((box) => box.value).join("\n"),
    row: (help, wrong) => el("fieldset", { class: "field", id }, el("legend", {}, label), help, ...lines, wrong),
  };
}

/** A text area grows with what is in it. */
export function fit(input) {
  if (input.tagName !== "TEXTAREA") return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}
