"""By what a publication is wanted: which subscriptions it answers to.

Categories, tags and sections are told by the database. Words are told by persian.matching, before: a fan-out reads
which there are among its chats, and asks with those that the article has.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from persian.normalise import match_key
from storage.engine.connection import Connection
from storage.records import Content, FanOut, FanOutKind, Subscription, SubscriptionKind
from storage.schema import BY_WORDS, OWN_SCHEDULE, subscription

LAST_GROUP = -1
"""Groups and channels have ids up to here, private chats have ids above it (core.telegram.org/bots/api)."""
PRIVATE_RANK = 2
"""The rank of private chats."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of subscriptions that an article matches besides its category.

    `words` and `muted` are those of some chats' subjects of either kind that the article's text is a hit of.
    """

    tags: Collection[str] = ()
    section: str = ""
    words: Collection[str] = ()
    muted: Collection[str] = ()


NOTHING_MORE = Subjects()


def subjects_of(content: Content) -> Subjects:
    """Return by which tags and section an article is wanted (pure)."""
    tags = {key for tag in content.tags if (key := match_key(tag))}
    return Subjects(sorted(tags), match_key(content.section))


def wants(category_id: int, kind: FanOutKind, subjects: Subjects = NOTHING_MORE) -> ColumnElement[bool]:
    """Return which subscriptions a publication of that kind and category answers to, where nothing mutes it."""
    named = or_(subscription.c.category_id.is_(None), subscription.c.category_id == category_id)
    ways = [and_(subscription.c.kind == SubscriptionKind.CATEGORY, named)]
    for subject_kind, keys in (
        (SubscriptionKind.TAG, subjects.tags),
        (SubscriptionKind.SECTION, [subjects.section] if subjects.section else []),
        (SubscriptionKind.WORDS, subjects.words),
    ):
        if keys:
            ways.append(and_(subscription.c.kind == subject_kind, subscription.c.subject.in_(keys)))
    followed = or_(*ways)
    return followed if kind is FanOutKind.BREAKING else and_(followed, subscription.c.breaking_only.is_(False))


def unmuted(subjects: Subjects) -> list[ColumnElement[bool]]:
    """Return what holds of subscriptions in whose place nothing mutes the article, as conditions."""
    if not subjects.muted:
        return []
    muted = subscription.alias("muted")
    mutes = select(muted.c.id).where(
        muted.c.chat_id == subscription.c.chat_id,
        muted.c.topic_id == subscription.c.topic_id,
        muted.c.kind == SubscriptionKind.MUTED,
        muted.c.subject.in_(subjects.muted),
    )
    return [~mutes.exists()]


def in_chunk(work: FanOut, end: int | None) -> list[ColumnElement[bool]]:
    """Return which subscriptions are of the chats of a chunk up to `end`, or of others between them by id."""
    chat_id = subscription.c.chat_id
    ahead = [chat_id > LAST_GROUP if work.rank == PRIVATE_RANK else chat_id <= LAST_GROUP]
    if work.after_id is not None:
        ahead.append(chat_id > work.after_id)
    if end is not None:
        ahead.append(chat_id <= end)
    return ahead


def matches(followed: Subscription, category_id: int, subjects: Subjects) -> bool:
    """Tell whether an article of that category is of what a subscription follows or mutes (pure)."""
    match followed.kind:
        case SubscriptionKind.CATEGORY:
            return followed.category_id in (None, category_id)
        case SubscriptionKind.TAG:
            return followed.subject in subjects.tags
        case SubscriptionKind.SECTION:
            return followed.subject == subjects.section
        case SubscriptionKind.WORDS:
            return followed.subject in subjects.words
        case SubscriptionKind.MUTED:
            return followed.subject in subjects.muted


async def own_schedules(connection: Connection, work: FanOut, end: int | None) -> bool:
    """Tell whether anything that the chats of a chunk follow has a schedule of its own."""
    query = select(subscription.c.id).where(OWN_SCHEDULE, *in_chunk(work, end)).limit(1)
    return (await connection.execute(query)).first() is not None


async def by_words(
    connection: Connection, work: FanOut, end: int | None, *, limit: int
) -> tuple[int | None, set[tuple[SubscriptionKind, str]]]:
    """Return what is followed or muted by words in the chats of a chunk up to `end`: (kind, subject).

    Where that is more than some `limit`, the chunk ends earlier: the first of the two is its end by then.
    """
    query = select(subscription.c.chat_id, subscription.c.kind, subscription.c.subject).where(BY_WORDS)
    in_order = query.where(*in_chunk(work, end)).order_by(subscription.c.chat_id).limit(limit)
    rows = list(await connection.execute(in_order))
    if len(rows) == limit:
        end = rows[-1].chat_id
        rows += await connection.execute(query.where(subscription.c.chat_id == end))
    return end, {(SubscriptionKind(row.kind), row.subject) for row in rows}
