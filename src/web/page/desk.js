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
  const press = (message, button, fields) => act("POST", at(message, "/press"), { body: { as: state.me, button, fields } });
  const formOf = async (query) => (await call("GET", "form", { query: { as: state.me, ...query } })).form;

  return {
    me: () => state.me,
    name: (id) => (id === BOT ? "Countersign" : person(id)?.name ?? id),
    what: (id) => person(id)?.what ?? "",
    reply,
    say: async ({ text, files, key, thread }) => {
      const command = !thread && !files.length && UNFINISHED.test(text);
      const form = command && await formOf({ channel: channel(), command: text });
      if (form) return fill(form, (fields) => act("POST", "form", { body: { as: state.me, channel: channel(), button: form.button, fields } }));
      return act("POST", "messages", { body: { as: state.me, channel: channel(), thread, text, files, key } });
    },
    react: (message, emoji, on) => told(act(on ? "PUT" : "DELETE", at(message, `/reactions/${encodeURIComponent(emoji)}`), { query: { as: state.me } })),
    press: (message, button, control) => once(control, async () => {
      const form = button.form.length && await formOf({ message: message.id, button: button.id });
      if (form) return () => fill(form, (fields) => press(message, form.button, fields), button.weight === "danger");
      if (button.weight === "danger") return () => sure(button, () => press(message, button.id, {}));
      await press(message, button.id, {});
      return undefined;
    }, told),
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

/** A command without its words may open a form that asks for them. */
const UNFINISHED = /^\s*\/post\s+(new|setup|edit\s+#?\d+)\s*$/i;

/** Does it once, however often it is tapped; then what it leads to, while nothing is disabled. */
async function once(control, act, told) {
  if (control.getAttribute("aria-disabled")) return;
  control.setAttribute("aria-disabled", "true");
  let next;
  await told(act().then((then) => { next = then; }));
  control.removeAttribute("aria-disabled");
  await next?.();
}

const fill = ({ title, send: confirm, fields }, send, danger = false) => ask({ title, fields, confirm, danger, send });

/** What can't be taken back takes a yes. */
const sure = ({ label }, send) => ask({ title: `${label}?`, words: "This can't be taken back.", confirm: label, danger: true, send });
