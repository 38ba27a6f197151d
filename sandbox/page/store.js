// The sandbox as this page knows it: people, chats, messages, and who is at the keyboard.

import { get } from "/page/api.js";

const MOST_PEOPLE = 30; // of so many, the messages are kept for previews and unread counts
const WAIT = 25; // seconds that a question for events stays open
const PAUSE = 1500; // milliseconds after the sandbox did not answer

export const store = { bot: null, people: [], chats: [], commands: {}, me: 0 };

const held = new Map(); // chat id -> messages, oldest first
const seen = new Map(); // "person chat" -> id of the newest message that they have looked at
let event = 0;

export const person = (id) => store.people.find((one) => one.id === id);
export const iAmIn = (chat) => chat.type === "private" || chat.members.some((member) => member.user.id === store.me);
// An ephemeral message is seen by the bot and by the person who sent or receives it alone.
const sees = (personId, message) =>
  !message.ephemeral_message_id || [message.receiver_user.id, message.from.id].includes(personId);
export const messagesOf = (chatId, personId = store.me) =>
  (held.get(chatId) || []).filter((message) => sees(personId, message));
// A person's chat with the bot; its avatar is the bot's for everybody.
export const botChat = (id) => ({ id, type: "private", title: store.bot.first_name, members: [], face: store.bot.id });

export const rooms = () => store.chats.filter((chat) => chat.type !== "private");

// The person's own chat with the bot, the rooms that they are in, and the channels that they could join.
export function myChats() {
  if (!store.me) return [];
  const mine = rooms().filter(iAmIn);
  const others = rooms().filter((chat) => chat.type === "channel" && !mine.includes(chat));
  return [botChat(store.me), ...mine, ...others];
}

export const chatOf = (id) => (id > 0 ? botChat(id) : rooms().find((chat) => chat.id === id));

export function mayWrite(chat) {
  if (chat.type !== "channel") return iAmIn(chat);
  const mine = chat.members.find((member) => member.user.id === store.me);
  return Boolean(mine) && ["creator", "administrator"].includes(mine.status);
}

export function markSeen(personId, chatId) {
  const last = messagesOf(chatId, personId).at(-1);
  if (last) seen.set(`${personId} ${chatId}`, last.message_id);
}

export function unread(personId, chatId) {
  const after = seen.get(`${personId} ${chatId}`) || 0;
  const isOwn = (message) => message.from?.id === personId && !message.by_bot;
  return messagesOf(chatId, personId).filter((message) => message.message_id > after && !isOwn(message) && !message.service).length;
}

async function fetchMessages(ids) {
  const fetched = await Promise.all(ids.map((id) => get("messages", { chat_id: id }).catch(() => [])));
  ids.forEach((id, place) => held.set(id, fetched[place]));
}

async function fetchState() {
  const state = await get("state");
  Object.assign(store, { bot: state.bot, people: state.people, chats: state.chats, commands: state.commands });
  if (!person(store.me)) store.me = store.people[0]?.id || 0;
  return state;
}

export async function refresh() {
  const state = await fetchState();
  const known = new Set(store.people.slice(0, MOST_PEOPLE).map((one) => one.id));
  if (store.me) known.add(store.me);
  await fetchMessages([...known, ...rooms().map((chat) => chat.id)]);
  return state;
}

export async function begin() {
  const state = await refresh();
  event = state.last_event;
}

// Call `changed` with the ids of the chats in which something happened, as it happens; `away` tells that the
// sandbox does not answer.
export async function watch(changed, away) {
  let lost = false;
  for (;;) {
    try {
      const events = await get("events", { after: event, wait: lost ? 0 : WAIT });
      if (lost || (events.length && events.at(-1).seq < event)) {
        held.clear();
        await begin();
        lost = false;
        away(false);
        changed(new Set(held.keys()));
        continue;
      }
      if (!events.length) continue;
      event = events.at(-1).seq;
      await fetchState();
      const touched = new Set(events.map((one) => one.chat_id).filter(Boolean));
      await fetchMessages([...touched]);
      changed(touched);
    } catch {
      lost = true;
      away(true);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

// Fetch a chat now, ahead of its event.
export async function look(chatId) {
  await fetchMessages([chatId]);
  return messagesOf(chatId);
}
