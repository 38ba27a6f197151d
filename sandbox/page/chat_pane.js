// One open chat: its head, its messages, and where its person writes.

import { asFile, post } from "/page/api.js";
import { chooseAttachment } from "/page/attach.js";
import { avatar } from "/page/avatar.js";
import { commandsIn, offerCommands } from "/page/commands.js";
import { tell } from "/page/dialog.js";
import { InlineMode } from "/page/inline.js";
import { updateMessages } from "/page/message.js";
import { Popup } from "/page/popup.js";
import { chatOf, iAmIn, markSeen, mayWrite, messagesOf, person, store } from "/page/store.js";
import { number } from "/page/summary.js";
import { word } from "/page/words.js";

const NEAR_END = 160; // pixels from the end in which a new message scrolls along
const TALLEST = 180; // pixels of the box that is written in
const MOST_FILES = 10;

export class ChatPane {
  // `app`: attempt, toast, explain (or null), openLink, share, shareInline and done of the whole page.
  constructor(root, app) {
    this.root = root;
    this.app = app;
    this.chatId = 0;
    root.append(document.getElementById("pane-template").content.cloneNode(true));
    this.part = (name) => root.querySelector(`.${name}`);
    this.words = this.part("words");
    this.popup = new Popup(this.part("popup"), this.words);
    const here = () => ({ bot: store.bot.username, user: store.me, chat: this.chatId });
    this.inline = new InlineMode(this.popup, here, app.attempt, app.openLink);
    this.act = this.#acts();
    this.#listen();
  }

  get chat() {
    return this.chatId ? chatOf(this.chatId) : undefined;
  }

  show(chatId) {
    if (chatId !== this.chatId) {
      this.words.value = "";
      this.popup.hide();
    }
    this.chatId = chatId;
    delete this.part("messages").dataset.shown; // opened anew: go to the end, even where it was drawn out of sight
    this.draw();
  }

  draw() {
    const { chat } = this;
    this.root.classList.toggle("vacant", !chat);
    if (!chat) return;
    this.#drawHead(chat);
    this.#drawMessages(chat);
    const fresh = chat.type === "private" && !person(store.me)?.started && !messagesOf(chat.id).length;
    this.part("begin").hidden = !(fresh || !iAmIn(chat));
    this.part("begin").textContent = word(iAmIn(chat) ? "start" : "join");
    this.part("composer").hidden = fresh || !mayWrite(chat);
    if (this.root.offsetParent !== null) markSeen(store.me, chat.id);
  }

  focus() {
    const target = this.part("composer").hidden ? this.part("begin") : this.words;
    if (!target.hidden) target.focus({ preventScroll: true });
  }

  // Bring a message into sight and have it noticed.
  point(messageId) {
    const node = this.part("messages").querySelector(`[data-key="${messageId}"]`);
    if (!node) return false;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("pointed");
    void node.offsetWidth; // the animation begins again
    node.classList.add("pointed");
    return true;
  }

  // Put words into the box as if they had been typed.
  write(text) {
    this.words.value = text;
    this.words.focus();
    this.#typed();
  }

