// The page's own words, in both languages.

const WORDS = {
  fa: {
    title: "پیک در تلگرام محلی", people: "ورود به نام", newPerson: "شخص تازه", newChat: "کانال یا گروه تازه",
    chats: "گفت‌وگوها", back: "بازگشت", commands: "فرمان‌ها", attach: "پیوست فایل", send: "ارسال", start: "شروع",
    write: "پیام بنویسید…", message: "پیام", bot: "ربات خبر", channel: "کانال", group: "گروه", members: "عضو", name: "نام",
    kind: "نوع", personLanguage: "زبان تلگرام", ok: "تأیید", cancel: "انصراف", close: "بستن",
    gone: "ارتباط با محیط آزمایشی قطع شد؛ دوباره تلاش می‌شود…", photo: "عکس", document: "فایل", megabytes: "مگابایت",
    kilobytes: "کیلوبایت", sticker: "استیکر", forwarded: "بازفرستاده از", via: "با", more: "بیشتر", service: "رویداد",
    join: "عضویت", edited: "ویرایش‌شده", onlyYou: "فقط شما می‌بینید", empty: "هنوز پیامی نیست", refused: "انجام نشد", video: "ویدیو", video_note: "ویدیوی گرد",
    animation: "تصویر متحرک", audio: "صدا", voice: "پیام صوتی", reveal: "نمایش متن پنهان", unfoldQuote: "باز کردن نقل‌قول",
    foldQuote: "بستن نقل‌قول", why: "چرا این پیام اینجاست؟", unread: "خوانده‌نشده", messagesOf: "پیام‌های",
    results: "نتایج", share: "هم‌رسانی با…", copied: "کپی شد", deleted: "پیام حذف شد", theme: "رنگ",
    themeAuto: "رنگ: خودکار", themeLight: "رنگ: روشن", themeDark: "رنگ: تیره", faultPanel: "خطاها و صف ارسال",
    outbox: "صف ارسال", outboxEmpty: "هنوز چیزی ارسال نشده است.", noInsight: "رباتی که اینجاست گزارشی از صف ارسال نمی‌دهد.",
    faults: "خطاهای ساختگی", faultFlood: "محدودیت سرعت، ۸ ثانیه", faultFloodFor: "تلگرام به پست بعدی کانال می‌گوید: ۸ ثانیه صبر کن.",
    faultLost: "گم‌شدن پاسخ", faultLostFor: "پست بعدی کانال می‌رسد، ولی پاسخ تلگرام گم می‌شود.",
    faultBlocked: "مسدود کردن ربات", faultBlockedFor: "این شخص ربات را مسدود می‌کند:", faultUnblock: "رفع مسدودی ربات",
    faultNetwork: "قطع شبکه، ۱۵ ثانیه", faultNetworkFor: "هیچ درخواستی به تلگرام نمی‌رسد.", faultClear: "پایان همهٔ خطاها",
    faultsWaiting: "در انتظار", faultsNone: "خطایی در کار نیست.", kind_flood: "محدودیت سرعت", kind_answer_lost: "گم‌شدن پاسخ",
    kind_no_answer: "قطع شبکه", tour: "راهنمای شش‌گامی", tourAgain: "از نو", tourDone: "راهنما تمام شد",
    tourRunning: "در حال اجرا…", tourFailed: "این گام انجام نشد", language: "زبان صفحه", room: "کانال و گروه", chat: "گفت‌وگو با ربات",
    ownFile: "فایل از این دستگاه", samplePhoto: "عکس نمونه", sampleVideo: "ویدیوی نمونه", sampleDocument: "سند نمونه (PDF)",
    history: "سرگذشت", nothingKnown: "چیزی ثبت نشده است.",
    new_chat_members: "به گفت‌وگو پیوست", left_chat_member: "از گفت‌وگو رفت", group_chat_created: "گروه ساخته شد",
    migrate_to_chat_id: "گروه به ابرگروه تبدیل شد", migrate_from_chat_id: "گروه به ابرگروه تبدیل شد",
    forum_topic_created: "موضوع تازه ساخته شد", forum_topic_edited: "نام موضوع تغییر کرد", pinned_message: "پیامی سنجاق شد",
  },
  en: {
    title: "Peyk in a local Telegram", people: "Signed in as", newPerson: "New person", newChat: "New channel or group",
    chats: "Chats", back: "Back", commands: "Commands", attach: "Attach a file", send: "Send", start: "Start",
    write: "Write a message…", message: "Message", bot: "News bot", channel: "Channel", group: "Group", members: "members",
    name: "Name", kind: "Kind", personLanguage: "Telegram language", ok: "OK", cancel: "Cancel", close: "Close",
    gone: "The sandbox does not answer; trying again…", photo: "Photo", document: "File", megabytes: "MB",
    kilobytes: "KB", sticker: "Sticker", forwarded: "Forwarded from", via: "via", more: "More", service: "Event",
    join: "Join", edited: "edited", onlyYou: "only you see this", empty: "No messages yet", refused: "That did not work", video: "Video", video_note: "Round video",
    animation: "Animation", audio: "Audio", voice: "Voice message", reveal: "Show the hidden text", unfoldQuote: "Expand the quote",
    foldQuote: "Collapse the quote", why: "Why is this message here?", unread: "unread", messagesOf: "Messages of",
    results: "Results", share: "Share with…", copied: "Copied", deleted: "A message was deleted", theme: "Colours",
    themeAuto: "Colours: automatic", themeLight: "Colours: light", themeDark: "Colours: dark", faultPanel: "Faults and outbox",
    outbox: "Outbox", outboxEmpty: "Nothing has been sent yet.", noInsight: "The bot behind this page does not report its outbox.",
    faults: "Faults on demand", faultFlood: "Flood wait, 8 s", faultFloodFor: "Telegram tells the channel's next post to wait for 8 seconds.",
    faultLost: "Answer lost", faultLostFor: "The channel's next post arrives, but Telegram's answer is lost.",
    faultBlocked: "Block the bot", faultBlockedFor: "This person blocks the bot:", faultUnblock: "Unblock the bot",
    faultNetwork: "Network gone, 15 s", faultNetworkFor: "No request reaches Telegram.", faultClear: "End all faults",
    faultsWaiting: "Waiting", faultsNone: "There is no fault.", kind_flood: "flood wait", kind_answer_lost: "answer lost",
    kind_no_answer: "network gone", tour: "Tour of six steps", tourAgain: "Start again", tourDone: "The tour is complete",
    tourRunning: "Running…", tourFailed: "This step did not work", language: "Language of the page", room: "Channel and groups", chat: "Chat with the bot",
    ownFile: "File from this machine", samplePhoto: "Sample photo", sampleVideo: "Sample video", sampleDocument: "Sample document (PDF)",
    history: "History", nothingKnown: "Nothing is recorded.",
    new_chat_members: "joined the chat", left_chat_member: "left the chat", group_chat_created: "The group was created",
    migrate_to_chat_id: "The group became a supergroup", migrate_from_chat_id: "The group became a supergroup",
    forum_topic_created: "A new topic was created", forum_topic_edited: "A topic was renamed", pinned_message: "A message was pinned",
  },
};

let language = localStorage.getItem("language") === "en" ? "en" : "fa";

export const word = (key) => WORDS[language][key] ?? key;
export const currentLanguage = () => language;

// A text of the bot's side: {fa, en}, or a plain one for both.
export const inLanguage = (text) => (typeof text === "object" && text !== null ? text[language] : text);

// Put the words of the current language into what has data-word, data-word-label or data-word-placeholder.
export function label(root) {
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of root.querySelectorAll("[data-word-placeholder]")) {
    node.placeholder = word(node.dataset.wordPlaceholder);
  }
  for (const node of root.querySelectorAll("[data-word-label]")) {
    node.setAttribute("aria-label", word(node.dataset.wordLabel));
    if (node.matches("button, label")) node.title = word(node.dataset.wordLabel);
  }
}

export function speak(next) {
  language = next;
  localStorage.setItem("language", next);
  document.documentElement.lang = next;
  document.documentElement.dir = next === "fa" ? "rtl" : "ltr";
  document.title = word("title");
  label(document);
}
