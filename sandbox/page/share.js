// Sharing: a link of t.me/share/url, or inline mode in a chat that is chosen first.

import { avatar } from "/page/avatar.js";
import { choose } from "/page/dialog.js";
import { ownDirection } from "/page/dom.js";
import { mayWrite, myChats } from "/page/store.js";
import { word } from "/page/words.js";

// The text that t.me/share/url writes: the address, and the words below it; null for another link.
export function sharedText(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  if (parsed.hostname !== "t.me" || parsed.pathname !== "/share/url") return null;
  return [parsed.searchParams.get("url"), parsed.searchParams.get("text")].filter(Boolean).join("\n");
}

// Ask in which of the person's chats; resolves to the chat or null.
export async function chooseChat() {
  const open = myChats().filter(mayWrite);
  const id = await choose(
    word("share"),
    open.map((chat) => [chat.id, [avatar(chat.face ?? chat.id, chat.title), ownDirection("span", chat.title)]]),
  );
  return open.find((chat) => chat.id === id) || null;
}
