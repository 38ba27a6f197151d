// Inline keyboards below messages.

import { button, element, safeUrl } from "/page/dom.js";

const SIGNS = { url: "↗", switch_inline_query: "↪", switch_inline_query_current_chat: "↪", copy_text: "⧉" };

function pressed(message, given, act, node) {
  if (given.url) {
    if (!act.openLink(given.url) && safeUrl(given.url)) window.open(given.url, "_blank", "noopener");
    return;
  }
  if (given.copy_text) {
    act.copy(given.copy_text.text);
    return;
  }
  if ("switch_inline_query_current_chat" in given) {
    act.askInline(given.switch_inline_query_current_chat);
    return;
  }
  if ("switch_inline_query" in given) {
    act.askInlineElsewhere(given.switch_inline_query);
    return;
  }
  node.classList.add("waiting");
  node.setAttribute("aria-busy", "true");
  act.press(message, given).finally(() => {
    node.classList.remove("waiting");
    node.removeAttribute("aria-busy");
  });
}

// The clients cut a label that is too long for its share of the row; the whole of it stays in the title.
export function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard || [];
  if (!rows.length) return null;
  const box = element("div", "", "keyboard");
  for (const row of rows) {
    const line = element("div", "", "row");
    for (const given of row) {
      const node = button("", () => pressed(message, given, act, node));
      const label = element("span", given.text);
      label.dir = "auto";
      node.title = given.text;
      const sign = SIGNS[Object.keys(SIGNS).find((key) => key in given)];
      if (sign) node.dataset.sign = sign;
      if (given.style) node.dataset.style = given.style;
      node.append(label);
      line.append(node);
    }
    box.append(line);
  }
  return box;
}
