"""The pages of what a chat follows: the list, one subscription, a forum's topics. See subscription_settings."""

from dataclasses import replace

from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.chats.callbacks import Panel
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
    WrittenKind,
)
from handlers.core.context import HandlerContext
from handlers.core.labels import (
    category_buttons,
    distinct_labels,
    followed_in_words,
    in_rows,
    marked,
    schedule_in_words,
    subscription_name,
    turns_by_offset,
    window,
)
from storage.records import Category, Chat, Subscription, SubscriptionKind

AS_THE_CHAT = 0
"""Stands for the chat's own schedule in callback data."""
FIRST_SCHEDULE = 1
"""Stands for the first schedule that has a button in callback data."""

_PAGE = 12
_TOPICS_PAGE = 20
_NAMES_UNITS = 1_500
_BUTTON_UNITS = 40
ADDED: dict[WrittenKind, tuple[str, str]] = {
    SubscriptionKind.WORDS: ("button-follow-words", "follow-words-ask"),
    SubscriptionKind.TAG: ("button-follow-tag", "follow-tag-ask"),
    SubscriptionKind.SECTION: ("button-follow-section", "follow-section-ask"),
    SubscriptionKind.MUTED: ("button-mute-words", "follow-muted-ask"),
}
"""The subjects of subscriptions besides categories, by kind: the button and the question."""


async def with_undo(ctx: HandlerContext, chat_id: int, topic_id: int, message: Message) -> Message:
    """Return the answer to a change of what a place follows, with a button that undoes the change."""
    stamp = await ctx.services.subscriptions.undoable(chat_id, topic_id)
    if stamp is None:
        return message
    undo = Button(ctx.texts("button-follow-undo"), UndoSubscriptionChange(chat_id, topic_id, stamp).pack())
    return replace(message, keyboard=(*message.keyboard, (undo,)))


async def list_page(ctx: HandlerContext, chat: Chat, topic_id: int, offset: int) -> Message:
    """Return what a place follows, with its categories to be turned on and off and a button to the page of each."""
    services, texts = ctx.services, ctx.texts
    known, followed = await services.subscriptions.categories(), await services.subscriptions.of(chat.id, topic_id)
    page, offset = window(followed, offset, _PAGE)
    lines = [await _title(ctx, chat, topic_id, known, followed=followed)]
    lines += [_line(ctx, chat, subscription, known) for subscription in page if _is_special(subscription)]
    lines.append(escape(texts("subscriptions-hint" if ctx.private else "follow-hint-in-group")))
    names = distinct_labels(
        [cut(subscription_name(subscription, known, texts), _BUTTON_UNITS) for subscription in page], texts
    )
    pages = [
        Button(f"⚙️ {name}", SubscriptionPage(chat.id, subscription.id).pack())
        for subscription, name in zip(page, names, strict=True)
    ]
    toggles = category_buttons(
        known, followed, texts, lambda category_id, on: FollowThere(chat.id, topic_id, category_id, on)
    )
    turns = turns_by_offset(
        texts,
        lambda place: FollowedPage(chat.id, topic_id, place),
        offset,
        _PAGE,
        more=offset + len(page) < len(followed),
    )
    return Message(
        "\n".join(lines),
        (
            *toggles,
            *in_rows(pages, 2),
            *turns,
            *(_ways_in_private(ctx, chat, topic_id) if ctx.private else _way_to_private(ctx, topic_id)),
        ),
    )


async def _title(
    ctx: HandlerContext, chat: Chat, topic_id: int, known: list[Category], *, followed: list[Subscription]
) -> str:
    texts = ctx.texts
    names = cut(followed_in_words(followed, known, texts), _NAMES_UNITS)
    schedule = schedule_in_words(chat.schedule, texts)
    if chat.id == ctx.chat_id and topic_id == ctx.topic_id:
        return texts.html("subscriptions-title", names=names, schedule=schedule)
    title = cut(chat.title or str(chat.id), _BUTTON_UNITS)
    if topic_id:
        name, _ = (await ctx.services.subscriptions.topics(chat.id)).get(topic_id, ("", False))
        title = f"{title} ‹ {cut(name or texts('follow-topic', id=topic_id), _BUTTON_UNITS)}"
    return texts.html("follow-title-of", title=title, names=names, schedule=schedule)


def _is_special(subscription: Subscription) -> bool:
    """Return whether the list of names does not say all of it."""
    return subscription.kind is SubscriptionKind.MUTED or bool(
        subscription.schedule and not subscription.breaking_only
    )


def _line(ctx: HandlerContext, chat: Chat, subscription: Subscription, known: list[Category]) -> str:
    texts = ctx.texts
    how = texts("follow-muted") if subscription.kind is SubscriptionKind.MUTED else _when(ctx, chat, subscription)
    return texts.html("follow-line", name=subscription_name(subscription, known, texts), how=how)


