// Light or dark: as the machine has it, unless somebody chose.

import { word } from "/page/words.js";

const ORDER = ["auto", "light", "dark"];
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };

const current = () => (ORDER.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "auto");

export function applyTheme(node) {
  const theme = current();
  document.documentElement.dataset.theme = theme;
  node.textContent = SIGNS[theme];
  const words = word(`theme${theme[0].toUpperCase()}${theme.slice(1)}`);
  node.setAttribute("aria-label", words);
  node.title = words;
}

export function nextTheme(node) {
  localStorage.setItem("theme", ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
  applyTheme(node);
}
