"""Subscriptions by buttons: of a person's own chat, a channel or group that they manage, or a topic of it."""

from collections import Counter

import msgspec

from bot.audience.subscription_request import (
    LONGEST,
    SubscriptionRequest,
    section_requests,
    tag_requests,
    words_request,
)
from bot.errors import NotFoundError, UserError
from bot.render.html import cut
from bot.render.message import Message
from handlers.chats import subscription_pages as pages
from handlers.chats.callbacks import PanelCategories
from handlers.chats.managed_chats import ChatDialogueState, acting_staff_id, managed_chat
from handlers.chats.setting_choices import SCHEDULE
from handlers.chats.subscription_callbacks import (
    AskScheduleTime,
    AskSubject,
    ChooseTime,
    FollowedPage,
    FollowThere,
    LimitToBreaking,
    StopSubscription,
    SubscriptionPage,
    TopicsPage,
    UndoSubscriptionChange,
)
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.guards import is_group_admin
from handlers.core.keyboards import cancel_keyboard
from handlers.core.router import Place, Router
from persian.direction import hashtag
from storage import articles
from storage.records import Chat, Subscription, SubscriptionKind

router = Router()


class FollowingState(ChatDialogueState, frozen=True, kw_only=True):
    """The id of the subscription whose schedule is written; where it is None, the topic and kind of a new one."""

    # Stored states call it `one`.
    subscription_id: int | None = msgspec.field(name="one", default=None)
    topic: int = 0
    kind: SubscriptionKind = SubscriptionKind.WORDS


FOLLOWING = router.dialogue(Dialogue("following", FollowingState, ends_on=NotFoundError))
"""The dialogue in which a person writes what to follow or mute, or when."""

_LOOKS_AT = 50
_EXAMPLES = 8
_EXAMPLE = 40


async def send_panel(ctx: HandlerContext, chat_id: int, topic_id: int) -> None:
    """Answer with the panel of a place that the person manages. Raises NotFoundError otherwise."""
    await ctx.send(await pages.list_page(ctx, await _decides(ctx, chat_id, topic_id), topic_id, 0))


@router.callback(PanelCategories)
async def on_categories(ctx: HandlerContext, button: PanelCategories) -> None:
    """Show what a chat follows, from its panel."""
    chat = await managed_chat(ctx, button.chat_id)
    await ctx.edit_or_send(await pages.list_page(ctx, chat, 0, 0))


@router.callback(FollowedPage, place=Place.ANYWHERE)
async def on_page(ctx: HandlerContext, button: FollowedPage) -> None:
    """Show a page of what a place follows."""
    chat = await _decides(ctx, button.chat_id, button.topic_id)
    await ctx.edit_or_send(await pages.list_page(ctx, chat, button.topic_id, button.offset))


@router.callback(FollowThere, place=Place.ANYWHERE)
async def toggle(ctx: HandlerContext, button: FollowThere) -> None:
    """Follow or unfollow a category or everything for a place."""
    chat = await _decides(ctx, button.chat_id, button.topic_id)
    staff_id = acting_staff_id(ctx, chat)
    await ctx.services.subscriptions.put(
        chat.id, button.category_id or None, button.topic_id, on=button.on, by=staff_id
    )
    await _show_list(ctx, chat, button.topic_id)
    await ctx.answer_callback("noted")


@router.callback(SubscriptionPage, place=Place.ANYWHERE)
async def show_subscription(ctx: HandlerContext, button: SubscriptionPage) -> None:
    """Show the page of a subscription."""
    chat = await _decides(ctx, button.chat_id)
    subscription = await ctx.services.subscriptions.get(chat.id, button.subscription_id)
    await ctx.edit_or_send(
        pages.subscription_page(ctx, chat, subscription, await ctx.services.subscriptions.categories())
    )
    await ctx.answer_callback()


@router.callback(LimitToBreaking, place=Place.ANYWHERE)
async def limit_to_breaking(ctx: HandlerContext, button: LimitToBreaking) -> None:
    """Limit a subscription to breaking news, or lift the limit."""
    chat = await _decides(ctx, button.chat_id)
    staff_id = acting_staff_id(ctx, chat)
    changed = await ctx.services.subscriptions.change(
        chat.id, button.subscription_id, by=staff_id, breaking_only=button.on
    )
    await ctx.edit_or_send(await _changed_page(ctx, chat, changed))
    await ctx.answer_callback("noted")


@router.callback(ChooseTime, place=Place.ANYWHERE)
async def choose_time(ctx: HandlerContext, button: ChooseTime) -> None:
    """Set a subscription's schedule to that of a button, or to the chat's own."""
    chat = await _decides(ctx, button.chat_id)
    schedule = None if button.place == pages.AS_THE_CHAT else SCHEDULE.at(button.place - pages.FIRST_SCHEDULE)
    staff_id = acting_staff_id(ctx, chat)
    changed = await ctx.services.subscriptions.change(
        chat.id, button.subscription_id, by=staff_id, schedule=schedule
    )
    await ctx.edit_or_send(await _changed_page(ctx, chat, changed))
    await ctx.answer_callback("noted")


@router.callback(StopSubscription, place=Place.ANYWHERE)
async def stop(ctx: HandlerContext, button: StopSubscription) -> None:
    """End a subscription and show the list that it was in."""
    chat = await _decides(ctx, button.chat_id)
    staff_id = acting_staff_id(ctx, chat)
    stopped = await ctx.services.subscriptions.stop(chat.id, button.subscription_id, by=staff_id)
    await _show_list(ctx, chat, stopped.topic_id)
    await ctx.answer_callback("noted")


