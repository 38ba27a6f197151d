"""Trust in a page: how far it is the article that a feed announced (pure).

A page that agrees with the feed is believed whatever its words; words that walls and error pages use count only
beside disagreement.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from bot.ingest.items import PageArticle
from bot.ingest.markup.charset import is_unreadable
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.title import is_site_name
from bot.ingest.page.wall_words import NOT_FOUND, NOT_FOUND_PATH, READERS, SCRIPTS, WALL, WALL_PATH
from persian.function_words import FUNCTION_WORDS
from persian.normalise import match_key, normalise, tokens

_SEPARATORS = re.compile(r"\s[-–—:]\s|[|/»«·•]|:\s")
_TITLE_GRAM, _TEXT_GRAM = 4, 8
_LEAST_GRAMS = 12
_CLAIM_CHARS = 800
_PAGE_CHARS = 8000
_AGREES = 0.5
_RESEMBLES = 0.3
_TEXT_AGREES = 0.3
_HEADLINE_TOLD = 0.7
_HEADLINE_WORDS = 3
_SAME_TIME_MS = 36 * 3600 * 1000
_WALL_LETTERS = 1500
_NOTICE_LETTERS = 300
_WALL_WORDS = 2
_BEGINNING_TIMES = 2
_MUCH_TEXT = 600
_GUTTED_TIMES = 3
_ROOT = re.compile(r"(?:/(?:fa|en|ar|index|default|home|main)(?:\.\w{2,5})?)*/*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,}")


class Doubt(StrEnum):
    """The reason why a page is not taken for the article that its feed announced."""

    WALL = "wall"
    """A request for consent, a subscription or a login, or a check of the browser."""
    NOT_FOUND = "not_found"
    FRONT_PAGE = "front_page"
    """The site's first page, or a list of its news."""
    OTHER_ARTICLE = "other_article"
    GUTTED = "gutted"
    """The article with much less text than the feed itself has."""
    UNREADABLE = "unreadable"
    """A page whose letters are lost."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed's word about an article: its plain title and text ("" for none), its date (ms) and its address."""

    title: str
    text: str
    published_at: int | None
    url: str


def doubt_of(page: PageArticle, item: Claim, *, final_url: str, requested_url: str) -> Doubt | None:
    """Return why `page` is not the article of `item`, None where it is believed.

    `requested_url` was asked for and `final_url` answered. A page agrees by its title, its text, the headline's
    words within its text, or the address or number that it calls its own; a headline that the site has edited since
    is the same article. What disagrees in all of these is doubtful.
    """
    text = page_text(page)
    if is_unreadable(f"{page.title} {text}"):
        return Doubt.UNREADABLE
    if _lost_its_way(requested_url, final_url):
        return Doubt.FRONT_PAGE
    if title_agreement(page.title, item.title) >= _AGREES:
        return _doubt_under_headline(page, item, text)
    if _is_root(final_url) or page.is_list:
        return Doubt.FRONT_PAGE
    if is_site_name(page.title, final_url) and not _begins_with(text, item):
        # A list of news has the item's words somewhere.
        return _suspected_page(page.title, text, final_url) or Doubt.FRONT_PAGE
    if _text_agreement(text, item.text) >= _TEXT_AGREES:
        return None
    return _doubt_of_other_words(page, item, text, final_url=final_url, requested_url=requested_url)


def _doubt_under_headline(page: PageArticle, item: Claim, text: str) -> Doubt | None:
    """Return why a page that bears the item's headline is not its article, None where it is."""
    # A wall that bears the article's headline may bear its description, too: that is the lead.
    if (wall := _dressed_wall(body_text(page))) is not None and not _speaks_of(item, body_text(page)):
        return wall
    return Doubt.GUTTED if _is_gutted(text, item.text) else None


def _begins_with(text: str, item: Claim) -> bool:
    return _text_agreement(text[: len(item.text) * _BEGINNING_TIMES], item.text) >= _TEXT_AGREES


