"""Matching of stories: the story that a new item reports, and what becomes of an item that reports it again."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.ingest.identity.addresses import same_site
from bot.ingest.incoming import Story
from bot.newsroom.story_signature import Fingerprint, same_story
from storage import article_origin, articles, fanouts, stories
from storage.articles import Version
from storage.engine.connection import Connection
from storage.records import ArticleState

# A pair of words that so many articles share is a phrase of the trade.
_STOCK_PHRASE = 16
_MOST_COMPARED = 20


class SameStory(StrEnum):
    """The policy for a story from another source: it is kept under the first, pushed too, or waits for a yes."""

    FOLD = "fold"
    PUSH = "push"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """The published article whose story an item tells again; `pushed` is whether its headline went out.

    `by_stranger` means that a source brought it that is not of the site at which it stands.
    """

    article_id: int
    pushed: bool
    by_stranger: bool = False


@dataclass(frozen=True, slots=True)
class _Retelling:
    """A stored article that reports the story of a new item, and whether both have one title."""

    article_id: int
    is_titled_alike: bool


class Stories:
    """Finds stories. `same_story` is SAME_STORY."""

    def __init__(self, same_story: SameStory) -> None:
        self._same_story = same_story

    async def of(
        self, connection: Connection, signed: Sequence[Story], *, source_id: int
    ) -> list[StoryMatch | None]:
        """Return, for each new item of a source, the published article that reports its story; None for the first.

        A source that reports on an event twice has more to say. Only under the same title does it repeat itself.
        """
        near = await stories.by_bands(
            connection, {band for story in signed for band in story.bands}, most=_STOCK_PHRASE
        )
        if not near:
            return [None] * len(signed)
        same_stories = await _same_stories(connection, signed, near)
        if not any(same_stories):
            return [None] * len(signed)
        ids = {retelling.article_id for retellings in same_stories for retelling in retellings}
        firsts = await _first_tellings(connection, ids)
        own = await article_origin.of_source(connection, source_id, ids)
        return [_first(retellings, firsts, own) for retellings in same_stories]

    def becomes(
        self, telling: StoryMatch, *, pushed: bool, is_own: bool, asks: bool = True
    ) -> tuple[ArticleState, bool]:
        """Return the state of an item that reports a story again, and whether it is pushed.

        `pushed` is whether it would be pushed as the first. Readers who never got the first get this one. What a
        site itself says (`is_own`) is not put under what a stranger to its site has said before it. Where
        `asks` is False, the policy to ask lets the item in unasked.
        """
        if self._same_story is SameStory.ASK:
            return (ArticleState.REVIEW, False) if asks else (ArticleState.PUBLISHED, pushed)
        first_of_its_own = is_own and telling.by_stranger
        if self._same_story is SameStory.PUSH or first_of_its_own or (pushed and not telling.pushed):
            return ArticleState.PUBLISHED, pushed
        return ArticleState.FOLDED, False


async def _same_stories(
    connection: Connection, signed: Sequence[Story], near: Mapping[int, Sequence[int]]
) -> list[list[_Retelling]]:
    """Return, for each new item, the articles among those near it that report its story."""
    likely = [_likeliest(story, near) for story in signed]
    packed = await stories.signatures(connection, {id_ for ids in likely for id_ in ids})
    same_stories = []
    for story, ids in zip(signed, likely, strict=True):
        same_stories.append(_same(story, {id_: packed[id_] for id_ in ids}))
        await asyncio.sleep(0)  # laying texts beside each other takes some milliseconds
    return same_stories


def _likeliest(story: Story, near: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the articles that share most bands with a story, the likeliest first.

    One band that many articles share says nothing: an article of a story that many report shares more than one.
    """
    under = [near[band] for band in story.bands if band in near]
    sharing = Counter(id_ for article_ids in under for id_ in article_ids)
    telling = _in_rare_bands(under)
    likely = (id_ for id_, bands in sharing.most_common() if bands > 1 or id_ in telling)
    return list(islice(likely, _MOST_COMPARED))


def _in_rare_bands(bands: Sequence[Sequence[int]]) -> set[int]:
    """Return the articles of bands that are no phrase of the trade."""
    return {id_ for article_ids in bands if len(article_ids) < _STOCK_PHRASE for id_ in article_ids}


def _same(story: Story, packed: Mapping[int, bytes]) -> list[_Retelling]:
    """Return those of the articles, by signature, that report the story."""
    if not packed:
        return []
    own = Fingerprint.from_bytes(story.packed)
    others = ((id_, Fingerprint.from_bytes(other)) for id_, other in packed.items())
    return [_Retelling(id_, other.title == own.title) for id_, other in others if same_story(own, other)]


async def _first_tellings(connection: Connection, article_ids: Iterable[int]) -> Mapping[int, StoryMatch]:
    """Return, for those of the articles whose story is published, the article that reports it first."""
    stored = await articles.versions(connection, list(article_ids))
    leaders = {id_: version.story_id or id_ for id_, version in stored.items()}
    more = await articles.versions(connection, set(leaders.values()) - stored.keys())
    states: Mapping[int, Version] = stored | more
    published = {
        id_: leader
        for id_, leader in leaders.items()
        if leader in states and states[leader].state is ArticleState.PUBLISHED
    }
    # Readers have the story where any of those that report it went out.
    pushed = await fanouts.pushed(connection, {*published, *published.values()})
    strangers = await _by_strangers(connection, published.values())
    return {
        id_: StoryMatch(leader, bool({id_, leader} & pushed), leader in strangers)
        for id_, leader in published.items()
    }


async def _by_strangers(connection: Connection, article_ids: Iterable[int]) -> set[int]:
    """Return those of the articles that no source of their own sites brought."""
    stored = await articles.get_many(connection, sorted(set(article_ids)))
    bringers = await article_origin.bringers(connection, stored)
    return {
        article.id
        for article in stored
        if article.id in bringers and article.url and not same_site(bringers[article.id], article.url)
    }


def _first(retellings: Sequence[_Retelling], firsts: Mapping[int, StoryMatch], own: Set[int]) -> StoryMatch | None:
    """Return the first telling of those that share a story, a pushed one before others.

    Of the source's `own` articles only those of the same title count.
    """
    tellings = [
        firsts[retelling.article_id]
        for retelling in retellings
        if retelling.article_id in firsts and (retelling.is_titled_alike or retelling.article_id not in own)
    ]
    return min(tellings, key=lambda telling: (not telling.pushed, telling.article_id), default=None)
