// The panel of faults, and the outbox beside them as it is at this moment.

import { get, post } from "/page/api.js";
import { button, element, ownDirection } from "/page/dom.js";
import { person, store } from "/page/store.js";
import { number } from "/page/summary.js";
import { inLanguage, word } from "/page/words.js";

const PERIOD = 1000; // milliseconds between two looks at the outbox
const FLOOD_SECONDS = 8;
const NETWORK_SECONDS = 15;

export class FaultPanel {
  #timer = 0;
  #seen = new Map(); // delivery id -> the states that were seen here, in their order

  // `room` tells the channel or group that is open; `attempt` runs a call and shows why it failed.
  constructor(root, attempt, room) {
    Object.assign(this, { root, attempt, room });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  // Open or close it; resolves when it shows what is.
  async toggle(open = !this.isOpen) {
    this.root.hidden = !open;
    document.body.classList.toggle("with-fault-panel", open);
    clearTimeout(this.#timer);
    return open ? this.draw() : null;
  }

  async draw() {
    clearTimeout(this.#timer);
    this.#drawFaults();
    await this.#look();
  }

  async #look() {
    clearTimeout(this.#timer);
    const [waiting, outbox] = await Promise.all([get("faults"), get("outbox")]).catch(() => [null, null]);
    if (!this.isOpen) return;
    if (waiting) this.#drawWaiting(waiting);
    if (outbox) this.#drawOutbox(outbox);
    this.#timer = setTimeout(() => this.#look(), PERIOD);
  }

  #part(name) {
    return this.root.querySelector(`.${name}`);
  }

  #drawFaults() {
    const me = person(store.me);
    const script = (fault) => () => this.#do("faults", fault);
    const nextPost = (fault) => () => this.#do("faults", { ...fault, method: "send*", chat_id: this.room() });
    const network = { kind: "no_answer", count: null, lasts: NETWORK_SECONDS, seconds: 1 };
    const lines = [
      ["faultFlood", "faultFloodFor", nextPost({ kind: "flood", seconds: FLOOD_SECONDS })],
      ["faultLost", "faultLostFor", nextPost({ kind: "answer_lost" })],
      ["faultNetwork", "faultNetworkFor", script(network)],
      [me?.blocked ? "faultUnblock" : "faultBlocked", "faultBlockedFor", () => this.#block(!me?.blocked)],
    ];
    const nodes = lines.map(([name, about, act]) => {
      const item = element("li");
      const who = name === "faultBlocked" || name === "faultUnblock" ? ` \u2068${me?.first_name || ""}\u2069` : "";
      item.append(button(word(name), act), element("p", word(about) + who));
      return item;
    });
    this.#part("faults").replaceChildren(...nodes);
  }

  async #block(blocked) {
    await this.#do("block", { user_id: store.me, blocked });
    person(store.me).blocked = blocked;
    this.#drawFaults();
  }

  async #do(what, body) {
    await this.attempt(() => post(what, body));
    await this.#look();
  }

  #drawWaiting(waiting) {
    const box = this.#part("waiting-faults");
    const shown = JSON.stringify(waiting) + document.documentElement.lang;
    if (box.dataset.shown === shown) return;
    box.dataset.shown = shown;
    if (!waiting.length) {
      box.replaceChildren(element("span", word("faultsNone")));
      return;
    }
    const names = waiting.map((one) => element("span", word(`kind_${one.kind}`), "chip bad"));
    box.replaceChildren(`${word("faultsWaiting")}: `, ...names, button(word("faultClear"), () => this.#do("faults/clear", {})));
  }

  #drawOutbox(outbox) {
    const box = this.#part("outbox");
    const shown = JSON.stringify(outbox) + document.documentElement.lang;
    if (box.dataset.shown === shown) return;
    box.dataset.shown = shown;
    if (!outbox.states) {
      box.replaceChildren(element("p", word("noInsight")));
      return;
    }
    const chips = element("p", "", "chips");
    for (const one of outbox.states) {
      chips.append(element("span", `${inLanguage(one.state.name)} ${number(one.count)}`, `chip ${one.state.tone}`));
    }
    const list = element("ol", "", "deliveries");
    list.append(...outbox.deliveries.map((one) => this.#delivery(one)));
    box.replaceChildren(...(outbox.deliveries.length ? [chips, list] : [element("p", word("outboxEmpty"))]));
  }

  #delivery(one) {
    const item = element("li");
    const states = this.#seen.get(one.id) || [];
    if (states.at(-1)?.id !== one.state.id) this.#seen.set(one.id, [...states, one.state]);
    item.dataset.states = this.#seen.get(one.id).map((state) => state.id).join(" ");
    const way = element("span", "", "chips");
    for (const state of this.#seen.get(one.id)) way.append(element("span", inLanguage(state.name), `chip ${state.tone}`));
    item.append(
      way,
      ownDirection("b", one.title),
      ownDirection("span", one.chat, "delivery-chat"),
    );
    if (one.reason) item.append(ownDirection("small", inLanguage(one.reason)));
    return item;
  }
}
