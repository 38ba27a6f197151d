// A messenger for one person at a time, over the sandbox's control API.

import { asFile, get, post } from "/page/api.js";
import { ask, tell } from "/page/dialog.js";
import { inlineMode } from "/page/inline.js";
import { element, preview, updateMessages } from "/page/render.js";
import { currentLanguage, speak, word } from "/page/words.js";

const byId = (id) => document.getElementById(id);
const world = { state: null, me: 0, chat: 0, seen: new Map(), last: new Map(), event: 0 };

const botUser = () => world.state.bot;
const botName = () => botUser().username;

function myChats() {
  const rooms = world.state.chats.filter(
    (chat) => chat.type !== "private" && chat.members.some((member) => member.user.id === world.me),
  );
  const own = { id: world.me, type: "private", title: botUser().first_name || word("bot"), members: [] };
  const others = world.state.chats.filter((chat) => chat.type === "channel" && !rooms.includes(chat));
  return [own, ...rooms, ...others];
}

const chatNow = () => myChats().find((chat) => chat.id === world.chat);
const iAmIn = (chat) => chat.type === "private" || chat.members.some((member) => member.user.id === world.me);

function mayWrite(chat) {
  if (chat.type !== "channel") return iAmIn(chat);
  const mine = chat.members.find((member) => member.user.id === world.me);
  return Boolean(mine) && ["creator", "administrator"].includes(mine.status);
}

function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (box.hidden = true), 3500);
}

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error instanceof TypeError ? word("gone") : `${word("refused")}: \u2068${error.message}\u2069`);
    return null;
  }
}

const act = {
  async say(text, more = {}) {
    await attempt(() => post("say", { user_id: world.me, chat_id: world.chat, text, ...more }));
  },
  async press(message, button) {
    const answer = await attempt(() =>
      post("press", {
        user_id: world.me, chat_id: message.chat.id, message_id: message.message_id, data: button.callback_data,
      }),
    );
    if (!answer || !answer.text) return;
    if (answer.alert) await tell(answer.text);
    else toast(answer.text);
  },
  // A link to the bot opens the person's own chat with it, as Telegram does.
  openLink(url) {
    const found = /^https:\/\/t\.me\/([A-Za-z0-9_]+)(?:\?start=([A-Za-z0-9_-]{1,64}))?$/.exec(url);
    if (!found || found[1].toLowerCase() !== botName().toLowerCase()) return false;
    openChat(world.me).then(() => act.say(found[2] ? `/start ${found[2]}` : "/start"));
    return true;
  },
};

function drawPeople() {
  const select = byId("who");
  select.replaceChildren(
    ...world.state.people.map((person) => {
      const option = element("option", `${person.first_name} (${person.language_code || "-"})`);
      option.value = person.id;
      option.selected = person.id === world.me;
      return option;
    }),
  );
}

function drawChats() {
  byId("chats").replaceChildren(
    ...myChats().map((chat) => {
      const node = element("button", "", chat.id === world.chat ? "chat open" : "chat");
      node.type = "button";
      const last = world.last.get(chat.id);
      const name = element("strong", chat.type === "private" ? `${word("bot")} · \u2068${chat.title}\u2069` : chat.title);
      name.dir = "auto";
      const line = element("span", last ? preview(last) : word("empty"));
      line.dir = "auto";
      node.append(name, line);
      if (last && last.message_id > (world.seen.get(`${world.me}:${chat.id}`) || 0)) node.append(element("i", "", "dot"));
      node.addEventListener("click", () => openChat(chat.id));
      return node;
    }),
  );
}

