// The tour: steps that whoever started the sandbox hands over, each played by one press.
//
// An act of a step is one of these; `person`, `chat` and every text may be {fa, en}:
//   {become: person}                        sit down at the keyboard as this person
//   {open: chat}                            show this channel or group
//   {say: text, person, file?}              write to the bot, a file with it
//   {press: [beginnings of data], label?, person, keep?}  press the newest of the bot's buttons with such data, and
//                                           that label; `keep` {name, pattern} keeps what is found in the data
//   {answered: person}                      until the bot has said something to that person
//   {fault: {...}}                          POST /sandbox/faults
//   {panel: true}                             open the panel of faults and the outbox
//   {wait: text, chat, gone?, edited?}      until a message of the chat has (no longer has) this text, and point at it
//   {settled: [state ids]}                  until no delivery of the outbox is in such a state
// Kept words replace {name} in texts and beginnings of data.

import { get, post } from "/page/api.js";
import { button, element } from "/page/dom.js";
import { look } from "/page/store.js";
import { number, wordsOf } from "/page/summary.js";
import { inLanguage, word } from "/page/words.js";

const PATIENCE = 45_000; // milliseconds
const PERIOD = 150;

const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function until(found, words) {
  for (let left = PATIENCE; left > 0; left -= PERIOD) {
    const value = await found();
    if (value) return value;
    await sleep(PERIOD);
  }
  throw new Error(words);
}

function buttonOf(message, beginnings, label) {
  const all = (message.reply_markup?.inline_keyboard || []).flat();
  return all.find(
    (one) => one.text.includes(label) && beginnings.some((begin) => (one.callback_data || "").startsWith(begin)),
  );
}

export class Tour {
  #steps = [];
  #done = 0;
  #running = false;
  #kept = {};
  #heard = new Map(); // chat id -> what the bot had said there before the last thing that was done

  // `stage`: become(personId), open(chatId), point(chatId, messageId) and showFaultPanel() of the page.
  constructor(root, stage) {
    Object.assign(this, { root, stage });
  }

  async load() {
    this.#steps = (await get("tour")).steps || [];
    this.draw();
  }

  draw(note = "") {
    this.root.hidden = !this.#steps.length;
    if (this.root.hidden) return;
    const list = element("ol", "", "tour-steps");
    list.append(...this.#steps.map((step, place) => this.#stepItem(step, place)));
    const over = this.#done === this.#steps.length;
    const told = this.#steps[Math.min(this.#done, this.#steps.length - 1)];
    const text = note || (this.#running ? word("tourRunning") : over ? word("tourDone") : inLanguage(told.text));
    const about = element("p", text, "tour-text");
    about.setAttribute("role", "status");
    this.root.replaceChildren(list, about);
    if (over && !this.#running) this.root.append(button(word("tourAgain"), () => this.#restart(), "tour-again"));
  }

  #stepItem(step, place) {
    const item = element("li");
    const node = button("", () => this.#play(), "tour-step");
    node.append(element("span", place < this.#done ? "✓" : number(place + 1), "tour-number"), element("span", inLanguage(step.title)));
    node.disabled = place !== this.#done || this.#running;
    if (place === this.#done) node.setAttribute("aria-current", "step");
    if (place < this.#done) item.className = "done";
    item.append(node);
    return item;
  }

  #restart() {
    this.#done = 0;
    this.#kept = {};
    this.draw();
    this.root.querySelector(".tour-step").focus();
  }

  async #play() {
    this.#running = true;
    this.draw();
    let note = "";
    try {
      for (const act of this.#steps[this.#done].acts) await this.#perform(act);
      this.#done += 1;
    } catch (error) {
      note = `${word("tourFailed")}: \u2068${error.message}\u2069`;
    }
    this.#running = false;
    this.draw(note);
    this.root.querySelector(".tour-step:enabled, .tour-again")?.focus({ preventScroll: true });
  }

  #text(given) {
    return inLanguage(given).replace(/\{(\w+)\}/g, (whole, name) => this.#kept[name] ?? whole);
  }

  async #perform(act) {
    if ("become" in act) await this.stage.become(inLanguage(act.become));
    else if ("open" in act) await this.stage.open(act.open);
    else if ("say" in act) await this.#say(act);
    else if ("press" in act) await this.#press(act);
    else if ("answered" in act) {
      const id = inLanguage(act.answered);
      await until(async () => (await this.#answers(id)).length, "…");
    } else if ("fault" in act) await post("faults", act.fault);
    else if ("panel" in act) await this.stage.showFaultPanel();
    else if ("wait" in act) await this.#wait(act);
    else if ("settled" in act) await this.#settled(act.settled);
  }

  async #note(chatId) {
    const said = (await look(chatId)).filter((message) => message.by_bot);
    this.#heard.set(chatId, new Set(said.map((message) => JSON.stringify(message))));
  }

  // What the bot has said, or edited, in a chat since something was last done there.
  async #answers(chatId) {
    const heard = this.#heard.get(chatId) || new Set();
    return (await look(chatId)).filter((message) => message.by_bot && !heard.has(JSON.stringify(message)));
  }

  async #say(act) {
    const id = inLanguage(act.person);
    await this.#note(id);
    await post("say", { user_id: id, text: this.#text(act.say), ...(act.file ? { file: act.file } : {}) });
  }

  async #press(act) {
    const id = inLanguage(act.person);
    const beginnings = act.press.map((begin) => this.#text(begin));
    const given = (message) => buttonOf(message, beginnings, act.label || "");
    const found = await until(async () => (await this.#answers(id)).filter(given).at(-1), beginnings.join(" "));
    const data = given(found).callback_data;
    if (act.keep) [, this.#kept[act.keep.name]] = new RegExp(act.keep.pattern).exec(data);
    await this.#note(id);
    await post("press", { user_id: id, chat_id: id, message_id: found.message_id, data });
  }

  async #wait(act) {
    const chat = inLanguage(act.chat);
    const wanted = this.#text(act.wait);
    const find = async () => (await look(chat)).findLast((message) => wordsOf(message).includes(wanted));
    if (act.gone) {
      await until(async () => !(await find()), wanted);
      return;
    }
    const found = await until(find, wanted);
    await this.stage.point(chat, found.message_id);
  }

  async #settled(states) {
    await until(async () => {
      const { deliveries = [] } = await get("outbox");
      return !deliveries.some((one) => states.includes(one.state.id));
    }, states.join(" "));
    await this.stage.showFaultPanel();
  }
}
