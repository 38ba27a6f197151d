"""The lines that stand around an article on Persian news pages and belong to none (pure)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.ingest.markup.metadata_labels import fold
from bot.ingest.markup.text import has_letters
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, ends_sentence
from persian.normalise import match_key

# fmt: off
_COMMENT_WORDS = (
    "نظر", "نظرات", "نظرات کاربران", "نظرات مخاطبان", "نظرات بینندگان", "نظرات خوانندگان", "نظر شما", "نظرات شما",
    "ارسال نظر", "ارسال نظرات", "ثبت نظر", "نظر دهید", "نظر بدهید", "دیدگاه", "دیدگاه ها", "دیدگاه شما",
    "دیدگاه کاربران", "ارسال دیدگاه", "ثبت دیدگاه", "نام و نام خانوادگی", "ایمیل", "نام شما",
    "comments", "leave a comment", "leave a reply",
    "التعليقات", "تعليقات", "تعليقات القراء", "أضف تعليقا", "أضف تعليقك", "اترك تعليقا", "اترك تعليقك",
    "комментарии", "все комментарии", "оставить комментарий", "добавить комментарий", "комментарии читателей",
    "yorumlar", "yorum yap", "yorum yaz", "okuyucu yorumları", "لێدوان", "لێدوانەکان", "کۆمێنت",
    "kommentare", "kommentar schreiben", "leserkommentare", "commentaires", "laisser un commentaire",
    "comentarios", "deja un comentario", "deja tu comentario",
)
_END_WORDS = (
    "پربازدیدها", "آخرین اخبار", "آخرین خبرها", "تازه ترین اخبار", "تازه ترین خبرها", "تازه ها", "جدیدترین اخبار",
    "اخبار مرتبط", "خبرهای مرتبط", "خبر مرتبط", "مطالب مرتبط", "عناوین مرتبط", "لینک های مرتبط", "اخبار پیشنهادی",
    "مطالب پیشنهادی", "خبرهای پیشنهادی", "پیشنهاد سردبیر", "سایر اخبار", "دیگر اخبار", "اخبار دیگر", "اخبار ویژه",
    "پربازدیدترین ها", "پربازدیدترین اخبار", "پربیننده ترین ها", "پربیننده ترین اخبار", "پربحث ترین ها",
    "برچسب ها", "کلیدواژه ها", "کلید واژه ها", "تگ ها", "مرتبط ها", "پیشنهاد ما", "پیشنهاد ویژه", "از دست ندهید",
    "مرتبط", "خواندنی ها", "خواندنی های دیگر", "مطالب خواندنی",
    "مطالب خواندنی دیگر", "لینک های مفید", "ویژه ها",
    "خبرنامه", "عضویت در خبرنامه", "نظرسنجی", "newsletter",
    "latest news", "related news", "related articles", "related stories", "most read", "read more", "read also",
    "more stories", "you may also like", "you might also like",
    "recommended for you",
    "ذات صلة", "مقالات ذات صلة", "مواضيع ذات صلة",
    "أخبار ذات صلة",
    "مواضيع متعلقة", "الأكثر قراءة", "آخر الأخبار", "أخبار متعلقة", "مقالات متعلقة", "الأكثر مشاهدة",
    "новости по теме", "ссылки по теме", "материалы по теме", "статьи по теме", "ещё по теме", "последние новости",
    "другие новости", "похожие новости", "похожие материалы", "новости партнёров", "самое читаемое", "теги",
    "ilgili haberler", "benzer haberler", "diğer haberler", "son haberler", "son dakika haberleri",
    "en çok okunanlar", "çok okunanlar", "öne çıkan haberler", "etiketler",
    "بابەتی پەیوەندیدار", "بابەتە پەیوەندیدارەکان", "هەواڵی پەیوەندیدار", "دوایین هەواڵەکان", "زۆرترین خوێنراو",
    "ähnliche artikel", "verwandte artikel", "weitere artikel", "meistgelesen", "auch interessant", "schlagwörter",
    "articles liés", "sur le même sujet", "les plus lus", "dans la même rubrique", "mots-clés",
    "noticias relacionadas", "artículos relacionados", "lo más leído", "más noticias",
)
_MORE_WORDS = (
    r"(?:مشاهده |خواندن )?(?:ادامه|متن کامل|نسخه کامل)"
    r"(?:(?: |ی |\u200cی )(?:این )?(?:مطلب|خبر|متن|گزارش|نوشته|مقاله))?"
    r"|بیشتر بخوانید|(?:read|see|view) more|(?:continue|keep) reading"
    r"|read (?:full|the full|whole) (?:story|article|text)"
    r"|full (?:story|article)|(?:اقرأ )?المز[يی]د|تابع القراءة"
)
# WordPress names the article behind them.
_MORE_OF_TITLE = r"continue reading|read more|ادامهٔ? ?ی? ?(?:خواندن|مطلب|نوشته)|اقرأ المز[يی]د"
_LAST_WORDS = (
    "انتهای پیام", "پایان پیام", "انتهای خبر", "پایان خبر", "انتهای گزارش", "پایان گزارش", "انتهى", "النهاية",
)
_TOOL_WORDS = (
    "اشتراک گذاری", "اشتراک گذاری در", "اشتراک", "به اشتراک بگذارید", "کپی", "کپی لینک", "کپی شد", "لینک کپی شد",
    "کپی لینک کوتاه", "لینک کوتاه", "لینک کوتاه خبر", "پیوند کوتاه", "چاپ", "چاپ خبر", "پرینت", "نسخه چاپی",
    "ذخیره", "ارسال", "ارسال به دوستان", "گزارش خطا", "بزرگنمایی", "دانلود عکس", "اندازه قلم", "اندازه متن",
    "صفحه اصلی", "صفحه نخست", "خانه", "جستجو", "a", "aa",
    "تبلیغات", "تبلیغ", "آگهی", "advertisement", "share", "share this", "print", "print this page", "copy link",
    "به این مطلب امتیاز دهید", "به این خبر امتیاز دهید", "امتیاز شما", "امتیاز دهید", "به این خبر گوش کنید",
    "به این مطلب گوش کنید", "نسخه صوتی", "نسخه صوتی خبر", "فایل صوتی",
    "فایل صوتی خبر", "پخش صوت", "شنیدن خبر", "listen to this article", "listen", "استمع إلى الخبر",
    "این خبر را پسندیدید", "آیا این خبر مفید بود", "آیا این مطلب مفید بود", "آیا این مطلب برای شما مفید بود",
    "was this article helpful", "did you like this article",
    "عضویت", "ثبت نام", "عضو شوید", "subscribe", "sign up",
    "view this post on instagram", "مشاهده این پست در اینستاگرام",
    "گالری تصاویر", "تصاویر بیشتر", "عکس های بیشتر",
    "فهرست مطالب", "فهرست عناوین", "فهرست محتوا", "table of contents",
)
# fmt: on
_COMMENTS = frozenset(match_key(words) for words in _COMMENT_WORDS)
_LAST = frozenset(match_key(words) for words in _LAST_WORDS)
_ENDS = frozenset(match_key(words) for words in _END_WORDS) | _COMMENTS | _LAST
_TOOLS = frozenset(match_key(words) for words in _TOOL_WORDS)
LONGEST_LABEL = 300
"""Characters from which on a line is surely text."""

_LONGEST_MARK = 16
_LONGEST_CLOCK = 24
_LONGEST_END = 80
_LONGEST_KNOWN = 60
"""Characters that a known label has at most, with what counts beside it."""

_COUNT = re.compile(r"(?<![\d\s()\[\]:/*])[\d\s()\[\]:/*]++$|^[\d\s()\[\]/*]+")
_LAST_LINE = re.compile(r"(?:(?:انتهای|پایان) ?پیام\b.{0,20}|انته[یى] ?/.{0,20})$")
_LAST_PHRASE = re.compile(r"(?:(?<!\s)\s++)?(?:انتهای|پایان)[\s\u200c]*+پیام\s*+[/\\|.*+\d]*+\s*+\w{0,3}+\s*+$")
_MORE_LINK = re.compile(
    rf"<a [^<>]*+>[\s\[(]*+(?:(?:{_MORE_WORDS})[^\w<]{{0,12}}"
    rf"|(?:{_MORE_OF_TITLE})\b(?:[^<]|<(?!/a>)){{0,250}})</a>[\s\])»>.…]*+$",
    re.IGNORECASE,
)
_MORE_LINE = re.compile(rf"(?:{_MORE_WORDS})[^\w:]{{0,12}}$", re.IGNORECASE)
_INITIALS = r"[^\W\d_]{1,2}(?:\s?\.\s?[^\W\d_]{1,2}){1,2}"
_SIGN = rf"(?:{_INITIALS}|[^\W\d_]{{1,3}}|\d{{1,8}})"
# A desk signs with its numbers, with initials, or with letters that strokes part.
_DESK_MARK = re.compile(
    rf"[/\\]\s?\w{{0,6}}\s?[/\\]?$|\w{{0,6}}[/\\]$|{_INITIALS}(?: \d{{1,6}})?$"
    rf"|[A-Za-z]{{2,3}}$|\d{{3,8}}$|\d{{2,6}}(?:\s\d{{1,6}}){{1,2}}$"
    rf"|[*/]?\s?{_SIGN}(?:\s?[/\\_*]\s?{_SIGN}){{1,3}}(?:\s\d{{1,6}})?\s?[*/]?$"
)
_PLATFORM = (
    "تلگرام|اینستاگرام|توییتر|ایکس|واتس ?اپ|ایتا|روبیکا|بله|سروش|یوتیوب|آپارات|شبکه ?های اجتماعی"
    "|خبرنامه|کانال|گوگل نیوز"
    "|telegram|instagram|twitter|facebook|whatsapp|youtube|newsletter|google news"
    "|تویتر|فیسبوک|واتساب|یوتیوب|تلغرام|قناة"
)
_FOLLOWED = re.compile(_PLATFORM, re.IGNORECASE)
_FOLLOW_BEGIN = re.compile(
    r"follow us|join (?:our|us)|subscribe to our|sign up (?:for|to) our|تابعونا|اشترک فی", re.IGNORECASE
)
_FOLLOW_END = re.compile(
    r"(?:دنبال کنید|بپیوندید|عضو(?: \S+){0,4} شوید|همراه شوید|مشترک شوید|همراه باشید|ثبت ?نام کنید)"
    r"(?: ?: ?(?:@\w{3,40}|(?:https?://)?[\w.-]{2,30}/\S{1,60}))?\W{0,6}$"
)
_FOLLOW_ANYBODY = re.compile(
    r"را (?:در|از)(?: \S+){0,4} ?(?:تلگرام|اینستاگرام|توییتر|ایکس|واتس ?اپ|ایتا|روبیکا|بله|سروش|یوتیوب|آپارات)"
    r"(?: \S+){0,3} دنبال کنید\W{0,6}$"
)
_OWN = re.compile(
    r"\bما\b|خبرگزاری|خبرنامه|این (?:سایت|رسانه|پایگاه|روزنامه)"
    rf"|^(?:(?:کانال|صفحه|پیج|حساب) )?(?:{_PLATFORM})\b.{{2,40}} را (?:از|در) اینجا ",
    re.IGNORECASE,
)
_APP_LINE = re.compile(
    r"(?:اپلیکیشن|اپ|نرم ?افزار)\b.{0,100}(?:دریافت|دانلود|نصب) کنید[.!]?$"
    r"|برای (?:دریافت|مشاهده|خواندن|پیگیری|عضویت)\b.{0,60}"
    r"(?:تلگرام|اینستاگرام|ایتا|روبیکا|سروش|واتس ?اپ|شبکه ?های اجتماعی).{0,20}کلیک کنید[.!]?$"
    r"|(?:کانال|صفحه|پیج) (?:تلگرام|اینستاگرام|ایتا|بله|روبیکا|سروش|واتس ?اپ|یوتیوب)[^.:]{0,40}: ?\S{2,60}$"
)
_LONGEST_CALL = 160
_CALL_CHARS = 120
_RIGHTS_LINE = re.compile(
    r"(?:©|copyright ?(?:©|\(c\)|(?:19|20)\d\d)).{0,120}$"
    r"|(?:(?:تمامی|تمام|کلیه|همه) ?ی? حقوق.{0,80}محفوظ|all rights reserved|جمیع الحقوق محفوظة).{0,80}$"
    r"|(?:هرگونه )?(?:استفاده|بازنشر|نقل|کپی ?برداری) از? ?(?:این )?(?:مطالب|مطلب|اخبار|محتوا)\b.{0,80}"
    r"(?:ذکر|نام|لینک) ?(?:منبع|به منبع)?.{0,40}$",
    re.IGNORECASE,
)
_END_LINE = re.compile(
    rf"{_LAST_LINE.pattern}|(?:(?:برچسب|کلید ?واژه|تگ) ?ها(?:ی خبر)?|(?:کلمات|واژگان|واژه ?های) کلیدی) ?:"
    r"|(?:مقاله|مقالات|خبر|اخبار|مطلب|مطالب|نوشته|گزارش|ویدئو|ویدیو|عنوان|عناوین|محتوا|آلبوم|گالری) ?(?:ها|های)?ی?"
    r" (?:مرتبط|مشابه|پیشنهادی)(?: دیگر)?:?$"
    r"|(?:آلبوم|گالری|گزارش) ?(?:ها|های)? ?(?:تصویری )?دیگر:?$"
    r"|(?:آخرین|تازه ترین|جدیدترین) (?:اخبار|خبرهای) (?!از |در |دربار)\S+(?: \S+)?$"
    r"|(?:نظر|دیدگاه|نظرات|دیدگاه های) ?(?:خود|خودتان|تان) را .{0,30}$|نام ?: ?$"
    r"|برای (?:خواندن|مشاهده|مطالعه|دسترسی به) (?:ادامه|متن کامل|نسخه کامل) ?ی? (?:این )?"
    r"(?:خبر|گزارش|مطلب|مقاله|نوشته|متن|یادداشت)\b.{0,40}?(?:مشترک|اشتراک|وارد|عضو|ثبت ?نام).{0,30}$"
    r"|(?i:(?:subscribe|sign in|log in|register)(?: now)? to (?:continue|keep|read)\b.{0,60}$"
    r"|(?:to )?(?:continue|keep) reading.{0,40}(?:subscri|sign (?:in|up)|log in).{0,30}$)"
)
_COMMENTS_LINE = re.compile(
    r"(?:\d{1,4} )?(?:نظر|دیدگاه|کامنت|پاسخ) ?(?:ها|های|ات)?"
    r"(?: (?:کاربران|مخاطبان|بینندگان|خوانندگان|همراهان|شما|ارسالی|این (?:خبر|مطلب|نوشته|پست)))?"
    r" ?[:(]? ?\d{0,4}\)?:?$"
    r"|\d{1,4} (?:thoughts?|comments?|responses?|replies) (?:on|to)\b.{0,250}$"
    r"|join the (?:conversation|discussion)$",
    re.IGNORECASE,
)
_ADDRESS_LINE = re.compile(r"(?:https?://|www\.)\S+$")
_TOOL_LINE = re.compile(
    rf"{_ADDRESS_LINE.pattern}"
    r"|(?:تعداد )?(?:بازدیدها|بازدید|پسندیدم|لایک|امتیاز|(?:زمان|مدت) مطالعه) ?:? ?\d[\d.,]*(?: \S+)?$"
    r"|(?:مدت زمان|زمان تقریبی|زمان تخمینی|مدت زمان تقریبی) (?:مطالعه|خواندن) ?:? ?\d[\d.,]*(?: \S+)?$"
    r"|\d{1,3} ?(?:دقیقه (?:برای )?(?:مطالعه|خواندن)|min(?:ute)?s? read)$"
    r"|(?:اشتراک ?گذاری|ارسال|بازنشر) (?:در|به) (?:تلگرام|واتس ?اپ|توییتر|ایکس|فیسبوک|لینکدین|ایتا|بله|سروش|روبیکا"
    r"|شبکه ?های اجتماعی)$"
    r"|لینک کوتاه(?: خبر)? ?:"
    r"|(?:کد|شناسه|شماره) ?(?:ی )?(?:خبر|مطلب|خبرنگار) ?:? ?\S{1,20}$|(?:کد|شناسه|خبرنگار) ?: ?\d{1,15}$"
    r"|(?:(?:کد وید[یئ]و|فیلم اصلی|دانلود(?: (?:فیلم|وید[یئ]و|فایل|صوت))?|دریافت(?: (?:فیلم|وید[یئ]و|فایل))?"
    r"(?: \d{1,4}(?:\.\d)? ?(?i:[mk]b|مگابایت|کیلوبایت))?) ?){1,3}$"
    r"|(?:این \S+ را )?به اشتراک (?:بگذارید|گذاری)(?: این \S+)? ?[:!]?$|@[a-z]\w{3,31}$"
    r"|برای (?:مشاهده|دیدن|پخش|تماشای) (?:این|فیلم|وید[یئ]و)\b[^.]{0,80}"
    r"(?:جاوا ?اسکریپت|(?i:javascript|html5))[^.]{0,120}$"
    r"|(?i:to view this video please enable javascript)\b.{0,120}$"
    r"|نظر شما (?:درباره|در ?باره|در مورد)(?: ?ی)? این (?:خبر|مطلب|موضوع|گزارش|نوشته) چیست ?[؟?]?$"
    r"|به این \S+ (?:امتیاز|ر[اأ]ی) ب?دهید\W{0,5}(?:\d[\d.,٫]{0,5} ?(?:از|/) ?\d{1,3})?\W{0,5}$"
    r"|میانگین (?:امتیاز(?:ات|ها)?|آرا) ?:? ?\d[\d.,٫]{0,5}(?: ?(?:از|/) ?\d{1,3})?"
    r"(?:\W{0,5}(?:از مجموع )?\d{1,6} (?:ر[اأ]ی|نفر)\W?)?$|\[?کل ?: ?\d+ میانگین ?: ?[\d.,٫]+\]?$"
    r"|[\d.,٫]{1,5}(?:/\d{1,3})? ?[-–] ?\(\d+ (?:امتیاز|ر[اأ]ی|votes?)\)$"
    r"|بازگشت به (?:صفحه|بالا|فهرست)\b.{0,30}$"
    r"|آن ?چه (?:در|از) (?:این|ادامه)(?: \S+)? (?:می ?خوانید|خواهید خواند) ?:?$"
    r"|(?:ادامه (?:مطلب|خبر|متن|گزارش) (?:پس|بعد) از (?:تبلیغ|آگهی)|(?i:story|article) continues (?:below|after))"
    r".{0,30}$"
    r"|(?:#[^\s#،,]+[\s،,]*)+$|\d+(?:\s*+[*/|]++\s*+\d*+)++$"
    # What a template has left unfilled.
    r"|\{[{/%][^{}]{0,120}+\}\}?$"
)
_CREDIT_LINE = re.compile(
    "(?:(?:عکس|عکاس|تصویر|مترجم|ترجمه|تدوین|ویراستار|تصویربردار|صدابردار|گرافیست|طراح) ?: ?[^.]{2,40}"
    r"|(?:سر)?دبیر(?: سرویس| خبر| تحریریه)? ?: ?[^\W\d_]+(?: [^\W\d_]+){1,2})$"
)
_CLOCK_LINE = re.compile(r"(?:ساعت ?:? )?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\.?)?$", re.IGNORECASE)
_RELATED = re.compile(
    r"(?:(?:بیشتر|همچنین) ?بخوانید|(?:مطلب|خبر) (?:مرتبط|پیشنهادی)|مطالعه بیشتر|در همین رابطه"
    r"|(?:این مطلب|این خبر) را (?:هم|نیز) بخوانید|(?:بخوانید|ببینید|بشنوید)(?=\s*:)"
    r"|در (?:همین|این) (?:زمینه|باره)(?: بخوانید)?|بیشتر بدانید|پیشنهاد (?:مطالعه|می ?کنیم بخوانید)"
    r"|اقر[أا] (?:[أا]یضا?\u064b?ا?|المزید)|شاهد [أا]یضا?\u064b?ا?"
    r"|read (?:also|next)|also read|see also|more on this story"
    r"|(?:читайте|смотрите|слушайте) также|читайте ещё|по теме(?=\s*:)|[iİ]lgili haber(?=\s*:)"
    r"|lesen sie (?:auch|dazu)|mehr zum thema|(?:à )?(?:lire|voir) aussi|lea (?:también|además)|te puede interesar"
    r"|leia também|leggi anche|هەروەها بخوێنەرەوە"
    r"|(?:پیشنهاد سردبیر|ویدی?ئو(?:ی)? مرتبط|خبر قبلی|read more|related)(?=\s*:))"
    r"\s*(:.*|[/»]*)$",
    re.IGNORECASE,
)

_ASKS_TO_READ = re.compile(
    r"(?:\S+ ){0,7}(?:بخوانید|ببینید|بشنوید|مطالعه کنید|تماشا کنید|از دست ندهید)$|بیشتر$"
    r"|(?:read|watch|see) (?:also|more|next)$",
    re.IGNORECASE,
)


def article_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines of the article among `lines`: tools and pointers to other news left out, up to its end.

    What says that it is over counts only behind a paragraph: above the text it is a mere link or counter.
    """
    kept: list[str] = []
    pointing = begun = False
    for line in lines:
        if ends_article(line):
            if begun:
                break
            continue
        if match := _RELATED.match(_plain(line)):
            pointing = not has_letters(match[1])
            continue
        # Behind «بیشتر بخوانید» alone stand the headlines that it points to.
        pointing = pointing and len(line) <= LEAST_PARAGRAPH * 2 and not ends_sentence(line)
        if not pointing and not is_tool(line):
            begun = begun or len(line) >= LEAST_PARAGRAPH
            kept.append(line)
    return kept


