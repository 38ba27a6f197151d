// A message in a few words: for lists, replies and events.

import { word } from "/page/words.js";

const SERVICE = [
  "new_chat_members", "left_chat_member", "group_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
  "forum_topic_created", "forum_topic_edited", "pinned_message",
];
const KINDS = { photo: "🖼", video: "🎬", video_note: "🎬", animation: "🎞", audio: "🎵", voice: "🎙", document: "📄", sticker: "🏷" };

export const senderName = (message) => message.sender_chat?.title || message.from?.first_name || "";

export const wordsOf = (message) => message.text || message.caption || message.rich_message?.text || "";

export function preview(message) {
  if (message.service) return serviceWords(message);
  const kind = Object.keys(KINDS).find((key) => message[key]);
  const text = wordsOf(message).replace(/\s+/g, " ").slice(0, 90);
  if (!kind) return text || word("service");
  return `${KINDS[kind]} ${text || word(kind)}`;
}

export function serviceWords(message) {
  const what = SERVICE.find((key) => message[key]);
  if (!what) return word("service");
  const who = message.new_chat_members?.[0]?.first_name || message.left_chat_member?.first_name;
  const name = who || message.forum_topic_created?.name || message.forum_topic_edited?.name || "";
  if (!name) return word(what);
  return who ? `\u2068${name}\u2069 ${word(what)}` : `${word(what)}: \u2068${name}\u2069`;
}

export function originName(origin) {
  return origin.chat?.title || origin.sender_chat?.title || origin.sender_user?.first_name || origin.sender_user_name || "";
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

export const exactClock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(document.documentElement.lang, { timeStyle: "medium" });

export const day = (seconds) =>
  new Date(seconds * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });

export const number = (value) => value.toLocaleString(document.documentElement.lang);

// A number that is a name, such as an id: without separators of thousands.
export const plain = (value) => value.toLocaleString(document.documentElement.lang, { useGrouping: false });
