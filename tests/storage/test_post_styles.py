"""Styles of messages are kept with them; a photo that went as a text is a text from then on."""

from bot.audience.chats import Chats, Policy
from bot.delivery.reschedule import Rescheduler
from persian.schedule import INSTANT
from storage import articles, audit, chats, fanouts, ledger, outbox, subscriptions
from storage.audit_details import ChatChangeDetails
from storage.engine.database import Database
from storage.ledger import MessageDraft
from storage.post_style import USUAL_STYLE, PostStyle, Shape
from storage.records import ArticleRevision, ChatKind, Content, FanOutKind, Form, Lane, SentMessage
from tests.newsroom_people import employ, with_right

NOW = 1_766_576_760_000
_STYLE = PostStyle(Shape.TITLE, signature="@kanal")


async def _begun(database: Database, *forms: Form) -> list[int]:
    """Begin a message of each form, each in a channel of its own."""
    async with database.write() as tx:
        number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        drafts = []
        for place, form in enumerate(forms, 1):
            await chats.ensure(tx, -place, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
            drafts.append(
                MessageDraft(-place, 0, form, "fa", (ArticleRevision(number, 1),), 1, None, False, _STYLE)
            )
        begun = await ledger.begin(tx, drafts, now=NOW, lease_until=NOW)
    return [begun[draft.chat_id] for draft in drafts]


async def _kept(database: Database, ids: list[int]) -> list[SentMessage]:
    async with database.read() as connection:
        return await ledger.get_many(connection, ids)


async def test_a_message_keeps_its_style_until_it_is_shown_in_another(database: Database) -> None:
    (message_id,) = await _begun(database, Form.HEADLINE)
    async with database.write() as tx:
        await ledger.record_revisions(tx, message_id, [ArticleRevision(1, 2)])
    (kept,) = await _kept(database, [message_id])
    assert (kept.post_style, kept.revision) == (_STYLE, 2)
    async with database.write() as tx:
        await ledger.record_revisions(tx, message_id, [ArticleRevision(1, 3)], post_style=USUAL_STYLE)
    (kept,) = await _kept(database, [message_id])
    assert (kept.post_style, kept.revision) == (USUAL_STYLE, 3)


async def test_only_a_photo_that_went_as_a_text_is_one(database: Database) -> None:
    ids = await _begun(database, Form.PHOTO, Form.PHOTO, Form.ROUNDUP)
    async with database.write() as tx:
        await ledger.mark_sent_as_text(tx, [ids[0], ids[2]])
    assert [message.form for message in await _kept(database, ids)] == [Form.HEADLINE, Form.PHOTO, Form.ROUNDUP]


async def test_a_chats_style_is_changed_with_its_audit_and_comes_with_what_is_owed(database: Database) -> None:
    retiming = Rescheduler(database, lambda: NOW, lambda: None)
    await employ(database, 7)
    people = Chats(
        database,
        lambda: NOW,
        Policy(INSTANT, "Asia/Tehran", open_door=False),
        retiming.follow,
        deciding=with_right(database),
        acting=with_right(database),
    )
    async with database.write() as tx:
        await chats.ensure(tx, -1, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await subscriptions.subscribe(tx, -1, None, now=NOW)
    changed = await people.change(-1, by=7, post_style=_STYLE)
    assert changed is not None
    assert changed.post_style == _STYLE
    async with database.write() as tx:
        number = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
        await fanouts.begin(tx, number, FanOutKind.HEADLINE, now=NOW)
        work = await fanouts.next_open(tx)
        assert work is not None
        await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=NOW)
        (ready,) = await outbox.ready_after(tx, None, NOW, limit=9)
        (owed,) = await outbox.lock_pending(tx, [ready.id])
        assert owed.post_style == _STYLE
        (entry,) = await audit.page(tx, limit=1)
        assert (entry.action, entry.actor_id) == ("chat_settings", 7)
        assert isinstance(entry.details, ChatChangeDetails)
        assert "@kanal" in entry.details.settings[0].after
