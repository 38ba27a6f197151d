"""A parsed search of a person: words, a known category, days."""

from dataclasses import dataclass
from datetime import date

from bot.clock import Clock
from bot.errors import NotFoundError, UserError
from bot.locales.catalog import Texts
from handlers.core.labels import names_of
from persian.period import day_of
from persian.query import Query, Unclear, parse_query
from storage import categories, search
from storage.engine.connection import Connection
from storage.records import Category

PAYLOAD = "search"
"""The payload of the deep link to the search."""

_UNCLEAR = {
    Unclear.DATE: "search-unclear-date",
    Unclear.ORDER: "search-unclear-order",
    Unclear.CATEGORY: "search-one-category",
}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as it was understood."""

    words: str
    query: Query
    category: Category | None
    within: search.Within


def today(clock: Clock, texts: Texts) -> date:
    """Return the day that it is where the person is."""
    return day_of(clock(), texts.zone)


async def understand(connection: Connection, words: str, day: date, texts: Texts) -> SearchRequest:
    """Return what `words` ask for on a day. Raises UserError where dates or category cannot be meant so."""
    query = parse_query(words, day)
    for why, written in query.unclear:
        raise UserError(_UNCLEAR[why], words=written)
    category = None
    if query.category:
        known = await categories.all_(connection)
        category = categories.match(known, query.category, texts.sections)
        if category is None:
            raise NotFoundError("category-unknown-list", name=query.category[:60], names=names_of(known, texts))
    since, until = query.period.instants(texts.zone) if query.period else (None, None)
    return SearchRequest(words, query, category, search.Within(category.id if category else None, since, until))
