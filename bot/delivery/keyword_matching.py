"""The subscribed words that an article matches; each phrase is looked up once for each article."""

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from persian.matching import MatchableText, matches, terms_of
from persian.query import Query, parse_query
from storage.records import Article, SubscriptionKind
from storage.search_texts import aside, texts_of
from storage.subscription_matching import NOTHING_MORE, Subjects, subjects_of

_AT_ONCE = 200  # some milliseconds, then others have their turn
_KEPT = 50_000


class Matcher:
    """Matches the article of one fan-out against followed and muted words, and remembers the results."""

    def __init__(self, fan_out: tuple[int, int], article: Article) -> None:
        self.fan_out = fan_out
        self.subjects = subjects_of(article.content)
        self._article = article
        self._found: dict[str, bool] = {}
        self._text: MatchableText | None = None

    async def having(self, subjects: AbstractSet[str]) -> set[str]:
        """Return those of the subjects of words that the article is a hit of."""
        if len(self._found) > _KEPT:
            self._found.clear()
        fresh = iter(subjects - self._found.keys())
        while batch := list(islice(fresh, _AT_ONCE)):
            text = await self._terms()
            self._found.update((subject, matches(_query(subject), text)) for subject in batch)
            await asyncio.sleep(0)
        return {subject for subject in subjects if self._found[subject]}

    async def _terms(self) -> MatchableText:
        """Return the terms of the article, which are found once, and only where somebody seeks any."""
        if self._text is None:
            self._text = await aside(lambda content: terms_of(*texts_of(content)), self._article.content)
        return self._text


@dataclass(frozen=True, slots=True)
class Chunk:
    """The chats up to `end` (None: to the rank's end) to which a fan-out goes next, and the `words` they follow."""

    end: int | None
    matcher: Matcher | None = None
    words: AbstractSet[tuple[SubscriptionKind, str]] = frozenset()

    async def subjects(self) -> Subjects:
        """Return the subjects by which these chats follow or mute the article."""
        if self.matcher is None:
            return NOTHING_MORE
        matched = await self.matcher.having({subject for _, subject in self.words})
        by_kind = {
            kind: sorted(subject for word_kind, subject in self.words if word_kind is kind and subject in matched)
            for kind in (SubscriptionKind.WORDS, SubscriptionKind.MUTED)
        }
        subjects = self.matcher.subjects
        return Subjects(
            subjects.tags, subjects.section, by_kind[SubscriptionKind.WORDS], by_kind[SubscriptionKind.MUTED]
        )


@lru_cache(maxsize=20_000)
def _query(subject: str) -> Query:
    return parse_query(subject)
