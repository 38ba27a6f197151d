"""Comments as moderators have them: cards, the queue of what waits, and who may not write any more."""

from functools import partial

from bot.errors import ConflictError, NotFoundError
from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.render.comments import author_of, card, queue, quoted
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core.comment_list import ask_sure, page_at, show_from
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows, turns_by_offset
from storage import articles, comments
from storage.engine.connection import Connection
from storage.records import Card, Comment, CommentState

_ON_CARD = "c"
_PEOPLE_PAGE = 10


async def show_queue(ctx: HandlerContext) -> None:
    """/comments: what waits for a decision, the longest waiting first."""
    await ctx.send(await _queue(ctx, "a"))


async def turn_queue(ctx: HandlerContext) -> None:
    """A press of a page button of the queue: `queue:CURSOR`."""
    await ctx.show(await _queue(ctx, ctx.data.split(":")[1]))


async def judge(ctx: HandlerContext) -> None:
    """A press that decides about a comment: `judge:COMMENT:ACT:PLACE`.

    The acts are `ok`, `no` and `mute`, which silences the author; `back` decides nothing. The place is `c` on a
    card, else the id at which the queue's page begins. Where nothing is decided, how things stand is shown.
    """
    _, comment_id, act, place = ctx.data.split(":")
    services = ctx.services
    try:
        if act == "mute":
            await services.comments.silence(int(comment_id), actor_id=ctx.user_id)
        elif act != "back":
            await services.comments.decide(int(comment_id), approve=act == "ok", actor_id=ctx.user_id)
    except ConflictError:
        await _show_again(ctx, int(comment_id), place)
        raise
    if act == "back" or place != _ON_CARD:
        # A card whose comment is decided comes up to date by itself.
        await _show_again(ctx, int(comment_id), place)
    await ctx.toast("noted" if act != "back" else "")


async def ask_to_silence(ctx: HandlerContext) -> None:
    """A press that asks whether a waiting comment's author is to be silenced: `mute:COMMENT:PLACE`."""
    _, comment_id, place = ctx.data.split(":")
    found = await _comment(ctx, int(comment_id))
    if found.state is not CommentState.WAITING:
        await _show_again(ctx, found.id, place)
        raise ConflictError("comment-decided")
    texts = ctx.texts
    buttons = (
        Button(texts("button-yes-silence"), f"judge:{found.id}:mute:{place}"),
        Button(texts("button-back"), f"judge:{found.id}:back:{place}"),
    )
    question = texts.html("comment-silence-sure", name=author_of(found.name, texts))
    await ctx.show(Message(f"{question}\n\n{quoted(found, texts)}", (buttons,)))


async def take_down(ctx: HandlerContext) -> None:
    """A press that hides an approved comment: `down:COMMENT` asks, `down:COMMENT:y` does."""
    _, comment_id, *sure = ctx.data.split(":")
    found = await _comment(ctx, int(comment_id))
    if not sure:
        await ask_sure(ctx, found, "comment-down-sure", "button-yes-down", "down")
        return
    try:
        await ctx.services.comments.take_down(found.id, actor_id=ctx.user_id)
    finally:
        await show_from(ctx, found)
    await ctx.toast("noted")


async def turn_silenced(ctx: HandlerContext) -> None:
    """A press that shows who may not write: `hushed:OFFSET`."""
    await ctx.show(await _silenced(ctx, int(ctx.data.split(":")[1])))


async def lift(ctx: HandlerContext) -> None:
    """A press that lets somebody write again: `lift:USER`."""
    try:
        await ctx.services.comments.lift(int(ctx.data.split(":")[1]), actor_id=ctx.user_id)
    finally:
        await ctx.show(await _silenced(ctx, 0))
    await ctx.toast("noted")


async def face(connection: Connection, one: Card, texts: Texts) -> Message | None:
    """Return what a comment's card says now."""
    return await _card(connection, one.subject_id, texts)


async def _card(connection: Connection, comment_id: int, texts: Texts) -> Message | None:
    found = await comments.get(connection, comment_id)
    article = await articles.get(connection, found.article_id) if found else None
    if found is None or article is None:
        return None
    decided_by = await name_of(connection, found.decided_by) if found.decided_by else ""
    silenced = await comments.is_silenced(connection, found.user_id)
    return card(found, article, texts, decided_by=cut(decided_by, 60), silenced=silenced)


async def _show_again(ctx: HandlerContext, comment_id: int, place: str) -> None:
    """Show how things stand now where the button was pressed."""
    if place != _ON_CARD:
        await ctx.show(await _queue(ctx, f"f{int(place) - 1}"))
        return
    async with ctx.services.database.read() as connection:
        message = await _card(connection, comment_id, ctx.texts)
    if message is not None:
        await ctx.show(message)


async def _comment(ctx: HandlerContext, comment_id: int) -> Comment:
    async with ctx.services.database.read() as connection:
        found = await comments.get(connection, comment_id)
    if found is None:
        raise NotFoundError("comment-gone")
    return found


async def _queue(ctx: HandlerContext, cursor: str) -> Message:
    async with ctx.services.database.read() as connection:
        page = await page_at(cursor, partial(comments.waiting, connection))
        found = await articles.get_many(connection, sorted({one.article_id for one in page.comments}))
    foot = (Button(ctx.texts("button-silenced"), "hushed:0"), Button(ctx.texts("button-refresh"), "queue:a"))
    return queue(page, {article.id: article for article in found}, ctx.texts, (foot,))


async def _silenced(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        found = await comments.silenced_people(connection, limit=_PEOPLE_PAGE + 1, offset=offset)
        if not found and offset:
            # Those of this page were let write again meanwhile.
            offset = 0
            found = await comments.silenced_people(connection, limit=_PEOPLE_PAGE + 1)
        by = {one.by: await name_of(connection, one.by) for one in found}
    back = (Button(texts("button-back"), "queue:a"),)
    if not found:
        return Message(texts.html("silenced-none"), (back,))
    lines, buttons = [texts.html("silenced-title")], []
    for one in found[:_PEOPLE_PAGE]:
        name = author_of(one.name, texts)
        since = texts.html("silenced-since", name=cut(by[one.by], 60), when=texts.short(one.at))
        lines += [f"\n<b>{escape(name)}</b> · <code>{one.user_id}</code>", since]
        buttons.append(Button(texts("button-lift", name=cut(name, 24)), f"lift:{one.user_id}"))
    turns = turns_by_offset(texts, "hushed", offset, _PEOPLE_PAGE, more=len(found) > _PEOPLE_PAGE)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, back))
