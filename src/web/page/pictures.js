// Pictures with their alt text, and the larger view of one.

import { blobOf } from "./api.js";
import { byId, el, icon } from "./dom.js";

/** Pictures with what they show written under them: alt text is signed too, so it must be seen. */
export function pictures(list) {
  return list.length ? el("div", { class: "pictures" }, ...list.map(figure)) : null;
}

function figure({ url, alt }) {
  const image = el("img", { alt: alt || "A picture without alt text", decoding: "async" });
  const caption = alt ? [el("abbr", { title: "Alt text: what people who can't see the picture are told" }, "ALT"), " ", el("span", { class: "said" }, alt)] : ["No alt text"];
  const larger = el("button", {
    type: "button", class: "enlarge", "aria-label": `Show larger: ${alt || "picture"}`, "data-key": `picture ${url}`,
    onclick: () => enlarge(image.src, alt),
  }, image);
  const shown = el("figure", {}, larger, el("figcaption", {}, ...caption));
  blobOf(url).then((blob) => { image.src = blob; }, () => {
    larger.replaceWith(el("p", { class: "no-picture" }, "The picture could not be loaded."));
  });
  return shown;
}

function enlarge(src, alt) {
  const dialog = byId("picture");
  const close = el("button", { type: "button", class: "quiet round", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  dialog.replaceChildren(el("div", { class: "picture-head" }, el("p", {}, alt), close), el("img", { src, alt }));
  dialog.showModal();
}
