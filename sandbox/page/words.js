// The page's own words, in both languages.

const WORDS = {
  fa: {
    iAm: "ورود به نام", newPerson: "شخص تازه", newChat: "کانال یا گروه تازه", chats: "گفت‌وگوها", back: "بازگشت",
    commands: "فرمان‌ها", attach: "پیوست پرونده", send: "فرستادن", start: "شروع", write: "پیام بنویسید…",
    bot: "ربات خبر", channel: "کانال", group: "گروه", members: "عضو", name: "نام", kind: "نوع",
    personLanguage: "زبان تلگرام", ok: "باشد", cancel: "انصراف",
    gone: "ارتباط با سندباکس قطع شد؛ دوباره تلاش می‌شود…", photo: "عکس", document: "پرونده",
    forwarded: "فرستاده‌شده از", via: "با", more: "بیشتر", service: "رویداد", join: "عضویت",
    edited: "ویرایش‌شده", empty: "هنوز پیامی نیست", refused: "انجام نشد", video: "ویدئو",
    animation: "تصویر متحرک", audio: "صدا", voice: "پیام صوتی",
    new_chat_members: "به گفت‌وگو پیوست", left_chat_member: "از گفت‌وگو رفت", group_chat_created: "گروه ساخته شد",
    migrate_to_chat_id: "گروه به ابرگروه تبدیل شد", migrate_from_chat_id: "گروه به ابرگروه تبدیل شد",
    forum_topic_created: "موضوع تازه ساخته شد", pinned_message: "پیامی سنجاق شد",
  },
  en: {
    iAm: "Signed in as", newPerson: "New person", newChat: "New channel or group", chats: "Chats", back: "Back",
    commands: "Commands", attach: "Attach a file", send: "Send", start: "Start", write: "Write a message…",
    bot: "News bot", channel: "Channel", group: "Group", members: "members", name: "Name", kind: "Kind",
    personLanguage: "Telegram language", ok: "OK", cancel: "Cancel",
    gone: "The sandbox does not answer; trying again…", photo: "Photo", document: "File",
    forwarded: "Forwarded from", via: "via", more: "More", service: "Event", join: "Join",
    edited: "edited", empty: "No messages yet", refused: "That did not work", video: "Video",
    animation: "Animation", audio: "Audio", voice: "Voice message",
    new_chat_members: "joined the chat", left_chat_member: "left the chat", group_chat_created: "The group was made",
    migrate_to_chat_id: "The group became a supergroup", migrate_from_chat_id: "The group became a supergroup",
    forum_topic_created: "A new topic was made", pinned_message: "A message was pinned",
  },
};

let language = localStorage.getItem("language") === "en" ? "en" : "fa";

export const word = (key) => WORDS[language][key];
export const currentLanguage = () => language;

export function speak(next) {
  language = next;
  localStorage.setItem("language", next);
  document.documentElement.lang = next;
  document.documentElement.dir = next === "fa" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-word-label]")) {
    node.setAttribute("aria-label", word(node.dataset.wordLabel));
    node.title = word(node.dataset.wordLabel);
  }
  document.getElementById("words").placeholder = word("write");
  document.getElementById("messages").dataset.empty = word("empty");
  document.getElementById("composer").dir = document.documentElement.dir;
  document.getElementById("language").textContent = next === "fa" ? "English" : "فارسی";
}
