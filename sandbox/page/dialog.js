// Questions to the person at the keyboard, and what has to be read.

import { button, element, ownDirection } from "/page/dom.js";
import { word } from "/page/words.js";

const form = () => document.getElementById("dialog-form");
const box = () => document.getElementById("dialog");

function opened(nodes) {
  form().replaceChildren(...nodes);
  box().returnValue = "no";
  box().showModal();
  return new Promise((resolve) => box().addEventListener("close", () => resolve(box().returnValue), { once: true }));
}

function closing(text, value) {
  const node = element("button", text);
  node.value = value;
  node.formNoValidate = value !== "yes";
  return node;
}

// Show nodes, or a text, under a title; resolves when it is closed.
export function tell(content, title = "") {
  const nodes = typeof content === "string" ? [ownDirection("p", content)] : content;
  if (title) nodes.unshift(element("h2", title));
  const yes = closing(word(title ? "close" : "ok"), "no");
  yes.autofocus = true;
  return opened([...nodes, yes]);
}

// Ask for fields [name, choices?]; resolves to their values, or to null.
export async function ask(fields) {
  const inputs = fields.map(([name, choices]) => {
    const label = element("label", word(name));
    const input = element(choices ? "select" : "input");
    if (choices) {
      for (const [value, text] of choices) {
        const option = element("option", text);
        option.value = value;
        input.append(option);
      }
    } else input.required = true;
    label.append(input);
    return [label, input];
  });
  const labels = inputs.map(([label]) => label);
  const answer = await opened([...labels, closing(word("ok"), "yes"), closing(word("cancel"), "no")]);
  return answer === "yes" ? inputs.map(([, input]) => input.value.trim()) : null;
}

// Let one of [value, nodes] be chosen; resolves to its value, or to null.
export async function choose(title, choices) {
  let chosen = null;
  const list = element("ul", "", "choices");
  for (const [value, nodes] of choices) {
    const item = element("li");
    const node = button("", () => {
      chosen = value;
      box().close("yes");
    });
    node.append(...nodes);
    item.append(node);
    list.append(item);
  }
  await opened([element("h2", title), list, closing(word("cancel"), "no")]);
  return chosen;
}
