// The Practice page: what is published on the local network, newest first.

import { arrange, byId, el } from "./dom.js";
import { pictures } from "./pictures.js";
import { clock, day, initials, wholeTime } from "./words.js";

const drawn = new Map();

export function showPublished(posts) {
  const newest = posts.toSorted((a, b) => new Date(b.at) - new Date(a.at));
  const wanted = newest.map((post) => {
    const said = JSON.stringify(post);
    if (drawn.get(post.id)?.said !== said) drawn.set(post.id, { said, article: article(post) });
    return drawn.get(post.id).article;
  });
  arrange(byId("published"), wanted);
}

function article({ name, text, media, at }) {
  return el("article", { class: "post", "aria-label": `${name}, ${wholeTime(at)}` },
    el("div", { class: "post-head" },
      el("span", { class: "avatar practice", "aria-hidden": "true" }, initials(name)),
      el("div", {},
        el("strong", {}, name),
        el("time", { datetime: at, title: wholeTime(at) }, `${day(at)}, ${clock(at)}`))),
    el("p", { class: "said" }, text),
    pictures(media));
}
