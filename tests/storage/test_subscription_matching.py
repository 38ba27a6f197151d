"""The places and times of a publication: by category, tag, section and words, muted, breaking only, in topics."""

from typing import Any

import pytest

from bot.audience.subscription_filter import article_filter
from bot.audience.subscription_request import section_requests, tag_requests, words_request
from bot.delivery import fanout
from bot.delivery.fanout import FanOuts
from bot.delivery.keyword_matching import Chunk
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, progress, subscriptions
from storage.engine.database import Database
from storage.records import (
    ArticleState,
    ChatKind,
    Content,
    DeliveryKind,
    DeliveryState,
    FanOutKind,
    SubscriptionKind,
)
from storage.subscription_matching import Subjects
from tests.values import quiet_hours, schedule

NOW = 1_766_576_760_000  # 15:16 in Tehran
_HOUR = 3_600_000
_OIL = Content("بهای نفت ایران", lead="اوپک", section="گروه اقتصاد", tags=("بورس", "نفت خام"))


async def _follow(database: Database, chat_id: int, kind: SubscriptionKind, what: Any, **settings: Any) -> None:
    """Let a private chat, or below 0 a group, follow something: a category's id, or words as they are typed."""
    chat_kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.SUPERGROUP
    places = {"chat_id": chat_id, "topic_id": settings.pop("topic_id", 0), "now": settings.pop("now", NOW - 1)}
    limits = subscriptions.Limits(**settings)
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=chat_kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW - 9)
        if kind is SubscriptionKind.CATEGORY:
            await subscriptions.subscribe(tx, category_id=what, **places, limits=limits)
            return
        makes = {SubscriptionKind.TAG: tag_requests, SubscriptionKind.SECTION: section_requests}
        request = makes[kind](what)[0] if kind in makes else words_request(what, kind)
        words = subscriptions.Words(kind, request.subject, request.label)
        await subscriptions.subscribe(tx, **places, words=words, limits=limits)


async def _publish(
    database: Database, content: Content = _OIL, kind: FanOutKind = FanOutKind.HEADLINE, *, chunk: int = 100
) -> int:
    async with database.write() as tx:
        made = await articles.insert(tx, content, category_id=3, now=NOW, published_at=NOW)
        assert await articles.release(tx, made, published_at=NOW, now=NOW, breaking=kind is FanOutKind.BREAKING)
        await fanouts.begin(tx, made, kind, now=NOW)
    fan_outs = FanOuts(database, lambda: NOW, chunk_chats=chunk)
    while await fan_outs.step():
        pass
    return made


async def _owed(database: Database) -> dict[tuple[int, int], tuple[int, bool]]:
    """Return when each place gets something, and whether it may be folded."""
    async with database.read() as connection:
        pending = await deliveries.of_state(connection, DeliveryState.PENDING, limit=999)
    return {(delivery.chat_id, delivery.topic_id): (delivery.due_at - NOW, delivery.fold) for delivery in pending}


CATEGORY, TAG, SECTION, WORDS, MUTED = SubscriptionKind


async def test_a_place_gets_what_any_of_its_subscriptions_wants(database: Database) -> None:
    follows = {
        1: (CATEGORY, None),
        2: (CATEGORY, 3),
        3: (CATEGORY, 1),
        4: (TAG, "#نفت_خام"),
        5: (TAG, "نفت"),
        6: (SECTION, "گروهِ اقتصاد"),
        7: (SECTION, "گروه"),
        8: (WORDS, "ايران نفت"),
        9: (WORDS, "نفت -اوپک"),
        10: (WORDS, '"نفت بهای"'),
        11: (WORDS, "بورس"),
        12: (MUTED, "نفت"),
    }
    for chat_id, (kind, what) in follows.items():
        await _follow(database, chat_id, kind, what)
    made = await _publish(database, chunk=3)
    assert sorted(chat_id for chat_id, _ in await _owed(database)) == [1, 2, 4, 6, 8, 11]
    async with database.read() as connection:
        article = await articles.get(connection, made)
        assert article is not None
        assert article.state is ArticleState.PUBLISHED
        for chat_id, (kind, _) in follows.items():
            followed = await subscriptions.of_chat(connection, chat_id)
            if kind is not MUTED:
                is_wanted = await article_filter(connection, followed, since=NOW - 1)
                assert is_wanted(article) is (chat_id in (1, 2, 4, 6, 8, 11)), chat_id
        # Words are not counted before.
        assert await progress.followers(connection, article, FanOutKind.HEADLINE) == 4


async def test_what_is_muted_never_comes_whatever_else_wants_it(database: Database) -> None:
    for chat_id in (1, 2, 3, 4):
        await _follow(database, chat_id, CATEGORY, None)
        await _follow(database, chat_id, WORDS, "ایران")
    await _follow(database, 1, MUTED, "نفت اوپك")
    await _follow(database, 2, MUTED, "نفت -اوپک")
    # One that came a moment after the publication is heeded as well.
    await _follow(database, 3, MUTED, '"نفت ایران"', now=NOW + 1)
    made = await _publish(database)
    assert sorted(await _owed(database)) == [(2, 0), (4, 0)]
    async with database.read() as connection:
        article = await articles.get(connection, made)
        assert article is not None
        for chat_id in (1, 2, 3, 4):
            followed = await subscriptions.of_chat(connection, chat_id)
            assert (await article_filter(connection, followed, since=NOW - 1))(article) is (chat_id in (2, 4))


