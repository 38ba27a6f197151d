"""The lines that stand around an article on Persian news pages and belong to none (pure)."""

import re
from collections.abc import Sequence

from bot.ingest.markup.text import has_letters
from bot.ingest.page.metadata_labels import fold
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, ends_sentence
from persian.normalise import match_key

# fmt: off
_END_WORDS = (
    "نظر", "نظرات", "نظرات کاربران", "نظرات مخاطبان", "نظرات بینندگان", "نظرات خوانندگان", "نظر شما", "نظرات شما",
    "ارسال نظر", "ارسال نظرات", "ثبت نظر", "نظر دهید", "نظر بدهید", "دیدگاه", "دیدگاه ها", "دیدگاه شما",
    "دیدگاه کاربران", "ارسال دیدگاه", "ثبت دیدگاه", "نام و نام خانوادگی", "ایمیل", "نام شما", "پربازدیدها",
    "آخرین اخبار", "آخرین خبرها", "تازه ترین اخبار", "تازه ترین خبرها", "تازه ها", "جدیدترین اخبار",
    "اخبار مرتبط", "خبرهای مرتبط", "خبر مرتبط", "مطالب مرتبط", "عناوین مرتبط", "لینک های مرتبط", "اخبار پیشنهادی",
    "مطالب پیشنهادی", "خبرهای پیشنهادی", "پیشنهاد سردبیر", "سایر اخبار", "دیگر اخبار", "اخبار دیگر", "اخبار ویژه",
    "پربازدیدترین ها", "پربازدیدترین اخبار", "پربیننده ترین ها", "پربیننده ترین اخبار", "پربحث ترین ها",
    "برچسب ها", "کلیدواژه ها", "کلید واژه ها", "تگ ها", "انتهای پیام", "پایان پیام",
    "comments", "latest news", "related news",
)
_TOOL_WORDS = (
    "اشتراک گذاری", "اشتراک گذاری در", "اشتراک", "به اشتراک بگذارید", "کپی", "کپی لینک", "کپی شد", "لینک کپی شد",
    "کپی لینک کوتاه", "لینک کوتاه", "لینک کوتاه خبر", "پیوند کوتاه", "چاپ", "چاپ خبر", "پرینت", "نسخه چاپی",
    "ذخیره", "ارسال", "ارسال به دوستان", "گزارش خطا", "بزرگنمایی", "دانلود عکس", "اندازه قلم", "اندازه متن",
    "صفحه اصلی", "صفحه نخست", "خانه", "جستجو", "a", "aa",
)
# fmt: on
_ENDS = frozenset(match_key(words) for words in _END_WORDS)
_TOOLS = frozenset(match_key(words) for words in _TOOL_WORDS)
_COUNT = re.compile(r"[\d\s()\[\]:/*]+$|^[\d\s()\[\]/*]+")
_END_LINE = re.compile(
    r"(?:انتهای|پایان) ?پیام\b.{0,20}$|(?:برچسب|کلید ?واژه|تگ) ?ها(?:ی خبر)? ?:"
    r"|(?:آخرین|تازه ترین|جدیدترین) (?:اخبار|خبرهای) (?!از |در |دربار)\S+(?: \S+)?$"
    r"|(?:نظر|دیدگاه|نظرات|دیدگاه های) ?(?:خود|خودتان|تان) را .{0,30}$|نام ?: ?$"
)
_TOOL_LINE = re.compile(
    r"(?:https?://|www\.)\S+$"
    r"|(?:تعداد )?(?:بازدیدها|بازدید|پسندیدم|لایک|امتیاز|(?:زمان|مدت) مطالعه) ?:? ?\d[\d.,]*(?: \S+)?$"
    r"|(?:اشتراک ?گذاری|ارسال|بازنشر) (?:در|به) (?:تلگرام|واتس ?اپ|توییتر|ایکس|فیسبوک|لینکدین|ایتا|بله|سروش|روبیکا"
    r"|شبکه ?های اجتماعی)$"
    r"|لینک کوتاه(?: خبر)? ?:"
    r"|(?:عکس|عکاس|تصویر) ?: ?[^.]{2,40}$"
)
_RELATED = re.compile(r"(?:(?:بیشتر|همچنین) ?بخوانید|(?:مطلب|خبر) مرتبط|مطالعه بیشتر|در همین رابطه)\s*(:.*|[/»]*)$")


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
        if found := _RELATED.match(fold(line)):
            pointing = not has_letters(found[1])
            continue
        # Behind «بیشتر بخوانید» alone stand the headlines that it points to.
        pointing = pointing and len(line) <= LEAST_PARAGRAPH * 2 and not ends_sentence(line)
        if not pointing and not is_tool(line):
            begun = begun or len(line) >= LEAST_PARAGRAPH
            kept.append(line)
    return kept


def ends_article(line: str) -> bool:
    """Tell whether a line by itself says that the article is over: comments, tags or other news follow."""
    plain = " ".join(fold(line).split()).lstrip("#*/-• ")
    return match_key(_COUNT.sub("", plain)) in _ENDS or (len(plain) < 300 and _END_LINE.match(plain) is not None)


def is_tool(line: str) -> bool:
    """Tell whether a line is a control of the page (print, copy the link, counters), a credit or has no words."""
    plain = " ".join(fold(line).split())
    if match_key(plain) in _TOOLS or _TOOL_LINE.match(plain):
        return True
    return not (has_letters(line) or any(c.isdigit() for c in line))


def points_elsewhere(line: str) -> bool:
    """Tell whether a line begins with «بیشتر بخوانید» or the like: what it names is other news."""
    return _RELATED.match(fold(line)) is not None
