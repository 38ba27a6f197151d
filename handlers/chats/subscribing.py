"""What a person, a group or a topic follows by command."""

from bot.audience.subscription_request import EVERYTHING, Wish, category_wish, wishes_among, words_wish
from bot.errors import NotFoundError, UserError
from bot.render.message import Button, Message
from handlers.chats import subscription_settings
from handlers.chats.chat_settings import as_staff
from handlers.core.callbacks import FollowCategory, FollowSearch, FollowWords
from handlers.core.category_names import unknown_category
from handlers.core.context import AROUND, HandlerContext
from handlers.core.guards import is_group_admin
from handlers.core.labels import names_of, schedule_in_words, subscription_name
from handlers.core.router import Place, Router
from persian.normalise import match_key
from storage import categories

router = Router()

_NAME = 60


async def subscribe(ctx: HandlerContext) -> None:
    """/subscribe [WHAT...]: everything, or the categories, #tags and words in quotes that are named.

    Where something else is named, nothing is followed: the categories are told, and following the words is offered.
    """
    if not await _may_decide(ctx):
        return
    try:
        wishes = await ctx.services.subscriptions.asked(_words(ctx), ctx.texts.sections)
    except UserError as error:
        if error.key != "category-unknown":
            raise
        await _offer_words(ctx, str(error.text_args["name"]))
        return
    await ctx.send(await _followed(ctx, wishes or [EVERYTHING]))


@router.callback(FollowWords, place=Place.ANYWHERE)
async def take_words(ctx: HandlerContext, _button: FollowWords) -> None:
    """A press on what `_offer_words` offers: the words stand in the message, as code."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    await ctx.show(await _followed(ctx, [_words_in_code(ctx)]))
    await ctx.toast("noted")


@router.callback(FollowSearch, place=Place.ANYWHERE)
async def take_search(ctx: HandlerContext, _button: FollowSearch) -> None:
    """A press under a search of one's own: its words are followed."""
    await _take(ctx, _words_in_code(ctx))


@router.callback(FollowCategory, place=Place.ANYWHERE)
async def take_category(ctx: HandlerContext, button: FollowCategory) -> None:
    """A press under a category's list: it is followed."""
    async with ctx.services.database.read() as connection:
        found = await categories.get(connection, button.category_id)
    if found is None:
        raise NotFoundError("category-gone")
    await _take(ctx, category_wish(found))


async def _take(ctx: HandlerContext, wish: Wish) -> None:
    """Follow what a message is about, which stays: that it is followed is told below, once."""
    if not ctx.private:
        raise UserError("stale-button")
    if any(wish.is_of(one) for one in await ctx.services.subscriptions.of(ctx.chat_id)):
        await ctx.toast("follow-already")
        return
    await ctx.send(await _followed(ctx, [wish]))
    await ctx.toast("noted")


def _words_in_code(ctx: HandlerContext) -> Wish:
    offered = list(ctx.message.parse_entities(["code"]).values())
    if not offered:
        raise UserError("stale-button")
    return words_wish(offered[0].strip(AROUND))


async def unsubscribe(ctx: HandlerContext) -> None:
    """/unsubscribe [WHAT...]: all of it, or what is named as for /subscribe."""
    if not await _may_decide(ctx):
        return
    services = ctx.services
    before, words = await services.subscriptions.of(ctx.chat_id, ctx.topic_id), _words(ctx)
    try:
        wishes = wishes_among(words, before) or await services.subscriptions.asked(words, ctx.texts.sections)
    except UserError as error:
        if error.key != "category-unknown":
            raise
        raise UserError("follow-not-followed", name=words[:_NAME]) from error
    known = await services.subscriptions.categories()
    assert ctx.chat is not None, "commands come from chats"
    by = as_staff(ctx, ctx.chat)
    any_were = await services.subscriptions.unfollow(ctx.chat_id, wishes, ctx.topic_id, by=by)
    if not any_were:
        await ctx.say("subscriptions-none")
    elif wishes:
        names = [subscription_name(wish, known, ctx.texts) for wish in wishes]
        await ctx.say("unsubscribed", names=ctx.texts("list-comma").join(names))
    else:
        await ctx.say("unsubscribed-all")


async def subscriptions(ctx: HandlerContext) -> None:
    """/subscriptions: what is followed, with buttons that change it."""
    await ctx.send(await subscription_settings.here(ctx))


async def toggle(ctx: HandlerContext) -> None:
    """A press on a category: `sub:CATEGORY:ON`, 0 for everything."""
    if not await _may_decide(ctx):
        raise UserError("group-admins-only")
    assert ctx.chat is not None, "presses come from chats"
    _, category_id, on = ctx.data.split(":")
    by = as_staff(ctx, ctx.chat)
    await ctx.services.subscriptions.put(ctx.chat_id, int(category_id) or None, ctx.topic_id, on=on == "1", by=by)
    await ctx.show(await subscription_settings.here(ctx))
    await ctx.toast("noted")


async def _followed(ctx: HandlerContext, wishes: list[Wish]) -> Message:
    """Follow what is wished for here, and return that with the panel's buttons."""
    services, texts = ctx.services, ctx.texts
    if ctx.topic_id:
        await services.chats.topic_seen(ctx.chat_id, ctx.topic_id, _topic_name(ctx), closed=None)
    assert ctx.chat is not None, "commands come from chats"
    await services.subscriptions.follow(ctx.chat_id, wishes, ctx.topic_id, by=as_staff(ctx, ctx.chat))
    if ctx.chat.paused or (ctx.topic_id and not ctx.chat.is_forum):
        # Whoever asks for news wants to get it; and a group may become a forum at any time.
        is_forum = ctx.chat.is_forum or ctx.topic_id > 0
        await services.chats.change(ctx.chat_id, paused=False, is_forum=is_forum)
    known = await services.subscriptions.categories()
    names = texts("list-comma").join(subscription_name(wish, known, texts) for wish in wishes)
    head = texts.html("subscribed", names=names, schedule=schedule_in_words(ctx.chat.schedule, texts))
    return Message(head, (await subscription_settings.here(ctx)).keyboard)


async def _offer_words(ctx: HandlerContext, name: str) -> None:
    try:
        words_wish(ctx.words)
    except UserError:
        await unknown_category(ctx, name)
        return
    known = await ctx.services.subscriptions.categories()
    button = Button(ctx.texts("button-follow-these-words"), FollowWords().pack())
    names = names_of(known, ctx.texts)
    await ctx.ask("follow-unknown", ((button,),), name=name, names=names, words=ctx.words)


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
    """Tell whether the person decides what this chat follows; in a group whoever may not gets no answer."""
    return ctx.private or await is_group_admin(ctx)
