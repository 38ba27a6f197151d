"""What a person, a group or a topic follows by command."""

from bot.audience.subscription_request import EVERYTHING, Wish, category_wish, wishes_among, words_wish
from bot.errors import NotFoundError, UserError
from bot.render.message import Button, Message
from handlers.chats import subscription_settings
from handlers.chats.chat_settings import as_staff
from handlers.core.context import AROUND, Scene
from handlers.core.guards import is_group_admin
from handlers.core.labels import names_of, schedule_in_words, subscription_name
from handlers.readers.lists import unknown_category
from persian.normalise import match_key
from storage import categories

TAKE_WORDS = "follow:words"
"""The callback data of the button that follows the words which a message holds as code."""
TAKE_SEARCH = "follow:search"
"""The same under a search, which stays."""

_NAME = 60


async def subscribe(scene: Scene) -> None:
    """/subscribe [WHAT...]: everything, or the categories, #tags and words in quotes that are named.

    Where something else is named, nothing is followed: the categories are told, and following the words is offered.
    """
    if not await _may_decide(scene):
        return
    try:
        wishes = await scene.services.subscriptions.asked(_words(scene), scene.texts.sections)
    except UserError as error:
        if error.key != "category-unknown":
            raise
        await _offer_words(scene, str(error.text_args["name"]))
        return
    await scene.send(await _followed(scene, wishes or [EVERYTHING]))


async def take_words(scene: Scene) -> None:
    """A press on what `_offer_words` offers: the words stand in the message, as code."""
    if not await _may_decide(scene):
        raise UserError("group-admins-only")
    await scene.show(await _followed(scene, [_words_in_code(scene)]))
    await scene.toast("noted")


async def take_search(scene: Scene) -> None:
    """A press under a search of one's own: its words are followed."""
    await _take(scene, _words_in_code(scene))


async def take_category(scene: Scene) -> None:
    """A press under a category's list: `follow:c:CATEGORY`."""
    async with scene.services.database.read() as connection:
        found = await categories.get(connection, int(scene.data.split(":")[2]))
    if found is None:
        raise NotFoundError("category-gone")
    await _take(scene, category_wish(found))


async def _take(scene: Scene, wish: Wish) -> None:
    """Follow what a message is about, which stays: that it is followed is told below, once."""
    if not scene.private:
        raise UserError("stale-button")
    if any(wish.is_of(one) for one in await scene.services.subscriptions.of(scene.chat_id)):
        await scene.toast("follow-already")
        return
    await scene.send(await _followed(scene, [wish]))
    await scene.toast("noted")


def _words_in_code(scene: Scene) -> Wish:
    offered = list(scene.message.parse_entities(["code"]).values())
    if not offered:
        raise UserError("stale-button")
    return words_wish(offered[0].strip(AROUND))


async def unsubscribe(scene: Scene) -> None:
    """/unsubscribe [WHAT...]: all of it, or what is named as for /subscribe."""
    if not await _may_decide(scene):
        return
    services = scene.services
    before, words = await services.subscriptions.of(scene.chat_id, scene.topic_id), _words(scene)
    try:
        wishes = wishes_among(words, before) or await services.subscriptions.asked(words, scene.texts.sections)
    except UserError as error:
        if error.key != "category-unknown":
            raise
        raise UserError("follow-not-followed", name=words[:_NAME]) from error
    known = await services.subscriptions.categories()
    assert scene.chat is not None, "commands come from chats"
    by = as_staff(scene, scene.chat)
    any_were = await services.subscriptions.unfollow(scene.chat_id, wishes, scene.topic_id, by=by)
    if not any_were:
        await scene.say("subscriptions-none")
    elif wishes:
        names = [subscription_name(wish, known, scene.texts) for wish in wishes]
        await scene.say("unsubscribed", names=scene.texts("list-comma").join(names))
    else:
        await scene.say("unsubscribed-all")


async def subscriptions(scene: Scene) -> None:
    """/subscriptions: what is followed, with buttons that change it."""
    await scene.send(await subscription_settings.here(scene))


async def toggle(scene: Scene) -> None:
    """A press on a category: `sub:CATEGORY:ON`, 0 for everything."""
    if not await _may_decide(scene):
        raise UserError("group-admins-only")
    assert scene.chat is not None, "presses come from chats"
    _, category_id, on = scene.data.split(":")
    by = as_staff(scene, scene.chat)
    await scene.services.subscriptions.put(
        scene.chat_id, int(category_id) or None, scene.topic_id, on=on == "1", by=by
    )
    await scene.show(await subscription_settings.here(scene))
    await scene.toast("noted")


async def _followed(scene: Scene, wishes: list[Wish]) -> Message:
    """Follow what is wished for here, and return that with the panel's buttons."""
    services, texts = scene.services, scene.texts
    if scene.topic_id:
        await services.chats.topic_seen(scene.chat_id, scene.topic_id, _topic_name(scene), closed=None)
    assert scene.chat is not None, "commands come from chats"
    await services.subscriptions.follow(scene.chat_id, wishes, scene.topic_id, by=as_staff(scene, scene.chat))
    if scene.chat.paused or (scene.topic_id and not scene.chat.is_forum):
        # Whoever asks for news wants to get it; and a group may become a forum at any time.
        is_forum = scene.chat.is_forum or scene.topic_id > 0
        await services.chats.change(scene.chat_id, paused=False, is_forum=is_forum)
    known = await services.subscriptions.categories()
    names = texts("list-comma").join(subscription_name(wish, known, texts) for wish in wishes)
    head = texts.html("subscribed", names=names, schedule=schedule_in_words(scene.chat.schedule, texts))
    return Message(head, (await subscription_settings.here(scene)).keyboard)


async def _offer_words(scene: Scene, name: str) -> None:
    try:
        words_wish(scene.words)
    except UserError:
        await unknown_category(scene, name)
        return
    known = await scene.services.subscriptions.categories()
    button = Button(scene.texts("button-follow-these-words"), TAKE_WORDS)
    names = names_of(known, scene.texts)
    await scene.ask("follow-unknown", ((button,),), name=name, names=names, words=scene.words)


def _words(scene: Scene) -> str:
    """Return what was named behind the command; "" stands for everything, as a word for that does."""
    everything = {match_key(word) for word in scene.texts("words-everything").split("|")}
    return "" if match_key(scene.words) in everything else scene.words


def _topic_name(scene: Scene) -> str:
    """Return the name of the topic that was written in, where the message tells it."""
    beginning = getattr(scene.message, "reply_to_message", None)
    created = getattr(beginning, "forum_topic_created", None)
    return created.name if created else ""


async def _may_decide(scene: Scene) -> bool:
    """Tell whether the person decides what this chat follows; in a group whoever may not gets no answer."""
    return scene.private or await is_group_admin(scene)
