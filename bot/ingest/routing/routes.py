"""Routing of a source's items: the category that its site's section names mean, then its rules."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.ingest.candidate import Candidate, with_tags
from bot.ingest.routing.category_words import category_of
from bot.ingest.routing.rules import Routing, route
from persian.matching import terms_of
from persian.normalise import match_key
from storage import categories, source_rules
from storage.engine.connection import Connection
from storage.long_texts import without_blocking
from storage.records import Category, SourceRule
from storage.search_texts import texts_with_tags


@dataclass(frozen=True, slots=True)
class Routed:
    """An item with the tags of its source's rules, what search keeps of it, and where it goes."""

    candidate: Candidate
    texts: tuple[str, str]
    routing: Routing


@dataclass(frozen=True, slots=True)
class Routes:
    """The rules that hold for one source, the names of sections that it learned, and the newsroom's categories."""

    known: Sequence[Category]
    rules: Sequence[SourceRule] = ()
    learned: Mapping[str, int] = field(default_factory=dict)

    async def of(self, candidate: Candidate, texts: tuple[str, str], default_id: int) -> Routed:
        """Route an item whose search texts are `texts`; `default_id` is the category of one that names none.

        Where there are rules, a long item is compared with them in a thread, and others have their turn behind
        each item.
        """
        if not self.rules:
            return self._routed(candidate, texts, default_id)
        await asyncio.sleep(0)
        return await without_blocking(len(texts[0]), lambda: self._routed(candidate, texts, default_id))

    def _routed(self, candidate: Candidate, texts: tuple[str, str], default_id: int) -> Routed:
        named = self._taught(candidate) or category_of(candidate.category_words, self.known)
        category_id = named.id if named else default_id
        if not self.rules:
            return Routed(candidate, texts, Routing(category_id))
        routing = route(self.rules, terms_of(*texts), category_id, self.known)
        tagged = with_tags(candidate, routing.tags)
        return Routed(tagged, texts_with_tags(texts, routing.tags) if routing.tags else texts, routing)

    def _taught(self, candidate: Candidate) -> Category | None:
        """Return the category that editors chose for the narrowest name of the item's sections that has one."""
        if not self.learned:
            return None
        by_id = {category.id: category for category in self.known}
        names = (candidate.content.section, *reversed(candidate.category_words))
        chosen = (by_id.get(self.learned.get(match_key(name), 0)) for name in names)
        return next((category for category in chosen if category is not None), None)


async def routes_of(connection: Connection, source_id: int | None) -> Routes:
    """Return the routes of a source; None stands for one that is no more, which has no rules."""
    known = await categories.all_(connection)
    if source_id is None:
        return Routes(known)
    rules = await source_rules.of_source(connection, source_id)
    return Routes(known, rules, await source_rules.learned(connection, source_id))
