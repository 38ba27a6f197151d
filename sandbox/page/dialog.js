// Questions to the person at the keyboard.

import { element } from "/page/render.js";
import { word } from "/page/words.js";

// Say something that has to be read; resolves when it is closed.
export function tell(text) {
  const yes = element("button", word("ok"));
  yes.autofocus = true;
  const words = element("p", text);
  words.dir = "auto";
  document.getElementById("dialog-form").replaceChildren(words, yes);
  document.getElementById("dialog").showModal();
  return new Promise((resolve) => document.getElementById("dialog").addEventListener("close", resolve, { once: true }));
}

// Ask for fields [name, choices?]; resolves to their values, or to null.
export function ask(fields) {
  const form = document.getElementById("dialog-form");
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
  const yes = element("button", word("ok"));
  const no = element("button", word("cancel"));
  yes.value = "yes";
  no.value = "no";
  no.formNoValidate = true;
  form.replaceChildren(...inputs.map(([label]) => label), yes, no);
  const dialog = document.getElementById("dialog");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue === "yes" ? inputs.map(([, input]) => input.value.trim()) : null),
      { once: true },
    );
  });
}
