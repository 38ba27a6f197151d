"""Tips: decided once, told to their senders, given back with a discarded draft, limited, and forgotten."""

import pytest

from bot.errors import ConflictError, NotFoundError, UserError
from bot.jobs.housekeeping import TIPS_KEPT_MS
from bot.newsroom.articles import Newsroom
from bot.newsroom.comment_rules import MINUTE_MS
from bot.newsroom.comments import Comments
from bot.newsroom.tip_rules import MOST_WAITING
from bot.newsroom.tips import Tips
from bot.newsroom.waiting_cards import MOST_CARDS
from storage import articles, audit, cards, comments, notices, staff, tips
from storage.engine.database import Database
from storage.records import CardKind, Content, Media, MediaKind, Role, Tip, TipState

NOW = 1_766_576_760_000
EDITOR, AUTHOR, SENDER = 101, 102, 5
_PHOTO, _VOICE = Media(MediaKind.PHOTO, "p"), Media(MediaKind.VOICE, "v")


@pytest.fixture
async def acts(database: Database) -> Tips:
    async with database.write() as tx:
        await staff.put(tx, EDITOR, Role.EDITOR, now=NOW)
        await staff.put(tx, AUTHOR, Role.AUTHOR, now=NOW)
    return Tips(database, lambda: NOW)


async def _owed(database: Database) -> list[tuple[int, str]]:
    """Claim the notices that are owed; return whom each is for, and its key."""
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=50)
        for notice in claimed:
            await notices.delete(tx, notice.id)
    return [(notice.user_id, notice.key) for notice in claimed]


async def _now(database: Database, tip_id: int) -> Tip:
    async with database.read() as connection:
        tip = await tips.get(connection, tip_id)
    assert tip is not None
    return tip


async def test_a_draft_is_made_once_and_its_publication_told(database: Database, acts: Tips) -> None:
    sent = await acts.send(SENDER, "نام @x", ["پل فرو ریخت", "ساعت هشت"], [_VOICE, _PHOTO])
    assert (sent.name, sent.media) == ("نام x", (_VOICE, _PHOTO))
    assert await acts.send(SENDER, "نام", ["پل فرو ریخت", "ساعت هشت"], [_VOICE, _PHOTO]) == sent
    async with database.write() as tx:
        (card,) = await cards.claim(tx, now=NOW, lease_until=NOW + 1, limit=9)
        assert (card.kind, card.subject_id, card.chat_id) == (CardKind.TIP, sent.id, EDITOR)
        assert await tips.count_waiting(tx, most=9) == 1
    first = await acts.make_draft(sent.id, category_id=1, untitled="بی‌نام", actor_id=EDITOR)
    again = await acts.make_draft(sent.id, category_id=1, untitled="بی‌نام", actor_id=EDITOR)
    assert first.id == again.id
    assert (first.content.photo, first.content.media, first.author_id) == ("p", (_VOICE,), EDITOR)
    assert (await _now(database, sent.id)).state is TipState.USED
    for act in (acts.answer(sent.id, declined=True, actor_id=EDITOR), acts.withdraw(sent.id, SENDER)):
        with pytest.raises(ConflictError):
            await act
    newsroom = Newsroom(database, lambda: NOW, lambda: None)
    await newsroom.publish(first.id, actor_id=EDITOR)
    assert await _owed(database) == [(SENDER, "tip-told-used"), (SENDER, "tip-published")]
    with pytest.raises(NotFoundError):
        await acts.make_draft(99, category_id=1, untitled="", actor_id=EDITOR)


async def test_a_discarded_draft_gives_its_tip_back(database: Database, acts: Tips) -> None:
    sent = await acts.send(SENDER, "نام", ["خبری از محله"], [])
    draft = await acts.make_draft(sent.id, category_id=1, untitled="", actor_id=EDITOR)
    await Newsroom(database, lambda: NOW, lambda: None).discard(draft.id, actor_id=EDITOR)
    back = await _now(database, sent.id)
    assert (back.state, back.article_id) == (TipState.READ, None)
    with pytest.raises(ConflictError):
        await acts.answer(sent.id, declined=False, actor_id=EDITOR)
    await acts.answer(sent.id, declined=True, actor_id=EDITOR)
    assert await _owed(database) == [(SENDER, "tip-told-used"), (SENDER, "tip-told-declined")]
    async with database.read() as connection:
        entries = [entry.action for entry in await audit.page(connection, limit=9)]
    assert entries == ["decline_tip", "discard", "use_tip"]


async def test_a_person_is_limited_and_silence_covers_tips_and_comments(database: Database, acts: Tips) -> None:
    later = Tips(database, lambda: NOW + 60 * MINUTE_MS)
    for number in range(MOST_WAITING):
        await acts.send(SENDER, "نام", [f"خبر {number}"], [])
    with pytest.raises(UserError) as caught:
        await acts.send(SENDER, "نام", ["خبر دیگر"], [])
    assert caught.value.key == "tip-too-many"
    with pytest.raises(UserError) as caught:
        await later.check_open(SENDER)
    assert caught.value.key == "tip-some-wait"
    async with database.write() as tx:
        article_id = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        comment_id = await comments.add(tx, article_id, SENDER, "نام", text="نظر", now=NOW)
    await Comments(database, lambda: NOW).silence(comment_id, actor_id=EDITOR)
    assert [(await _now(database, id_)).state for id_ in (1, 2, 3)] == [TipState.DECLINED] * 3
    with pytest.raises(UserError) as caught:
        await later.check_open(SENDER)
    assert caught.value.key == "tip-silenced"
    with pytest.raises(ConflictError):
        await acts.silence(1, actor_id=EDITOR)
    assert await _owed(database) == [], "nobody is told that they were silenced"


async def test_of_a_flood_editors_are_told_once(database: Database, acts: Tips) -> None:
    for number in range(MOST_CARDS + 2):
        await acts.send(1_000 + number, "نام", [f"خبر {number}"], [])
    async with database.write() as tx:
        assert len(await cards.claim(tx, now=NOW, lease_until=NOW + 1, limit=50)) == MOST_CARDS
    assert await _owed(database) == [(EDITOR, "tips-many")]


async def test_what_was_decided_long_ago_is_forgotten_and_what_waits_is_kept(
    database: Database, acts: Tips
) -> None:
    old = await acts.send(SENDER, "نام", ["خبر کهنه"], [_PHOTO])
    await acts.answer(old.id, declined=False, actor_id=EDITOR)
    waiting = await acts.send(SENDER, "نام", ["خبر در انتظار"], [])
    async with database.write() as tx:
        assert await tips.forget(tx, before=NOW, limit=9) == 0
        assert await tips.forget(tx, before=NOW + 1 + TIPS_KEPT_MS, limit=9) == 1
        assert await tips.forget(tx, before=NOW + 1 + TIPS_KEPT_MS, limit=9) == 0
    bare = await _now(database, old.id)
    assert (bare.state, bare.name, bare.text, bare.media) == (TipState.READ, "", "", ())
    assert (await _now(database, waiting.id)).text == "خبر در انتظار"
    await acts.withdraw(waiting.id, SENDER)
    assert (await _now(database, waiting.id)).text == ""
