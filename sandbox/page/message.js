// Messages -> bubbles, and a list of them that changes where a message changed.

import { avatar } from "/page/avatar.js";
import { button, calm, element, ownDirection } from "/page/dom.js";
import { withEntities } from "/page/entities.js";
import { keyboard } from "/page/keyboard.js";
import { medium, picture } from "/page/media.js";
import { rich } from "/page/rich.js";
import { clock, day, originName, preview, senderName, serviceWords } from "/page/summary.js";
import { word } from "/page/words.js";

const LEAVING = 450; // milliseconds that a deleted message takes to vanish

function reply(message, act) {
  const answered = message.reply_to_message;
  if (!answered) return null;
  const node = button("", () => act.jumpTo(answered.message_id), "reply");
  node.append(ownDirection("b", senderName(answered)), ownDirection("span", preview(answered)));
  return node;
}

function facts(message) {
  const line = element("div", "", "facts");
  if (message.ephemeral_message_id) line.append(element("span", word("onlyYou"), "edited"));
  if (message.edit_date) line.append(element("span", word("edited"), "edited"));
  const time = element("time", clock(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  line.append(time);
  return line;
}

function album(messages) {
  const grid = element("div", "", "album");
  grid.dataset.count = messages.length;
  grid.append(...messages.map(medium).filter(Boolean));
  return grid;
}

// The photo that a text shows above itself, where the bot has named one.
function previewed(told) {
  const address = told.link_preview_options?.url;
  if (!address) return null;
  const frame = element("div", "", "photo");
  frame.append(picture(address));
  return frame;
}

function content(messages, act) {
  const told = messages.find((message) => message.caption) || messages[0];
  const nodes = [messages.length > 1 ? album(messages) : medium(told) || previewed(told)];
  if (told.rich_message) nodes.push(rich(told.rich_message, act));
  else {
    const text = told.text ?? told.caption ?? "";
    if (text) nodes.push(withEntities(text, told.entities || told.caption_entities, act));
  }
  return nodes.filter(Boolean);
}

function bubble(messages, me, act) {
  const [message] = messages;
  const own = message.from?.id === me && !message.by_bot;
  const isPrivate = message.chat.type === "private";
  const node = element("div", "", "bubble");
  if (!own && !isPrivate) node.append(ownDirection("div", senderName(message), "sender"));
  if (message.forward_origin) {
    node.append(element("div", `${word("forwarded")} \u2068${originName(message.forward_origin)}\u2069`, "forwarded"));
  }
  if (message.via_bot) node.append(element("div", `${word("via")} \u2066@${message.via_bot.username}\u2069`, "forwarded"));
  const answered = reply(message, act);
  if (answered) node.append(answered);
  node.append(...content(messages, act), facts(messages.at(-1)));
  if (message.by_bot && act.explain) {
    const why = button("؟", () => act.explain(message), "why");
    if (document.documentElement.lang !== "fa") why.textContent = "?";
    why.setAttribute("aria-label", word("why"));
    why.title = word("why");
    node.append(why);
  }
  return [node, own];
}

function item(messages, me, act) {
  const [message] = messages;
  const node = element("li");
  if (message.service) {
    node.className = "event";
    node.append(element("span", serviceWords(message)));
    return node;
  }
  const [body, own] = bubble(messages, me, act);
  node.className = own ? "message own" : "message";
  if (!own && message.chat.type === "supergroup") node.append(avatar(message.from?.id || 0, senderName(message)));
  const column = element("div", "", "column");
  column.append(body);
  const buttons = keyboard(messages.at(-1), act);
  if (buttons) column.append(buttons);
  node.append(column);
  return node;
}

function dayItem(block) {
  const node = element("li", "", "event");
  node.append(element("span", block.day));
  return node;
}

// Messages as they stand below each other: an album is one, and a day begins with its date.
function blocksOf(found) {
  const blocks = [];
  let today = "";
  for (const message of found) {
    const date = day(message.date);
    if (date !== today) blocks.push({ key: `day ${date}`, day: date, messages: [] });
    today = date;
    const last = blocks.at(-1);
    if (message.media_group_id && last.messages[0]?.media_group_id === message.media_group_id) last.messages.push(message);
    else blocks.push({ key: String(message.message_id), messages: [message] });
  }
  return blocks;
}

function leave(node) {
  if (calm() || node.classList.contains("event")) {
    node.remove();
    return;
  }
  node.classList.add("leaving");
  node.dataset.key = "";
  node.setAttribute("aria-hidden", "true");
  node.inert = true;
  setTimeout(() => node.remove(), LEAVING);
}

// Only what changed is drawn anew, so that nothing flickers and neither place nor focus is lost.
export function updateMessages(list, chatId, found, me, act) {
  const shown = `${chatId} ${me} ${document.documentElement.lang}`;
  const anew = list.dataset.shown !== shown;
  if (anew) list.replaceChildren();
  list.dataset.shown = shown;
  const blocks = blocksOf(found);
  const wanted = new Set(blocks.map((block) => block.key));
  for (const node of [...list.children]) {
    if (!node.classList.contains("leaving") && !wanted.has(node.dataset.key)) leave(node);
  }
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = null;
  for (const block of blocks) {
    const version = JSON.stringify(block);
    let node = known.get(block.key);
    if (node?.version !== version) {
      const fresh = block.day ? dayItem(block) : item(block.messages, me, act);
      fresh.dataset.key = block.key;
      fresh.version = version;
      if (node) {
        const focused = [...node.querySelectorAll(".keyboard button")].indexOf(document.activeElement);
        fresh.classList.add("changed");
        node.replaceWith(fresh);
        if (focused >= 0) fresh.querySelectorAll(".keyboard button")[focused]?.focus({ preventScroll: true });
      } else {
        if (!anew) fresh.classList.add("arriving");
        list.insertBefore(fresh, place ? place.nextSibling : list.firstChild);
      }
      node = fresh;
    }
    place = node;
  }
}