async def test_whoever_wants_breaking_news_only_gets_no_other(database: Database) -> None:
    await _follow(database, 1, CATEGORY, None, breaking_only=True)
    await _follow(database, 2, WORDS, "نفت", breaking_only=True)
    await _follow(database, 3, CATEGORY, None, breaking_only=True)
    await _follow(database, 3, TAG, "بورس")
    made = await _publish(database)
    assert sorted(await _owed(database)) == [(3, 0)]
    # It is raised to breaking news later.
    async with database.write() as tx:
        await fanouts.begin(tx, made, FanOutKind.BREAKING, now=NOW)
    while await FanOuts(database, lambda: NOW).step():
        pass
    assert sorted(await _owed(database)) == [(1, 0), (2, 0), (3, 0)]


async def test_the_earliest_schedule_that_brings_it_decides(database: Database) -> None:
    async def chat(chat_id: int, when: str, quiet: str = "", **own: str) -> None:
        for words, its_own in own.items():
            kind, what = (CATEGORY, None) if words == "everything" else (WORDS, words)
            await _follow(database, chat_id, kind, what, schedule=schedule(its_own) if its_own else None)
        async with database.write() as tx:
            await chats.change(tx, chat_id, schedule=schedule(when), quiet=quiet_hours(quiet))

    await chat(1, "instant", everything="")
    await chat(2, "instant", everything="at 21:00")
    await chat(3, "at 21:00", everything="", نفت="instant")
    await chat(4, "at 21:00", everything="", نفت="every 1h", فوتبال="instant")
    await chat(5, "every 1h", everything="at 21:00", نفت="at 20:00")
    await chat(6, "at 21:00", quiet="15:00-17:00", everything="instant", نفت="at 16:30")
    await chat(7, "at 21:00", everything="instant")
    await _publish(database, chunk=2)
    at_20, at_16, at_17 = (int((hour - 15) * _HOUR - 16 * 60_000) for hour in (20, 16, 17))
    assert await _owed(database) == {
        (1, 0): (0, False),
        (2, 0): (at_20 + _HOUR, True),
        (3, 0): (0, False),
        (4, 0): (at_16, True),
        (5, 0): (at_20, True),
        (6, 0): (at_17, True),
        (7, 0): (0, False),
    }


async def test_breaking_news_waits_for_no_schedule_of_a_subscription(database: Database) -> None:
    await _follow(database, 1, WORDS, "نفت", schedule=schedule("at 21:00"))
    await _publish(database, kind=FanOutKind.BREAKING)
    assert await _owed(database) == {(1, 0): (0, False)}


async def test_topics_of_a_forum_follow_each_their_own(database: Database) -> None:
    await _follow(database, -50, CATEGORY, 1)
    await _follow(database, -50, CATEGORY, 3, topic_id=7, schedule=schedule("at 21:00"))
    await _follow(database, -50, WORDS, "نفت", topic_id=8)
    await _follow(database, -50, CATEGORY, None, topic_id=9)
    await _follow(database, -50, MUTED, "نفت", topic_id=9)
    await _publish(database)
    owed = await _owed(database)
    assert sorted(owed) == [(-50, 7), (-50, 8)]
    assert owed[-50, 8] == (0, False)
    assert owed[-50, 7][1]


async def test_what_is_followed_too_late_does_not_count(database: Database) -> None:
    await _follow(database, 1, WORDS, "نفت", now=NOW + 1)
    await _follow(database, 2, TAG, "بورس", now=NOW)
    await _publish(database)
    assert sorted(await _owed(database)) == [(2, 0)]


async def test_chats_of_many_words_are_done_in_shorter_chunks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "CHUNK_WORDS", 3)
    for chat_id in (-60, -50, 1, 2, 3, 4):
        for number in range(4):
            await _follow(database, chat_id, WORDS, f"واژهٔ {number}")
        await _follow(database, chat_id, WORDS, "نفت", topic_id=7 if chat_id < 0 else 0)
    await _follow(database, 5, CATEGORY, None)
    await _publish(database)
    assert sorted(await _owed(database)) == [(-60, 7), (-50, 7), *((chat_id, 0) for chat_id in range(1, 6))]


async def test_followers_of_words_count_for_no_category(database: Database) -> None:
    await _follow(database, 1, MUTED, "نفت")
    await _follow(database, 2, WORDS, "نفت")
    await _follow(database, 3, CATEGORY, None, breaking_only=True)
    article = await _publish(database, Content("فوتبال"))
    async with database.read() as connection:
        stored = await articles.get(connection, article)
        assert stored is not None
        assert await progress.followers(connection, stored, FanOutKind.HEADLINE) == 0
        assert await progress.followers(connection, stored, FanOutKind.BREAKING) == 1


async def test_what_came_in_between_goes_first_and_nothing_is_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat_id in (1, 2):
        await _follow(database, chat_id, WORDS, "نفت")
    subjects = Chunk.subjects
    steps = iter((FanOutKind.BREAKING,))

    async def interrupted(chunk: Chunk) -> Subjects:
        # Matching waits for no transaction, and none waits for it.
        for kind in steps:
            async with database.write() as tx:
                await fanouts.begin(tx, 1, kind, now=NOW)
        return await subjects(chunk)

    monkeypatch.setattr(Chunk, "subjects", interrupted)
    await _publish(database, chunk=1)
    async with database.read() as connection:
        pending = await deliveries.of_state(connection, DeliveryState.PENDING, limit=99)
    assert sorted((delivery.id, delivery.kind) for delivery in pending)[0][1] == DeliveryKind.BREAKING
    assert sorted((delivery.chat_id, delivery.kind) for delivery in pending) == [
        (chat_id, kind) for chat_id in (1, 2) for kind in (DeliveryKind.BREAKING, DeliveryKind.HEADLINE)
    ]
