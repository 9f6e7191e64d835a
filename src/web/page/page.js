// The chat page of the local workspace: one person at a time, the channels, and the Practice page.
//
// Nothing is kept in the browser but the token, who one acts as and how far was read, and these only
// for this tab; what is typed is never kept.

import { follow, takeToken, Trouble } from "./api.js";
import { channelView } from "./channel.js";
import { composer } from "./composer.js";
import { deskWith } from "./desk.js";
import { byId, el, icon } from "./dom.js";
import { hue } from "./message.js";
import { showPublished } from "./published.js";
import { become, loadPlaces, markPublishedRead, markRead, messagesOf, mine, PAGE, person, pull, state, unread, unreadPublished } from "./state.js";
import { hush, troubleLine } from "./trouble.js";
import { emptyWords, initials, placeholder } from "./words.js";

const drafts = new Map();
const life = new AbortController();
const trouble = troubleLine();
const desk = deskWith({ trouble, refresh, channel: () => here, reply: (message) => view.reply(message) });
const view = channelView(desk);
const writer = composer({ label: "Message", hint: "", trouble, send: desk.say });

let here = null;
let stream = null;
let running = null;
let again = false;
let announcing = false;
let atEnd = true;
let lostTimer;
let retryTimer;

/** Reads and draws what changed; one at a time, and once more if something changed meanwhile. */
function refresh() {
  again = true;
  running ??= (async () => {
    while (again) {
      again = false;
      draw(await pull());
    }
  })().finally(() => { running = null; });
  return running;
}

/** The same when nobody waits for it: goes on trying, and says that it does. */
async function catchUp() {
  clearTimeout(retryTimer);
  try {
    await refresh();
    tell("live");
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    tell(cause.status === 401 ? "locked" : "lost");
    if (cause.status !== 401) retryTimer = setTimeout(catchUp, 1_000);
  }
}

function draw(fresh) {
  if (here === null) return;
  for (const [channel, messages] of fresh) messages.forEach((message) => announce(channel, message));
  const arrived = fresh.get(here) ?? [];
  drawPlace();
  if (arrived.some((message) => mine(message) && !message.thread)) toEnd();
  else if (arrived.length && !atEnd) byId("newer").hidden = false;
  seen();
  drawPlaces();
}

function drawPlace() {
  const page = here === PAGE;
  byId("published").hidden = !page;
  byId("messages").hidden = page;
  byId("foot").hidden = page;
  if (page) showPublished(state.published);
  else view.show(messagesOf(here));
  drawEmpty(page ? !state.published.length : !messagesOf(here).length);
}

function drawEmpty(empty) {
  const box = byId("empty");
  box.hidden = !empty;
  if (!empty || box.dataset.place === here) return;
  const { title, steps } = emptyWords(here === PAGE ? "page" : here);
  box.dataset.place = here;
  box.replaceChildren(
    el("img", { src: "/icon.svg", alt: "", width: "56", height: "56" }),
    el("h3", {}, title),
    steps.length === 1 ? el("p", {}, steps[0]) : el("ol", {}, ...steps.map((step) => el("li", {}, step))));
}

/** What is on the screen counts as read, while somebody looks. */
function seen() {
  if (document.hidden || here === null) return;
  if (here === PAGE) markPublishedRead();
  else markRead(here);
}

function announce(channel, message) {
  if (message.deleted || mine(message) || !announcing) return;
  const name = desk.name(message.from.id);
  const words = message.only ? `Only you can see this: ${plain(message)}` : plain(message);
  const line = channel === here ? `${name}: ${words}` : `New in ${channel} from ${name}`;
  const log = byId("log");
  log.append(el("p", {}, line));
  while (log.childElementCount > 20) log.firstElementChild.remove();
}

const plain = (message) => (message.kept ? message.text.slice(0, 300) : "a message that was not kept");

/** The channels and the Practice page, with what is unread. */
function drawPlaces() {
  const places = [...state.channels.map(({ id, name }) => ({ id, name, news: unread(id).length })), { id: PAGE, name: "Practice page", news: unreadPublished() }];
  const focused = document.activeElement?.dataset.go;
  byId("places").replaceChildren(...places.map(({ id, name, news }) => el("li", {},
    el("a", { href: `#${id}`, "data-go": id, "aria-current": id === here ? "page" : null, class: news ? "news" : null },
      id === PAGE ? icon("page") : el("span", { class: "hash", "aria-hidden": "true" }, "#"),
      el("span", {}, name),
      news > 0 && el("span", { class: "badge" }, String(news), el("span", { class: "unseen" }, " new"))))));
  if (focused) byId("places").querySelector(`[data-go="${CSS.escape(focused)}"]`)?.focus();
  const news = places.reduce((sum, place) => sum + place.news, 0);
  const name = places.find(({ id }) => id === here)?.name;
  document.title = `${news ? `(${news}) ` : ""}${name} · Countersign`;
}

/** Goes to the place the address names, or the first. */
function go() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const known = wanted === PAGE || state.channels.some(({ id }) => id === wanted);
  enter(known ? wanted : state.channels[0].id);
}