def ends_article(line: str) -> bool:
    """Return whether a line by itself says that the article is over: comments, tags or other news follow."""
    if len(line) >= LONGEST_LABEL:
        return False
    return _key_of_label(line) in _ENDS or _END_LINE.match(_bare(line)) is not None or heads_comments(line)


def heads_comments(line: str) -> bool:
    """Return whether a line by itself is the heading of readers' comments, or of the form for one."""
    if len(line) >= LONGEST_LABEL:
        return False
    return _key_of_label(line) in _COMMENTS or _COMMENTS_LINE.match(_bare(line)) is not None


def is_last_line(line: str) -> bool:
    """Return whether a line is an agency's mark of the end, such as «انتهای پیام»."""
    if len(line) >= LONGEST_LABEL:
        return False
    return _key_of_label(line) in _LAST or _LAST_LINE.match(_bare(line)) is not None


def without_last_phrase(markup: str) -> str:
    """Return the inline HTML of a paragraph without the mark of the end, or the link to the rest, that ends it."""
    end = markup[-_LONGEST_END:]
    if "پیام" in end or "پيام" in end:
        markup = _LAST_PHRASE.sub("", markup)
    if "</a>" not in end:
        return markup
    bare = _MORE_LINK.sub("", markup)
    return bare.rstrip(" [(") if bare != markup else markup


