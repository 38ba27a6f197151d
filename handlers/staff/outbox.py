"""/outbox: what waits, how far a broadcast has come, and what a person has to decide about."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Annotated, Literal

from bot.delivery.policy import TRIED_TOO_LONG
from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, Offset, number
from bot.render.callbacks import SettledRow
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from bot.telegram.errors import About, about
from handlers.core.context import HandlerContext
from handlers.core.labels import broadcast_line, fetched_window, refusal_in_words, turns_by_offset
from handlers.core.router import Router
from handlers.staff.list_rows import row_ids
from handlers.staff.pause_notice import pause_in_words
from storage import amendments, articles, chats, deliveries, ledger, progress
from storage.engine.connection import Connection
from storage.progress import Broadcast, LaneBacklog
from storage.records import Article, Chat, Delivery, DeliveryState, Lane, MessageState

_PAGE = 5
_BROADCASTS = 3
_REFUSING = 5
_TITLE = 60
_REASON = 120
_UNREADABLE = "—"
"""Stands for what a malformed row would say."""

router = Router()

DeliveryId = Annotated[int, number(15)]
"""The id of a delivery."""


@dataclass(frozen=True, slots=True)
class OutboxPage(CallbackData, prefix="outbox"):
    """A page of what went wrong, looked at anew."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class RetryDelivery(CallbackData, prefix="out"):
    """Sends a delivery again."""

    delivery_id: DeliveryId
    offset: Offset
    word: Literal["again"] = "again"


@dataclass(frozen=True, slots=True)
class ConfirmDelivery(CallbackData, prefix="out"):
    """Confirms that a delivery has arrived."""

    delivery_id: DeliveryId
    offset: Offset
    word: Literal["there"] = "there"


@dataclass(frozen=True, slots=True)
class DropDelivery(CallbackData, prefix="out"):
    """Abandons a delivery."""

    delivery_id: DeliveryId
    offset: Offset
    word: Literal["drop"] = "drop"


@router.command("outbox", right=Right.OUTBOX)
async def show_outbox(ctx: HandlerContext) -> None:
    """/outbox."""
    await ctx.send(await _outbox(ctx, 0))


@router.callback(OutboxPage, right=Right.OUTBOX)
async def on_page(ctx: HandlerContext, button: OutboxPage) -> None:
    """Show a page in the place of another, or the same anew."""
    await ctx.edit_or_send(await _outbox(ctx, button.offset))
    await ctx.answer_callback("noted")


@router.callback(RetryDelivery, right=Right.OUTBOX)
async def retry(ctx: HandlerContext, button: RetryDelivery) -> None:
    """Send a delivery that went wrong again."""
    await _decide(ctx, ctx.services.outbox_actions.retry(button.delivery_id, actor_id=ctx.user_id), button.offset)


@router.callback(ConfirmDelivery, right=Right.OUTBOX)
async def confirm(ctx: HandlerContext, button: ConfirmDelivery) -> None:
    """Mark an uncertain delivery as arrived."""
    await _decide(ctx, ctx.services.outbox_actions.arrived(button.delivery_id, actor_id=ctx.user_id), button.offset)


@router.callback(DropDelivery, right=Right.OUTBOX)
async def drop(ctx: HandlerContext, button: DropDelivery) -> None:
    """Drop a failed delivery."""
    await _decide(ctx, ctx.services.outbox_actions.drop(button.delivery_id, actor_id=ctx.user_id), button.offset)


async def _decide(ctx: HandlerContext, decision: Awaitable[None], offset: int) -> None:
    """Decide about a delivery, and show the new state of the page's rows in their places."""
    ids = row_ids(ctx, RetryDelivery, lambda row: row.delivery_id)
    try:
        await decision
    finally:
        await ctx.edit_or_send(await _outbox(ctx, offset, ids))
    await ctx.answer_callback("noted")


