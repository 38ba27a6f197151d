// Inline mode: what is typed behind @bot in any chat, the results above the composer, and the one that is sent.

import { post } from "/page/api.js";
import { element, ownDirection, safeUrl } from "/page/dom.js";
import { word } from "/page/words.js";

const PAUSE = 300; // milliseconds without a key before the bot is asked

// The words behind "@bot " in what is typed, null where it is for nobody.
export function inlineQuery(typed, bot) {
  const [name, ...words] = typed.trimStart().split(" ");
  return words.length && name.toLowerCase() === `@${bot}`.toLowerCase() ? words.join(" ").trim() : null;
}

export class InlineMode {
  #timer = 0;
  #asked = 0;

  // `here` tells the bot's name and who is where; `attempt` runs a call and shows why it failed.
  constructor(popup, here, attempt, openLink) {
    Object.assign(this, { popup, here, attempt, openLink });
  }

  // What was typed has changed; return whether it is for the bot.
  typed(text) {
    clearTimeout(this.#timer);
    this.#asked += 1;
    const query = inlineQuery(text, this.here().bot);
    if (query === null) return false;
    this.#timer = setTimeout(() => this.#show(query, ""), PAUSE);
    return true;
  }

  async #show(query, offset) {
    const mine = (this.#asked += 1);
    const answer = await this.attempt(() => post("inline", { user_id: this.here().user, query, offset }));
    if (!answer || mine !== this.#asked) return;
    const choices = answer.results.map((result) => this.#choice(answer, result));
    if (!offset && answer.button) {
      const leads = `https://t.me/${this.here().bot}?start=${answer.button.start_parameter}`;
      choices.unshift([[ownDirection("span", answer.button.text)], () => this.popup.hide() || this.openLink(leads)]);
    }
    if (offset) this.#append(choices);
    else this.popup.show(choices);
    if (answer.next_offset) {
      const more = this.popup.line([element("span", word("more"))], () => this.#show(query, answer.next_offset));
      more.className = "more";
      this.popup.list.append(more);
    }
  }

  #append(choices) {
    const { list } = this.popup;
    list.querySelector(".more")?.remove();
    const lines = choices.map(([nodes, onClick]) => this.popup.line(nodes, onClick));
    list.append(...lines);
    lines[0]?.querySelector("button").focus();
  }

  #choice(answer, result) {
    const words = element("span", "", "result");
    words.append(ownDirection("b", result.title), ownDirection("small", result.description || ""));
    const shown = [words];
    if (result.thumbnail_url) {
      const picture = element("img");
      picture.src = safeUrl(result.thumbnail_url);
      picture.alt = "";
      shown.unshift(picture);
    }
    return [shown, () => this.#choose(answer, result)];
  }

  async #choose(answer, result) {
    const { user, chat } = this.here();
    const { box } = this.popup;
    this.popup.hide();
    box.value = "";
    box.focus();
    const choice = { user_id: user, chat_id: chat, query_id: answer.id, result_id: result.id };
    await this.attempt(() => post("inline/choose", choice));
  }
}
