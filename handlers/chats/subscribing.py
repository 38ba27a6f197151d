"""The commands by which a person, a group or a topic follows news."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.audience.subscription_request import (
    EVERYTHING,
    SubscriptionRequest,
    category_request,
    requests_among,
    words_request,
)
from bot.errors import NotFoundError, UserError
from bot.render.callback_data import CallbackData, CategoryId, number
from bot.render.message import Button, ButtonStyle, Message
from handlers.chats import subscription_pages
from handlers.chats.managed_chats import acting_staff_id
from handlers.core.callbacks import FollowCategory, FollowSearch, FollowWords
from handlers.core.category_names import unknown_category
from handlers.core.context import AROUND, HandlerContext
from handlers.core.guards import is_group_admin
from handlers.core.labels import followed_in_words, names_of, schedule_in_words, subscription_name
from handlers.core.router import Place, Router
from persian.normalise import match_key
from storage import categories
from storage.records import Subscription, SubscriptionKind

router = Router()

_NAME = 60


@dataclass(frozen=True, slots=True)
class FollowHere(CallbackData, prefix="sub"):
    """Follows a category, or EVERYTHING, in the chat or topic that the button stands in, or no more."""

    category_id: CategoryId
    on: bool


@dataclass(frozen=True, slots=True)
class UnfollowEverything(CallbackData, prefix="unsub"):
    """Ends the `count` subscriptions that are still followed here, the `newest` being the last of them."""

    count: Annotated[int, number(5)]
    newest: Annotated[int, number(15)]


@dataclass(frozen=True, slots=True)
class KeepFollowing(CallbackData, prefix="unsub:no"):
    """Leaves what is followed as it is."""


@router.command("subscribe", place=Place.ANYWHERE)
async def subscribe(ctx: HandlerContext) -> None:
    """/subscribe [WHAT...]: everything, or the categories, #tags and words in quotes that are named.

    Where something else is named, nothing is followed: the categories are told, and following the words is offered.
    """
    if not await _may_decide(ctx):
        return
    try:
        requests = await ctx.services.subscriptions.parse_requests(_words(ctx), ctx.texts.sections)
    except UserError as error:
        if error.key != "category-unknown":
            raise
        await _offer_words(ctx, str(error.text_args["name"]))
        return
    await ctx.send(await _followed(ctx, requests or [EVERYTHING]))


@router.callback(FollowWords, place=Place.ANYWHERE)
async def follow_words(ctx: HandlerContext, _button: FollowWords) -> None:
    """Follow what `_offer_words` offers: the words stand in the message, as code."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    await ctx.edit_or_send(await _followed(ctx, [_words_in_code(ctx)]))
    await ctx.answer_callback("noted")


@router.callback(FollowSearch, place=Place.ANYWHERE)
async def follow_search(ctx: HandlerContext, _button: FollowSearch) -> None:
    """Follow the words of one's own search."""
    await _follow_once(ctx, _words_in_code(ctx))


@router.callback(FollowCategory, place=Place.ANYWHERE)
async def follow_category(ctx: HandlerContext, button: FollowCategory) -> None:
    """Follow the category of a list."""
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, button.category_id)
    if category is None:
        raise NotFoundError("category-gone")
    await _follow_once(ctx, category_request(category))


async def _follow_once(ctx: HandlerContext, request: SubscriptionRequest) -> None:
    """Follow what a message is about, which stays: that it is followed is told below, once."""
    if not ctx.private:
        raise UserError("stale-button")
    if any(request.is_of(subscription) for subscription in await ctx.services.subscriptions.of(ctx.chat_id)):
        await ctx.answer_callback("follow-already")
        return
    await ctx.send(await _followed(ctx, [request]))
    await ctx.answer_callback("noted")


def _words_in_code(ctx: HandlerContext) -> SubscriptionRequest:
    offered = list(ctx.message.parse_entities(["code"]).values())
    if not offered:
        raise UserError("stale-button")
    return words_request(offered[0].strip(AROUND))


@router.command("unsubscribe", place=Place.ANYWHERE)
async def unsubscribe(ctx: HandlerContext) -> None:
    """/unsubscribe [WHAT...]: what is named as for /subscribe; alone it asks before all of it is dropped."""
    if not await _may_decide(ctx):
        return
    services = ctx.services
    before, words = await services.subscriptions.of(ctx.chat_id, ctx.topic_id), _words(ctx)
    try:
        requests = requests_among(words, before) or await services.subscriptions.parse_requests(
            words, ctx.texts.sections
        )
    except UserError as error:
        if error.key != "category-unknown":
            raise
        raise UserError("follow-not-followed", name=words[:_NAME]) from error
    known = await services.subscriptions.categories()
    assert ctx.chat is not None, "commands come from chats"
    staff_id = acting_staff_id(ctx, ctx.chat)
    if not _news(before):
        await ctx.reply("subscriptions-none")
    elif requests:
        await services.subscriptions.unfollow(ctx.chat_id, requests, ctx.topic_id, by=staff_id)
        names = [subscription_name(request, known, ctx.texts) for request in requests]
        answer = ctx.texts.html("unsubscribed", names=ctx.texts("list-comma").join(names))
        await ctx.send(await _with_undo(ctx, Message(answer)))
    else:
        yes = Button(ctx.texts("button-yes-unsubscribe"), _unfollow_all(before).pack(), style=ButtonStyle.DANGER)
        no = Button(ctx.texts("button-cancel"), KeepFollowing().pack())
        await ctx.prompt("unsubscribe-sure", ((yes, no),), names=followed_in_words(before, known, ctx.texts))


