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
from handlers.core.context import Scene
from handlers.core.guards import is_group_admin
from persian.direction import hashtag
from storage import articles
from storage.records import Chat, SubscriptionKind

DIALOGUE = "following"
"""The dialogue in which a person writes what to follow or mute, or when; data: chat, and topic, kind or one."""

_LOOKS_AT = 50
_EXAMPLES = 8
_EXAMPLE = 40


async def here(scene: Scene) -> Message:
    """Return the panel of the chat or topic that the scene is in."""
    assert scene.chat is not None, "commands come from chats"
    return await pages.list_page(scene, scene.chat, scene.topic_id, 0)


async def send_panel(scene: Scene, chat_id: int, topic_id: int) -> None:
    """Answer with the panel of a place that the person may look after. Raises NotFoundError otherwise."""
    await scene.send(await pages.list_page(scene, await _decides(scene, chat_id, topic_id), topic_id, 0))


async def press_categories(scene: Scene) -> None:
    """A press in the panel of a chat: `set:CHAT:cats`."""
    chat = await chat_settings.mine(scene, int(scene.data.split(":")[1]))
    await scene.show(await pages.list_page(scene, chat, 0, 0))


async def turn(scene: Scene) -> None:
    """A press on a page of the list: `fol:CHAT:TOPIC:OFFSET`."""
    _, chat_id, topic_id, offset = scene.data.split(":")
    chat = await _decides(scene, int(chat_id), int(topic_id))
    await scene.show(await pages.list_page(scene, chat, int(topic_id), int(offset)))


async def toggle(scene: Scene) -> None:
    """A press on a category in the list: `fol:CHAT:TOPIC:cat:CATEGORY:ON`, 0 for everything."""
    _, chat_id, topic_id, _, category_id, on = scene.data.split(":")
    chat = await _decides(scene, int(chat_id), int(topic_id))
    await scene.services.subscriptions.put(
        chat.id, int(category_id) or None, int(topic_id), on=on == "1", by=chat_settings.as_staff(scene, chat)
    )
    await scene.show(await pages.list_page(scene, chat, int(topic_id), 0))
    await scene.toast("noted")


async def press_one(scene: Scene) -> None:
    """A press on the page of a subscription: `one:CHAT:ID`, and behind that `:rush:ON`, `:when:N` or `:stop`."""
    _, chat_id, one_id, *change = scene.data.split(":")
    chat, id_ = await _decides(scene, int(chat_id)), int(one_id)
    service, by = scene.services.subscriptions, chat_settings.as_staff(scene, chat)
    if change[:1] == ["stop"]:
        gone = await service.stop(chat.id, id_, by=by)
        await scene.show(await pages.list_page(scene, chat, gone.topic_id, 0))
        await scene.toast("noted")
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
    await scene.show(pages.one_page(scene, chat, one, await service.categories()))
    await scene.toast("noted" if change else "")


async def ask(scene: Scene) -> None:
    """A press that asks for words: what to follow, `new:CHAT:TOPIC:KIND`, or when, `one:CHAT:ID:own`."""
    what, chat_id, id_, last = scene.data.split(":")
    chat = await _decides(scene, int(chat_id), 0 if what == "one" else int(id_))
    data: dict[str, object] = {"chat": chat.id}
    if what == "one":
        data["one"] = (await scene.services.subscriptions.get(chat.id, int(id_))).id
        question = "schedule-ask"
    else:
        data |= {"topic": int(id_), "kind": last}
        question = pages.ADDED[last][1]
    await scene.open_dialogue(DIALOGUE, data)
    lines = [scene.texts.html(question)]
    if recent := await _recent(scene, last):
        lines.append(scene.texts.html("follow-recent", names=scene.texts("list-comma").join(recent)))
    await scene.send(Message("\n".join(lines)))


async def hear(scene: Scene, data: dict[str, object]) -> None:
    """Words written in the dialogue. Raises UserError where they cannot be meant so: it stays open.

    Raises NotFoundError where the place or what is followed there is gone.
    """
    answer = await _take(scene, data)
    await scene.close_dialogue()
    await scene.send(answer)


async def _take(scene: Scene, data: dict[str, object]) -> Message:
    chat = await chat_settings.mine(scene, int(str(data["chat"])))
    service, by = scene.services.subscriptions, chat_settings.as_staff(scene, chat)
    if "one" in data:
        schedule = read_schedule(scene.words)
        if schedule is None:
            raise UserError("schedule-unreadable")
        one = await service.change(chat.id, int(str(data["one"])), by=by, schedule=str(schedule))
        return pages.one_page(scene, chat, one, await service.categories())
    topic_id = int(str(data["topic"]))
    await service.follow(chat.id, _wishes(scene, SubscriptionKind(str(data["kind"]))), topic_id, by=by)
    return await pages.list_page(scene, chat, topic_id, 0)


async def list_topics(scene: Scene) -> None:
    """A press on the topics of a forum: `topics:CHAT:OFFSET`."""
    _, chat_id, offset = scene.data.split(":")
    chat = await chat_settings.mine(scene, int(chat_id))
    await scene.show(await pages.topics_page(scene, chat, int(offset)))


async def _recent(scene: Scene, kind: str) -> list[str]:
    """Return the desks or tags that the newest articles have most, as examples."""
    if kind not in (SubscriptionKind.TAG, SubscriptionKind.DESK):
        return []
    async with scene.services.database.read() as connection:
        newest = await articles.page(connection, limit=_LOOKS_AT)
    desks = [article.content.desk for article in newest if article.content.desk]
    tags = [hashtag(tag) for article in newest for tag in article.content.tags]
    counted = Counter(desks if kind == SubscriptionKind.DESK else tags)
    return [cut(name, _EXAMPLE) for name, _ in counted.most_common(_EXAMPLES)]


async def _decides(scene: Scene, chat_id: int, topic_id: int = 0) -> Chat:
    """Return the chat if the person decides what it, or a topic of it, follows, looked up each time.

    Raises UserError otherwise, and where there are no topics.
    """
    if scene.private:
        chat = await chat_settings.mine(scene, chat_id)
    elif scene.chat is None or scene.chat.id != chat_id or not await is_group_admin(scene):
        raise UserError("group-admins-only")
    else:
        chat = scene.chat
    if topic_id and not (chat.is_forum or topic_id == scene.topic_id):
        raise UserError("stale-button")
    return chat


def _wishes(scene: Scene, kind: SubscriptionKind) -> list[Wish]:
    if kind is SubscriptionKind.TAG:
        return tag_wishes(scene.words[:LONGEST])
    if kind is SubscriptionKind.DESK:
        return desk_wishes(scene.words[:LONGEST])
    return [words_wish(scene.words, kind)]
