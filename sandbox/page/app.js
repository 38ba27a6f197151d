// The page: two panes side by side, the person's chat with the bot and a channel or group, over the control API.

import { get, post } from "/page/api.js";
import { drawLists } from "/page/chat_list.js";
import { ask } from "/page/dialog.js";
import { FaultPanel } from "/page/fault_panel.js";
import { ChatPane } from "/page/chat_pane.js";
import { chooseChat, sharedText } from "/page/share.js";
import { begin, iAmIn, myChats, person, refresh, rooms, store, watch } from "/page/store.js";
import { applyTheme, nextTheme } from "/page/theme.js";
import { Tour } from "/page/tour.js";
import { explain } from "/page/explanation.js";
import { currentLanguage, speak, word } from "/page/words.js";

const TOAST = 3500; // milliseconds
const byId = (id) => document.getElementById(id);

function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (box.hidden = true), TOAST);
}

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error instanceof TypeError ? word("gone") : `${word("refused")}: \u2068${error.message}\u2069`);
    return null;
  }
}

const app = {
  attempt,
  toast,
  explain: null,
  openLink,
  toList: () => (document.body.dataset.open = "list"),
  reload: async () => {
    await refresh();
    draw();
  },
  shareInline: (words) => shareTo((pane) => pane.write(words)),
};
const panes = {};

const paneOf = (chatId) => (chatId > 0 ? panes.chat : panes.room);

function draw() {
  for (const pane of Object.values(panes)) pane.draw();
  drawSide();
}

function drawSide() {
  const isOpen = (id) => id === panes.chat.chatId || id === panes.room.chatId;
  drawLists(isOpen, { become: (id) => become(id), open: (id) => open(id, { focus: true }) });
}

function open(chatId, { focus = false } = {}) {
  const pane = paneOf(chatId);
  document.body.dataset.open = chatId > 0 ? "chat" : "room";
  pane.show(chatId);
  drawSide();
  if (focus) pane.focus();
}

// Sit down at the keyboard as somebody else: their chat with the bot, and a room that they can see.
function become(id) {
  store.me = id;
  panes.chat.show(id);
  const room = panes.room.chat;
  if (!room || (room.type !== "channel" && !iAmIn(room))) panes.room.show(firstRoom());
  else panes.room.show(room.id);
  if (document.body.dataset.open !== "list") document.body.dataset.open = "chat";
  drawSide();
  if (faultPanel.isOpen) faultPanel.draw();
}

const firstRoom = () => {
  const seen = myChats().filter((chat) => chat.type !== "private");
  return (seen.find((chat) => chat.type === "channel") || seen[0])?.id || 0;
};

async function shareTo(act) {
  const chat = await chooseChat();
  if (!chat) return;
  open(chat.id, { focus: true });
  await act(paneOf(chat.id));
}

// A link to the bot opens the person's own chat with it, and one that shares asks with whom, as Telegram does.
function openLink(url) {
  const text = sharedText(url);
  if (text !== null) {
    shareTo((pane) => pane.act.say(text));
    return true;
  }
  const found = /^https:\/\/t\.me\/([A-Za-z0-9_]+)(?:\?start=([A-Za-z0-9_-]{1,64}))?$/.exec(url);
  if (!found || found[1].toLowerCase() !== store.bot.username.toLowerCase()) return false;
  open(store.me, { focus: true });
  panes.chat.act.say(found[2] ? `/start ${found[2]}` : "/start");
  return true;
}

async function newPerson() {
  const answer = await ask([["name"], ["personLanguage", [["fa", "فارسی"], ["en", "English"]]]]);
  if (!answer?.[0]) return;
  const made = await attempt(() => post("people", { first_name: answer[0], language_code: answer[1] }));
  if (!made) return;
  await refresh();
  become(made.id);
  panes.chat.focus();
}

async function newChat() {
  const answer = await ask([["name"], ["kind", [["channel", word("channel")], ["supergroup", word("group")]]]]);
  if (!answer?.[0]) return;
  const made = await attempt(() => post("chats", { kind: answer[1], title: answer[0], owner_id: store.me }));
  if (!made) return;
  await attempt(() => post("bot", { chat_id: made.id, by: store.me, status: "administrator" }));
  await refresh();
  open(made.id);
}

const faultPanel = new FaultPanel(byId("fault-panel"), attempt, () => panes.room.chatId);
const tour = new Tour(byId("tour"), {
  become: (id) => {
    become(id);
    if (document.body.dataset.open === "list") document.body.dataset.open = "chat";
  },
  open: (id) => open(id),
  point: async (chatId, messageId) => {
    open(chatId);
    paneOf(chatId).point(messageId);
  },
  showFaultPanel: () => faultPanel.toggle(true),
});

function changed(touched) {
  for (const pane of Object.values(panes)) {
    const before = pane.root.querySelectorAll(".message:not(.leaving)").length;
    if (!touched.size || touched.has(pane.chatId)) pane.draw();
    const shown = pane.root.querySelectorAll(".message:not(.leaving)").length;
    if (touched.has(pane.chatId) && shown < before) byId("told").textContent = word("deleted");
  }
  if (!person(panes.chat.chatId)) become(store.me);
  if (!panes.room.chat && rooms().length) panes.room.show(firstRoom());
  drawSide();
}

function translate(language) {
  speak(language);
  byId("language").textContent = language === "fa" ? "English" : "فارسی";
  byId("language").lang = language === "fa" ? "en" : "fa";
  applyTheme(byId("theme"));
}

async function start() {
  const outbox = await get("outbox").catch(() => ({}));
  if (outbox.states) app.explain = (message) => explain(message, attempt);
  panes.chat = new ChatPane(byId("pane-chat"), app);
  panes.room = new ChatPane(byId("pane-room"), app);
  translate(currentLanguage());
  await begin();
  become(store.me);
  await tour.load();
  document.body.dataset.ready = "";
}

byId("new-person").addEventListener("click", newPerson);
byId("new-chat").addEventListener("click", newChat);
byId("theme").addEventListener("click", () => nextTheme(byId("theme")));
for (const node of document.querySelectorAll(".toggle-fault-panel")) node.addEventListener("click", () => {
  faultPanel.toggle();
  byId("open-fault-panel").setAttribute("aria-expanded", String(faultPanel.isOpen));
});
byId("language").addEventListener("click", () => {
  translate(currentLanguage() === "fa" ? "en" : "fa");
  draw();
  tour.draw();
  if (faultPanel.isOpen) faultPanel.draw();
});

start()
  .catch(() => toast(word("gone")))
  .finally(() =>
    watch(changed, (away) => {
      byId("banner").textContent = word("gone");
      byId("banner").hidden = !away;
    }),
  );
