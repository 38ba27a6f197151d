"""The lines that stand around an article on Persian news pages and belong to none (pure)."""

import re
from collections.abc import Sequence

from bot.ingest.markup.text import has_letters
from bot.ingest.page.metadata_labels import fold
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, ends_sentence
from persian.normalise import match_key

# fmt: off
_COMMENT_WORDS = (
    "نظر", "نظرات", "نظرات کاربران", "نظرات مخاطبان", "نظرات بینندگان", "نظرات خوانندگان", "نظر شما", "نظرات شما",
    "ارسال نظر", "ارسال نظرات", "ثبت نظر", "نظر دهید", "نظر بدهید", "دیدگاه", "دیدگاه ها", "دیدگاه شما",
    "دیدگاه کاربران", "ارسال دیدگاه", "ثبت دیدگاه", "نام و نام خانوادگی", "ایمیل", "نام شما",
    "comments", "leave a comment", "leave a reply",
)
_END_WORDS = (
    "پربازدیدها", "آخرین اخبار", "آخرین خبرها", "تازه ترین اخبار", "تازه ترین خبرها", "تازه ها", "جدیدترین اخبار",
    "اخبار مرتبط", "خبرهای مرتبط", "خبر مرتبط", "مطالب مرتبط", "عناوین مرتبط", "لینک های مرتبط", "اخبار پیشنهادی",
    "مطالب پیشنهادی", "خبرهای پیشنهادی", "پیشنهاد سردبیر", "سایر اخبار", "دیگر اخبار", "اخبار دیگر", "اخبار ویژه",
    "پربازدیدترین ها", "پربازدیدترین اخبار", "پربیننده ترین ها", "پربیننده ترین اخبار", "پربحث ترین ها",
    "برچسب ها", "کلیدواژه ها", "کلید واژه ها", "تگ ها", "مرتبط ها", "پیشنهاد ما", "پیشنهاد ویژه", "از دست ندهید",
    "latest news", "related news", "related articles", "related stories", "most read", "read more", "read also",
)
_LAST_WORDS = ("انتهای پیام", "پایان پیام", "انتهای خبر", "پایان خبر")
_TOOL_WORDS = (
    "اشتراک گذاری", "اشتراک گذاری در", "اشتراک", "به اشتراک بگذارید", "کپی", "کپی لینک", "کپی شد", "لینک کپی شد",
    "کپی لینک کوتاه", "لینک کوتاه", "لینک کوتاه خبر", "پیوند کوتاه", "چاپ", "چاپ خبر", "پرینت", "نسخه چاپی",
    "ذخیره", "ارسال", "ارسال به دوستان", "گزارش خطا", "بزرگنمایی", "دانلود عکس", "اندازه قلم", "اندازه متن",
    "صفحه اصلی", "صفحه نخست", "خانه", "جستجو", "a", "aa",
    "تبلیغات", "تبلیغ", "آگهی", "advertisement", "share", "share this", "print", "print this page", "copy link",
)
# fmt: on
_COMMENTS = frozenset(match_key(words) for words in _COMMENT_WORDS)
_LAST = frozenset(match_key(words) for words in _LAST_WORDS)
_ENDS = frozenset(match_key(words) for words in _END_WORDS) | _COMMENTS | _LAST
_TOOLS = frozenset(match_key(words) for words in _TOOL_WORDS)
LONGEST_LABEL = 300
"""Characters from which on a line is surely text."""

