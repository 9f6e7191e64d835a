// Talks to the local workspace. The token stays out of every address: it goes in a header.

const TOKEN = "countersign.token";
const SILENCE = 45_000;
const LONGEST_PAUSE = 5_000;

/** What went wrong, in words for the person, and what to do; of a form, by field: {field, why}. */
export class Trouble extends Error {
  constructor(error, hint = "", status = 0, problems = []) {
    super(error);
    this.hint = hint;
    this.status = status;
    this.problems = problems;
  }
}

/** Takes the token out of the address bar; later loads of this tab find it in its session. */
export function takeToken() {
  const here = new URL(location.href);
  const given = here.searchParams.get("token");
  if (given) {
    sessionStorage.setItem(TOKEN, given);
    here.searchParams.delete("token");
    history.replaceState(null, "", here.pathname + here.search + here.hash);
  }
  return Boolean(sessionStorage.getItem(TOKEN));
}

/** One request; the answer's JSON, or nothing when it has none. */
export async function call(method, path, { query = {}, body } = {}) {
  const json = body !== undefined && !(body instanceof FormData);
  const response = await reach(address(path, query), {
    method,
    headers: json ? { "Content-Type": "application/json" } : {},
    body: json ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

function address(path, query) {
  const url = new URL(`/local/api/${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  return url;
}

async function reach(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {
      ...options,
      cache: "no-store",
      headers: { ...options.headers, Authorization: `Bearer ${sessionStorage.getItem(TOKEN)}` },
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Trouble("Countersign can't be reached.", "Nothing you wrote is lost here. Do it again when it is back: nothing is said or done twice.");
  }
  if (!response.ok) throw await troubleOf(response);
  return response;
}

async function troubleOf(response) {
  const said = await response.json().catch(() => ({}));
  const error = said.error ?? `Countersign answered ${response.status}.`;
  return new Trouble(error, said.hint ?? "", response.status, said.problems ?? []);
}

/**
 * Follows the event stream until the signal aborts it, and connects again when it breaks.
 *
 * `changed` is called after each (re)connection and at each change; `state` with "live", "lost" or
 * "locked" (the token is not known: no use to try again).
 */
export async function follow(query, { changed, state, signal }) {
  let pause = 250;
  while (!signal.aborted) {
    try {
      await stream(query, signal, () => {
        pause = 250;
        state("live");
        changed();
      }, changed);
    } catch (cause) {
      if (cause instanceof Trouble && cause.status === 401) return state("locked");
    }
    if (signal.aborted) return undefined;
    state("lost");
    await new Promise((wake) => setTimeout(wake, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  return undefined;
}

async function stream(query, signal, opened, changed) {
  const silent = new AbortController();
  const stop = AbortSignal.any([signal, silent.signal]);
  const response = await reach(address("events", query), { signal: stop, headers: { Accept: "text/event-stream" } });
  opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const alarm = setTimeout(() => silent.abort(), SILENCE);
    const { value, done } = await reader.read().finally(() => clearTimeout(alarm));
    if (done) return;
    const events = (rest + value.replaceAll("\r", "")).split("\n\n");
    rest = events.pop();
    if (events.some((event) => /^data:/m.test(event))) changed();
  }
}

const blobs = new Map();

/** A file or picture of this workspace as a blob address, since an `<img>` can't send the token. */
export function blobOf(url) {
  if (!blobs.has(url)) {
    const fetched = fetchBlob(url);
    fetched.catch(() => blobs.delete(url));
    blobs.set(url, fetched);
  }
  return blobs.get(url);
}

async function fetchBlob(url) {
  const full = new URL(url, new URL("/local/api/", location.origin));
  if (full.origin !== location.origin) throw new Trouble("This picture is not of this workspace.");
  const response = await reach(full);
  return URL.createObjectURL(await response.blob());
}
