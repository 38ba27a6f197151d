"""Which published articles are among what a place follows, told as a fan-out tells it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from persian.query import parse_query
from storage import search
from storage.engine.connection import Connection
from storage.records import Article, Subscription, SubscriptionKind
from storage.subscription_matching import matches, subjects_of

_MOST_HITS = 1_000


async def wanted(
    connection: Connection, followed: Sequence[Subscription], *, since: int
) -> Callable[[Article], bool]:
    """Return what tells of a published article, dated from `since` (ms) on, whether it is wanted.

    It is where any of what is followed wants it and nothing mutes it; where nothing is followed, all is wanted that
    is not muted. Of words the newest thousand hits count.
    """
    within = search.Within(since=since)
    hits = {
        one.subject: set(await search.find(connection, parse_query(one.subject), within, limit=_MOST_HITS))
        for one in followed
        if one.kind in (SubscriptionKind.WORDS, SubscriptionKind.MUTED)
    }

    others = [one for one in followed if one.kind is not SubscriptionKind.MUTED]

    def tells(article: Article) -> bool:
        having = {subject for subject, ordinals in hits.items() if article.ordinal in ordinals}
        subjects = replace(subjects_of(article.content), words=having, muted=having)
        fitting = [one for one in followed if matches(one, article.category.id, subjects)]
        if any(one.kind is SubscriptionKind.MUTED for one in fitting):
            return False
        return not others or any(article.breaking or not one.breaking_only for one in fitting)

    return tells
