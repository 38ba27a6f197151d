// The menu of attachments: a person's own files, or samples for whoever has none at hand.

import { element } from "/page/dom.js";
import { word } from "/page/words.js";

const SAMPLES = [
  ["🖼", "samplePhoto", "harbour.png"],
  ["🎬", "sampleVideo", "boat.mp4"],
  ["📄", "sampleDocument", "library.pdf"],
];

async function sample(name) {
  const answer = await fetch(`/samples/${name}`);
  if (!answer.ok) throw new Error(answer.statusText);
  const content = await answer.blob();
  return new File([content], name, { type: content.type });
}

// Offer what can be attached in a popup: `ownFiles` opens the machine's own, `send` gets a promise of a sample.
export function chooseAttachment(popup, ownFiles, send) {
  const choice = (sign, words, act) => [
    [element("b", sign), element("span", word(words))],
    () => {
      popup.hide();
      act();
    },
  ];
  popup.show([
    choice("📎", "ownFile", ownFiles),
    ...SAMPLES.map(([sign, words, name]) => choice(sign, words, () => send(sample(name)))),
  ]);
}
