// One message as people see it: words, pictures, buttons, reactions.

import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { pictures } from "./pictures.js";
import { safeNodes } from "./safe.js";
import { BOT, PICKER, clock, initials, reactionLabel, reactionName, wholeTime } from "./words.js";

/** Puts the message into its article. `desk` knows the people and carries out what is pressed. */
export function fill(article, message, desk) {
  const key = article.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const bot = message.from.id === BOT;
  article.className = classes(message, bot);
  article.setAttribute("aria-label", `${nameOf(message, desk)}, ${clock(message.at)}`);
  article.replaceChildren(...parts(message, desk, bot).filter(Boolean));
  if (key) (article.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? article).focus();
}

function classes(message, bot) {
  const names = ["message"];
  if (bot) names.push("bot");
  if (message.only) names.push("private");
  if (message.deleted || !message.kept) names.push("gone");
  if (isCard(message)) names.push("card");
  if (isCard(message) && !message.buttons.length) names.push("closed");
  return names.join(" ");
}

/** A post under review or a draft of one, not a short word of Countersign's. */
export function isCard(message) {
  return !message.deleted && (message.view === "card" || (message.view === "draft" && message.buttons.length > 0));
}

function parts(message, desk, bot) {
  const standing = !message.deleted && message.kept;
  return [
    avatar(message, bot),
    head(message, desk),
    message.only && el("p", { class: "only-you" }, icon("private"), "Only you can see this"),
    body(message, bot),
    standing && !bot && pictures(message.files),
    standing && buttons(message, desk),
    standing && reactions(message, desk),
    tools(message, desk, bot),
  ];
}

function nameOf(message, desk) {
  return message.from.name || desk.name(message.from.id);
}

function avatar(message, bot) {
  return bot
    ? el("img", { class: "avatar", src: "/icon.svg", alt: "" })
    : el("span", { class: `avatar of-${hue(message.from.id)}`, "aria-hidden": "true" }, initials(message.from.name || message.from.id));
}

/** The same person has the same color, out of six. */
export function hue(id) {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 6;
}

function head(message, desk) {
  const what = desk.what(message.from.id);
  return el("div", { class: "head" },
    el("strong", { class: "from" }, nameOf(message, desk)),
    what && el("span", { class: "what" }, what),
    el("time", { datetime: message.at, title: wholeTime(message.at) }, clock(message.at)),
    message.edited && !message.deleted && message.from.id !== BOT && el("span", { class: "mark" }, "edited"));
}

function body(message, bot) {
  if (message.deleted) return el("p", { class: "body mark" }, "[deleted]");
  if (!message.kept) {
    return el("div", { class: "body" },
      el("p", { class: "mark" }, "[not kept]"),
      el("p", { class: "why" }, "It may have been about a patient, so nothing of it was stored."));
  }
  if (!bot) return message.text ? el("p", { class: "body said" }, message.text) : null;
  const words = el("div", { class: "body" }, safeNodes(message.html));
  const shown = pictures(message.pictures);
  const text = [...words.querySelectorAll("blockquote")].at(-1);
  if (shown && text) text.after(shown);
  else if (shown) words.append(shown);
  return words;
}

function buttons(message, desk) {
  if (!message.buttons.length) return null;
  return el("div", { class: "buttons", role: "group", "aria-label": "What can be done" }, ...message.buttons.map((button) => el("button", {
    type: "button", class: button.weight, "data-key": `press ${button.id}`, "aria-haspopup": button.form.length ? "dialog" : null,
    onclick: (event) => desk.press(message, button, event.currentTarget),
  }, button.label)));
}

function reactions(message, desk) {
  if (!message.reactions.length) return null;
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions" },
    ...message.reactions.map(({ emoji, people }) => chip(message, emoji, people, desk)),
    picker(message, desk));
}

function chip(message, emoji, people, desk) {
  const persons = people.filter((id) => id !== BOT);
  const mine = persons.includes(desk.me());
  const label = reactionLabel(emoji, persons.map(desk.name));
  return el("button", {
    type: "button", class: mine ? "chip mine" : "chip", "aria-pressed": String(mine), "aria-label": label, title: label,
    "data-key": `react ${emoji}`, onclick: () => desk.react(message, emoji, !mine),
  }, el("span", { class: "emoji" }, emoji), persons.length ? el("span", { class: "n" }, String(persons.length)) : null);
}

function picker(message, desk) {
  return el("button", {
    type: "button", class: "quiet round picker", "aria-label": "Add a reaction", title: "Add a reaction", "aria-haspopup": "menu", "aria-expanded": "false",
    "data-key": "picker", onclick: (event) => pick(event.currentTarget, message, desk),
  }, icon("face"));
}

function pick(anchor, message, desk) {
  const items = PICKER.map((emoji) => ({ text: emoji, label: reactionName(emoji), run: () => desk.react(message, emoji, true) }));
  openMenu(anchor, "Reactions", items, { grid: true });
}

/** Reply, and a menu with the rest; a deleted message has neither. */
function tools(message, desk, bot) {
  if (message.deleted) return null;
  const own = message.from.id === desk.me();
  const reactable = message.kept && !message.reactions.length;
  const more = el("button", {
    type: "button", class: "quiet round", "aria-label": "More", title: "More", "aria-haspopup": "menu", "aria-expanded": "false", "data-key": "more",
    onclick: () => openMenu(more, "More", rest),
  }, icon("more"));
  const rest = [
    reactable && { text: "Add a reaction", run: () => pick(more, message, desk) },
    own && message.kept && { text: "Edit message", run: () => desk.edit(message) },
    (own || bot) && { text: isCard(message) ? "Delete card" : "Delete message", danger: true, run: () => desk.remove(message) },
  ].filter(Boolean);
  return el("div", { class: "tools" },
    reactable && picker(message, desk),
    !message.only && el("button", {
      type: "button", class: "quiet round", "aria-label": "Reply in thread", title: "Reply in thread", "data-key": "reply", onclick: () => desk.reply(message),
    }, icon("reply")),
    rest.length > 0 && more);
}
