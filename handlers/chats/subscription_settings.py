"""What a place follows, by buttons: a person's own chat, a channel or group that they look after, or a topic of it.

Callback data: `fol:CHAT:TOPIC:OFFSET` lists what is followed, `one:CHAT:SUBSCRIPTION` is the page of one, and
`topics:CHAT:OFFSET` lists a forum's topics. What is behind them changes something.
"""

from collections import Counter

from bot.audience.subscription_request import LONGEST, Wish, desk_wishes, tag_wishes, words_wish
from bot.delivery.schedule_parser import read_schedule
from bot.errors import UserError
from bot.render.html import cut
from bot.render.message import Message
from handlers.chats import chat_settings
from handlers.chats import subscription_pages as pages
from handlers.core.context import HandlerContext
from handlers.core.guards import is_group_admin
from persian.direction import hashtag
from storage import articles
from storage.records import Chat, SubscriptionKind

DIALOGUE = "following"
"""The dialogue in which a person writes what to follow or mute, or when; data: chat, and topic, kind or one."""

_LOOKS_AT = 50
_EXAMPLES = 8
_EXAMPLE = 40


async def here(ctx: HandlerContext) -> Message:
    """Return the panel of the chat or topic that the context is in."""
    assert ctx.chat is not None, "commands come from chats"
    return await pages.list_page(ctx, ctx.chat, ctx.topic_id, 0)


async def send_panel(ctx: HandlerContext, chat_id: int, topic_id: int) -> None:
    """Answer with the panel of a place that the person may look after. Raises NotFoundError otherwise."""
    await ctx.send(await pages.list_page(ctx, await _decides(ctx, chat_id, topic_id), topic_id, 0))


async def press_categories(ctx: HandlerContext) -> None:
    """A press in the panel of a chat: `set:CHAT:cats`."""
    chat = await chat_settings.mine(ctx, int(ctx.data.split(":")[1]))
    await ctx.show(await pages.list_page(ctx, chat, 0, 0))


async def turn(ctx: HandlerContext) -> None:
    """A press on a page of the list: `fol:CHAT:TOPIC:OFFSET`."""
    _, chat_id, topic_id, offset = ctx.data.split(":")
    chat = await _decides(ctx, int(chat_id), int(topic_id))
    await ctx.show(await pages.list_page(ctx, chat, int(topic_id), int(offset)))


async def toggle(ctx: HandlerContext) -> None:
    """A press on a category in the list: `fol:CHAT:TOPIC:cat:CATEGORY:ON`, 0 for everything."""
    _, chat_id, topic_id, _, category_id, on = ctx.data.split(":")
    chat = await _decides(ctx, int(chat_id), int(topic_id))
    await ctx.services.subscriptions.put(
        chat.id, int(category_id) or None, int(topic_id), on=on == "1", by=chat_settings.as_staff(ctx, chat)
    )
    await ctx.show(await pages.list_page(ctx, chat, int(topic_id), 0))
    await ctx.toast("noted")


async def press_one(ctx: HandlerContext) -> None:
    """A press on the page of a subscription: `one:CHAT:ID`, and behind that `:rush:ON`, `:when:N` or `:stop`."""
    _, chat_id, one_id, *change = ctx.data.split(":")
    chat, id_ = await _decides(ctx, int(chat_id)), int(one_id)
    service, by = ctx.services.subscriptions, chat_settings.as_staff(ctx, chat)
    if change[:1] == ["stop"]:
        gone = await service.stop(chat.id, id_, by=by)
        await ctx.show(await pages.list_page(ctx, chat, gone.topic_id, 0))
        await ctx.toast("noted")
        return
    if change[:1] == ["rush"]:
        one = await service.change(chat.id, id_, by=by, breaking_only=change[1] == "1")
    elif change[:1] == ["when"]:
        place = int(change[1])
        schedule = (
            chat_settings.SCHEDULES[(place - 1) % len(chat_settings.SCHEDULES)]
            if place != pages.AS_THE_CHAT
            else ""
        )
        one = await service.change(chat.id, id_, by=by, schedule=schedule)
    else:
        one = await service.get(chat.id, id_)
    await ctx.show(pages.one_page(ctx, chat, one, await service.categories()))
    await ctx.toast("noted" if change else "")


