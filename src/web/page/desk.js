// Carries out what a person does on a message, and says in words when it did not work.

import { call } from "./api.js";
import { ask } from "./ask.js";
import { person, state } from "./state.js";
import { hush, say } from "./trouble.js";
import { BOT } from "./words.js";

/** `refresh` reads what changed; `reply` opens the place to write into a thread. */
export function deskWith({ trouble, refresh, channel, reply }) {
  const act = async (method, path, options) => {
    const answer = await call(method, path, options);
    await refresh().catch(() => {});
    return answer;
  };
  const told = (promise) => promise.then(() => hush(trouble), (cause) => say(trouble, cause));
  const at = (message, rest = "") => `messages/${encodeURIComponent(message.id)}${rest}`;
  const press = (message, button, fields) => act("POST", at(message, "/press"), { body: { as: state.me, button: button.id, fields } });

  return {
    me: () => state.me,
    name: (id) => (id === BOT ? "Countersign" : person(id)?.name ?? id),
    what: (id) => person(id)?.what ?? "",
    reply,
    say: ({ text, files, key, thread }) => act("POST", "messages", { body: { as: state.me, channel: channel(), thread, text, files, key } }),
    react: (message, emoji, on) => told(act(on ? "PUT" : "DELETE", at(message, `/reactions/${encodeURIComponent(emoji)}`), { query: { as: state.me } })),
    press: (message, button, control) => pressed(button, control, (fields) => press(message, button, fields), told),
    edit: (message) => ask({
      title: "Edit message", confirm: "Save",
      fields: [{ name: "text", label: "Text", value: message.text, kind: "lines" }],
      send: ({ text }) => act("PATCH", at(message), { body: { as: state.me, text } }),
    }),
    remove: (message) => ask({
      title: "Delete this message?", words: "It disappears from the channel for everybody.", confirm: "Delete", danger: true,
      send: () => act("DELETE", at(message), { query: { as: state.me } }),
    }),
  };
}

/** A form first if the button has one, a yes if it can't be taken back; once, however often it is tapped. */
async function pressed(button, control, send, told) {
  const danger = button.weight === "danger";
  if (button.form.length) return ask({ title: button.label, fields: button.form, confirm: confirmWords(button), danger, send });
  if (danger) {
    return ask({ title: `${button.label}?`, words: "This can't be taken back.", confirm: button.label, danger, send: () => send({}) });
  }
  if (control.getAttribute("aria-disabled")) return undefined;
  control.setAttribute("aria-disabled", "true");
  await told(send({}));
  control.removeAttribute("aria-disabled");
  return undefined;
}

/** A form that comes filled in is an edit. */
const confirmWords = ({ form, label }) => (form.some(({ value }) => value) ? "Save changes" : label);