  #drawHead(chat) {
    this.part("pane-avatar").replaceChildren(avatar(chat.face ?? chat.id, chat.title));
    this.part("pane-title").textContent = chat.title;
    const members = `${number(chat.members.length)} ${word("members")}`;
    const kind = word(chat.type === "channel" ? "channel" : "group");
    this.part("pane-facts").textContent =
      chat.type === "private" ? `\u2066@${store.bot.username}\u2069` : `${kind} · ${members}`;
    this.part("messages").setAttribute("aria-label", `${word("messagesOf")} ${chat.title}`);
    this.part("menu").hidden = !commandsIn(chat).length;
  }

  #drawMessages(chat) {
    const list = this.part("messages");
    const anew = list.dataset.shown === undefined;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    list.dataset.empty = word("empty");
    updateMessages(list, chat.id, messagesOf(chat.id), store.me, this.act);
    if (anew || atEnd) list.scrollTop = list.scrollHeight;
  }

  #acts() {
    const { app } = this;
    return {
      say: (text, more = {}) =>
        app.attempt(() => post("say", { user_id: store.me, chat_id: this.chatId, text, ...more })),
      press: async (message, given) => {
        const answer = await app.attempt(() =>
          post("press", {
            user_id: store.me, chat_id: message.chat.id, message_id: message.message_id, data: given.callback_data,
          }),
        );
        if (!answer?.text) return;
        if (answer.alert) await tell(answer.text);
        else app.toast(answer.text);
      },
      copy: async (text) => {
        await navigator.clipboard.writeText(text);
        app.toast(word("copied"));
      },
      openLink: app.openLink,
      askInline: (query) => this.write(`@${store.bot.username} ${query}`),
      askInlineElsewhere: (query) => app.shareInline(`@${store.bot.username} ${query}`),
      jumpTo: (messageId) => this.point(messageId),
      explain: app.explain,
    };
  }

  #listen() {
    const { words } = this;
    this.part("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    words.addEventListener("input", () => this.#typed());
    this.part("attach").addEventListener("click", () => this.#openAttachments());
    this.part("file").addEventListener("change", async (event) => {
      await this.#sendFiles(event.target.files);
      event.target.value = "";
    });
    this.part("menu").addEventListener("click", () => this.#openMenu());
    this.part("back").addEventListener("click", () => this.app.toList());
    this.part("begin").addEventListener("click", () => this.#begin());
    // A photo that loads late must not push the end out of sight, nor must what grows above or below the messages.
    const list = this.part("messages");
    list.addEventListener("load", (event) => this.#stayAtEnd(event.target.offsetHeight), true);
    let height = list.clientHeight;
    new ResizeObserver(() => {
      this.#stayAtEnd(Math.max(0, height - list.clientHeight));
      height = list.clientHeight;
    }).observe(list);
  }

  #stayAtEnd(hidden) {
    const list = this.part("messages");
    const below = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (below < NEAR_END + hidden) list.scrollTop = list.scrollHeight;
  }

  #openMenu() {
    if (this.popup.isOpen) {
      this.popup.hide();
      return;
    }
    offerCommands(this.popup, this.chat, "/", this.act.say);
    this.popup.buttons[0]?.focus();
  }

  #openAttachments() {
    if (this.popup.isOpen) {
      this.popup.hide();
      return;
    }
    const ownFiles = () => this.part("file").click();
    chooseAttachment(this.popup, ownFiles, (file) => this.app.attempt(async () => this.#sendFiles([await file])));
    this.popup.buttons[0]?.focus();
  }

  #typed() {
    const { words } = this;
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, TALLEST)}px`;
    this.popup.hide();
    if (this.inline.typed(words.value)) return;
    if (/^\/\w*$/.test(words.value)) offerCommands(this.popup, this.chat, words.value, (text) => this.#say(text));
  }

  async #say(text) {
    this.words.value = "";
    this.words.style.height = "";
    await this.act.say(text);
  }

  async #send() {
    const text = this.words.value.trim();
    this.inline.typed("");
    this.popup.hide();
    if (text) await this.#say(text);
  }

  async #sendFiles(chosen) {
    const files = await Promise.all([...chosen].slice(0, MOST_FILES).map(asFile));
    if (!files.length) return;
    const text = this.words.value;
    this.words.value = "";
    if (files.length === 1) await this.act.say(text, { file: files[0] });
    else {
      const album = { user_id: store.me, chat_id: this.chatId, text, files };
      await this.app.attempt(() => post("album", album));
    }
  }

  async #begin() {
    const { chat } = this;
    if (iAmIn(chat)) await this.act.say("/start");
    else {
      await this.app.attempt(() => post("join", { chat_id: chat.id, user_id: store.me }));
      await this.app.reload();
    }
  }
}
