"""A claim keeps the order of a chat, whatever came back after the look on which it rests."""

from pathlib import Path

from bot.delivery.claim import Claims, Versions
from bot.delivery.compose import Composer
from bot.locales.catalog import Catalog
from storage import articles, chats, fanouts, outbox
from storage.opening import opened
from storage.records import ChatKind, Content, FanOutKind

NOW = 1_766_576_760_000


async def test_what_came_back_goes_first(tmp_path: Path) -> None:
    claims = Claims(Composer(Catalog.load(), "bot", "fa"), lease=1_000, shared=True)
    async with opened(f"sqlite:///{tmp_path}/peyk.db") as database, database.write() as tx:
        await chats.ensure(tx, -100, kind=ChatKind.CHANNEL, schedule="instant", timezone="Asia/Tehran", now=NOW)
        await chats.subscribe(tx, -100, None, now=NOW)
        for title in ("نخست", "دوم"):
            number = await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, number, published_at=NOW, now=NOW)
            await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
            work = await fanouts.next_open(tx)
            assert work is not None
            await fanouts.deliver_now(tx, work, None, lane=3, now=NOW)
            while await fanouts.advance(tx, work, None, now=NOW):
                work = await fanouts.next_open(tx) or work
        first, second = await outbox.ready_after(tx, None, NOW, limit=2)
        # The look saw only the second one: the first was on its way, and another process has put it back.
        assert await claims.deliveries(tx, [second], Versions(), now=NOW) == []
        (sending,) = await claims.deliveries(tx, [first], Versions(), now=NOW)
        assert sending.shown == ((1, 1),)
        assert await claims.deliveries(tx, [second], Versions(), now=NOW) == [], "one send at a time"