async def _outbox(ctx: HandlerContext, offset: int, ids: Collection[int] = ()) -> Message:
    """Return how things stand, and a page of what went wrong: that at `offset`, or those deliveries."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        lines = await _state(connection, ctx.services.settings.bulk_rate, texts)
        page = await _read_page(connection, offset, ids)
    buttons: list[tuple[Button, ...]] = []
    lines += ["", texts.html("outbox-troubles" if page.troubled else "outbox-clean")]
    for place, delivery in enumerate(page.troubled, 1):
        is_asked = delivery.message_id in page.uncertain
        chat, article = page.chats.get(delivery.chat_id), page.articles.get(delivery.article_id)
        lines += ["", *_trouble(place, delivery, chat, article, texts=texts, is_asked=is_asked)]
        buttons += _choices(place, delivery, page.offset, texts, is_asked=is_asked)
    turns = turns_by_offset(texts, OutboxPage, page.offset, _PAGE, more=page.more)
    refresh = (Button(texts("button-refresh"), OutboxPage(page.offset).pack()),)
    return Message("\n".join(lines), (*buttons, *turns, refresh))


async def _state(connection: Connection, rate: float, texts: Texts) -> list[str]:
    """Return the lines about what waits, which chats refuse, and what is being broadcast at a `rate` a second."""
    paused = await pause_in_words(connection, texts)
    lines = [texts.html("outbox-title"), *([paused] if paused else [])]
    lines += _totals(await deliveries.counts(connection), await amendments.count_pending(connection), texts)
    lines += _lanes(await progress.waiting(connection), texts)
    refusing = await chats.refusing(connection, limit=_REFUSING)
    lines += _refusing(refusing, await chats.count_refusing(connection), texts)
    under_way = await progress.broadcasts(connection, limit=_BROADCASTS)
    titles = {
        article.id: article
        for article in await articles.get_many(connection, [broadcast.article_id for broadcast in under_way])
    }
    for broadcast in under_way:
        lines += ["", *_broadcast(broadcast, titles.get(broadcast.article_id), rate, texts)]
    return lines


@dataclass(frozen=True, slots=True)
class _TroublePage:
    """The deliveries of a page with their articles and chats; of `uncertain` messages nobody knows the end.

    `more` tells that there are further ones behind the page at `offset`.
    """

    troubled: Sequence[Delivery]
    articles: Mapping[int, Article]
    chats: Mapping[int, Chat]
    uncertain: Set[int]
    offset: int
    more: bool


async def _read_page(connection: Connection, offset: int, ids: Collection[int]) -> _TroublePage:
    troubled, offset = await fetched_window(
        lambda at: deliveries.troubled(connection, limit=_PAGE + 1, offset=at), offset
    )
    page = await deliveries.get_many(connection, ids) if ids else troubled[:_PAGE]
    named = await articles.get_many(connection, [delivery.article_id for delivery in page])
    known = await chats.get_many(connection, [delivery.chat_id for delivery in page])
    carrying = [delivery.message_id for delivery in page if delivery.message_id is not None]
    messages = await ledger.get_many(connection, carrying)
    return _TroublePage(
        page,
        {article.id: article for article in named},
        known,
        {message.id for message in messages if message.state is MessageState.ASKED},
        offset,
        len(troubled) > _PAGE,
    )


def _totals(counts: Mapping[DeliveryState, int], changes: int, texts: Texts) -> list[str]:
    lines = [texts.html(f"outbox-{state}", count=counts[state]) for state in DeliveryState if counts.get(state)]
    if changes:
        lines.append(texts.html("outbox-changes", count=changes))
    return lines or [texts.html("outbox-empty")]


def _lanes(waiting: Sequence[LaneBacklog], texts: Texts) -> list[str]:
    if not waiting:
        return []
    lines = ["", texts.html("outbox-lanes")]
    for backlog in waiting:
        name = texts(f"lane-{Lane(backlog.lane).name.lower()}")
        lines.append(texts.html("outbox-lane", lane=name, due=backlog.due, later=backlog.later))
    return lines


def _refusing(refusing: Sequence[Chat], count: int, texts: Texts) -> list[str]:
    """Return the chats that refuse messages, those that have done so for longest; what they are owed is kept."""
    if not refusing:
        return []
    lines = ["", texts.html("outbox-refusing-chats", count=count)]
    for chat in refusing:
        assert chat.refused_at is not None, "that makes it one of these"
        name, since = cut(chat.title or str(chat.id), _TITLE), texts.short(chat.refused_at)
        reason = refusal_in_words(chat, texts)
        lines.append(texts.html("outbox-refusing-chat", chat=name, when=since, reason=reason))
    return lines


def _broadcast(broadcast: Broadcast, article: Article | None, rate: float, texts: Texts) -> list[str]:
    """Return a broadcast as a bar, how many it has reached, and how long it still takes.

    The article is None where its row is malformed.
    """
    title = cut(article.content.title, _TITLE) if article is not None else _UNREADABLE
    name = (
        texts.html("outbox-announcement", title=title)
        if broadcast.article_id < 0
        else texts.html("outbox-broadcast", id=texts.digits(str(broadcast.article_id)), title=title)
    )
    return [name, broadcast_line(broadcast, rate, texts)]


def _trouble(
    place: int, delivery: Delivery, chat: Chat | None, article: Article | None, *, texts: Texts, is_asked: bool
) -> list[str]:
    """Return a delivery that needs a decision. The chat and the article are None where their rows are malformed."""
    where = cut((chat.title if chat is not None else "") or str(delivery.chat_id), _TITLE)
    facts = (
        texts.html("outbox-announcement-trouble", place=place, chat=where)
        if delivery.article_id < 0
        else texts.html(
            "outbox-trouble",
            place=place,
            chat=where,
            id=texts.digits(str(delivery.article_id)),
            category=category_name(article.category, texts) if article is not None else _UNREADABLE,
        )
    )
    return [facts, escape(_reason(delivery, texts, is_asked=is_asked))]


def _reason(delivery: Delivery, texts: Texts, *, is_asked: bool) -> str:
    """Return in a person's words why a delivery needs one."""
    if delivery.state not in (DeliveryState.UNCERTAIN, DeliveryState.REFUSED):
        return texts("outbox-decided")
    if delivery.state is DeliveryState.UNCERTAIN:
        return texts("outbox-why-asked" if is_asked else "outbox-why-uncertain")
    named = about(delivery.reason)
    if About.TOPIC in named:
        return texts("outbox-why-topic")
    if About.MEDIA in named:
        return texts("outbox-why-photo", reason=cut(delivery.reason, _REASON))
    if delivery.reason.startswith(TRIED_TOO_LONG):
        return texts("outbox-why-silent")
    return texts("outbox-why-refused", reason=cut(delivery.reason, _REASON))


def _is_to_decide(delivery: Delivery, *, is_asked: bool) -> bool:
    return delivery.state is DeliveryState.REFUSED or is_asked


def _choices(place: int, delivery: Delivery, offset: int, texts: Texts, *, is_asked: bool) -> Keyboard:
    """Return the buttons for one trouble; what became of it, once it is decided or is still being found out."""

    def button(key: str, kind: Callable[[int, int], CallbackData]) -> Button:
        return Button(texts(key, place=place), kind(delivery.id, offset).pack())

    if not _is_to_decide(delivery, is_asked=is_asked):
        return ((Button(texts(f"row-delivery-{delivery.state}", place=place), SettledRow(delivery.id).pack()),),)
    dropping = button("button-outbox-drop", DropDelivery)
    if is_asked:
        arrived = button("button-outbox-there", ConfirmDelivery)
        return ((arrived, button("button-outbox-missing", RetryDelivery), dropping),)
    return ((button("button-outbox-again", RetryDelivery), dropping),)
