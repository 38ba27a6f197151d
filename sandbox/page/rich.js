// A rich message -> DOM: known elements alone, media from where the message has them.

import { element, fileUrl, safeUrl } from "/page/dom.js";
import { link, spoiler } from "/page/entities.js";
import { picture, video } from "/page/media.js";
import { number } from "/page/summary.js";
import { word } from "/page/words.js";

const KNOWN = new Set(
  ("h1 h2 h3 h4 h5 h6 p ul ol li hr blockquote aside details summary table tbody tr td th footer figure " +
    "figcaption pre b strong i em u ins s strike del code br sub sup mark cite").split(" "),
);
// The message has headings of its own below those of the page.
const LOWER = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6", aside: "blockquote", footer: "small" };

const GALLERIES = { "tg-slideshow": "slideshow", "tg-collage": "album" };

// Media that stand together: a slideshow is leafed through sideways, a collage is seen at once.
function gallery(kind, source) {
  const node = element("div", "", kind);
  node.dataset.count = source.querySelectorAll("img, video").length;
  if (kind === "slideshow") {
    node.tabIndex = 0;
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", `${word("photo")} ${number(Number(node.dataset.count))}`);
  }
  return node;
}

function made(child, message, act) {
  const tag = child.tagName.toLowerCase();
  const source = child.getAttribute("src") || "";
  const address = message.files?.[source] ? fileUrl(message.files[source]) : safeUrl(source);
  if (tag === "a") return link(child.getAttribute("href") || "", act);
  if (tag === "img") return picture(address, child.getAttribute("alt") || "");
  if (tag === "video") return video(address);
  if (tag === "tg-spoiler") return spoiler();
  if (GALLERIES[tag]) return gallery(GALLERIES[tag], child);
  if (!KNOWN.has(tag)) return null;
  const node = element(LOWER[tag] || tag);
  if (LOWER[tag]) node.className = `rich-${tag}`;
  return node;
}

export function rich(message, act) {
  const parsed = new DOMParser().parseFromString(message.html || "", "text/html");
  const copy = (source, target) => {
    for (const child of source.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) target.append(child.data);
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      const node = made(child, message, act);
      if (node) target.append(node);
      copy(child, node || target);
    }
  };
  const body = element("div", "", "rich");
  body.dir = message.is_rtl ? "rtl" : "auto";
  copy(parsed.body, body);
  return body;
}
