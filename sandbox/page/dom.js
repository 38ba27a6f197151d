// Making elements. Text is always a text node: what people and bots write is never parsed as HTML.

export function element(tag, text = "", className = "") {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

export function button(text, onClick, className = "") {
  const node = element("button", text, className);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

// Words in an element that follow their own direction, whatever that of the page.
export function ownDirection(tag, text, className = "") {
  const node = element(tag, text, className);
  node.dir = "auto";
  return node;
}

export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "tg:"].includes(parsed.protocol) ? parsed.href : "";
  } catch {
    return "";
  }
}

export const fileUrl = (fileId) => `/sandbox/file?${new URLSearchParams({ id: fileId })}`;

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
