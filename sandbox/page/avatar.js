// The round picture of a person or chat: initials on a colour of its own.

import { element } from "/page/dom.js";

const COLOURS = 7; // .avatar[data-colour] in style.css

function initials(name) {
  const words = name.trim().split(/[\s\u200c]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0]).join("\u200c") || "?";
}

export function avatar(id, name) {
  const node = element("span", initials(name), "avatar");
  node.dataset.colour = Math.abs(id) % COLOURS;
  node.setAttribute("aria-hidden", "true");
  return node;
}
