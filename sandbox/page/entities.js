// A text with its entities -> DOM.

import { element, safeUrl } from "/page/dom.js";
import { word } from "/page/words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function link(url, act) {
  const node = document.createElement("a");
  const safe = safeUrl(url);
  if (safe) node.href = safe;
  node.rel = "noopener noreferrer";
  node.target = "_blank";
  node.addEventListener("click", (event) => {
    if (act.openLink(url)) event.preventDefault();
  });
  return node;
}

export function spoiler() {
  const node = element("span", "", "spoiler");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", word("reveal"));
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("revealed");
    for (const name of ["role", "aria-label", "tabindex"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", reveal);
  return node;
}

function command(text, act) {
  const node = element("button", "", "command");
  node.type = "button";
  node.addEventListener("click", () => act.say(text));
  return node;
}

function entityNode(entity, text, act) {
  if (TAGS[entity.type]) {
    return element(TAGS[entity.type], "", entity.type === "expandable_blockquote" ? "expandable" : "");
  }
  if (entity.type === "spoiler") return spoiler();
  if (entity.type === "url") return link(text.includes("://") ? text : `https://${text}`, act);
  if (entity.type === "text_link") return link(entity.url, act);
  if (entity.type === "bot_command") return command(text, act);
  return element("span", "", ["hashtag", "mention"].includes(entity.type) ? "tag" : "");
}

// An expandable quote shows three lines until its button is pressed.
function expandable(quote) {
  const box = element("div", "", "quote");
  const toggle = element("button", "▾", "unfold");
  toggle.type = "button";
  const show = (open) => {
    box.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", word(open ? "foldQuote" : "unfoldQuote"));
  };
  toggle.addEventListener("click", () => show(!box.classList.contains("open")));
  quote.replaceWith(box);
  box.append(quote, toggle);
  show(false);
}

// Offsets count UTF-16 units, as JavaScript's own strings do.
export function withEntities(text, entities, act) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const build = (parent, from, to, list) => {
    let at = from;
    for (let index = 0; index < list.length; index += 1) {
      const entity = list[index];
      const end = Math.min(entity.offset + entity.length, to);
      if (entity.offset < at || end <= entity.offset) continue;
      parent.append(text.slice(at, entity.offset));
      const node = entityNode(entity, text.slice(entity.offset, end), act);
      const inner = list.slice(index + 1).filter((other) => other.offset >= entity.offset && other.offset < end);
      build(node, entity.offset, end, inner);
      parent.append(node);
      at = end;
    }
    parent.append(text.slice(at, to));
  };
  const body = element("div", "", "text");
  body.dir = "auto";
  build(body, 0, text.length, sorted);
  for (const quote of body.querySelectorAll("blockquote.expandable")) expandable(quote);
  return body;
}