function enter(place) {
  if (here !== null) drafts.set(here, writer.text);
  here = place;
  hush(trouble);
  const channel = state.channels.find(({ id }) => id === place);
  byId("place-name").textContent = channel?.name ?? "Practice page";
  byId("place-what").textContent = channel?.what ?? "What everybody sees: signed and published";
  document.body.dataset.place = place;
  if (channel) {
    const news = unread(place);
    view.clear(topOf(news[0]), topOf(news.find(({ buttons }) => buttons.length) ?? news[0]));
    writer.rename(`Message in ${channel.name}`, placeholder(place));
    writer.text = drafts.get(place) ?? "";
  }
  drawPlace();
  if (channel) toNew();
  else byId("scroll").scrollTop = 0;
  seen();
  drawPlaces();
}

const topOf = (message) => message?.thread ?? message?.id;

/** What waits for this person comes into view from its beginning, else what is new, else the end. */
function toNew() {
  toEnd();
  const first = view.first();
  if (!first) return;
  const scroll = byId("scroll");
  const above = first.previousElementSibling;
  const top = above?.matches(".rule") ? above : first;
  scroll.scrollTop = top.offsetTop - scroll.offsetTop - 10;
  atEnd = isAtEnd();
}

function isAtEnd() {
  const scroll = byId("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
}

/** Whoever was at the end stays there while messages and pictures arrive. */
function keepEnd() {
  byId("scroll").addEventListener("scroll", () => {
    atEnd = isAtEnd();
    if (atEnd) byId("newer").hidden = true;
  }, { passive: true });
  const grown = new ResizeObserver(() => {
    if (atEnd && here !== PAGE) toEnd();
  });
  grown.observe(byId("messages"));
  grown.observe(byId("scroll"));
}

function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  byId("newer").hidden = true;
  atEnd = true;
}

function fillPeople() {
  const option = ({ id, name, what }) => el("option", { value: id }, what ? `${name}, ${what}` : name);
  const own = state.people.filter(({ kind }) => kind === "person");
  const others = state.people.filter(({ kind }) => kind !== "person");
  byId("me").replaceChildren(
    el("optgroup", { label: "Of the practice and its agency" }, ...own.map(option)),
    ...(others.length ? [el("optgroup", { label: "Others" }, ...others.map(option))] : []));
}

function drawMe() {
  const { id, name } = person(state.me);
  byId("me").value = id;
  byId("me-avatar").className = `avatar of-${hue(id)}`;
  byId("me-avatar").textContent = initials(name);
}

async function actAs(id) {
  become(id);
  drawMe();
  if (here === null) return;
  drafts.set(here, writer.text);
  announcing = false;
  listen();
  await catchUp();
  if (state.me !== id) return;
  enter(here === PAGE || state.channels.some(({ id: room }) => room === here) ? here : state.channels[0].id);
  announcing = true;
  byId("log").append(el("p", {}, `You act as ${person(id).name} now.`));
}

/** Follows what happens while somebody looks; a hidden tab lets go of its connection. */
function listen() {
  stream?.abort();
  stream = new AbortController();
  const { signal } = stream;
  if (document.hidden) {
    const timer = setInterval(catchUp, 15_000);
    signal.addEventListener("abort", () => clearInterval(timer));
    return;
  }
  follow({ as: state.me }, { changed: catchUp, state: (now) => signal.aborted || tell(now), signal });
}

function tell(now) {
  const line = byId("link-state");
  if (now === "locked") return lock("This page's key is no longer valid.");
  if (now === "live") {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    line.hidden = true;
    line.textContent = "";
    return undefined;
  }
  lostTimer ??= setTimeout(() => {
    line.hidden = false;
    line.textContent = "Reconnecting…";
    line.title = "Countersign can't be reached. What you are writing stays here.";
  }, 600);
  return undefined;
}

/** Nothing works without the token: says where to find it. */
function lock(words) {
  stream?.abort();
  life.abort();
  clearTimeout(retryTimer);
  document.body.dataset.place = "locked";
  byId("main").replaceChildren(el("div", { class: "empty" },
    el("img", { src: "/icon.svg", alt: "", width: "56", height: "56" }),
    el("h2", {}, words),
    el("p", {}, "Countersign prints the address of this page, with its key, when it starts. Open that address.")));
}

async function start() {
  if (!takeToken()) return lock("This page needs its key.");
  try {
    await loadPlaces();
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    if (cause.status === 401) return lock("This page's key is not valid.");
    if (cause.status === 403) return lock(`This page was refused: ${cause.message}.`);
    tell("lost");
    setTimeout(start, 2_000);
    return undefined;
  }
  tell("live");
  fillPeople();
  drawMe();
  byId("foot").append(writer.element);
  byId("me").addEventListener("change", (event) => actAs(event.target.value));
  byId("newer").addEventListener("click", toEnd);
  keepEnd();
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  addEventListener("hashchange", go, { signal: life.signal });
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden) catchUp();
  }, { signal: life.signal });
  await pull().catch(() => {});
  go();
  announcing = true;
  listen();
  return undefined;
}

start();
