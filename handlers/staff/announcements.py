"""/announce: a note to every chat, or to those that follow a category.

The dialogue's data: `step` (whom, text), `category` (0: all) and `html`, as far as they were answered.
"""

from typing import Any

from bot.delivery.paid import Estimate, estimate, spent_today, terms_of
from bot.errors import NotFoundError, UserError
from bot.render.announcement import MOST_UNITS, announcement
from bot.render.headline import category_name
from bot.render.html import length
from bot.render.message import Button, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import EVERYTHING, duration_in_words, in_rows
from handlers.staff import amendment_progress, message_content
from storage import categories, dialogues, progress
from storage.records import Article, ArticleState, Block, BlockKind

DIALOGUE = "announce"
"""The dialogue of an announcement, and what waits for its yes."""


async def announce(ctx: HandlerContext) -> None:
    """/announce, alone or with the text behind it: first of all, to whom."""
    data: dict[str, Any] = {"step": "whom"}
    if ctx.words or message_content.attachment(ctx.message):
        data["html"] = _written(ctx)
    await _keep(ctx, data)
    await _question(ctx, "whom")


async def choose(ctx: HandlerContext) -> None:
    """A press on whom it goes to: `whom:CATEGORY`, 0 for all."""
    async with ctx.services.database.read() as connection:
        dialogue = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if dialogue is None or dialogue.kind != DIALOGUE or dialogue.data["step"] != "whom":
        raise UserError("stale-button")
    await ctx.toast()
    await ctx.set_buttons()
    await _go_on(ctx, dialogue.data | {"category": int(ctx.data.split(":")[1])})


