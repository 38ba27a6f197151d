"""The parameters of a list of articles (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from storage.article_pages import DraftPlace

MOST_LISTED = 50
"""The most articles of a page."""

_PAGE = 20
_NAMES = ("state", "category", "limit", "before")
_NUMBER = re.compile(r"[0-9]{1,18}")
_PLACE = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class PublishedRequest:
    """A request for published articles older than the ordinal `before`; `category` is a name, "" for all."""

    category: str
    limit: int
    before: int | None


@dataclass(frozen=True, slots=True)
class UnpublishedRequest:
    """A request for unpublished articles beyond the place `before`; `category` is a name, "" for all."""

    category: str
    limit: int
    before: DraftPlace | None


def list_request_of(query: Mapping[str, str]) -> PublishedRequest | UnpublishedRequest:
    """Return what the parameters of a query ask for. Raises ValueError, which names the one that is wrong.

    One that is unknown or given twice is refused: a misspelt filter would bring everything.
    """
    _check_names(query)
    limit, category, before = query.get("limit", ""), query.get("category", ""), query.get("before", "")
    if limit and not _NUMBER.fullmatch(limit):
        raise ValueError(f"limit: a number from 1 to {MOST_LISTED} is expected")
    most = min(max(int(limit), 1), MOST_LISTED) if limit else _PAGE
    match query.get("state", "published"):
        case "published":
            return PublishedRequest(category, most, _ordinal(before) if before else None)
        case "unpublished":
            return UnpublishedRequest(category, most, _place(before) if before else None)
        case _:
            raise ValueError("state: published or unpublished is expected")


def _check_names(query: Mapping[str, str]) -> None:
    """Raise ValueError for a parameter that is unknown or given twice."""
    names = [name for name, _ in query.items()]  # a name that is given twice is there twice
    for name in names:
        if name not in _NAMES or names.count(name) > 1:
            raise ValueError(f"{', '.join(_NAMES)} are the parameters, each once")


def cursor_of(last: int | DraftPlace | None) -> str | None:
    """Return the value of `next` of a page, which is the `before` of the page behind it."""
    match last:
        case DraftPlace(updated_at, article_id):
            return f"{updated_at}-{article_id}"
        case None:
            return None
        case ordinal:
            return str(ordinal)


def _ordinal(before: str) -> int:
    if not _NUMBER.fullmatch(before):
        raise _no_cursor()
    return int(before)


def _place(before: str) -> DraftPlace:
    if not (place := _PLACE.fullmatch(before)):
        raise _no_cursor()
    return DraftPlace(int(place[1]), int(place[2]))


def _no_cursor() -> ValueError:
    return ValueError("before: the value of `next` of another page of this list is expected")
