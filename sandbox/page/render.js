// Messages -> DOM. What is in a message is a stranger's: only text nodes and known elements are made of it.

import { word } from "/page/words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const RICH = new Set(
  ("h1 h2 h3 h4 h5 h6 p ul ol li hr blockquote aside details summary table tbody tr td th footer figure " +
    "figcaption pre b strong i em u ins s strike del code br sub sup mark cite").split(" "),
);

export function element(tag, text = "", className = "") {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (className) node.className = className;
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

function entityNode(entity, text, act) {
  if (TAGS[entity.type]) return element(TAGS[entity.type]);
  if (entity.type === "spoiler") return element("span", "", "spoiler");
  if (entity.type === "url") return link(text.includes("://") ? text : `https://${text}`, act);
  if (entity.type === "text_link") return link(entity.url, act);
  if (entity.type === "bot_command") {
    const node = element("button", "", "command");
    node.type = "button";
    node.addEventListener("click", () => act.say(text));
    return node;
  }
  return element("span", "", ["hashtag", "mention"].includes(entity.type) ? "tag" : "");
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
  return body;
}

export function rich(message, act) {
  const parsed = new DOMParser().parseFromString(message.html || "", "text/html");
  const copy = (source, target) => {
    for (const child of source.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) target.append(child.data);
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      const tag = child.tagName.toLowerCase();
      let node = null;
      if (tag === "a") node = link(child.getAttribute("href") || "", act);
      else if (tag === "img") node = image(child.getAttribute("src") || "", child.getAttribute("alt"));
      else if (RICH.has(tag)) node = element(tag);
      if (node) target.append(node);
      copy(child, node || target);
    }
  };
  const body = element("article", "", "rich");
  body.dir = message.is_rtl ? "rtl" : "auto";
  copy(parsed.body, body);
  return body;
}

function image(address, alt) {
  if (address.startsWith("tg:")) return stored("🖼", word("photo"));
  const node = element("img");
  node.src = safeUrl(address);
  node.alt = alt || word("photo");
  node.loading = "lazy";
  return node;
}

// A file that Telegram keeps: the page shows what it is, not what is in it.
function stored(sign, words) {
  return element("div", `${sign} ${words}`, "media");
}

function media(message) {
  if (message.photo_address) {
    const box = element("div", "", "media");
    box.append(image(message.photo_address));
    return box;
  }
  if (message.photo) return stored("🖼", word("photo"));
  if (message.video) return stored("🎬", word("video"));
  if (message.animation) return stored("🎞", word("animation"));
  if (message.audio) return stored("🎵", message.audio.title || message.audio.file_name || word("audio"));
  if (message.voice) return stored("🎙", word("voice"));
  if (message.document) return stored("📄", message.document.file_name || word("document"));
  return null;
}

function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard || [];
  if (!rows.length) return null;
  const box = element("div", "", "keyboard");
  for (const row of rows) {
    const line = element("div", "", "row");
    for (const button of row) {
      const node = element("button", button.text);
      node.type = "button";
      node.dir = "auto";
      if (button.url) node.classList.add("leads-out");
      node.addEventListener("click", async () => {
        if (button.url) {
          if (!act.openLink(button.url) && safeUrl(button.url)) window.open(button.url, "_blank", "noopener");
          return;
        }
        node.disabled = true;
        await act.press(message, button);
        node.disabled = false;
      });
      line.append(node);
    }
    box.append(line);
  }
  return box;
}

export function senderName(message) {
  return message.sender_chat?.title || message.from?.first_name || "";
}

export function preview(message) {
  const text = message.text || message.caption || message.rich_message?.text || "";
  if (text) return text.replace(/\s+/g, " ").slice(0, 90);
  if (message.service) return serviceWords(message);
  return word(["photo", "video", "animation", "audio", "voice", "document"].find((kind) => message[kind]) || "service");
}

const SERVICE = [
  "new_chat_members", "left_chat_member", "group_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
  "forum_topic_created", "pinned_message",
];

function serviceWords(message) {
  const what = SERVICE.find((key) => message[key]);
  if (!what) return word("service");
  const who = message.new_chat_members?.[0]?.first_name || message.left_chat_member?.first_name;
  const name = who || message.forum_topic_created?.name || "";
  if (!name) return word(what);
  return who ? `\u2068${name}\u2069 ${word(what)}` : `${word(what)}: \u2068${name}\u2069`;
}

function originName(origin) {
  return origin.chat?.title || origin.sender_chat?.title || origin.sender_user?.first_name || origin.sender_user_name || "";
}

export function messageNode(message, me, act) {
  const own = message.from?.id === me && !message.by_bot;
  const item = element("li", "", message.service ? "event" : own ? "message own" : "message");
  item.dataset.id = message.message_id;
  if (message.service) {
    item.append(element("span", serviceWords(message)));
    return item;
  }
  if (!own && message.chat.type !== "private") item.append(element("div", senderName(message), "sender"));
  if (message.forward_origin) {
    item.append(element("div", `${word("forwarded")} \u2068${originName(message.forward_origin)}\u2069`, "forwarded"));
  }
  if (message.via_bot) item.append(element("div", `${word("via")} \u2066@${message.via_bot.username}\u2069`, "forwarded"));
  const attached = media(message);
  if (attached) item.append(attached);
  if (message.rich_message) item.append(rich(message.rich_message, act));
  else {
    const text = message.text ?? message.caption ?? "";
    if (text) item.append(withEntities(text, message.entities || message.caption_entities, act));
  }
  const time = new Date(message.date * 1000).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit",
  });
  item.append(element("time", message.edit_date ? `${word("edited")} ${time}` : time));
  const buttons = keyboard(message, act);
  if (buttons) item.append(buttons);
  return item;
}

// Only what changed is drawn anew, so that nothing flickers and neither place nor focus is lost.
export function updateMessages(list, chatId, found, me, act) {
  const shown = `${chatId} ${me} ${document.documentElement.lang}`;
  if (list.dataset.shown !== shown) list.replaceChildren();
  list.dataset.shown = shown;
  const wanted = new Set(found.map((message) => String(message.message_id)));
  for (const node of [...list.children]) if (!wanted.has(node.dataset.id)) node.remove();
  const known = new Map([...list.children].map((node) => [node.dataset.id, node]));
  let place = list.firstElementChild;
  for (const message of found) {
    const version = JSON.stringify(message);
    const old = known.get(String(message.message_id));
    if (old?.version === version) {
      place = old.nextElementSibling;
      continue;
    }
    const fresh = messageNode(message, me, act);
    fresh.version = version;
    if (old) {
      const focused = [...old.querySelectorAll(".keyboard button")].indexOf(document.activeElement);
      old.replaceWith(fresh);
      if (focused >= 0) fresh.querySelectorAll(".keyboard button")[focused]?.focus({ preventScroll: true });
      place = fresh.nextElementSibling;
    } else list.insertBefore(fresh, place);
  }
}