def is_desk_mark(line: str) -> bool:
    """Return whether the last line of a text is a desk's signature, such as «۲۲۳۲۲۳» or «/ک»."""
    return len(line) < _LONGEST_MARK and _DESK_MARK.fullmatch(fold(line).strip()) is not None


def is_address(line: str) -> bool:
    """Return whether a line is nothing but an address, or a word that leads to the rest of the text."""
    if len(line) >= LONGEST_LABEL:
        return False
    plain = _plain(line)
    return (_ADDRESS_LINE.match(plain) or _MORE_LINE.match(plain)) is not None


def is_clock(line: str) -> bool:
    """Return whether a line is a time of day and nothing else."""
    return len(line) < _LONGEST_CLOCK and _CLOCK_LINE.match(_bare(line)) is not None


def is_tool(line: str) -> bool:
    """Return whether a line is a control of the page (print, copy the link, counters), a credit or has no words."""
    if len(line) < LONGEST_LABEL:
        plain = _plain(line)
        if _is_control(plain):
            return True
        if "|" in plain and all(match_key(part) in _TOOLS for part in plain.split("|") if part.strip()):
            return has_letters(plain)
    return not (has_letters(line) or any(letter.isdigit() for letter in line))


def _is_control(plain: str) -> bool:
    """Return whether a label without marks is a control, a credit, a note of rights or a call to follow."""
    if len(plain) <= _LONGEST_KNOWN and match_key(plain) in _TOOLS:
        return True
    if _TOOL_LINE.match(plain) or _CREDIT_LINE.match(plain) or _MORE_LINE.match(plain):
        return True
    return (_RIGHTS_LINE.match(plain) or _APP_LINE.match(plain)) is not None or _calls_to_follow(plain)


