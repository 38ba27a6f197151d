"""Whether an article is among what a place follows, told without the database (pure): as a fan-out tells it."""

from collections.abc import Sequence

from persian.matching import matches, terms_of
from persian.query import parse_query
from storage import search
from storage.interest import subjects_of
from storage.records import Article, Subscription, SubscriptionKind


def wanted(article: Article, followed: Sequence[Subscription]) -> bool:
    """Tell whether any of what is followed wants the article and nothing mutes it.

    Where nothing is followed, all is wanted that is not muted.
    """
    named, text = subjects_of(article.content), terms_of(*search.texts_of(article))

    def fits(one: Subscription) -> bool:
        if one.kind is SubscriptionKind.CATEGORY:
            return one.category_id in (None, article.category.id)
        if one.kind is SubscriptionKind.TAG:
            return one.subject in named.tags
        if one.kind is SubscriptionKind.DESK:
            return one.subject == named.desk
        return matches(parse_query(one.subject), text)

    muted = [one for one in followed if one.kind is SubscriptionKind.MUTED]
    others = [one for one in followed if one.kind is not SubscriptionKind.MUTED]
    wants = not others or any(fits(one) and (article.breaking or not one.breaking_only) for one in others)
    return wants and not any(map(fits, muted))
