// "Why is this message here?": what the bot's side knows of a message, in a dialog.

import { get } from "/page/api.js";
import { tell } from "/page/dialog.js";
import { element, ownDirection } from "/page/dom.js";
import { exactClock, plain } from "/page/summary.js";
import { inLanguage, word } from "/page/words.js";

function factsList(facts) {
  const list = element("dl", "", "facts-list");
  for (const fact of facts) {
    const value = typeof fact.value === "number" ? plain(fact.value) : inLanguage(fact.value);
    list.append(element("dt", inLanguage(fact.label)), ownDirection("dd", value));
  }
  return list;
}

function timeline(steps) {
  const list = element("ol", "", "timeline");
  for (const step of steps) {
    const item = element("li");
    item.append(element("time", exactClock(step.at / 1000)), ownDirection("span", inLanguage(step.what)));
    list.append(item);
  }
  return list;
}

export async function explain(message, attempt) {
  const where = { chat_id: message.chat.id, message_id: message.message_id };
  const known = await attempt(() => get("explanation", where));
  if (!known) return;
  if (!known.facts?.length) {
    await tell([element("p", word("nothingKnown"))], word("why"));
    return;
  }
  const nodes = [factsList(known.facts)];
  if (known.steps?.length) nodes.push(element("h3", word("history")), timeline(known.steps));
  await tell(nodes, word("why"));
}
