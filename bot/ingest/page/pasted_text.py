"""The parts of an article, from the text that one copies from its page in a browser (pure).

Expected are the label of the news number or of the date, then the title (often twice), the lead and paragraphs
with short lines between them as sub-headings, until comments or other headlines begin. The category stands
above the labels. The labels may also stand behind the text. Half-spaces may have been lost.
"""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.ingest.items import PageArticle
from bot.ingest.markup.boilerplate import article_lines, ends_article
from bot.ingest.markup.metadata_labels import (
    dateline_section,
    has_date_label,
    has_number_label,
    is_news_number,
    labelled_date,
    labelled_number,
)
from bot.ingest.markup.text import has_letters
from bot.ingest.page.pasted_title import sections_of, split_title
from bot.newsroom.formatting import FormattedText
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, blocks_of, ends_sentence
from persian.digits import to_ascii
from persian.foreign_text import one_line
from persian.jalali import parse_clock, parse_date, parse_datetime
from persian.normalise import match_key

_TITLE_CHARS = 300
_SECTION_WORDS = 3
_CLOCK_LIKE = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")


def parse_pasted(text: str, zone: ZoneInfo) -> PageArticle:
    """Read the article of a copied page.

    Raises UserError with the reason where it is none: no label of number or date, a number or date that does
    not exist, no title or no text.
    """
    lines = [line for raw in text.splitlines() if (line := one_line(raw))]
    begin, end = _label_block(lines)
    labels = lines[begin:end]
    number, published_at = _number(labels), _date(labels, zone)
    head, rest = lines[:begin], lines[end:]
    if _ends_with_labels(head, rest):
        head, rest = _above_title(article_lines(head))
    title, paragraphs = split_title(head, article_lines(rest))
    if not has_letters(title) or len(title) > _TITLE_CHARS:
        raise UserError("pasted-no-title")
    lead, paragraphs = _lead(paragraphs)
    if not any(len(line) >= LEAST_PARAGRAPH for line in (*paragraphs, lead)):
        raise UserError("pasted-no-text")
    return PageArticle(
        title=title,
        lead=lead,
        body=blocks_of([FormattedText(line) for line in paragraphs]),
        category_words=sections_of(head, labels, title),
        number=number,
        section=next(filter(None, map(dateline_section, (lead, *paragraphs[:2]))), ""),
        byline="",
        photo="",
        published_at=published_at,
        language="fa" if _ARABIC_SCRIPT.search(title) else "en",
        url="",
        profile="pasted",
    )


def _is_label(line: str) -> bool:
    if len(line) > 160:
        return False
    return has_number_label(line) or has_date_label(line)


def _label_block(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the labels begin and end: those that stand close together, with bare dates among them.

    Raises UserError where there is no label.
    """
    labels = [index for index, line in enumerate(lines) if _is_label(line)]
    if not labels:
        raise UserError("pasted-not-a-page")
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


def _ends_with_labels(head: Sequence[str], rest: Sequence[str]) -> bool:
    """Return whether the labels stand behind the text: nothing but comments and other news follows them."""
    has_text = any(len(line) >= LEAST_PARAGRAPH and ends_sentence(line) for line in head)
    return has_text and (not rest or ends_article(rest[0]))


def _above_title(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the names of sections, which are short, from the title and the text behind them."""
    begin = next((i for i, line in enumerate(lines) if len(line.split()) > _SECTION_WORDS), 0)
    return lines[:begin], lines[begin:]


def _number(labels: Sequence[str]) -> str:
    number = labelled_number(" ".join(labels))
    if number is None:
        return ""
    if not any(c.isdigit() for c in number):  # two labels, then their values
        number = next((plain for line in labels if (plain := to_ascii(line)).isdigit()), number)
    if not is_news_number(number):
        raise UserError("pasted-bad-number", number=number[:30])
    return str(int(number))


def _date(labels: Sequence[str], zone: ZoneInfo) -> int | None:
    joined = " ".join(labels)
    at = labelled_date(joined, zone)
    if at is None:
        at = parse_datetime(joined, zone)
    broken_clock = _CLOCK_LIKE.search(to_ascii(joined)) is not None and parse_clock(joined) is None
    if has_date_label(joined) and (at is None or broken_clock):
        raise UserError("pasted-bad-date")
    return at


def _lead(paragraphs: list[str]) -> tuple[str, list[str]]:
    """Return the lead and the rest: the first paragraph, unless a dateline opens the text there already.

    Some pages say it again as their first paragraph: once is enough.
    """
    if len(paragraphs) < 2 or dateline_section(paragraphs[0]):
        return "", paragraphs
    if len(paragraphs[0]) < LEAST_PARAGRAPH // 2 and not dateline_section(paragraphs[1]):
        return "", paragraphs
    again = len(paragraphs) > 2 and match_key(paragraphs[1]) == match_key(paragraphs[0])
    return paragraphs[0], paragraphs[2 if again else 1 :]
