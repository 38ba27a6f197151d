"""What waits for its time follows the schedule of its chat, and no other."""

from bot.delivery.retiming import Retiming
from storage import articles, chats, fanouts, outbox, subscriptions, waiting
from storage.database import Database
from storage.fanouts import Slot
from storage.records import ChatKind, Content, FanOutKind, SubscriptionKind

NOW = 1_766_576_760_000  # 15:16 in Tehran
_HOUR = 3_600_000


async def _owe(database: Database, *, kind: ChatKind, schedule: str, quiet: str = "") -> list[int]:
    """Let a chat follow everything and wait for three headlines; return what waits then for its schedule."""
    async with database.write() as tx:
        await chats.ensure(tx, 7, kind=kind, schedule=schedule, timezone="Asia/Tehran", now=NOW)
        await chats.change(tx, 7, quiet=quiet)
        await subscriptions.subscribe(tx, 7, now=NOW)
        for title in ("یک", "دو", "سه"):
            made = await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, made, published_at=NOW, now=NOW)
            await fanouts.begin(tx, made, FanOutKind.HEADLINE, now=NOW)
            work = await fanouts.next_open(tx)
            assert work is not None
            slots = [Slot(7, 0, chats.RANKS[kind], NOW + 9 * _HOUR, True)]
            await fanouts.deliver_later(tx, work, slots, lane=3, now=NOW)
            while await fanouts.advance(tx, work, None, now=NOW):
                work = await fanouts.next_open(tx)
                assert work is not None
        return [one.id for one in await waiting.for_schedule(tx, 7)]


async def _times(database: Database) -> tuple[int | None, int]:
    """Return when the first of what waits is due, and how much is ready."""
    async with database.read() as connection:
        ready = await outbox.ready_after(connection, None, NOW, limit=9)
        return await outbox.next_due(connection), len(ready)


async def test_a_later_time_and_an_earlier_one(database: Database) -> None:
    assert len(await _owe(database, kind=ChatKind.PRIVATE, schedule="at 20:00")) == 3
    for schedule, expected in (("at 18:16", NOW + 3 * _HOUR), ("every 60m", NOW + 44 * 60_000)):
        async with database.write() as tx:
            await chats.change(tx, 7, schedule=schedule)
            chat = await chats.get(tx, 7)
            assert chat is not None
            await Retiming(lambda: NOW).follow(tx, chat)
        assert await _times(database) == (expected, 0)
    async with database.write() as tx:
        await chats.change(tx, 7, schedule="instant")
        chat = await chats.get(tx, 7)
        assert chat is not None
        await Retiming(lambda: NOW).follow(tx, chat)
    assert await _times(database) == (None, 3)


async def test_quiet_hours_hold_it_still(database: Database) -> None:
    await _owe(database, kind=ChatKind.PRIVATE, schedule="at 20:00")
    async with database.write() as tx:
        await chats.change(tx, 7, schedule="instant", quiet="15:00-16:16")
        chat = await chats.get(tx, 7)
        assert chat is not None
        await Retiming(lambda: NOW).follow(tx, chat)
    assert await _times(database) == (NOW + _HOUR, 0)


async def test_what_has_a_schedule_of_its_own_is_left_alone(database: Database) -> None:
    await _owe(database, kind=ChatKind.CHANNEL, schedule="at 20:00")
    async with database.write() as tx:
        await subscriptions.subscribe(
            tx, 7, now=NOW, kind=SubscriptionKind.TAG, subject="x", label="x", schedule="at 09:00"
        )
        assert await waiting.for_schedule(tx, 7) == []
