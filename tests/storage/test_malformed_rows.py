"""Whoever claims or lists rows leaves a malformed one out and gets all others; the operator's check names it."""

from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.audience.post_style_previews import PostStylePreviews
from bot.cli.demo_inspector import DemoInspector
from bot.delivery.fanout import FanOuts, slots_of
from bot.jobs.backups import BACKED_UP_AT
from bot.newsroom.pausing import Pause, pause_of
from bot.web.figures import read_figures
from persian.schedule import INSTANT
from storage import (
    amendments,
    articles,
    audit,
    cards,
    chats,
    deliveries,
    fanouts,
    key_value,
    ledger,
    notices,
    scheduled,
    search_renewal,
    sources,
    staff,
    subscriptions,
)
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.fanouts import Target
from storage.malformed import PARKED_MS
from storage.records import CardKind, ChatKind, Content, DeliveryState, FanOutKind, Lane, Role, SourceKind
from storage.row_check import MalformedRow, TextChecks, malformed_rows
from storage.schema import (
    amendment,
    article,
    card,
    chat,
    delivery,
    fan_out,
    notice,
    revision,
    source,
    subscription,
)
from storage.schema import staff as staff_table
from tests.storage.test_outbox import begin, follow, publish
from tests.storage.test_outbox import fan_out as fan_out_all

NOW = 1_766_576_760_000
_CHECKS = TextChecks(lambda zone: zone == "Asia/Tehran", lambda schedule: schedule == "instant")


async def _article(tx: Connection, title: str) -> int:
    return await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)


async def _published(tx: Connection, title: str) -> int:
    article_id = await _article(tx, title)
    await articles.release(tx, article_id, published_at=NOW, now=NOW)
    await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW)
    return article_id


async def _spoil_text(tx: Connection, article_id: int) -> None:
    await tx.execute(update(revision).where(revision.c.article_id == article_id).values(body="[{"))


async def test_queues_park_a_malformed_row_and_return_the_others(database: Database) -> None:
    async with database.write() as tx:
        for title in ("one", "two"):
            await notices.enqueue(tx, 1, "key", {"title": title}, now=NOW)
            await sources.add(
                tx, f"https://{title}.example", kind=SourceKind.FEED, category_id=1, review=False, now=NOW
            )
        await cards.enqueue(tx, CardKind.REVIEW, 1, [1, 2], now=NOW)
        await tx.execute(update(notice).where(notice.c.id == 1).values(args="["))
        await tx.execute(update(source).where(source.c.id == 1).values(changes="guess"))
        await tx.execute(update(card).where(card.c.id == 1).values(kind="riddle"))
        lease = {"now": NOW, "lease_until": NOW + 2 * PARKED_MS, "limit": 9}
        assert [row.id for row in await notices.claim(tx, **lease)] == [2]
        assert [row.id for row in await sources.claim(tx, slow=False, **lease)] == [2]
        assert [row.id for row in await cards.claim(tx, **lease)] == [2]
        assert not await notices.any_due(tx, NOW + PARKED_MS - 1)
        assert await notices.any_due(tx, NOW + PARKED_MS)
        assert [row.id for row in await sources.all_(tx)] == [2]
    async with database.read() as connection:
        malformed = await malformed_rows(connection, _CHECKS, limit=9)
    assert malformed[:2] == [MalformedRow("source", 1, "changes 'guess'"), MalformedRow("card", 1, "kind 'riddle'")]
    assert [(row.table, row.id) for row in malformed[2:]] == [("notice", 1)]


async def test_lists_leave_a_malformed_row_out(database: Database) -> None:
    async with database.write() as tx:
        first, second = await _published(tx, "one"), await _published(tx, "two")
        await _spoil_text(tx, first)
        assert [article.id for article in await articles.get_many(tx, [first, second])] == [second]
        await tx.execute(update(article).where(article.c.id == second).values(state="lost"))
        assert set(await articles.versions(tx, [first, second])) == {first}
        for user_id in (1, 2):
            await staff.put(tx, user_id, Role.EDITOR, now=NOW)
            await chats.ensure(
                tx, user_id, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Asia/Tehran", now=NOW
            )
        await tx.execute(update(staff_table).where(staff_table.c.user_id == 1).values(role="king"))
        assert [member.user_id for member in await staff.all_(tx)] == [2]
        await tx.execute(update(chat).where(chat.c.id == 1).values(kind="room"))
        assert set(await chats.get_many(tx, [1, 2])) == {2}
        assert [kind for kind, *_ in await chats.count_by_kind(tx)] == [ChatKind.PRIVATE]


