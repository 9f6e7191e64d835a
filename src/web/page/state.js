// What the page knows: people, channels, messages, and how far each person has read.

import { call } from "./api.js";
import { BOT } from "./words.js";

const ME = "countersign.me";
const READ = "countersign.read";

export const PAGE = "practice-page";

export const state = {
  me: null,
  people: [],
  channels: [],
  /** Every channel; `channels` are those that the person is in. */
  rooms: [],
  published: [],
  places: new Map(),
};

export async function loadPlaces() {
  [state.people, state.rooms] = await Promise.all([call("GET", "people"), call("GET", "channels")]);
  state.people = state.people.filter(({ id }) => id !== BOT);
  const kept = sessionStorage.getItem(ME);
  become(state.people.some(({ id }) => id === kept) ? kept : state.people[0].id);
}

/** Acts as somebody: what only they may see is read anew. */
export function become(id) {
  state.me = id;
  sessionStorage.setItem(ME, id);
  state.channels = state.rooms.filter(({ people }) => !people || people.includes(id));
  state.places = new Map(state.channels.map((channel) => [channel.id, { seq: 0, messages: new Map() }]));
}

export const person = (id) => state.people.find((one) => one.id === id);

/** A channel's messages in their order; one that the gate looked at for long has its old place. */
export const messagesOf = (channel) => [...state.places.get(channel).messages.values()].sort((a, b) => a.position - b.position);

/** Reads what is new or changed everywhere; gives the messages never seen before, by channel. */
export async function pull() {
  const { me, places } = state;
  const [published, ...answers] = await Promise.all([
    call("GET", "published"),
    ...[...places].map(([channel, { seq }]) => call("GET", "transcript", { query: { channel, after: seq, as: me } })),
  ]);
  state.published = published;
  const fresh = new Map();
  [...places].forEach(([channel, place], at) => fresh.set(channel, take(place, answers[at])));
  return places === state.places ? fresh : new Map();
}

function take(place, { seq, messages }) {
  const fresh = messages.filter(({ id }) => !place.messages.has(id));
  messages.forEach((message) => place.messages.set(message.id, message));
  place.seq = Math.max(place.seq, seq);
  return fresh;
}

export const mine = (message) => message.from.id === state.me;

/** Messages of others that this person has not had before their eyes. */
export function unread(channel) {
  const read = readUpTo(channel);
  return messagesOf(channel).filter((message) => message.born > read && !mine(message) && !message.deleted);
}

export function markRead(channel) {
  const all = JSON.parse(sessionStorage.getItem(READ) ?? "{}");
  all[`${state.me} ${channel}`] = state.places.get(channel).seq;
  sessionStorage.setItem(READ, JSON.stringify(all));
}

function readUpTo(channel) {
  return JSON.parse(sessionStorage.getItem(READ) ?? "{}")[`${state.me} ${channel}`] ?? 0;
}

/** The Practice page counts posts, as it has no numbers of change. */
export function unreadPublished() {
  const seen = new Set(seenPublished());
  return state.published.filter(({ id }) => !seen.has(id)).length;
}

export function markPublishedRead() {
  sessionStorage.setItem(`${READ}.published`, JSON.stringify(state.published.map(({ id }) => id)));
}

const seenPublished = () => JSON.parse(sessionStorage.getItem(`${READ}.published`) ?? "[]");
