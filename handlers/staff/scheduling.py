"""/publish with a time, and /planned: what is published by itself, when, and what may be done about it."""

from typing import Any

from bot.errors import ConflictError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.articles import unpublished
from bot.newsroom.scheduling import moment_ahead
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import duration_in_words, in_rows, turns_by_offset
from handlers.staff import drafts
from handlers.staff.drafts import numbered, workable
from storage import audit, scheduled
from storage.records import Article

DIALOGUE = "plan"
"""The dialogue in which the time of an article is written; data: id, revision."""

_PAGE = 8
_TITLE = 100
_NAME = 40


async def publish(ctx: HandlerContext) -> None:
    """/publish ID publishes now, /publish ID TIME then."""
    article_id, words = numbered(ctx, "publish-usage")
    found = await workable(ctx, article_id)
    if words:
        await _schedule(ctx, found, words)
    else:
        await drafts.publish(ctx, found)


async def ask(ctx: HandlerContext) -> None:
    """A press that asks for the time of an article, or for another one: `plan:ARTICLE:REVISION`."""
    _, article_id, revision = ctx.data.split(":")
    found = unpublished(await workable(ctx, int(article_id)))
    if found.revision != int(revision):
        raise ConflictError("article-changed-meanwhile", id=found.id)
    data = {"id": found.id, "revision": found.revision}
    await ctx.open_dialogue(DIALOGUE, data)
    id_ = ctx.texts.digits(str(found.id))
    await ctx.ask("plan-ask", cancel_keyboard(ctx), id=id_, title=cut(found.content.title, _TITLE))


async def again(ctx: HandlerContext) -> None:
    """A press that plans an article as somebody who has left had done: `plan:ARTICLE:REVISION:TIME:BREAKING`."""
    _, article_id, revision, at, urgent = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    if int(at) <= ctx.services.clock():
        raise UserError("plan-past")
    article = await ctx.services.planning.schedule(
        found.id, int(at), actor_id=ctx.user_id, breaking=urgent == "1", expected=int(revision)
    )
    await ctx.show(is_set(ctx, article))
    await ctx.toast("noted")


async def hear(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """The time that was asked for. What cannot be read may be written again."""
    if not ctx.words:
        raise UserError("plan-unreadable", text="…")
    found = await workable(ctx, data["id"])
    try:
        await _schedule(ctx, found, ctx.words, expected=data["revision"])
    except ConflictError:
        await ctx.close_dialogue()  # what it was asked for is gone
        raise
    await ctx.close_dialogue()


async def cancel(ctx: HandlerContext) -> None:
    """A press that makes a scheduled article a draft again: `unplan:ARTICLE`."""
    found = await workable(ctx, int(ctx.data.split(":")[1]))
    draft = await ctx.services.planning.cancel(found.id, actor_id=ctx.user_id)
    texts = ctx.texts
    words = texts.html("plan-cancelled", id=texts.digits(str(draft.id)), title=draft.content.title)
    await ctx.show(Message(words, ((Button(texts("button-view"), f"view:{draft.id}:0"),),)))
    await ctx.toast("noted")


async def calendar(ctx: HandlerContext) -> None:
    """/planned: what is published by itself, day by day."""
    await ctx.send(await _page(ctx, 0))


async def turn(ctx: HandlerContext) -> None:
    """A press of a page button of the calendar: `planned:OFFSET`."""
    await ctx.show(await _page(ctx, int(ctx.data.split(":")[1])))


def is_set(ctx: HandlerContext, article: Article, before: int | None = None) -> Message:
    """Return when a scheduled article is published, in place of which time `before`, with what may be done."""
    texts, at = ctx.texts, article.scheduled_at
    assert at is not None, "it is scheduled"
    args = {
        "id": texts.digits(str(article.id)),
        "title": article.content.title,
        "when": texts.datetime(at),
        "duration": duration_in_words((at - ctx.services.clock()) / 1000, texts),
    }
    if before is None or before == at:
        words = texts.html("plan-set", **args)
    else:
        words = texts.html("plan-moved", before=texts.datetime(before), **args)
    if article.breaking:
        words = f"{escape(texts('breaking-mark'))}\n{words}"
    changes = (
        Button(texts("button-move"), f"plan:{article.id}:{article.revision}"),
        Button(texts("button-unplan"), f"unplan:{article.id}"),
    )
    return Message(words, (changes, (Button(texts("button-view"), f"view:{article.id}:0"),)))


async def _schedule(ctx: HandlerContext, found: Article, words: str, *, expected: int | None = None) -> None:
    services = ctx.services
    unpublished(found)
    at = moment_ahead(words, ctx.texts.zone, services.clock())
    article = await services.planning.schedule(found.id, at, actor_id=ctx.user_id, expected=expected)
    await ctx.send(is_set(ctx, article, found.scheduled_at))


async def _page(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        found = await scheduled.page(connection, limit=_PAGE + 1, offset=offset)
        if not found and offset:
            # What stood on this page was published or cancelled meanwhile.
            offset, found = 0, await scheduled.page(connection, limit=_PAGE + 1)
        shown = found[:_PAGE]
        planners = await scheduled.planners(connection, [one.id for one in shown])
        names = await audit.names(connection, set(planners.values()))
    if not shown:
        return Message(texts.html("planned-none"))
    lines, day = [texts.html("planned-title")], ""
    for one in shown:
        assert one.scheduled_at is not None, "it is planned"
        if (its_day := texts.weekday(one.scheduled_at)) != day:
            lines += ["", f"<b>{escape(its_day)}</b>"]
            day = its_day
        lines.append(_line(one, one.scheduled_at, names.get(planners.get(one.id, 0), ""), texts))
    buttons = [
        Button(f"{texts.digits(str(one.id))} · {cut(one.content.title, 24)}", f"view:{one.id}:0") for one in shown
    ]
    turns = turns_by_offset(texts, "planned", offset, _PAGE, more=len(found) > _PAGE)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns))


def _line(one: Article, at: int, name: str, texts: Texts) -> str:
    mark = f"{texts('breaking-mark')} " if one.breaking else ""
    line = f"{escape(texts.clock(at))} · <code>{texts.digits(str(one.id))}</code> "
    line += escape(f"{mark}{texts.apart(cut(one.content.title, _TITLE))}")
    if name:
        line += escape(f" · {texts.apart(cut(name, _NAME))}")
    return texts.mark + line