async def hear(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """The next message of an announcement: its text, or the name of a category."""
    if confirmations.waits(data):
        # The desk was stopped between this step and its answer: the step is done, the answer is owed.
        await _go_on(ctx, data)
    elif data.get("seen") == ctx.message_id:
        await _question(ctx, data["step"])
    elif data["step"] == "whom":
        async with ctx.services.database.read() as connection:
            found = await categories.find(connection, ctx.words, ctx.texts.sections) if ctx.words else None
        if found is None:
            raise UserError("announce-whom-wanted")
        await _go_on(ctx, data | {"category": found.id})
    else:
        await _go_on(ctx, data | {"html": _written(ctx)})


async def press(ctx: HandlerContext) -> None:
    """A press on the card: `say:STAMP:y` sends the announcement, once, `:n` leaves it."""
    _, stamp, answer = ctx.data.split(":")
    services, key = ctx.services, f"{ctx.user_id}:{stamp}"
    data = await confirmations.waiting(ctx, DIALOGUE, int(stamp))
    found = await services.announcements.made(key)
    if found is None and answer == "n":
        await confirmations.leave(ctx, waits=data is not None)
        return
    if found is None:
        if data is None:
            raise UserError("stale-button")
        found = await services.announcements.send(
            data["html"],
            data["category"] or None,
            key=key,
            language=ctx.texts.language,
            author_id=ctx.user_id,
        )
    if data is not None:
        await ctx.close_dialogue()
    await ctx.show(await _progress(ctx, found))
    await ctx.toast("noted")


async def follow(ctx: HandlerContext) -> None:
    """A press under one that was sent: `told:NUMBER` looks again, `:ask` and `:pull` take it back."""
    _, number, *what = ctx.data.split(":")
    services, texts = ctx.services, ctx.texts
    found = await services.announcements.get(-int(number))
    if what == ["ask"] and found.state is ArticleState.ANNOUNCED:
        buttons = (
            Button(texts("button-yes-retract"), f"told:{number}:pull"),
            Button(texts("button-back"), f"told:{number}"),
        )
        card = texts.html("announce-retract-sure", title=found.content.title)
        await ctx.show(Message(card, (buttons,)))
        return
    if what == ["pull"] and found.state is ArticleState.ANNOUNCED:
        found = await services.newsroom.retract(found.id, "", actor_id=ctx.user_id)
    await ctx.show(await _progress(ctx, found))
    await ctx.toast("noted")


async def _go_on(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Ask for what is missing; once all is there, show the announcement and the card that asks for a yes."""
    if "html" not in data:
        await _keep(ctx, data | {"step": "text"})
        await _question(ctx, "text")
        return
    texts, category_id = ctx.texts, data["category"]
    async with ctx.services.database.read() as connection:
        section = await categories.get(connection, category_id) if category_id != EVERYTHING else None
    if section is None and category_id != EVERYTHING:
        raise NotFoundError("category-gone")
    count = await ctx.services.announcements.hearers(section.id if section else None)
    if count == 0:
        raise UserError("announce-nobody")
    needed = await _estimate(ctx, count)
    stamp = await confirmations.put_aside(ctx, DIALOGUE, data)
    whom = texts("announce-followers", name=category_name(section, texts)) if section else texts("announce-all")
    lines = [
        texts.html("announce-card", whom=whom),
        "",
        texts.html("announce-extent", count=count, duration=duration_in_words(needed.seconds, texts)),
    ]
    if needed.stars:
        lines.append(texts.html("announce-stars", stars=needed.stars))
    lines.append(texts.html("announce-quiet"))
    await ctx.send(announcement((Block(BlockKind.PARAGRAPH, data["html"]),), texts))
    keyboard = confirmations.yes_or_no(ctx, "button-yes-announce", f"say:{stamp}")
    await ctx.send(Message("\n".join(lines), keyboard))


async def _question(ctx: HandlerContext, step: str) -> None:
    if step == "text":
        await ctx.ask("announce-text-ask", cancel_keyboard(ctx))
        return
    known = await ctx.services.subscriptions.categories()
    everybody = Button(ctx.texts("announce-all"), f"whom:{EVERYTHING}")
    buttons = [Button(category_name(one, ctx.texts), f"whom:{one.id}") for one in known]
    await ctx.ask("announce-whom-ask", ((everybody,), *in_rows(buttons, 2), *cancel_keyboard(ctx)))


async def _progress(ctx: HandlerContext, article: Article) -> Message:
    """Return how far an announcement has come, or its taking back, with what can be done about it."""
    texts, number = ctx.texts, -article.id
    refresh = Button(texts("button-refresh"), f"told:{number}")
    if article.state is ArticleState.RETRACTED:
        lines = [texts.html("announce-retracted"), "", *await amendment_progress.counted(ctx, article)]
        return Message("\n".join(lines), ((refresh,),))
    async with ctx.services.database.read() as connection:
        one = await progress.broadcast(connection, article.id)
    lines = [
        texts.html("announce-sent", title=article.content.title),
        texts.html("announce-soon")
        if one.growing
        else texts.html("announce-reached", sent=one.sent, total=one.total),
    ]
    return Message("\n".join(lines), ((Button(texts("button-retract"), f"told:{number}:ask"), refresh),))


async def _estimate(ctx: HandlerContext, count: int) -> Estimate:
    services = ctx.services
    async with services.database.read() as connection:
        spent = await spent_today(connection, services.settings.zone, services.clock())
    return estimate(count, services.settings.bulk_rate, terms_of(services.settings), spent)


def _written(ctx: HandlerContext) -> str:
    """Return the message's text as inline HTML. Raises UserError where it is none, or too long."""
    if message_content.attachment(ctx.message) or not ctx.words:
        raise UserError("announce-text-only")
    if (units := length(ctx.words)) > MOST_UNITS:
        raise UserError("announce-too-long", most=MOST_UNITS, length=units)
    return message_content.written(ctx).html()


async def _keep(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Store a step, and which message it was taken from: after a crash the message comes again."""
    kept = data | ({} if ctx.press else {"seen": ctx.message_id})
    await ctx.open_dialogue(DIALOGUE, kept)
