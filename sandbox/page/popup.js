// A list of choices above the composer: arrows move through it, Escape leads back to the words.

import { button, element } from "/page/dom.js";

export class Popup {
  constructor(list, box) {
    this.list = list;
    this.box = box;
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && this.isOpen && this.buttons.length) {
        event.preventDefault();
        this.buttons.at(-1).focus();
      }
      if (event.key === "ArrowDown" && this.isOpen && this.buttons.length) {
        event.preventDefault();
        this.buttons[0].focus();
      }
      if (event.key === "Escape") this.hide();
    });
    list.addEventListener("keydown", (event) => this.#move(event));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get buttons() {
    return [...this.list.querySelectorAll("button")];
  }

  // `choices`: [nodes, onClick] of each line.
  show(choices) {
    this.list.replaceChildren(...choices.map(([nodes, onClick]) => this.line(nodes, onClick)));
    this.list.hidden = !choices.length;
  }

  line(nodes, onClick) {
    const item = element("li");
    const node = button("", onClick);
    node.append(...nodes);
    item.append(node);
    return item;
  }

  hide() {
    const inside = this.list.contains(document.activeElement);
    this.list.hidden = true;
    this.list.replaceChildren();
    if (inside) this.box.focus();
  }

  #move(event) {
    const { buttons } = this;
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
      this.box.focus();
    } else if (next !== undefined) {
      event.preventDefault();
      (buttons[next] || this.box).focus();
    }
  }
}
