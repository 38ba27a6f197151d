// Photos, videos, sounds and files of messages: their bytes come from the sandbox.

import { element, fileUrl } from "/page/dom.js";
import { word } from "/page/words.js";

export function picture(address, alt = "") {
  const node = element("img");
  node.src = address;
  node.alt = alt || word("photo");
  node.loading = "lazy";
  // A picture of another machine is not fetched: nothing leaves this one.
  node.addEventListener("error", () => node.replaceWith(missing("🖼", alt || word("photo"))), { once: true });
  return node;
}

export function video(address) {
  const node = element("video");
  node.src = address;
  node.controls = true;
  node.preload = "metadata";
  node.addEventListener("error", () => node.replaceWith(missing("🎬", word("video"))), { once: true });
  return node;
}

function missing(sign, words) {
  return element("span", `${sign} ${words}`, "missing");
}

function photo(sizes) {
  const opens = element("a", "", "photo");
  opens.href = fileUrl(sizes.at(-1).file_id);
  opens.target = "_blank";
  opens.rel = "noopener";
  const shown = picture(opens.href);
  // Its place is kept while it comes.
  shown.width = sizes.at(-1).width;
  shown.height = sizes.at(-1).height;
  opens.append(shown);
  return opens;
}

function sound(file, words) {
  const box = element("figure", "", "sound");
  const player = element("audio");
  player.src = fileUrl(file.file_id);
  player.controls = true;
  player.preload = "none";
  box.append(element("figcaption", words), player);
  return box;
}

function size(bytes) {
  const large = bytes >= 1 << 20;
  const number = (bytes / (large ? 1 << 20 : 1 << 10)).toLocaleString(document.documentElement.lang, {
    maximumFractionDigits: 1,
  });
  return `${number} ${word(large ? "megabytes" : "kilobytes")}`;
}

function file(given) {
  const node = element("a", "", "file-card");
  node.href = fileUrl(given.file_id);
  node.target = "_blank";
  node.rel = "noopener";
  node.append(element("span", "📄", "file-sign"));
  const words = element("span");
  const name = element("b", given.file_name || word("document"));
  name.dir = "auto";
  words.append(name, element("small", given.file_size ? size(given.file_size) : ""));
  node.append(words);
  return node;
}

// The medium of a message as a node, null where it has none.
export function medium(message) {
  if (message.photo) return photo(message.photo);
  if (message.video) return video(fileUrl(message.video.file_id));
  if (message.video_note) {
    const node = video(fileUrl(message.video_note.file_id));
    node.className = "round-video";
    return node;
  }
  if (message.animation) {
    return message.animation.file_name?.endsWith(".gif")
      ? picture(fileUrl(message.animation.file_id), word("animation"))
      : video(fileUrl(message.animation.file_id));
  }
  if (message.audio) return sound(message.audio, `🎵 ${message.audio.title || message.audio.file_name || word("audio")}`);
  if (message.voice) return sound(message.voice, `🎙 ${word("voice")}`);
  if (message.document) return file(message.document);
  if (message.sticker) return element("span", "🏷", "sticker");
  return null;
}