def _when(ctx: HandlerContext, chat: Chat, subscription: Subscription) -> str:
    """Return when a subscription's news comes."""
    if subscription.breaking_only:
        return ctx.texts("follow-breaking-at-once")
    return schedule_in_words(subscription.schedule or chat.schedule, ctx.texts)


def _ways_in_private(ctx: HandlerContext, chat: Chat, topic_id: int) -> Keyboard:
    texts = ctx.texts
    added = [
        Button(texts(button), AskSubject(chat.id, topic_id, kind).pack()) for kind, (button, _) in ADDED.items()
    ]
    topics = ((Button(texts("button-topics"), TopicsPage(chat.id, 0).pack()),),) if chat.is_forum else ()
    return (*in_rows(added, 2), *topics, (Button(texts("button-settings"), Panel(chat.id).pack()),))


def _way_to_private(ctx: HandlerContext, topic_id: int) -> Keyboard:
    """Return a link to the same panel in private: a group has no dialogue."""
    link = f"https://t.me/{ctx.services.bot_username}?start=p_{ctx.chat_id}_{topic_id}"
    return ((Button(ctx.texts("button-follow-in-private"), url=link),),)


def subscription_page(
    ctx: HandlerContext, chat: Chat, subscription: Subscription, known: list[Category]
) -> Message:
    """Return the page of a subscription: all of it or breaking news only, and when."""
    texts, ends = ctx.texts, StopSubscription(chat.id, subscription.id).pack()
    stop = (Button(texts("button-follow-stop"), ends),)
    back = (Button(texts("button-back"), FollowedPage(chat.id, subscription.topic_id).pack()),)
    name = subscription_name(subscription, known, texts)
    if subscription.kind is SubscriptionKind.MUTED:
        unmute = (Button(texts("button-follow-unmute"), ends),)
        return Message(texts.html("follow-page-muted", name=name), (unmute, back))
    key = "follow-page-breaking" if subscription.breaking_only else "follow-page"
    only = LimitToBreaking(chat.id, subscription.id, on=not subscription.breaking_only)
    rush = (Button(marked(texts("button-breaking-only"), subscription.breaking_only), only.pack()),)
    # Breaking news waits for no schedule.
    when = () if subscription.breaking_only else _schedules(ctx, chat, subscription)
    return Message(texts.html(key, name=name, schedule=_when(ctx, chat, subscription)), (rush, *when, stop, back))


def _schedules(ctx: HandlerContext, chat: Chat, subscription: Subscription) -> Keyboard:
    texts = ctx.texts
    same = texts("follow-as-chat", schedule=schedule_in_words(chat.schedule, texts))
    buttons = SCHEDULE.buttons(
        texts, subscription.schedule, lambda place: ChooseTime(chat.id, subscription.id, FIRST_SCHEDULE + place)
    )
    is_own = subscription.schedule not in (None, *SCHEDULE.values)
    own = (
        ((Button(marked(texts("button-own-schedule"), is_own), AskScheduleTime(chat.id, subscription.id).pack()),),)
        if ctx.private
        else ()
    )
    first = (
        Button(marked(same, not subscription.schedule), ChooseTime(chat.id, subscription.id, AS_THE_CHAT).pack()),
    )
    return (first, *in_rows(buttons, 2), *own)


async def topics_page(ctx: HandlerContext, chat: Chat, offset: int) -> Message:
    """Return a forum's topics, each a button to what it follows, marked where that is anything."""
    texts, topics = ctx.texts, await ctx.services.subscriptions.topics(chat.id)
    following = await ctx.services.subscriptions.topics_following(chat.id)
    whole = Button(marked(texts("follow-whole-group"), 0 in following), FollowedPage(chat.id, 0).pack())
    ids = sorted(topics.keys() | (following - {0}))
    page, offset = window(ids, offset, _TOPICS_PAGE)
    buttons = []
    known = [topics.get(topic_id, ("", False)) for topic_id in page]
    names = [
        cut(name or texts("follow-topic", id=topic_id), _BUTTON_UNITS)
        for topic_id, (name, _) in zip(page, known, strict=True)
    ]
    labels = distinct_labels(names, texts, [texts.digits(str(topic_id)) for topic_id in page])
    for topic_id, (_, closed), name in zip(page, known, labels, strict=True):
        label = f"🔒 {name}" if closed else name
        buttons.append(Button(marked(label, topic_id in following), FollowedPage(chat.id, topic_id).pack()))
    more = offset + len(page) < len(ids)
    turns = turns_by_offset(texts, lambda place: TopicsPage(chat.id, place), offset, _TOPICS_PAGE, more=more)
    text = texts.html("follow-topics" if ids else "follow-topics-none", title=chat.title or str(chat.id))
    back = (Button(texts("button-back"), Panel(chat.id).pack()),)
    return Message(text, ((whole,), *in_rows(buttons, 2), *turns, back))