@router.callback(UnfollowEverything, place=Place.ANYWHERE)
async def unfollow_everything(ctx: HandlerContext, button: UnfollowEverything) -> None:
    """Drop all that the question named; where anything else is followed now, the button is stale."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    subscriptions = ctx.services.subscriptions
    if _unfollow_all(await subscriptions.of(ctx.chat_id, ctx.topic_id)) != button:
        raise UserError("stale-button")
    assert ctx.chat is not None, "presses come from chats"
    await subscriptions.unfollow(ctx.chat_id, [], ctx.topic_id, by=acting_staff_id(ctx, ctx.chat))
    await ctx.edit_or_send(await _with_undo(ctx, Message(ctx.texts.html("unsubscribed-all"))))
    await ctx.answer_callback("noted")


@router.callback(KeepFollowing, place=Place.ANYWHERE)
async def keep_following(ctx: HandlerContext, _button: KeepFollowing) -> None:
    """Change nothing, and replace the question with that answer."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    await ctx.edit_or_send(Message(ctx.texts.html("cancelled")))
    await ctx.answer_callback()


def _news(followed: Sequence[Subscription]) -> list[Subscription]:
    """Return what brings news; what is muted is left out."""
    return [subscription for subscription in followed if subscription.kind is not SubscriptionKind.MUTED]


def _unfollow_all(followed: Sequence[Subscription]) -> UnfollowEverything:
    news = _news(followed)
    return UnfollowEverything(len(news), max((subscription.id for subscription in news), default=0))


@router.command("subscriptions", place=Place.ANYWHERE)
async def subscriptions(ctx: HandlerContext) -> None:
    """/subscriptions: what is followed, with buttons that change it."""
    await ctx.send(await _panel(ctx))


@router.callback(FollowHere, place=Place.ANYWHERE)
async def toggle(ctx: HandlerContext, button: FollowHere) -> None:
    """Follow a category or everything here, or no more."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    assert ctx.chat is not None, "presses come from chats"
    staff_id = acting_staff_id(ctx, ctx.chat)
    await ctx.services.subscriptions.put(
        ctx.chat_id, button.category_id or None, ctx.topic_id, on=button.on, by=staff_id
    )
    await ctx.edit_or_send(await _with_undo(ctx, await _panel(ctx)))
    await ctx.answer_callback("noted")


async def _panel(ctx: HandlerContext) -> Message:
    """Return the panel of the chat or topic that the context is in."""
    assert ctx.chat is not None, "commands come from chats"
    return await subscription_pages.list_page(ctx, ctx.chat, ctx.topic_id, 0)


async def _followed(ctx: HandlerContext, requests: list[SubscriptionRequest]) -> Message:
    """Follow what is wished for here, and return that with the panel's buttons."""
    services, texts = ctx.services, ctx.texts
    if ctx.topic_id:
        await services.chats.topic_seen(ctx.chat_id, ctx.topic_id, _topic_name(ctx), closed=None)
    assert ctx.chat is not None, "commands come from chats"
    # Whoever asks for news wants to get it; and a group may become a forum at any time.
    staff_id = acting_staff_id(ctx, ctx.chat)
    await services.subscriptions.follow(ctx.chat_id, requests, ctx.topic_id, resume=True, by=staff_id)
    if ctx.topic_id and not ctx.chat.is_forum:
        await services.chats.change(ctx.chat_id, is_forum=True)
    known = await services.subscriptions.categories()
    names = texts("list-comma").join(subscription_name(request, known, texts) for request in requests)
    head = texts.html("subscribed", names=names, schedule=schedule_in_words(ctx.chat.schedule, texts))
    return await _with_undo(ctx, Message(head, (await _panel(ctx)).keyboard))


async def _with_undo(ctx: HandlerContext, message: Message) -> Message:
    """Return the answer to a change of what this place follows, with a button that undoes the change."""
    return await subscription_pages.with_undo(ctx, ctx.chat_id, ctx.topic_id, message)


async def _offer_words(ctx: HandlerContext, name: str) -> None:
    try:
        words_request(ctx.words)
    except UserError:
        await unknown_category(ctx, name)
        return
    known = await ctx.services.subscriptions.categories()
    button = Button(ctx.texts("button-follow-these-words"), FollowWords().pack())
    names = names_of(known, ctx.texts)
    await ctx.prompt("follow-unknown", ((button,),), name=name, names=names, words=ctx.words)


def _words(ctx: HandlerContext) -> str:
    """Return what was named behind the command; "" stands for everything, as a word for that does."""
    everything = {match_key(word) for word in ctx.texts("words-everything").split("|")}
    return "" if match_key(ctx.words) in everything else ctx.words


def _topic_name(ctx: HandlerContext) -> str:
    """Return the name of the topic that was written in, where the message tells it."""
    beginning = getattr(ctx.message, "reply_to_message", None)
    created = getattr(beginning, "forum_topic_created", None)
    return created.name if created else ""


async def _may_decide(ctx: HandlerContext) -> bool:
    """Return whether the person decides what this chat follows; in a group whoever may not gets no answer."""
    return ctx.private or await is_group_admin(ctx)