async def ask(ctx: HandlerContext) -> None:
    """A press that asks for words: what to follow, `new:CHAT:TOPIC:KIND`, or when, `one:CHAT:ID:own`."""
    what, chat_id, id_, last = ctx.data.split(":")
    chat = await _decides(ctx, int(chat_id), 0 if what == "one" else int(id_))
    data: dict[str, object] = {"chat": chat.id}
    if what == "one":
        data["one"] = (await ctx.services.subscriptions.get(chat.id, int(id_))).id
        question = "schedule-ask"
    else:
        data |= {"topic": int(id_), "kind": last}
        question = pages.ADDED[last][1]
    await ctx.open_dialogue(DIALOGUE, data)
    lines = [ctx.texts.html(question)]
    if recent := await _recent(ctx, last):
        lines.append(ctx.texts.html("follow-recent", names=ctx.texts("list-comma").join(recent)))
    await ctx.send(Message("\n".join(lines)))


async def hear(ctx: HandlerContext, data: dict[str, object]) -> None:
    """Words written in the dialogue. Raises UserError where they cannot be meant so: it stays open.

    Raises NotFoundError where the place or what is followed there is gone.
    """
    answer = await _take(ctx, data)
    await ctx.close_dialogue()
    await ctx.send(answer)


async def _take(ctx: HandlerContext, data: dict[str, object]) -> Message:
    chat = await chat_settings.mine(ctx, int(str(data["chat"])))
    service, by = ctx.services.subscriptions, chat_settings.as_staff(ctx, chat)
    if "one" in data:
        schedule = read_schedule(ctx.words)
        if schedule is None:
            raise UserError("schedule-unreadable")
        one = await service.change(chat.id, int(str(data["one"])), by=by, schedule=str(schedule))
        return pages.one_page(ctx, chat, one, await service.categories())
    topic_id = int(str(data["topic"]))
    await service.follow(chat.id, _wishes(ctx, SubscriptionKind(str(data["kind"]))), topic_id, by=by)
    return await pages.list_page(ctx, chat, topic_id, 0)


async def list_topics(ctx: HandlerContext) -> None:
    """A press on the topics of a forum: `topics:CHAT:OFFSET`."""
    _, chat_id, offset = ctx.data.split(":")
    chat = await chat_settings.mine(ctx, int(chat_id))
    await ctx.show(await pages.topics_page(ctx, chat, int(offset)))


async def _recent(ctx: HandlerContext, kind: str) -> list[str]:
    """Return the desks or tags that the newest articles have most, as examples."""
    if kind not in (SubscriptionKind.TAG, SubscriptionKind.DESK):
        return []
    async with ctx.services.database.read() as connection:
        newest = await articles.page(connection, limit=_LOOKS_AT)
    desks = [article.content.desk for article in newest if article.content.desk]
    tags = [hashtag(tag) for article in newest for tag in article.content.tags]
    counted = Counter(desks if kind == SubscriptionKind.DESK else tags)
    return [cut(name, _EXAMPLE) for name, _ in counted.most_common(_EXAMPLES)]


async def _decides(ctx: HandlerContext, chat_id: int, topic_id: int = 0) -> Chat:
    """Return the chat if the person decides what it, or a topic of it, follows, looked up each time.

    Raises UserError otherwise, and where there are no topics.
    """
    if ctx.private:
        chat = await chat_settings.mine(ctx, chat_id)
    elif ctx.chat is None or ctx.chat.id != chat_id or not await is_group_admin(ctx):
        raise UserError("group-admins-only")
    else:
        chat = ctx.chat
    if topic_id and not (chat.is_forum or topic_id == ctx.topic_id):
        raise UserError("stale-button")
    return chat


def _wishes(ctx: HandlerContext, kind: SubscriptionKind) -> list[Wish]:
    if kind is SubscriptionKind.TAG:
        return tag_wishes(ctx.words[:LONGEST])
    if kind is SubscriptionKind.DESK:
        return desk_wishes(ctx.words[:LONGEST])
    return [words_wish(ctx.words, kind)]