async function drawMessages() {
  const chat = chatNow();
  if (!chat) return;
  const found = (await attempt(() => get("messages", { chat_id: chat.id }))) || [];
  if (chat.id !== world.chat) return;
  const list = byId("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  updateMessages(list, chat.id, found, world.me, act);
  if (atEnd || list.dataset.chat !== String(chat.id)) list.scrollTop = list.scrollHeight;
  list.dataset.chat = chat.id;
  const last = found.at(-1);
  if (last) {
    world.last.set(chat.id, last);
    world.seen.set(`${world.me}:${chat.id}`, last.message_id);
  }
  const person = world.state.people.find((one) => one.id === world.me);
  const fresh = chat.type === "private" && person && !person.started && !found.length;
  byId("chat-name").textContent = chat.title;
  const kind = chat.type === "private" ? "bot" : chat.type === "channel" ? "channel" : "group";
  const members = chat.members.length.toLocaleString(currentLanguage());
  const facts = chat.type === "private" ? `\u2066@${botName()}\u2069` : `${word(kind)} · ${members} ${word("members")}`;
  byId("chat-facts").textContent = facts;
  byId("start").hidden = !(fresh || !iAmIn(chat));
  byId("start").textContent = iAmIn(chat) ? word("start") : word("join");
  byId("composer").hidden = fresh || !mayWrite(chat);
  drawChats();
}

async function openChat(id) {
  world.chat = id;
  document.body.classList.add("in-chat");
  hideResults();
  byId("commands").hidden = true;
  delete byId("messages").dataset.chat; // opened anew: go to the end, even where it was drawn out of sight before
  await drawMessages();
  byId("words").focus({ preventScroll: true });
}

async function refresh() {
  world.state = await get("state");
  if (!world.state.people.some((person) => person.id === world.me)) world.me = world.state.people[0]?.id || 0;
  if (!chatNow()) world.chat = world.me;
  drawPeople();
  for (const chat of myChats()) {
    if (world.last.has(chat.id) || !world.me) continue;
    const found = await attempt(() => get("messages", { chat_id: chat.id }));
    if (found?.length) world.last.set(chat.id, found.at(-1));
  }
  drawChats();
  await drawMessages();
}

async function watch() {
  for (;;) {
    try {
      const events = await get("events", { after: world.event, wait: 25 });
      if (!byId("banner").hidden) {
        byId("banner").hidden = true;
        world.event = 0;
        await refresh();
      }
      if (!events.length) continue;
      if (events.at(-1).seq < world.event) world.last.clear();
      world.event = events.at(-1).seq;
      const touched = new Set(events.map((event) => event.chat_id));
      world.state = await get("state");
      for (const id of touched) {
        const messages = id && id !== world.chat ? await get("messages", { chat_id: id }).catch(() => []) : [];
        if (messages.length) world.last.set(id, messages.at(-1));
      }
      drawPeople();
      drawChats();
      if (touched.has(world.chat)) await drawMessages();
    } catch {
      byId("banner").textContent = word("gone");
      byId("banner").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

// Commands as Telegram offers them: the chat's own, else those of its kind, in the person's language.
function commandsHere() {
  const chat = chatNow();
  const person = world.state.people.find((one) => one.id === world.me);
  const kind = chat.type === "private" ? "all_private_chats" : "all_group_chats";
  const scopes = [{ chat_id: chat.id, type: "chat" }, { type: kind }, { type: "default" }];
  const sets = Object.entries(world.state.commands).map(([key, list]) => [...JSON.parse(key), list]);
  for (const scope of scopes) {
    for (const language of [person?.language_code || "", ""]) {
      const found = sets.find(
        ([other, code]) => other.type === scope.type && other.chat_id === scope.chat_id && code === language,
      );
      if (found) return found[2];
    }
  }
  return [];
}

function showCommands() {
  const list = byId("commands");
  list.hidden = !list.hidden;
  list.replaceChildren(
    ...commandsHere().map((command) => {
      const item = element("li");
      const node = element("button");
      node.type = "button";
      node.append(element("b", `/${command.command}`), element("span", command.description));
      node.addEventListener("click", () => {
        list.hidden = true;
        act.say(`/${command.command}`);
      });
      item.append(node);
      return item;
    }),
  );
}

async function newPerson() {
  const answer = await ask([["name"], ["personLanguage", [["fa", "فارسی"], ["en", "English"]]]]);
  if (!answer?.[0]) return;
  const made = await attempt(() => post("people", { first_name: answer[0], language_code: answer[1] }));
  if (!made) return;
  world.me = made.id;
  world.chat = made.id;
  await refresh();
}

async function newChat() {
  const kinds = [["channel", word("channel")], ["supergroup", word("group")]];
  const answer = await ask([["name"], ["kind", kinds]]);
  if (!answer?.[0]) return;
  const made = await attempt(() => post("chats", { kind: answer[1], title: answer[0], owner_id: world.me }));
  if (!made) return;
  await attempt(() => post("bot", { chat_id: made.id, by: world.me, status: "administrator" }));
  world.chat = made.id;
  await refresh();
}

async function sendFiles(chosen) {
  const files = await Promise.all([...chosen].slice(0, 10).map(asFile));
  if (!files.length) return;
  const caption = byId("words").value;
  byId("words").value = "";
  if (files.length === 1) await act.say(caption, { file: files[0] });
  else await attempt(() => post("album", { user_id: world.me, chat_id: world.chat, text: caption, files }));
}

async function send() {
  const box = byId("words");
  hideResults();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  box.style.height = "";
  await act.say(text);
}

const whereIAm = () => ({ bot: botName(), user: world.me, chat: world.chat });
const hideResults = inlineMode(byId("words"), byId("results"), whereIAm, attempt, act.openLink);

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
byId("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
byId("words").addEventListener("input", (event) => {
  event.target.style.height = "auto";
  event.target.style.height = `${Math.min(event.target.scrollHeight, 180)}px`;
});
document.querySelector(".file").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    byId("file").click();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !(byId("commands").hidden && byId("results").hidden)) {
    byId("commands").hidden = true;
    hideResults();
    byId("words").focus();
  }
});
byId("file").addEventListener("change", async (event) => {
  await sendFiles(event.target.files);
  event.target.value = "";
});
byId("who").addEventListener("change", async (event) => {
  world.me = Number(event.target.value);
  world.chat = world.me;
  await refresh();
});
byId("start").addEventListener("click", async () => {
  const chat = chatNow();
  if (iAmIn(chat)) await act.say("/start");
  else {
    await attempt(() => post("join", { chat_id: chat.id, user_id: world.me }));
    await refresh();
  }
});
byId("menu").addEventListener("click", showCommands);
byId("back").addEventListener("click", () => document.body.classList.remove("in-chat"));
byId("new-person").addEventListener("click", newPerson);
byId("new-chat").addEventListener("click", newChat);
byId("language").addEventListener("click", async () => {
  speak(currentLanguage() === "fa" ? "en" : "fa");
  await refresh();
});

speak(currentLanguage());
refresh()
  .then(() => (world.event = world.state.last_event))
  .catch(() => {})
  .finally(watch);
