"""Labels that Persian news pages write beside an article, in HTML and in text copied from a browser (pure)."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from persian.digits import to_ascii
from persian.jalali import parse_datetime

_FOLD = str.maketrans(
    {"ي": "ی", "ك": "ک", "\u0654": "", "\u200c": " ", "\u200e": "", "\u200f": "", "：": ":", "\u00a0": " "}
)
_NUMBER = re.compile(
    r"(?:شناسه|کد|شماره)\s*+(?:ی\s*+)?(?:خبر|مطلب)\s*+(?::\s*+)?(\d{1,3}(?:[٬,،]\d{3})+(?!\d)|[^\s|،,]{1,30})"
)
_NUMBERED = ("یادداشت", "گزارش", "مقاله", "نوشته", "مصاحبه", "پست", "صفحه")
# Without the word for news, a label tells at the beginning of a line alone: texts have other codes.
_NUMBER_LINE = re.compile(
    rf"(?:(?:شناسه|کد)\s*+(?:ی\s*+)?(?:{'|'.join(_NUMBERED)})?\s*+:"
    r"|(?:رمز|رقم|معرف)\s++الخبر\s*+:?|(?:news|article|story|post)\s*+(?:id|code)\s*+:?)"
    r"\s*+(\d{4,12})(?!\w|[./-]\d)",
    re.IGNORECASE,
)
_NUMBER_LINE_SPOT = re.compile(
    r"شناسه|[کك]د|رمز|رقم|معرف|(?:news|article|story|post)\s*+(?:id|code)\b", re.IGNORECASE
)
_NUMBER_SPOT = re.compile(r"شناسه|[کك]د|شماره")
_NUMBER_CHARS = 120
_GROUPS = re.compile(r"(?<=\d)[٬,،](?=\d{3})")
_NUMBER_LABEL = re.compile(r"(?:شناسه|کد|شماره)\s*(?:ی\s*)?(?:خبر|مطلب)\s*(?::|$|\d)")
_DATE_LABEL = re.compile(r"^تاریخ\s*(?:انتشار|درج|مخابره)|(?:تاریخ|زمان)\s*(?:انتشار|درج|مخابره)\s*(?:خبر\s*)?:")
_DATE = re.compile(r"(?:تاریخ|زمان)\s*+(?:انتشار|درج|مخابره)\s*+(?:خبر\s*+)?(?::\s*+)?(.{5,80})")
_DATELINE = re.compile(
    r"^[^\s:.،؛][^:.،؛\n]{1,40}?\s*[-–—ـ]\s*((?:گروه|سرو[یي]س|دفتر)[\s\u200c][^:.؛\n]{2,40}?)\s*[:؛]\s*"
)

_SECTION = re.compile(
    r"^(?:سرو[یي]س|گروه|دسته|دسته[\s\u200c]?بند[یي]|حوزه|بخش)(?:\s+خبر[یي]?)?\s*[:：]\s*([^:]{2,40})$"
)


def fold(text: str) -> str:
    """Return `text` in one spelling of letters, digits and half-spaces, its length unchanged or shorter."""
    return to_ascii(text).translate(_FOLD)


def labelled_number(text: str) -> str | None:
    """Return what stands behind «شناسه خبر» or «کد خبر», in ASCII digits where it has any; None without a label."""
    if "خبر" not in text and "مطلب" not in text:
        return None
    # Only what stands around a label is folded: a page's whole text is long.
    spots = (fold(text[spot.start() : spot.start() + _NUMBER_CHARS]) for spot in _NUMBER_SPOT.finditer(text))
    match = next((match for spot in spots if (match := _NUMBER.match(spot))), None)
    return _GROUPS.sub("", match[1].strip(" .:#")) if match else None


def may_number_lines(text: str) -> bool:
    """Return whether `line_number` finds a number in a line of this text, if a line begins with the label."""
    return any(
        line_number(text[spot.start() : spot.start() + _NUMBER_CHARS]) for spot in _NUMBER_LINE_SPOT.finditer(text)
    )


def line_number(line: str) -> str:
    """Return the number behind «شناسه:», "News ID" and the like at the beginning of a line, "" for none."""
    match = _NUMBER_LINE.match(fold(line[:_NUMBER_CHARS]).strip())
    return match[1] if match else ""


def labelled_section(line: str) -> str:
    """Return the section that a line such as «سرویس : بین‌الملل» names, "" for any other line."""
    match = _SECTION.match(line)
    return match[1].strip() if match else ""


def is_news_number(text: str) -> bool:
    """Return whether `text` is a news number: 1 to 10^12."""
    return text.isascii() and text.isdigit() and 0 < int(text[:20]) <= 10**12


def labelled_dates(text: str) -> Iterator[str]:
    """Yield what stands behind each «تاریخ انتشار»."""
    if "تار" not in text and "زمان" not in text:
        return
    yield from (match[1] for match in _DATE.finditer(fold(text)))


def labelled_date(text: str, zone: ZoneInfo) -> int | None:
    """Return the instant of the Jalali date behind «تاریخ انتشار»; None without a readable one."""
    dates = (parse_datetime(written, zone) for written in labelled_dates(text))
    return next((at for at in dates if at is not None), None)


def has_date_label(text: str) -> bool:
    """Return whether `text` says that a date of publication follows."""
    return _DATE_LABEL.search(fold(text).strip()) is not None


def has_number_label(text: str) -> bool:
    """Return whether `text` says that a news number follows."""
    return _NUMBER_LABEL.search(fold(text).strip()) is not None


def dateline_section(paragraph: str) -> str:
    """Return the section that a dateline such as «پیک-گروه ورزشی: ...» at the beginning names, "" without one."""
    match = _DATELINE.match(paragraph.strip("\u200e\u200f "))
    return " ".join(match[1].split()) if match else ""
