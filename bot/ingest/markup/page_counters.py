"""Counters in headlines and leads: of comments, of readers and of the time since an update (pure).

They change between two fetches although the article does not, and they are no words of it. A counter is known by
the place where it stands: in brackets, behind a bar or a dash, as a sentence of its own. Any other number belongs
to the text: «۱۲ نظر دربارهٔ بودجه» is a headline.
"""

import re

from bot.ingest.markup.text import has_letters

_LONGEST = 80
_NUMBER = r"[\d۰-۹٠-٩](?:[\d۰-۹٠-٩٬,،.]*[\d۰-۹٠-٩])?\s?(?:[kKmM]|هزار|میلیون)?"
_COUNTED = (
    r"(?:نظرات|نظر|دیدگاه(?:[\s\u200c]?ها)?|کامنت|بازدید(?:کننده)?|مشاهده|لایک|پسند|views?|comments?|likes?|shares?|reads?"
    r"|replies|reply|reactions?|hits|تعليقات|تعليق|مشاهدات|مشاهدة|قراءة)(?:\s(?:ثبت شده|شده))?"
)
_LABEL = (
    r"(?:(?:last\s)?updated?|refreshed|posted|published|(?:آخرین\s)?(?:به[\s\u200c]?روز[\s\u200c]?رسانی|بروز[\s\u200c]?رسانی)"
    r"(?:\sشده)?|به[\s\u200c]?روز\sشد(?:ه)?|آخر تحديث|تحديث)\s?:?\s?"
)
_UNIT = (
    r"(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|weeks?"
    r"|ثانیه|دقیقه|ساعت|روز|هفته|ثانية|دقيقة|دقائق|ساعات|ساعة|يوم)"
)
_AGO = (
    rf"(?:(?:{_NUMBER}|an?|one|یک|چند)\s?{_UNIT}\s(?:ago|پیش|قبل)|منذ\s{_NUMBER}\s{_UNIT}|just now|moments ago"
    r"|(?:لحظات|دقایق|ساعات)ی (?:پیش|قبل)|هم[\s\u200c]?اکنون)"
)
_CLOCK = r"(?:[\d۰-۹]{1,4}[/:.-]){1,5}[\d۰-۹]{1,4}(?:\s?[ap]m)?"
_COUNT = rf"(?:{_NUMBER}\s{_COUNTED}|{_COUNTED}\s?:?\s?{_NUMBER}|(?:بدون|بی)\s?(?:نظر|دیدگاه)|no comments)"
_UPDATE = rf"{_LABEL}(?:{_AGO}|{_CLOCK})"
_ANY = rf"(?:{_COUNT}|{_UPDATE}|{_AGO})"
_SEPARATOR = r"[|·•–—-]"
_BRACKETED = re.compile(rf"\s?[(\[]\s?{_ANY}\s?[)\]]", re.IGNORECASE)
_LAST = re.compile(
    rf"(?:\s{_SEPARATOR}\s{_ANY}|(?<=[.!?؟…])\s(?:{_COUNT}|{_UPDATE})|\s{_LABEL}{_AGO})\s?\.?$", re.IGNORECASE
)
_FIRST = re.compile(rf"(?:{_ANY}\s{_SEPARATOR}\s|{_UPDATE}\s?[.:|]\s)", re.IGNORECASE)
_WHOLE = re.compile(rf"{_ANY}(?:\s?[|·•،,–—-]\s?{_ANY}){{0,3}}\s?\.?", re.IGNORECASE)
_MOST_AT_AN_END = 3


def without_counters(text: str) -> str:
    """Return the text of one line without counters in brackets and at its ends; a text of nothing else stays."""
    bare = _BRACKETED.sub("", text).strip() if "(" in text or "[" in text else text
    for _ in range(_MOST_AT_AN_END):
        before = bare
        if match := _FIRST.match(bare):
            bare = bare[match.end() :]
        begin = max(0, len(bare) - _LONGEST)
        if match := _LAST.search(bare, begin):
            bare = bare[: match.start()]
        if bare == before:
            break
    return bare.strip() if has_letters(bare) else text


def is_counter(text: str) -> bool:
    """Return whether a text of one line is nothing but counters."""
    return len(text) <= _LONGEST and _WHOLE.fullmatch(text.strip()) is not None
