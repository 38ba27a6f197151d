"""The text that one gets by copying a news page from a browser -> its parts (pure).

Expected are the label of the news number or of the date, then the title (often twice), the lead and paragraphs
with short lines between them as sub-headings, until comments or other headlines begin. The category stands
above the labels. Half-spaces may have been lost.
"""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.ingest.items import PageArticle
from bot.ingest.labels import (
    desk_of,
    ends_article,
    has_date_label,
    has_number_label,
    is_news_number,
    labelled_date,
    labelled_number,
)
from bot.ingest.text import has_letters, one_line
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, blocks_of
from persian.digits import to_ascii
from persian.jalali import parse_clock, parse_date, parse_datetime
from persian.normalise import match_key

_TITLE_CHARS = 300
_SEPARATORS = re.compile(r"\s*[/>»›|]\s*")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_TOOL_PATTERN_WORDS = (
    "اشتراک گذاری",
    "اشتراک گذاری در",
    "کپی لینک",
    "کپی شد",
    "لینک کوتاه",
    "چاپ",
    "پرینت",
    "نسخه چاپی",
    "ذخیره",
    "ارسال",
    "صفحه اصلی",
    "صفحه نخست",
    "خانه",
)
_TOOLS = frozenset(match_key(words) for words in _TOOL_PATTERN_WORDS)


def parse_pasted(text: str, zone: ZoneInfo) -> PageArticle:
    """Read the article of a copied page.

    Raises UserError with the reason where it is none: no label of number or date, a number or date that does
    not exist, no title or no text.
    """
    lines = [line for raw in text.splitlines() if (line := one_line(raw))]
    labels = [index for index, line in enumerate(lines) if _is_label(line)]
    if not labels:
        raise UserError("pasted-not-a-page")
    begin, end = _label_block(lines, labels)
    head, rest = lines[:begin], [line for line in lines[end:] if not _is_tool(line)]
    number, published_at = _number(lines[begin:end]), _date(lines[begin:end], zone)
    rest = rest[: next((i for i, line in enumerate(rest) if i and ends_article(line)), len(rest))]
    title, paragraphs, sections = _title(head, rest)
    if not has_letters(title) or len(title) > _TITLE_CHARS:
        raise UserError("pasted-no-title")
    lead, paragraphs = _lead(paragraphs)
    body = blocks_of(paragraphs)
    if not any(len(line) >= LEAST_PARAGRAPH for line in (*paragraphs, lead)):
        raise UserError("pasted-no-text")
    return PageArticle(
        title=title,
        lead=lead,
        body=body,
        category_words=tuple(sections),
        number=number,
        desk=next((desk for line in (lead, *paragraphs[:2]) if (desk := desk_of(line))), ""),
        byline="",
        photo="",
        published_at=published_at,
        language="fa" if _ARABIC_SCRIPT.search(title) else "en",
        url="",
        form="pasted",
    )


def _is_label(line: str) -> bool:
    if len(line) > 160:
        return False
    return has_number_label(line) or has_date_label(line)


def _label_block(lines: Sequence[str], labels: Sequence[int]) -> tuple[int, int]:
    """Return where the labels begin and end: those that stand close together, with bare dates among them."""
    begin, end = labels[0], labels[0] + 1
    for index in labels[1:]:
        if index - end <= 1:
            end = index + 1
    # A label's value may stand on a line of its own.
    while end < len(lines) and _is_bare_value(lines[end]):
        end += 1
    return begin, end


def _is_bare_value(line: str) -> bool:
    plain = to_ascii(line)
    date = parse_date(plain) is not None and len(plain) < 60
    return date or plain.isdigit() or (parse_clock(plain) is not None and len(plain) < 20)


def _number(labels: Sequence[str]) -> str:
    found = labelled_number(" ".join(labels))
    if found is None:
        return ""
    if not is_news_number(found):
        raise UserError("pasted-bad-number", number=found[:30])
    return str(int(found))


def _date(labels: Sequence[str], zone: ZoneInfo) -> int | None:
    joined = " ".join(labels)
    at = labelled_date(joined, zone)
    if at is None:
        at = parse_datetime(joined, zone)
    if at is None and has_date_label(joined):
        raise UserError("pasted-bad-date")
    return at


def _is_tool(line: str) -> bool:
    return match_key(line) in _TOOLS or not (has_letters(line) or any(c.isdigit() for c in line))


def _title(head: Sequence[str], rest: list[str]) -> tuple[str, list[str], list[str]]:
    """Return the title, the lines behind it, and the names of sections that stand above the labels."""
    keys = [match_key(line) for line in rest]
    above = [line for line in head if match_key(line) not in keys[:4] or len(line) <= _TITLE_CHARS // 10]
    sections = [word for line in above if len(line) <= 60 for word in _SEPARATORS.split(line)]
    sections = [word for word in sections if has_letters(word) and match_key(word) not in (*_TOOLS, *keys[:2])]
    for index in range(min(3, len(rest))):
        # The title stands twice, or once above the labels; a kicker may come first.
        again = index + 1 < len(rest) and keys[index] == keys[index + 1]
        if again or any(match_key(line) == keys[index] for line in head if len(line) > 15):
            following = rest[index + 1 :]
            while following and match_key(following[0]) == keys[index]:
                following = following[1:]
            return rest[index], following, sections
    headline = next((line for line in reversed(head) if len(line) > 60), "")
    if headline:
        return headline, rest, sections
    return (rest[0] if rest else ""), rest[1:], sections


def _lead(paragraphs: list[str]) -> tuple[str, list[str]]:
    """Return the lead and the rest: the first paragraph, unless a dateline opens the text there already."""
    if len(paragraphs) < 2 or desk_of(paragraphs[0]) or len(paragraphs[0]) < LEAST_PARAGRAPH // 2:
        return "", paragraphs
    return paragraphs[0], paragraphs[1:]