def _doubt_of_other_words(
    page: PageArticle, item: Claim, text: str, *, final_url: str, requested_url: str
) -> Doubt | None:
    """Return why a page whose title and `text` differ from the item's is not its article, None where it is."""
    headline_share = _headline_told(item.title, text)
    by_name = _suspected(page.title, final_url)
    suspected = by_name or _suspected_text(text)
    if _calls_itself(page, item, requested_url, final_url) and (suspected is None or headline_share >= _RESEMBLES):
        return None
    if by_name is None and headline_share >= _HEADLINE_TOLD:
        return None
    if suspected is None and _is_edited_since(page, item):
        return None
    return suspected or Doubt.OTHER_ARTICLE


def _is_edited_since(page: PageArticle, item: Claim) -> bool:
    """Return whether a page may be an item's article whose headline was edited: it is alike, and of its time."""
    resembles = title_agreement(page.title, item.title) >= _RESEMBLES
    return resembles and _same_time(page.published_at, item.published_at)


def agrees(page: PageArticle, item: Claim) -> bool:
    """Return whether a page bears the headline of an item, or tells its text."""
    titled = title_agreement(page.title, item.title) >= _AGREES
    return titled or _text_agreement(page_text(page), item.text) >= _TEXT_AGREES


def page_text(page: PageArticle) -> str:
    """Return the plain text of a page's lead and body."""
    return f"{page.lead}\n{body_text(page)}"


def body_text(page: PageArticle) -> str:
    """Return the plain text of a page's body."""
    return "\n".join(text_of(part) for block in page.body for part in (block.items or (block.html,)))


def title_agreement(title: str, other: str) -> float:
    """Return how much of the shorter of two titles is in the other, from 0 to 1.

    A part that both have at the same end, such as a site's name or a rubric, does not count, unless it is the most
    of both; nor does a title that is nothing but the other's last and lesser part.
    """
    first, second = _segments(title), _segments(other)
    if first == second:
        return 1.0 if first else 0.0
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) == 1 < len(longer) and shorter[0] == longer[-1] != max(longer, key=len):
        return 0.0
    for end in (-1, 0):
        while min(len(first), len(second)) > 1 and _is_furniture(first, second, end):
            del first[end], second[end]
    return _shared("".join(first), "".join(second), _TITLE_GRAM)


def _is_furniture(segments: list[str], other: list[str], end: int) -> bool:
    return segments[end] == other[end] and not segments[end] == max(segments, key=len) == max(other, key=len)


def _segments(title: str) -> list[str]:
    return [key for part in _SEPARATORS.split(title) if (key := match_key(part))]


def _text_agreement(page: str, claim: str) -> float:
    return _shared(match_key(page[:_PAGE_CHARS]), match_key(claim[:_CLAIM_CHARS]), _TEXT_GRAM)


def _shared(text: str, other: str, length: int) -> float:
    """Return the share of the shorter text's runs of `length` letters that the other has."""
    first, second = ({key[at : at + length] for at in range(len(key) - length + 1)} for key in (text, other))
    return len(first & second) / max(_LEAST_GRAMS, min(len(first), len(second)))


def _headline_told(title: str, text: str) -> float:
    """Return the share of a headline's words that a text has; 0 for a headline of hardly any."""
    words = _telling_words(title)
    if len(words) < _HEADLINE_WORDS:
        return 0.0
    return len(words & set(tokens(text[:_PAGE_CHARS]))) / len(words)


def _telling_words(title: str) -> set[str]:
    return {word for word in tokens(title) if len(word) > 1 and word not in FUNCTION_WORDS}


def _speaks_of(item: Claim, text: str) -> bool:
    """Return whether a text that has a wall's words is the item's nevertheless: one that is about such things."""
    if _count(WALL, item.title):
        return True
    if _text_agreement(text, item.text) >= _TEXT_AGREES or _headline_told(item.title, text) >= _RESEMBLES:
        return True
    words = _telling_words(item.title)
    return len(words) < _HEADLINE_WORDS and not words.isdisjoint(tokens(text))


