"""What a person, a group or a topic follows, and the headlines of the day at once."""

from bot.render.headline import MOST_IN_ROUNDUP, roundup
from bot.render.html import escape
from bot.render.message import Message
from handlers.guards import is_group_admin
from handlers.scene import Scene
from handlers.wording import category_buttons, followed_in_words, names_of, schedule_in_words
from storage import articles

_DAY_MS = 24 * 3600 * 1000
_DIGEST_LOOKS_AT = 200


async def subscribe(scene: Scene) -> None:
    """/subscribe [CATEGORY...]: everything, or the categories named."""
    if not await _may_decide(scene):
        return
    followed = await scene.services.subscriptions.follow(scene.chat_id, scene.words, scene.topic_id)
    names = names_of(followed, scene.texts) if followed else scene.texts("everything")
    assert scene.chat is not None, "commands come from chats"
    if scene.chat.paused:
        # Whoever asks for news wants to get it.
        await scene.services.chats.change(scene.chat_id, paused=False)
    schedule = schedule_in_words(scene.chat.schedule, scene.texts)
    panel = await _panel(scene)
    head = scene.texts.html("subscribed", names=names, schedule=schedule)
    await scene.send(Message(head, panel.keyboard))


async def unsubscribe(scene: Scene) -> None:
    """/unsubscribe [CATEGORY...]: everything, or the categories named."""
    if not await _may_decide(scene):
        return
    before = await scene.services.subscriptions.of(scene.chat_id, scene.topic_id)
    left = await scene.services.subscriptions.unfollow(scene.chat_id, scene.words, scene.topic_id)
    if not before:
        await scene.say("subscriptions-none")
    elif left:
        await scene.say("unsubscribed", names=names_of(left, scene.texts))
    else:
        await scene.say("unsubscribed-all")


async def subscriptions(scene: Scene) -> None:
    """/subscriptions: what is followed, each category a button that turns it on or off."""
    await scene.send(await _panel(scene))


async def toggle(scene: Scene) -> None:
    """A press on a category: `sub:CATEGORY:ON`, 0 for everything."""
    if not await _may_decide(scene):
        await scene.toast("group-admins-only", alert=True)
        return
    _, category_id, on = scene.data.split(":")
    await scene.services.subscriptions.put(scene.chat_id, int(category_id) or None, scene.topic_id, on=on == "1")
    await scene.show(await _panel(scene))
    await scene.toast("noted")


async def digest(scene: Scene) -> None:
    """/digest: the headlines of the last day, of what is followed, else of everything."""
    services = scene.services
    followed = await services.subscriptions.of(scene.chat_id, scene.topic_id)
    wanted = {subscription.category_id for subscription in followed}
    async with services.database.read() as connection:
        newest = await articles.page(connection, limit=_DIGEST_LOOKS_AT)
    since = services.clock() - _DAY_MS
    chosen = [
        article
        for article in newest
        if article.published_at >= since and (not wanted or None in wanted or article.category.id in wanted)
    ]
    if chosen:
        await scene.send(roundup(chosen[:MOST_IN_ROUNDUP], scene.texts, services.bot_username))
    else:
        await scene.say("digest-empty")


async def _panel(scene: Scene) -> Message:
    services, texts = scene.services, scene.texts
    known = await services.subscriptions.categories()
    followed = await services.subscriptions.of(scene.chat_id, scene.topic_id)
    assert scene.chat is not None, "commands come from chats"
    schedule = schedule_in_words(scene.chat.schedule, texts)
    lines = [
        texts.html("subscriptions-title", names=followed_in_words(followed, known, texts), schedule=schedule),
        escape(texts("subscriptions-hint")),
    ]
    return Message("\n\n".join(lines), category_buttons(known, followed, texts, "sub"))


async def _may_decide(scene: Scene) -> bool:
    """Tell whether the person decides what this chat follows; in a group whoever may not gets no answer."""
    return scene.private or await is_group_admin(scene)
