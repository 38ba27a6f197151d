// The menu of commands: what Telegram offers behind "/" in a chat.

import { element, ownDirection } from "/page/dom.js";
import { person, store } from "/page/store.js";

// The chat's own commands, else those of its kind, in the person's language.
export function commandsIn(chat) {
  const kind = chat.type === "private" ? "all_private_chats" : "all_group_chats";
  const scopes = [{ chat_id: chat.id, type: "chat" }, { type: kind }, { type: "default" }];
  const sets = Object.entries(store.commands).map(([key, list]) => [...JSON.parse(key), list]);
  for (const scope of scopes) {
    for (const language of [person(store.me)?.language_code || "", ""]) {
      const found = sets.find(
        ([other, code]) => other.type === scope.type && other.chat_id === scope.chat_id && code === language,
      );
      if (found) return found[2];
    }
  }
  return [];
}

// Offer the commands that begin with `words` ("/" and perhaps more) in a popup.
export function offerCommands(popup, chat, words, say) {
  const begin = words.slice(1).toLowerCase();
  const fitting = commandsIn(chat).filter((one) => one.command.startsWith(begin));
  popup.show(
    fitting.map((one) => {
      const name = element("b", `/${one.command}`);
      name.dir = "ltr";
      return [[name, ownDirection("span", one.description)], () => {
        popup.hide();
        say(`/${one.command}`);
      }];
    }),
  );
}