def _is_wall_text(text: str) -> bool:
    return len(text) <= _WALL_LETTERS and _count(WALL, text) >= _WALL_WORDS


def _dressed_wall(text: str) -> Doubt | None:
    """Return what a page under the headline of an article is by its text, None for an article."""
    is_notice = len(text) <= _NOTICE_LETTERS
    if _is_wall_text(text) or (is_notice and _count(SCRIPTS, text)):
        return Doubt.WALL
    if is_notice and _count(NOT_FOUND, text):
        return Doubt.NOT_FOUND
    return Doubt.WALL if is_notice and _speaks_to_readers(text) else None


def _speaks_to_readers(text: str) -> bool:
    """Return whether a notice tells its readers what to do for the text that is not there; news tell of others."""
    return len(READERS.findall(normalise(text))) >= _WALL_WORDS


def _suspected_page(title: str, text: str, final_url: str) -> Doubt | None:
    """Return what a page that disagrees is by its title, its address and its text."""
    return _suspected(title, final_url) or _suspected_text(text)


def _suspected(title: str, final_url: str) -> Doubt | None:
    """Return what a page that disagrees is by its title and address."""
    path = unquote(_split(final_url).path)
    if _count(NOT_FOUND, title) or NOT_FOUND_PATH.search(path):
        return Doubt.NOT_FOUND
    return Doubt.WALL if _count(WALL, title) or WALL_PATH.search(path) else None


def _suspected_text(text: str) -> Doubt | None:
    if len(text) <= _WALL_LETTERS and _count(NOT_FOUND, text):
        return Doubt.NOT_FOUND
    return Doubt.WALL if _is_wall_text(text) else None


def _count(phrases: Iterable[str], text: str) -> int:
    words = f" {normalise(text[:_PAGE_CHARS])} "
    return sum(f" {phrase} " in words for phrase in phrases)


def _is_gutted(page: str, claim: str) -> bool:
    return len(claim) >= _MUCH_TEXT and len(page) * _GUTTED_TIMES < len(claim)


def _same_time(instant: int | None, other: int | None) -> bool:
    return instant is not None and other is not None and abs(instant - other) <= _SAME_TIME_MS


def _calls_itself(page: PageArticle, item: Claim, requested_url: str, final_url: str) -> bool:
    """Return whether the page names the article's address as its own, or the number that only the feed's has."""
    number = page.number
    if number and number in _NUMBER.findall(item.url) and number not in _NUMBER.findall(final_url):
        return True
    if not page.canonical or _is_root(page.canonical):
        return False
    return _address(page.canonical) in (_address(item.url), _address(requested_url))


def _address(url: str) -> tuple[str, str, str]:
    parts = _split(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    path = unquote(parts.path).rstrip("/").removesuffix("/amp")
    # Of a query only what may name an article: short links have nothing else.
    query = "" if path else parts.query
    return host, path, query


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _lost_its_way(requested_url: str, final_url: str) -> bool:
    """Return whether a request for an article ended at the site's root, or at a list above the article."""
    if _is_root(requested_url) or _address(requested_url) == _address(final_url):
        return False
    if _is_root(final_url):
        return True
    asked, got = (unquote(_split(url).path).rstrip("/") for url in (requested_url, final_url))
    numbers = _NUMBER.findall(asked)
    return bool(numbers) and asked.startswith(f"{got}/") and not any(number in final_url for number in numbers)


def _is_root(url: str) -> bool:
    """Return whether an address is that of a site's first page; one that names an article in its query is not."""
    parts = _split(url)
    return bool(_ROOT.fullmatch(parts.path)) and not re.search(r"(?:^|&)\w{1,12}=\d", parts.query)
