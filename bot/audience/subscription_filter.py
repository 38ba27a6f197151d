"""A filter of published articles by the subscriptions of a chat, with the rules of the fan-out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from persian.query import parse_query
from storage import search
from storage.engine.connection import Connection
from storage.records import Article, Subscription, SubscriptionKind
from storage.subscription_matching import matches, subjects_of

_MOST_HITS = 1_000


async def article_filter(
    connection: Connection, followed: Sequence[Subscription], *, since: int
) -> Callable[[Article], bool]:
    """Return a test of published articles that are dated from `since` (ms) on.

    An article passes if a subscription matches it and none mutes it. Without subscriptions, every article passes
    that is not muted. Subscriptions to words match the newest thousand hits only.
    """
    within = search.Within(since=since)
    hits = {
        subscription.subject: set(
            await search.find(connection, parse_query(subscription.subject), within, limit=_MOST_HITS)
        )
        for subscription in followed
        if subscription.kind in (SubscriptionKind.WORDS, SubscriptionKind.MUTED)
    }

    following = [subscription for subscription in followed if subscription.kind is not SubscriptionKind.MUTED]

    def passes(article: Article) -> bool:
        having = {subject for subject, ordinals in hits.items() if article.ordinal in ordinals}
        subjects = replace(subjects_of(article.content), words=having, muted=having)
        fitting = [
            subscription for subscription in followed if matches(subscription, article.category.id, subjects)
        ]
        if any(subscription.kind is SubscriptionKind.MUTED for subscription in fitting):
            return False
        return not following or any(article.breaking or not subscription.breaking_only for subscription in fitting)

    return passes
