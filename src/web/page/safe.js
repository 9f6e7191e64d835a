// Lets through only the markup that Countersign's own messages use.
//
// The server sends clean HTML already; this is the second lock.

const KEPT = new Set(["P", "STRONG", "EM", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "BR", "HR"]);
const HEADINGS = new Map([["H1", "h3"], ["H2", "h3"], ["H3", "h4"], ["H4", "h4"]]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "FORM",
  "INPUT", "BUTTON", "SELECT", "TEXTAREA", "NOSCRIPT", "TITLE", "HEAD", "BASE", "LINK", "META"]);

/** The markup as nodes; what is not on the list loses its tag, and all attributes but a safe `href`. */
export function safeNodes(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const clean = document.createDocumentFragment();
  copyInto(clean, parsed.body);
  return clean;
}

function copyInto(target, source) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const name = node.tagName.toUpperCase();
    if (DROPPED.has(name)) continue;
    const copy = copyOf(node, name);
    if (copy) target.append(copy);
    copyInto(copy ?? target, node);
  }
}

function copyOf(node, name) {
  if (KEPT.has(name)) return document.createElement(name);
  if (HEADINGS.has(name)) return document.createElement(HEADINGS.get(name));
  return name === "A" ? linkTo(node.getAttribute("href")) : null;
}

function linkTo(href) {
  if (!/^https?:\/\//i.test(href ?? "") || !URL.canParse(href)) return null;
  const link = document.createElement("a");
  link.href = href;
  if (leadsToPracticePage(new URL(href))) {
    link.href = "#practice-page";
  } else {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

/** What is published on the local network is shown on a tab of this page, which has the token. */
function leadsToPracticePage(url) {
  return url.origin === location.origin
    && (url.pathname === "/practice-page" || url.pathname.startsWith("/practice-page/") || url.pathname.startsWith("/local/network/"));
}
