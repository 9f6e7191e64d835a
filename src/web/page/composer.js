// Where a person writes: words, and pictures that can't be sent without saying what they show.

import { call, Trouble } from "./api.js";
import { el, icon } from "./dom.js";
import { fit } from "./field.js";
import { hush, say, troubleLine } from "./trouble.js";

const LARGEST = 10 * 1024 * 1024;
const TYPES = ["image/jpeg", "image/png"];

/** `send` gets {text, files, key}. What was typed stays until it has worked. */
export function composer({ label, hint, send, trouble = troubleLine(), cancel }) {
  const parts = { label, trouble, attached: [], busy: false };
  parts.text = el("textarea", { rows: "1", "aria-label": label, placeholder: hint, enterkeyhint: "send" });
  parts.tiles = el("ul", { class: "tiles", role: "list", hidden: true });
  parts.picker = el("input", { type: "file", accept: TYPES.join(","), multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true" });
  parts.go = el("button", { type: "submit", class: "send round", "aria-label": "Send", title: "Send" }, icon("send"));
  parts.form = el("form", { class: "composer", novalidate: true, "aria-label": label },
    parts.tiles,
    el("div", { class: "line" },
      el("button", { type: "button", class: "quiet round", "aria-label": "Attach a picture", title: "Attach a picture", onclick: () => parts.picker.click() }, icon("picture")),
      parts.picker, parts.text, parts.go),
    cancel && el("button", { type: "button", class: "quiet small", onclick: cancel }, "Close"));
  listen(parts, send, cancel);
  return {
    element: el("div", { class: "write" }, trouble, parts.form),
    focus: () => parts.text.focus(),
    rename: (name, placeholder) => {
      parts.text.setAttribute("aria-label", name);
      parts.form.setAttribute("aria-label", name);
      parts.text.placeholder = placeholder;
    },
    get text() { return parts.text.value; },
    set text(value) { parts.text.value = value; fit(parts.text); },
  };
}

function listen(parts, send, cancel) {
  const { form, text, picker } = parts;
  text.addEventListener("input", () => fit(text));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (cancel) form.addEventListener("keydown", (event) => { if (event.key === "Escape") cancel(); });
  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault();
    attach(parts, files);
  });
  picker.addEventListener("change", () => {
    attach(parts, [...picker.files]);
    picker.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(parts, send);
  });
}

async function submit(parts, send) {
  const text = parts.text.value.trim();
  if (parts.busy || (!text && !parts.attached.length)) return;
  const silent = parts.attached.find(({ alt }) => !alt.value.trim());
  if (silent) {
    say(parts.trouble, new Trouble("A picture needs a description.", "Write what it shows, for people who can't see it."));
    silent.alt.setAttribute("aria-invalid", "true");
    silent.alt.focus();
    return;
  }
  parts.busy = true;
  parts.go.setAttribute("aria-disabled", "true");
  try {
    const files = [];
    for (const one of parts.attached) files.push(await upload(one));
    await send({ text, files, key: keyOf(parts, JSON.stringify([text, files])) });
    hush(parts.trouble);
    parts.said = null;
    parts.text.value = "";
    parts.attached.slice().forEach((one) => detach(parts, one));
    fit(parts.text);
  } catch (cause) {
    say(parts.trouble, cause);
  }
  parts.busy = false;
  parts.go.removeAttribute("aria-disabled");
  parts.text.focus();
}

/** The same words and pictures, sent again after a failure, have the same key and are said once. */
function keyOf(parts, said) {
  if (parts.said !== said) Object.assign(parts, { said, key: crypto.randomUUID() });
  return parts.key;
}

/** A picture is uploaded once, however often sending is tried. */
async function upload(one) {
  if (!one.id) {
    const form = new FormData();
    form.append("file", one.file);
    one.id = (await call("POST", "files", { body: form })).id;
  }
  return { id: one.id, alt: one.alt.value.trim() };
}

function attach(parts, files) {
  for (const file of files) {
    if (!TYPES.includes(file.type)) {
      say(parts.trouble, new Trouble("Only JPEG and PNG pictures can be attached."));
    } else if (file.size > LARGEST) {
      say(parts.trouble, new Trouble("This picture is larger than 10 MB.", "Save it smaller and attach it again."));
    } else {
      parts.attached.push(tile(parts, file));
    }
  }
  parts.tiles.hidden = !parts.attached.length;
  parts.attached.at(-1)?.alt.focus();
}

function tile(parts, file) {
  const one = { file, preview: URL.createObjectURL(file) };
  one.alt = el("input", {
    type: "text", required: true, autocomplete: "off", placeholder: "For people who can't see it",
    oninput: () => one.alt.removeAttribute("aria-invalid"),
  });
  one.item = el("li", { class: "tile" },
    el("img", { src: one.preview, alt: "" }),
    el("label", { class: "field" }, el("span", {}, "What does the picture show?"), one.alt),
    el("button", { type: "button", class: "quiet round", "aria-label": "Remove this picture", onclick: () => detach(parts, one) }, icon("close")));
  parts.tiles.append(one.item);
  return one;
}

function detach(parts, one) {
  URL.revokeObjectURL(one.preview);
  one.item.remove();
  parts.attached.splice(parts.attached.indexOf(one), 1);
  parts.tiles.hidden = !parts.attached.length;
  parts.text.focus();
}
