"""A database that cannot be used: every write ends in the error that its caller was promised."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigError
from bot.instance_lock import app_lock
from persian.schedule import INSTANT
from storage import (
    amendments,
    announcements,
    article_identity,
    articles,
    audit,
    cards,
    categories,
    chats,
    comments,
    daily_counters,
    desk_reports,
    dialogues,
    edit_locks,
    fanouts,
    followers,
    inbox,
    key_value,
    ledger,
    membership,
    new_articles,
    notices,
    outbox,
    page_visits,
    pending_deliveries,
    pins,
    proposals,
    reading_signals,
    reviews,
    saved,
    scheduled,
    search,
    source_items,
    sources,
    staff,
    stories,
    subscriptions,
    tips,
    tracked_answers,
    uncertain_sends,
)
from storage.audit_details import AuditAction
from storage.bootstrap import opened
from storage.daily_counters import Metric
from storage.engine import database as database_module
from storage.engine import instance_lock, on_postgresql, on_sqlite
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import INSTANCE_LOCK
from storage.errors import TooLongError, UnavailableError, UnusableError
from storage.inbox import Received
from storage.new_articles import NewArticle
from storage.records import (
    AmendmentState,
    ArticleRevision,
    ArticleState,
    Card,
    CardKind,
    ChatKind,
    CommentState,
    Content,
    DeliveryState,
    FanOut,
    FanOutKind,
    Form,
    Lane,
    MessageState,
    PageVisit,
    Provenance,
    ReviewState,
    Role,
    SiteNumber,
    SourceItem,
    SourceKind,
    TipState,
)
from storage.stories import Signed
from tests.storage.side_by_side import all_wait

NOW = 1_766_576_760_000
Act = Callable[[Connection], Awaitable[object]]

_WORK = FanOut(1, 1, 1, FanOutKind.HEADLINE, NOW, 0, None)
_CHANGE = FanOut(1, 1, 1, FanOutKind.RETRACTION, NOW, 1, None)
_NEW_ARTICLE = NewArticle(Content("x"), 1, ArticleState.PUBLISHED, NOW, "fa", "", "", "", None)
_ITEM = SourceItem(1, "k", 1, "", "", "", None, "new", "d")
_CARD = Card(1, CardKind.REVIEW, 1, 1, None, 1, 0, 0)


async def _subscribed(tx: Connection) -> None:
    async with followers.counted(tx, 1, now=NOW):
        await subscriptions.subscribe(tx, 1, None, now=NOW)


WRITES: dict[str, Act] = {
    "articles.insert": lambda tx: articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW),
    "articles.revise": lambda tx: articles.revise(
        tx, 1, articles.NewRevision(Content("y"), 1), expected=1, now=NOW
    ),
    "articles.release": lambda tx: articles.release(tx, 1, published_at=NOW, now=NOW),
    "articles.move": lambda tx: articles.move(tx, 1, ArticleState.DRAFT, ArticleState.REVIEW, now=NOW),
    "articles.lock": lambda tx: articles.lock(tx, 1),
    "articles.retract": lambda tx: articles.retract(tx, 1, now=NOW),
    "articles.delete_draft": lambda tx: articles.delete_draft(tx, 1),
    "search.remove": lambda tx: search.remove(tx, 1),
    "audit.record": lambda tx: audit.record(tx, 1, AuditAction.PUBLISH, now=NOW),
    "cards.enqueue": lambda tx: cards.enqueue(tx, CardKind.REVIEW, 1, [1], now=NOW),
    "cards.mark_stale": lambda tx: cards.mark_stale(tx, CardKind.REVIEW, 1, now=NOW),
    "cards.send_anew": lambda tx: cards.send_anew(tx, CardKind.GATE, 0, now=NOW),
    "cards.replace": lambda tx: cards.replace(tx, CardKind.GATE, 0, now=NOW, chat_id=1, sent_before=NOW),
    "cards.claim": lambda tx: cards.claim(tx, now=NOW, lease_until=NOW + 1, limit=1),
    "cards.mark_shown": lambda tx: cards.mark_shown(tx, _CARD, 1, now=NOW),
    "cards.postpone": lambda tx: cards.postpone(tx, 1, due_at=NOW),
    "cards.delete": lambda tx: cards.delete(tx, 1),
    "cards.make_due": lambda tx: cards.make_due(tx, 1, now=NOW),
    "cards.drop_chat": lambda tx: cards.drop_chat(tx, 1),
    "cards.prune": lambda tx: cards.prune(tx, NOW, limit=1),
    "categories.add": lambda tx: categories.add(tx, "new", "تازه", "New"),
    "chats.ensure": lambda tx: chats.ensure(
        tx, 5, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Asia/Tehran", now=NOW
    ),
    "chats.change": lambda tx: chats.change(tx, 1, title="x"),
    "chats.record_seen": lambda tx: chats.record_seen(tx, 1, 5),
    "chats.suspend": lambda tx: chats.suspend(tx, 1, NOW),
    "chats.migrate": lambda tx: chats.migrate(tx, 1, 2),
    "subscriptions.subscribe": lambda tx: subscriptions.subscribe(tx, 1, None, now=NOW),
    "subscriptions.unsubscribe": lambda tx: subscriptions.unsubscribe(tx, 1, None),
    "subscriptions.change": lambda tx: subscriptions.change(tx, 1, schedule=INSTANT),
    "subscriptions.remove": lambda tx: subscriptions.remove(tx, 1),
    "subscriptions.unsubscribe_all": lambda tx: subscriptions.unsubscribe_all(tx, 1),
    "chats.upsert_topic": lambda tx: chats.upsert_topic(tx, 1, 2, name="x"),
    "comments.add": lambda tx: comments.add(tx, 1, 1, "n", text="t", now=NOW),
    "comments.decide": lambda tx: comments.decide(tx, 1, CommentState.APPROVED, by=1, now=NOW),
    "comments.take_down": lambda tx: comments.take_down(tx, 1, by=1, now=NOW),
    "comments.take_back": lambda tx: comments.delete_own(tx, 1, 1),
    "comments.reject_all_of": lambda tx: comments.reject_all_of(tx, 1, by=1, now=NOW),
    "comments.silence": lambda tx: comments.silence(tx, 1, "n", by=1, now=NOW),
    "comments.lift": lambda tx: comments.lift(tx, 1),
    "tips.add": lambda tx: tips.add(tx, 1, "n", text="t", media=[], now=NOW),
    "tips.decide": lambda tx: tips.decide(tx, 1, TipState.READ, expected=[TipState.WAITING], by=1, now=NOW),
    "tips.take_back": lambda tx: tips.delete_own(tx, 1, 1),
    "tips.decline_all_of": lambda tx: tips.decline_all_of(tx, 1, by=1, now=NOW),
    "tips.part_with_article": lambda tx: tips.part_with_article(tx, 1),
    "reading_signals.set_reactions": lambda tx: reading_signals.set_reactions(tx, 1, 2),
    "desk_reports.put": lambda tx: desk_reports.put(tx, 1, 480, due_at=NOW),
    "desk_reports.remove": lambda tx: desk_reports.remove(tx, 1),
    "desk_reports.claim": lambda tx: desk_reports.claim(tx, now=NOW, lease_until=NOW + 1, limit=1),
    "desk_reports.postpone": lambda tx: desk_reports.postpone(tx, 1, due_at=NOW),
    "tips.forget": lambda tx: tips.forget(tx, before=NOW, limit=1),
    "key_value.store": lambda tx: key_value.store(tx, "k", "v"),
    "key_value.remove": lambda tx: key_value.remove(tx, "k"),
    "key_value.remove_beginning": lambda tx: key_value.remove_beginning(tx, "k"),
    "key_value.increment": lambda tx: key_value.increment(tx, "n"),
    "dialogues.put": lambda tx: dialogues.put(tx, 1, 1, "post", data="{}", now=NOW),
    "dialogues.close": lambda tx: dialogues.close(tx, 1, 1),
    "dialogues.forget_idle": lambda tx: dialogues.forget_idle(tx, NOW),
    "editing.take": lambda tx: edit_locks.acquire(tx, 1, 1, now=NOW, until=NOW + 1),
    "editing.take_over": lambda tx: edit_locks.take_over(tx, 1, 1, now=NOW, until=NOW + 1),
    "editing.release": lambda tx: edit_locks.release(tx, 1),
    "editing.let_go": lambda tx: edit_locks.release_all(tx, 1),
    "editing.forget_ended": lambda tx: edit_locks.forget_ended(tx, NOW),
    "inbox.put": lambda tx: inbox.put(tx, [Received(1, "{}")], now=NOW),
    "inbox.resume": lambda tx: inbox.resume(tx, lease_until=NOW),
    "inbox.renew_leases": lambda tx: inbox.renew_leases(tx, [1], lease_until=NOW),
    "inbox.give_up": lambda tx: inbox.give_up(tx, 3, now=NOW),
    "inbox.finish": lambda tx: inbox.finish(tx, {1: ""}, now=NOW),
    "inbox.prune": lambda tx: inbox.prune(tx, NOW, limit=1),
    "outbox.end_left_out": lambda tx: outbox.end_left_out(tx, [1], now=NOW),
    "pending_deliveries.move": lambda tx: pending_deliveries.move(
        tx, [1], due_at=NOW, fold=True, lane=Lane.DIGEST, rank=2, now=NOW
    ),
    "tracked_answers.record_digest": lambda tx: tracked_answers.record_digest(
        tx, tracked_answers.Answer(1, Form.DIGEST, "fa"), 5, articles=[ArticleRevision(1, 1)], left_out=0, now=NOW
    ),
    "tracked_answers.record": lambda tx: tracked_answers.record(
        tx, tracked_answers.Answer(1, Form.RICH, "fa"), [5], article_id=1, revision=1, now=NOW
    ),
    "amendments.claim": lambda tx: amendments.claim(tx, [1], now=NOW, lease_until=NOW + 1),
    "amendments.release_leases": lambda tx: amendments.release_leases(tx, now=NOW),
    "amendments.end_for_chat": lambda tx: amendments.end_for_chat(tx, 1, now=NOW, reason="x"),
    "amendments.enqueue": lambda tx: amendments.enqueue(tx, _CHANGE, lane=Lane.RETRACTION, limit=10, now=NOW),
    "amendments.postpone": lambda tx: amendments.postpone(tx, 1, due_at=NOW, reason="x"),
    "amendments.settle": lambda tx: amendments.settle(tx, 1, AmendmentState.CHANGED, now=NOW),
    "followers.counted": lambda tx: _subscribed(tx),
    "fanouts.advance": lambda tx: fanouts.advance(tx, _WORK, None, now=NOW),
    "fanouts.begin": lambda tx: fanouts.begin(tx, 1, FanOutKind.RETRACTION, now=NOW),
    "fanouts.deliver_now": lambda tx: fanouts.deliver_now(tx, _WORK, None, lane=Lane.HEADLINE, now=NOW),
    "fanouts.withdraw": lambda tx: fanouts.withdraw(tx, _CHANGE, 10, now=NOW),
    "uncertain_sends.claim": lambda tx: uncertain_sends.claim(tx, 1, now=NOW, lease_until=NOW + 1),
    "uncertain_sends.renew_lease": lambda tx: uncertain_sends.renew_lease(tx, 1, lease_until=NOW),
    "uncertain_sends.release_leases": lambda tx: uncertain_sends.release_leases(tx),
    "uncertain_sends.mark_arrived": lambda tx: uncertain_sends.mark_arrived(tx, 1, now=NOW),
    "uncertain_sends.delete_missing": lambda tx: uncertain_sends.delete_missing(tx, 1),
    "ledger.mark": lambda tx: ledger.mark(tx, [1], MessageState.ASKED),
    "ledger.clear_doubt": lambda tx: ledger.clear_doubt(tx, 1),
    "ledger.put_payload": lambda tx: ledger.put_payload(tx, "{}", key="k", now=NOW),
    "ledger.record_revisions": lambda tx: ledger.record_revisions(tx, 1, [ArticleRevision(1, 2)]),
    "ledger.mark_sent_as_text": lambda tx: ledger.mark_sent_as_text(tx, [1]),
    "ledger.mark_sent": lambda tx: ledger.mark_sent(tx, [(1, 1)], now=NOW),
    "ledger.delete_unsent": lambda tx: ledger.delete_unsent(tx, [1]),
    "ledger.expire_leases": lambda tx: ledger.expire_leases(tx),
    "membership.store": lambda tx: membership.store(tx, 1, 5, now=NOW),
    "membership.claim": lambda tx: membership.claim(tx, now=NOW, lease_until=NOW, limit=1),
    "membership.put_off": lambda tx: membership.put_off(tx, 1, due_at=NOW),
    "notices.make_due": lambda tx: notices.make_due(tx, 1, now=NOW),
    "notices.claim": lambda tx: notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=1),
    "notices.delete": lambda tx: notices.delete(tx, 1),
    "notices.enqueue": lambda tx: notices.enqueue(tx, 1, "chat-lost", {"title": "x"}, now=NOW),
    "notices.postpone": lambda tx: notices.postpone(tx, 1, due_at=NOW),
    "outbox.withdraw": lambda tx: outbox.withdraw(tx, 1, now=NOW),
    "outbox.end_pending": lambda tx: outbox.end_pending(tx, [1], DeliveryState.EXPIRED, now=NOW, reason="x"),
    "outbox.mark_sending": lambda tx: outbox.mark_sending(tx, [(1, 1)], now=NOW),
    "outbox.promote": lambda tx: outbox.promote(tx, NOW, limit=1),
    "outbox.return_to_pending": lambda tx: outbox.return_to_pending(tx, [1], now=1, reason="x"),
    "outbox.retry": lambda tx: outbox.retry(tx, 1, now=NOW),
    "outbox.settle": lambda tx: outbox.settle(tx, [1], DeliveryState.SENT, now=NOW),
    "outbox.withdraw_chat": lambda tx: outbox.withdraw_chat(tx, 1, now=NOW, reason="x"),
    "reviews.begin": lambda tx: reviews.begin(tx, 1, submitted_by=1, now=NOW),
    "reviews.end": lambda tx: reviews.end(tx, 1, ReviewState.APPROVED, by=1, now=NOW),
    "pins.enqueue": lambda tx: pins.enqueue(tx, [1], now=NOW),
    "pins.claim": lambda tx: pins.claim(tx, now=NOW, lease_until=NOW + 1, limit=1),
    "pins.mark_pinned": lambda tx: pins.mark_pinned(tx, 1, until=NOW),
    "pins.postpone": lambda tx: pins.postpone(tx, 1, due_at=NOW),
    "pins.delete": lambda tx: pins.delete(tx, 1),
    "scheduled.schedule": lambda tx: scheduled.schedule(tx, 1, at=NOW, by=1, breaking=False, now=NOW),
    "scheduled.cancel": lambda tx: scheduled.cancel(tx, 1, now=NOW),
    "scheduled.raise_to_breaking": lambda tx: scheduled.raise_to_breaking(tx, 1, now=NOW),
    "saved.add": lambda tx: saved.add(tx, 1, 1, now=NOW),
    "saved.remove": lambda tx: saved.remove(tx, 1, 1),
    "sources.add": lambda tx: sources.add(
        tx, "https://example.org", kind=SourceKind.FEED, category_id=1, review=False, now=NOW
    ),
    "article_identity.add_addresses": lambda tx: article_identity.add_addresses(tx, [("https://a.example/1", 1)]),
    "article_identity.add_numbers": lambda tx: article_identity.add_numbers(
        tx, [(SiteNumber("a.example", "news", "", "1"), 1)]
    ),
    "audit.record_many": lambda tx: audit.record_many(tx, [audit.NewEntry(1, AuditAction.PUBLISH, 1)], now=NOW),
    "new_articles.insert": lambda tx: new_articles.insert(tx, [_NEW_ARTICLE], now=NOW),
    "page_visits.claim": lambda tx: page_visits.claim(tx, [1], now=NOW, lease_until=NOW + 1),
    "page_visits.put": lambda tx: page_visits.put(tx, [PageVisit(1, "a.example", NOW, NOW)]),
    "proposals.drop": lambda tx: proposals.drop(tx, 1),
    "source_items.put": lambda tx: source_items.put(tx, [_ITEM], now=NOW),
    "stories.add": lambda tx: stories.add(tx, [Signed(1, b"x", (1,))], now=NOW),
    "sources.claim": lambda tx: sources.claim(tx, slow=False, now=NOW, lease_until=NOW + 1, limit=1),
    "sources.renew_lease": lambda tx: sources.renew_lease(tx, [1], held_until=NOW, lease_until=NOW + 1),
    "sources.remove": lambda tx: sources.remove(tx, 1),
    "sources.settle_failed": lambda tx: sources.settle_failed(
        tx, [sources.FailedFetch(1, "", NOW, NOW, "timeout", 0)]
    ),
    "staff.put": lambda tx: staff.put(tx, 1, Role.EDITOR, now=NOW),
    "staff.remove": lambda tx: staff.remove(tx, 1),
    "staff.invite": lambda tx: staff.invite(tx, "h", Role.EDITOR, created_by=1, now=NOW, expires_at=NOW + 1),
    "daily_counters.add": lambda tx: daily_counters.add(tx, {(Metric.READ, 1): 1}, now=NOW),
    "daily_counters.count_sent": lambda tx: daily_counters.count_sent(tx, [1], now=NOW),
    "staff.redeem": lambda tx: staff.redeem(tx, "h", 1, now=NOW),
    "staff.take_back": lambda tx: staff.revoke_invitation(tx, "h", now=NOW),
    "announcements.insert": lambda tx: announcements.insert(
        tx, Content("x"), key="1:1", category_id=1, language="fa", author_id=1, now=NOW
    ),
}


async def test_every_write_against_a_held_database_is_told_so(
    address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (on_sqlite, on_postgresql):
        monkeypatch.setattr(module, "PATIENCE_MS", 5)
    async with opened(address) as other, database.write() as holder:
        if database.path is None:
            tables = await holder.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            await holder.execute(text(f"LOCK TABLE {', '.join(row.tablename for row in tables)}"))
        else:
            await holder.execute(text("SELECT 1"))  # a transaction holds from its first statement on
        for name, act in WRITES.items():
            with pytest.raises(UnavailableError):
                async with other.write() as tx:
                    await act(tx)
                    pytest.fail(f"{name} went through")


async def test_reading_goes_on_while_another_writes(address: str, database: Database) -> None:
    async with opened(address) as other, database.write() as tx:
        await key_value.store(tx, "k", "new")
        async with other.read() as connection:
            assert await key_value.value(connection, "k") is None


async def test_those_who_search_hold_up_nobody_else(database: Database) -> None:
    over = asyncio.Event()

    async def search() -> None:
        async with database.search() as connection:
            await key_value.value(connection, "k")
            await over.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(search())
        await asyncio.sleep(0)
        async with asyncio.timeout(10), database.read() as connection:
            assert await key_value.value(connection, "k") is None
        over.set()


async def test_a_search_without_end_is_broken_off(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database_module._PATIENCE, "search_ms", 20)
    endless = "WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one) SELECT count(*) FROM one"
    async with opened(address) as database:
        for _ in range(5):
            with pytest.raises(TooLongError):
                async with database.search() as connection:
                    await connection.execute(text(endless))
        async with database.search() as connection:
            assert await key_value.value(connection, "k") is None


async def test_a_glance_sees_what_is_there_by_then(address: str, database: Database) -> None:
    async with opened(address) as other, other.autocommit_read() as connection:
        assert await chats.chat_and_role(connection, 1, 1) == (None, None)
        async with database.write() as tx:
            await staff.put(tx, 1, Role.EDITOR, now=NOW)
        assert await chats.chat_and_role(connection, 1, 1) == (None, Role.EDITOR)


async def test_an_act_that_is_given_up_twice_leaves_its_connection_to_nobody_before_it_has_ended(
    database: Database,
) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.write() as tx:
            await key_value.store(tx, "k", "given up")
            begun.set()
            await asyncio.Event().wait()

    for _ in range(20):
        begun.clear()
        act = asyncio.create_task(write())
        await begun.wait()
        act.cancel()
        await asyncio.sleep(0)
        act.cancel()
        async with database.write() as tx:
            assert await key_value.value(tx, "k") is None
        await asyncio.wait([act])


async def test_a_view_stays_as_it_began(database: Database) -> None:
    async with database.read() as connection:
        assert await key_value.value(connection, "k") is None
        async with database.write() as tx:
            await key_value.store(tx, "k", "new")
        assert await key_value.value(connection, "k") is None


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.read() as connection:
            await key_value.store(connection, "k", "v")
    async with database.read() as connection:
        assert await key_value.value(connection, "k") is None


async def test_what_breaks_off_leaves_nothing(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.write() as tx:
            await key_value.store(tx, "k", "v")
            raise LookupError
    async with database.write() as tx:
        assert await key_value.value(tx, "k") is None


async def test_writers_side_by_side_count_every_time(database: Database) -> None:
    async def count() -> int:
        async with database.write() as tx:
            return await key_value.increment(tx, "n")

    assert sorted(await asyncio.gather(*(count() for _ in range(20)))) == list(range(1, 21))


async def test_writers_side_by_side_get_articles_of_their_own(database: Database) -> None:
    async def publish(number: int) -> tuple[int, int | None]:
        async with database.write() as tx:
            wanted = str(1 + number % 3)
            made = await articles.insert(
                tx,
                Content(str(number)),
                category_id=1,
                now=NOW,
                published_at=NOW,
                provenance=Provenance(number=wanted),
            )
            await articles.release(tx, made, published_at=NOW, now=NOW)
            article = await articles.get(tx, made)
        assert article is not None
        return article.id, article.ordinal

    made = await asyncio.gather(*(publish(number) for number in range(12)))
    assert sorted(number for number, _ in made) == list(range(1, 13))
    assert len({ordinal for _, ordinal in made}) == 12


async def test_two_who_wait_for_each_other_are_told_to_try_again(postgresql: str) -> None:
    # Only where several write at once can they; SQLite has one writer.
    async with opened(postgresql) as database:
        async with database.write() as tx:
            await key_value.store(tx, "a", "0")
            await key_value.store(tx, "b", "0")
        both = asyncio.Barrier(2)

        async def write(first: str, second: str) -> str:
            try:
                async with database.write() as tx:
                    await key_value.store(tx, first, second)
                    await both.wait()
                    await key_value.store(tx, second, first)
            except UnavailableError:
                return "again"
            return "done"

        assert sorted(await asyncio.gather(write("a", "b"), write("b", "a"))) == ["again", "done"]


async def test_a_file_that_is_no_database_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database " * 1000)
    with pytest.raises(DBAPIError, match="not a database"):
        async with opened(f"sqlite:///{tmp_path / 'x.db'}"):
            pass


async def test_a_full_disk_is_a_passing_trouble(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'x.db'}") as database:
        with pytest.raises(UnavailableError, match="full"):
            async with database.write() as tx:
                pages = (await tx.execute(text("PRAGMA page_count"))).scalar_one()
                await tx.execute(text(f"PRAGMA max_page_count = {pages}"))
                await key_value.store(tx, "k", "v" * 1_000_000)
        async with database.read() as connection:
            assert await key_value.value(connection, "k") is None


async def test_a_server_that_is_not_there_may_come(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        async with opened(f"postgresql://postgres@/x?host={tmp_path}"):
            pass


async def test_a_server_that_stops_while_we_connect_may_come_back() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(UnavailableError):
            async with opened(f"postgresql://postgres@127.0.0.1:{port}/x?sslmode=disable"):
                pass


async def test_a_server_that_went_away_and_came_back_is_used_again(postgresql: str) -> None:
    async with opened(postgresql) as database, opened(postgresql) as other:
        with pytest.raises(UnavailableError):
            async with database.write() as tx:
                await key_value.store(tx, "k", "v")
                async with other.write() as killer:
                    await killer.execute(
                        text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            "WHERE datname = current_database() AND pid != pg_backend_pid()"
                        )
                    )
                await key_value.value(tx, "k")
        async with database.write() as tx:
            assert await key_value.value(tx, "k") is None


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "postgresql://host", "postgresql://h:port/x", "junk"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UnusableError, match="is expected"):
        Database(url)


def test_the_name_of_a_database_never_holds_its_password() -> None:
    name = Database("postgresql://desk:s3cret@db.example.org/peyk?password=s3cret").name
    assert name == "postgresql://desk:***@db.example.org/peyk"


async def test_apps_may_be_many_but_not_while_one_copies(postgresql: str) -> None:
    async with opened(postgresql) as database:
        async with (
            instance_lock.instance_lock(database, alone=False) as first,
            instance_lock.instance_lock(database, alone=False) as second,
        ):
            assert first
            assert second
            async with instance_lock.instance_lock(database, alone=True) as copying:
                assert not copying
        async with (
            instance_lock.instance_lock(database, alone=True) as copying,
            instance_lock.instance_lock(database, alone=False) as acquired,
        ):
            assert copying
            assert not acquired


@pytest.mark.parametrize("copied_meanwhile", [False, True])
async def test_an_app_takes_its_lock_again_after_the_server_ended_its_session(
    postgresql: str, monkeypatch: pytest.MonkeyPatch, *, copied_meanwhile: bool
) -> None:
    monkeypatch.setattr("bot.instance_lock._LOOK_SECONDS", 0.05)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(postgresql))
        here = await stack.enter_async_context(app_lock(database))
        (holder,) = await _holders(database)
        if copied_meanwhile:
            copying = await stack.enter_async_context(database.session())
            waiting = asyncio.create_task(copying.execute(text(f"SELECT pg_advisory_lock({INSTANCE_LOCK})")))
            await all_wait(database, [waiting])
        async with database.write() as tx:
            await tx.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": holder})
        if copied_meanwhile:
            await waiting
            with pytest.raises(ConfigError, match="is being copied"):
                await asyncio.wait_for(here, 20)
            return
        async with asyncio.timeout(20):
            while await _holders(database) in ([], [holder]):
                await asyncio.sleep(0.02)
        assert not here.done()


async def _holders(database: Database) -> list[int]:
    """Return the sessions that hold the lock of running apps."""
    query = """
        SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND objid = :lock AND granted
    """
    async with database.read() as connection:
        return list((await connection.execute(text(query), {"lock": INSTANCE_LOCK})).scalars())


async def test_an_act_that_is_given_up_while_it_waits_holds_nobody_up(
    address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (on_sqlite, on_postgresql):
        monkeypatch.setattr(module, "PATIENCE_MS", 2_000)
    async with opened(address) as other:
        async with database.write() as holder:
            await key_value.store(holder, "held", "1")
            late = asyncio.create_task(_store(other, "held", "2"))
            await asyncio.wait([late], timeout=0.3)
            late.cancel()
            await asyncio.wait([late], timeout=0.3)
        await _store(database, "held", "3")
        await _store(other, "free", "4")
        await _store(database, "free", "5")
        async with other.read() as connection:
            assert await key_value.value(connection, "held") == "3"
            assert await key_value.value(connection, "free") == "5"


async def _store(database: Database, key: str, value: str) -> None:
    async with database.write() as tx:
        await key_value.store(tx, key, value)