@router.callback(UndoSubscriptionChange, place=Place.ANYWHERE)
async def undo(ctx: HandlerContext, button: UndoSubscriptionChange) -> None:
    """Restore what a place followed before a change, and show the list in the answer's place."""
    chat = await _decides(ctx, button.chat_id, button.topic_id)
    staff_id = acting_staff_id(ctx, chat)
    await ctx.services.subscriptions.undo(chat.id, button.topic_id, button.stamp, by=staff_id)
    await ctx.edit_or_send(await pages.list_page(ctx, chat, button.topic_id, 0))
    await ctx.answer_callback("follow-undone")


async def _show_list(ctx: HandlerContext, chat: Chat, topic_id: int) -> None:
    """Show what a place follows, after a change of it."""
    page = await pages.list_page(ctx, chat, topic_id, 0)
    await ctx.edit_or_send(await pages.with_undo(ctx, chat.id, topic_id, page))


async def _changed_page(ctx: HandlerContext, chat: Chat, changed: Subscription) -> Message:
    """Return the page of a subscription that was changed."""
    page = pages.subscription_page(ctx, chat, changed, await ctx.services.subscriptions.categories())
    return await pages.with_undo(ctx, chat.id, changed.topic_id, page)


@router.callback(AskSubject)
async def prompt_for_subject(ctx: HandlerContext, button: AskSubject) -> None:
    """Prompt for the words, tags or sections to follow, or the words to mute."""
    chat = await _decides(ctx, button.chat_id, button.topic_id)
    await FOLLOWING.open(ctx, FollowingState(chat=chat.id, topic=button.topic_id, kind=button.kind))
    lines = [ctx.texts.html(pages.ADDED[button.kind][1])]
    if recent := await _recent(ctx, button.kind):
        lines.append(ctx.texts.html("follow-recent", names=ctx.texts("list-comma").join(recent)))
    await ctx.send(Message("\n".join(lines), cancel_keyboard(ctx)))


@router.callback(AskScheduleTime)
async def prompt_for_schedule(ctx: HandlerContext, button: AskScheduleTime) -> None:
    """Prompt for a schedule of a subscription's own."""
    chat = await _decides(ctx, button.chat_id)
    subscription = await ctx.services.subscriptions.get(chat.id, button.subscription_id)
    await FOLLOWING.open(ctx, FollowingState(chat=chat.id, subscription_id=subscription.id))
    await ctx.prompt(SCHEDULE.question, cancel_keyboard(ctx))


@FOLLOWING.on_message
async def on_message(ctx: HandlerContext, state: FollowingState) -> None:
    """Apply the words written in the dialogue. Raises UserError where they do not fit: it stays open.

    Raises NotFoundError where the place or what is followed there is gone.
    """
    answer = await _apply(ctx, state)
    await ctx.close_dialogue()
    await ctx.send(answer)


async def _apply(ctx: HandlerContext, state: FollowingState) -> Message:
    chat = await managed_chat(ctx, state.chat)
    service, staff_id = ctx.services.subscriptions, acting_staff_id(ctx, chat)
    if state.subscription_id is not None:
        changed = await service.change(
            chat.id, state.subscription_id, by=staff_id, schedule=SCHEDULE.written(ctx.words)
        )
        return await _changed_page(ctx, chat, changed)
    await service.follow(chat.id, _wishes(ctx, state.kind), state.topic, by=staff_id)
    page = await pages.list_page(ctx, chat, state.topic, 0)
    return await pages.with_undo(ctx, chat.id, state.topic, page)


@router.callback(TopicsPage)
async def list_topics(ctx: HandlerContext, button: TopicsPage) -> None:
    """Show a page of a forum's topics."""
    chat = await managed_chat(ctx, button.chat_id)
    await ctx.edit_or_send(await pages.topics_page(ctx, chat, button.offset))


async def _recent(ctx: HandlerContext, kind: SubscriptionKind) -> list[str]:
    """Return the sections or tags that the newest articles have most, as examples."""
    if kind not in (SubscriptionKind.TAG, SubscriptionKind.SECTION):
        return []
    async with ctx.services.database.read() as connection:
        newest = await articles.page(connection, limit=_LOOKS_AT)
    sections = [article.content.section for article in newest if article.content.section]
    tags = [hashtag(tag) for article in newest for tag in article.content.tags]
    counted = Counter(sections if kind is SubscriptionKind.SECTION else tags)
    return [cut(name, _EXAMPLE) for name, _ in counted.most_common(_EXAMPLES)]


async def _decides(ctx: HandlerContext, chat_id: int, topic_id: int = 0) -> Chat:
    """Return the chat if the person decides what it, or a topic of it, follows, looked up each time.

    Raises UserError otherwise, and where there are no topics.
    """
    if ctx.private:
        chat = await managed_chat(ctx, chat_id)
    elif ctx.chat is None or ctx.chat.id != chat_id or not await is_group_admin(ctx):
        raise UserError("group-admins-only")
    else:
        chat = ctx.chat
    if topic_id and not (chat.is_forum or topic_id == ctx.topic_id):
        raise UserError("stale-button")
    return chat


def _wishes(ctx: HandlerContext, kind: SubscriptionKind) -> list[SubscriptionRequest]:
    if kind is SubscriptionKind.TAG:
        return tag_requests(ctx.words[:LONGEST])
    if kind is SubscriptionKind.SECTION:
        return section_requests(ctx.words[:LONGEST])
    return [words_request(ctx.words, kind)]