_COUNT = re.compile(r"(?<![\d\s()\[\]:/*])[\d\s()\[\]:/*]++$|^[\d\s()\[\]/*]+")
_LAST_LINE = re.compile(r"(?:انتهای|پایان) ?پیام\b.{0,20}$")
_LAST_PHRASE = re.compile(r"(?:(?<!\s)\s++)?(?:انتهای|پایان)[\s\u200c]*+پیام\s*+[/\\|.*+\d]*+\s*+\w{0,3}+\s*+$")
_END_LINE = re.compile(
    rf"{_LAST_LINE.pattern}|(?:برچسب|کلید ?واژه|تگ) ?ها(?:ی خبر)? ?:"
    r"|(?:آخرین|تازه ترین|جدیدترین) (?:اخبار|خبرهای) (?!از |در |دربار)\S+(?: \S+)?$"
    r"|(?:نظر|دیدگاه|نظرات|دیدگاه های) ?(?:خود|خودتان|تان) را .{0,30}$|نام ?: ?$"
)
_TOOL_LINE = re.compile(
    r"(?:https?://|www\.)\S+$"
    r"|(?:تعداد )?(?:بازدیدها|بازدید|پسندیدم|لایک|امتیاز|(?:زمان|مدت) مطالعه) ?:? ?\d[\d.,]*(?: \S+)?$"
    r"|(?:اشتراک ?گذاری|ارسال|بازنشر) (?:در|به) (?:تلگرام|واتس ?اپ|توییتر|ایکس|فیسبوک|لینکدین|ایتا|بله|سروش|روبیکا"
    r"|شبکه ?های اجتماعی)$"
    r"|لینک کوتاه(?: خبر)? ?:"
    r"|(?:کد|شناسه|شماره) ?(?:ی )?(?:خبر|مطلب|خبرنگار) ?:? ?\S{1,20}$"
    r"|(?:#[^\s#،,]+[\s،,]*)+$|\d+(?:\s*+[*/|]++\s*+\d*+)++$"
)
_CREDIT_LINE = re.compile("(?:عکس|عکاس|تصویر) ?: ?[^.]{2,40}$")
_CLOCK_LINE = re.compile(r"(?:ساعت )?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\.?)?$", re.IGNORECASE)
_RELATED = re.compile(
    r"(?:(?:بیشتر|همچنین) ?بخوانید|(?:مطلب|خبر) مرتبط|مطالعه بیشتر|در همین رابطه"
    r"|(?:این مطلب|این خبر) را (?:هم|نیز) بخوانید|(?:بخوانید|ببینید)(?=\s*:))\s*(:.*|[/»]*)$"
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
        if match := _RELATED.match(fold(line)):
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
    plain = _plain(line)
    return match_key(_COUNT.sub("", plain)) in _ENDS or _END_LINE.match(plain) is not None


def heads_comments(line: str) -> bool:
    """Return whether a line by itself is the heading of readers' comments, or of the form for one."""
    return len(line) < LONGEST_LABEL and match_key(_COUNT.sub("", _plain(line))) in _COMMENTS


def is_last_line(line: str) -> bool:
    """Return whether a line is an agency's mark of the end, such as «انتهای پیام»."""
    if len(line) >= LONGEST_LABEL:
        return False
    plain = _plain(line)
    return match_key(_COUNT.sub("", plain)) in _LAST or _LAST_LINE.match(plain) is not None


def without_last_phrase(markup: str) -> str:
    """Return the inline HTML of a paragraph without an agency's mark of the end that stands in it."""
    return _LAST_PHRASE.sub("", markup)


def is_clock(line: str) -> bool:
    """Return whether a line is a time of day and nothing else."""
    return len(line) < LONGEST_LABEL and _CLOCK_LINE.match(_plain(line)) is not None


def is_tool(line: str) -> bool:
    """Return whether a line is a control of the page (print, copy the link, counters), a credit or has no words."""
    if len(line) < LONGEST_LABEL:
        plain = " ".join(fold(line).split())
        if match_key(plain) in _TOOLS or _TOOL_LINE.match(plain) or _CREDIT_LINE.match(plain):
            return True
    return not (has_letters(line) or any(letter.isdigit() for letter in line))


def is_photo_credit(line: str) -> bool:
    """Return whether a line names who took a picture and says nothing else."""
    return len(line) < LONGEST_LABEL and _CREDIT_LINE.match(" ".join(fold(line).split())) is not None


def points_elsewhere(line: str) -> bool:
    """Return whether a line begins with «بیشتر بخوانید» or the like: what it names is other news."""
    return len(line) < LONGEST_LABEL and _RELATED.match(fold(line)) is not None


def _plain(line: str) -> str:
    return " ".join(fold(line).split()).lstrip("#*/-• ")
