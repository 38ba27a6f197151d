// The list at the side: people with what waits for them, and the chats of the one at the keyboard.

import { avatar } from "/page/avatar.js";
import { button, element, ownDirection } from "/page/dom.js";
import { messagesOf, myChats, store, unread } from "/page/store.js";
import { clock, number, preview } from "/page/summary.js";
import { word } from "/page/words.js";

const MOST_PEOPLE = 30;

function badge(count) {
  const node = element("span", number(count), "badge");
  const told = element("span", ` ${word("unread")}`, "only-read");
  node.append(told);
  return node;
}

function personButton(one, become) {
  const node = button("", () => become(one.id), "person");
  node.setAttribute("aria-pressed", String(one.id === store.me));
  node.append(avatar(one.id, one.first_name), ownDirection("span", one.first_name, "person-name"));
  const count = one.id === store.me ? 0 : unread(one.id, one.id);
  if (count) node.append(badge(count));
  return node;
}

function chatButton(chat, isOpen, open) {
  const node = button("", () => open(chat.id), isOpen ? "chat open" : "chat");
  if (isOpen) node.setAttribute("aria-current", "true");
  const last = messagesOf(chat.id).at(-1);
  const words = element("span", "", "chat-words");
  words.append(ownDirection("strong", chat.title), ownDirection("span", last ? preview(last) : word("empty"), "chat-preview"));
  const facts = element("span", "", "chat-facts");
  if (last) facts.append(element("time", clock(last.date)));
  const count = unread(store.me, chat.id);
  if (count) facts.append(badge(count));
  node.append(avatar(chat.face ?? chat.id, chat.title), words, facts);
  return node;
}

// Draw both lists anew; what had the focus keeps it.
export function drawLists(isOpen, { become, open }) {
  const people = document.getElementById("people");
  const chats = document.getElementById("chats");
  for (const [list, nodes] of [
    [people, store.people.slice(0, MOST_PEOPLE).map((one) => personButton(one, become))],
    [chats, myChats().map((chat) => chatButton(chat, isOpen(chat.id), open))],
  ]) {
    const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
    list.replaceChildren(
      ...nodes.map((node) => {
        const item = element("li");
        item.append(node);
        return item;
      }),
    );
    if (focused >= 0) list.children[focused]?.querySelector("button").focus({ preventScroll: true });
  }
}