async def test_a_malformed_scheduled_article_does_not_keep_the_next_one(database: Database) -> None:
    async with database.write() as tx:
        first, second = await _article(tx, "one"), await _article(tx, "two")
        for at, article_id in enumerate((first, second)):
            await scheduled.schedule(tx, article_id, at=NOW + at, breaking=False, by=7, now=NOW)
        await _spoil_text(tx, first)
        due = await scheduled.lock_due(tx, NOW + 9)
        assert due is not None
        assert due.id == second
        assert await scheduled.lock_due(tx, NOW + 9, but=[second]) is None
        (row,) = await malformed_rows(tx, _CHECKS, limit=9)
        assert (row.table, row.id) == ("article", first)


async def test_a_malformed_fan_out_is_passed_over_and_goes_on_when_its_article_is_mended(
    database: Database,
) -> None:
    now = [NOW]
    fan_outs = FanOuts(database, lambda: now[0])
    async with database.write() as tx:
        await chats.ensure(tx, -100, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await subscriptions.subscribe(tx, -100, None, now=NOW)
        unknown, spoilt, well = [await _published(tx, title) for title in ("one", "two", "three")]
        await tx.execute(update(fan_out).where(fan_out.c.article_id == unknown).values(kind="echo"))
        await _spoil_text(tx, spoilt)
    while await fan_outs.step():
        pass
    async with database.write() as tx:
        (delivery,) = await deliveries.of_state(tx, DeliveryState.PENDING, limit=9)
        assert delivery.article_id == well
        await tx.execute(update(revision).where(revision.c.article_id == spoilt).values(body="[]"))
    assert not await fan_outs.step()
    now[0] += 10 * 60_000
    while await fan_outs.step():
        pass
    async with database.read() as connection:
        pending = await deliveries.of_state(connection, DeliveryState.PENDING, limit=9)
    assert {delivery.article_id for delivery in pending} == {spoilt, well}


async def test_the_demos_account_of_its_work_leaves_malformed_rows_out(database: Database) -> None:
    insight = DemoInspector(database, {})
    for title in ("one", "two", "three"):
        await publish(database, title)
    for place in (-100, -101):
        await follow(database, place, ChatKind.CHANNEL)
        async with database.write() as tx:
            await tx.execute(update(subscription).values(since=NOW - 9))
    await fan_out_all(database)
    assert len((await insight.outbox())["deliveries"]) == 6
    message_id = await begin(database, -100)
    assert message_id is not None
    async with database.write() as tx:
        await ledger.mark_sent(tx, [(message_id, 5)], now=NOW)
        await amendments.enqueue_after_send(tx, [message_id], lane=Lane.BREAKING, now=NOW)
        await tx.execute(update(amendment).values(state="lost", settled_at=NOW))
        await tx.execute(update(delivery).values(priority=999))
        await tx.execute(update(chat).where(chat.c.id == -101).values(kind="room"))
        await _spoil_text(tx, 1)
    told = await insight.outbox()
    assert [row["title"] for row in told["deliveries"]] == ["three", "two"]
    assert (await insight.explanation(-100, 5))["facts"]


async def test_no_malformed_value_of_the_app_ends_what_reads_it(database: Database) -> None:
    async with database.write() as tx:
        await _published(tx, "نفت")
        for key in (key_value.PAUSED, BACKED_UP_AT, search_renewal.KEY, "look-sample:7"):
            await key_value.store(tx, key, "٣ nothing that anybody reads")
    async with database.read() as connection:
        assert await pause_of(connection) == Pause(audit.COMMAND_LINE, None)
        figures = await read_figures(connection, ZoneInfo("Asia/Tehran"), NOW)
        assert (figures.paused, figures.backed_up_at) == (True, None)
        border = await search_renewal.border(connection)
        assert border is not None
        assert len(await search_renewal.next_ordinals(connection, border, limit=9)) == 1
    assert await PostStylePreviews(database).get(7) is None


async def test_a_place_that_one_of_its_schedules_fits_is_not_refused(database: Database) -> None:
    def target(timezone: str) -> Target:
        return Target(1, 0, 2, INSTANT, None, timezone, breaking_passes_quiet=False)

    (slot,) = slots_of([target("Mars"), target("Asia/Tehran")], FanOutKind.HEADLINE, now=NOW)
    assert slot.refusal == ""
    (slot,) = slots_of([target("Mars")], FanOutKind.HEADLINE, now=NOW)
    assert slot.refusal.startswith("malformed row: chat 1: ")
    async with database.write() as tx:
        await chats.ensure(tx, 1, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Mars", now=NOW)
        await _published(tx, "one")
        work = await fanouts.next_open(tx)
        assert work is not None
        await fanouts.deliver_later(tx, work, [slot], lane=Lane.HEADLINE, now=NOW)
        (refused,) = await deliveries.troubled(tx, limit=9)
        assert (refused.state, refused.reason) == (DeliveryState.REFUSED, slot.refusal)
        assert [row.reason for row in await malformed_rows(tx, _CHECKS, limit=9)] == ["timezone 'Mars'"]