def is_photo_credit(line: str) -> bool:
    """Return whether a line names who took a picture and says nothing else."""
    return len(line) < LONGEST_LABEL and _CREDIT_LINE.match(_plain(line)) is not None


def points_elsewhere(line: str) -> bool:
    """Return whether a line begins with «بیشتر بخوانید» or the like: what it names is other news."""
    return len(line) < LONGEST_LABEL and _RELATED.match(_plain(line)) is not None


def asks_to_read(label: str) -> bool:
    """Return whether a label asks readers to read the links behind it, such as «حتماً بخوانید:»."""
    return len(label) < LONGEST_LABEL and _ASKS_TO_READ.match(_plain(label).strip(" :.…!«»<>[]|-")) is not None


def _calls_to_follow(plain: str) -> bool:
    return len(plain) <= _LONGEST_CALL and bool(
        (_FOLLOW_END.search(plain[-_CALL_CHARS:]) and _FOLLOWED.search(plain) and _OWN.search(plain))
        or _FOLLOW_ANYBODY.search(plain[-_CALL_CHARS:])
        or (_FOLLOW_BEGIN.match(plain) and _FOLLOWED.search(plain))
    )


def _key_of_label(line: str) -> str:
    """Return the key of a line without what counts beside it; "" for one that is longer than any label."""
    bare = _bare(line)
    return match_key(_COUNT.sub("", bare)) if len(bare) <= _LONGEST_KNOWN else ""


# Several questions are asked of each line.
@lru_cache(maxsize=64)
def _plain(line: str) -> str:
    return " ".join(fold(line).split())


def _bare(line: str) -> str:
    return _plain(line).lstrip("#*/-• ")
