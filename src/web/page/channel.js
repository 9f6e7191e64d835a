// The messages of one channel, in order, with days between them and threads under them.

import { composer } from "./composer.js";
import { arrange, byId, el, icon } from "./dom.js";
import { fill, hue } from "./message.js";
import { BOT, count, day } from "./words.js";

const OPEN_UP_TO = 6;
const SOON = 5 * 60_000;

/** The list; it keeps what it drew and draws again only what changed. */
export function channelView(desk) {
  const drawn = new Map();
  const view = { desk, drawn, newFrom: null, first: null, settled: false };
  return {
    clear: (newFrom, first) => {
      drawn.clear();
      Object.assign(view, { newFrom, first, settled: false });
      byId("messages").replaceChildren();
    },
    show: (messages) => show(view, messages),
    first: () => drawn.get(view.first)?.li,
    reply: (message) => {
      write(view, drawn.get(message.thread) ?? drawn.get(message.id));
    },
  };
}

function show(view, messages) {
  const ids = new Set(messages.map(({ id }) => id));
  const top = messages.filter(({ thread }) => !thread || !ids.has(thread));
  const wanted = [];
  let before;
  for (const message of top) {
    if (!before || day(before.at) !== day(message.at)) wanted.push(rule(view, day(message.at), "day"));
    if (message.id === view.newFrom && before) wanted.push(rule(view, "New", "new"));
    const item = draw(view, message);
    const above = before && view.drawn.get(before.id);
    item.li.classList.toggle("follows", wanted.at(-1) === above?.li && !above?.thread && follows(before, message));
    thread(view, item, messages.filter((reply) => reply.thread === message.id));
    wanted.push(item.li);
    before = message;
  }
  arrange(byId("messages"), wanted);
  view.settled = true;
}

/** A line between messages: a day, or where the new ones begin. */
function rule(view, words, kind) {
  const key = `${kind} ${words}`;
  if (!view.drawn.has(key)) view.drawn.set(key, { li: el("li", { class: `rule ${kind}` }, el("span", {}, words)) });
  return view.drawn.get(key).li;
}

function draw(view, message) {
  if (!view.drawn.has(message.id)) {
    const article = el("article", { tabindex: "-1", "data-id": message.id });
    view.drawn.set(message.id, { message: null, article, li: el("li", { class: view.settled ? "arrived" : null }, article), open: null });
  }
  const item = view.drawn.get(message.id);
  if (item.message !== message) fill(item.article, message, view.desk);
  item.message = message;
  return item;
}

function follows(before, message) {
  return before !== undefined && before.from.id === message.from.id && message.from.id !== BOT && !message.only && !before.only
    && new Date(message.at) - new Date(before.at) < SOON;
}

function thread(view, item, replies) {
  if (!replies.length && !item.thread) return;
  addThread(item);
  item.replies = replies.length;
  arrange(item.list, replies.map((reply) => draw(view, reply).li));
  const people = [...new Set(replies.map(({ from }) => from.id))].slice(0, 4);
  item.faces.replaceChildren(...people.map((id) => el("i", { class: id === BOT ? "dot of-bot" : `dot of-${hue(id)}` })));
  setOpen(item, item.open ?? replies.length <= OPEN_UP_TO, false);
}

function addThread(item) {
  if (item.thread) return;
  item.replies = 0;
  item.list = el("ol", { class: "replies", role: "list" });
  item.faces = el("span", { class: "dots", "aria-hidden": "true" });
  item.words = el("span");
  item.toggle = el("button", {
    type: "button", class: "toggle", "aria-expanded": "true", onclick: () => setOpen(item, item.list.hidden),
  }, icon("turn"), item.words, item.faces);
  item.thread = el("div", { class: "thread" }, item.toggle, item.list);
  item.li.append(item.thread);
}

function setOpen(item, open, chosen = true) {
  if (chosen) item.open = open;
  if (!item.thread) return;
  item.list.hidden = !open;
  item.toggle.hidden = !item.replies;
  item.toggle.setAttribute("aria-expanded", String(open));
  item.words.textContent = count(item.replies, "reply", "replies");
}

/** The place to write into a thread; it stays while the thread changes above it. */
function write(view, item) {
  addThread(item);
  setOpen(item, true);
  const close = () => {
    item.composer.element.remove();
    item.composer = null;
    item.article.querySelector('[data-key="reply"]')?.focus();
  };
  item.composer ??= composer({
    label: "Reply in thread", hint: "Reply…", cancel: close,
    send: (written) => view.desk.say({ ...written, thread: item.message.thread ?? item.message.id }),
  });
  item.thread.append(item.composer.element);
  item.composer.focus();
}
