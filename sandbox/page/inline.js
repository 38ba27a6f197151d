// Inline mode: what is typed behind @bot in any chat, the results above the composer, and the one that is sent.

import { post } from "/page/api.js";
import { element, safeUrl } from "/page/render.js";
import { word } from "/page/words.js";

const PAUSE = 300; // milliseconds without a key before the bot is asked

// `here` tells the bot's name and who is where; `attempt` runs a call and shows why it failed.
export function inlineMode(box, list, here, attempt, openLink) {
  let timer = 0;
  let asked = 0;

  const hide = () => {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    list.replaceChildren();
  };

  const row = (node, onClick) => {
    const item = element("li");
    const button = element("button");
    button.type = "button";
    button.append(...node);
    button.addEventListener("click", onClick);
    item.append(button);
    return item;
  };

  const card = (answer, result) => {
    const words = element("span");
    const title = element("b", result.title);
    const facts = element("small", result.description || "");
    for (const line of [title, facts]) line.dir = "auto";
    words.append(title, facts);
    const shown = [words];
    if (result.thumbnail_url) {
      const picture = element("img");
      picture.src = safeUrl(result.thumbnail_url);
      picture.alt = "";
      shown.unshift(picture);
    }
    return row(shown, async () => {
      const { user, chat } = here();
      hide();
      box.value = "";
      box.focus();
      const choice = { user_id: user, chat_id: chat, query_id: answer.id, result_id: result.id };
      await attempt(() => post("inline/choose", choice));
    });
  };

  const show = async (query, offset) => {
    asked += 1;
    const mine = asked;
    const answer = await attempt(() => post("inline", { user_id: here().user, query, offset }));
    if (!answer || mine !== asked) return;
    if (!offset) list.replaceChildren();
    list.querySelector(".more")?.remove();
    list.append(...answer.results.map((result) => card(answer, result)));
    if (answer.button) {
      const leads = `https://t.me/${here().bot}?start=${answer.button.start_parameter}`;
      list.prepend(row([element("span", answer.button.text)], () => hide() || openLink(leads)));
    }
    if (answer.next_offset) {
      const more = row([element("span", word("more"))], () => show(query, answer.next_offset));
      more.className = "more";
      list.append(more);
    }
    list.hidden = !list.children.length;
  };

  box.addEventListener("input", () => {
    const [name, ...words] = box.value.trimStart().split(" ");
    hide();
    if (!words.length || name.toLowerCase() !== `@${here().bot}`.toLowerCase()) return;
    timer = setTimeout(() => show(words.join(" ").trim(), ""), PAUSE);
  });
  return hide;
}
