"""/publish with a time, and /planned: what is published by itself, when, and what may be done about it."""

from typing import Any

from bot.errors import ConflictError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.articles import unpublished
from bot.newsroom.scheduling import moment_ahead
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core.context import Scene
from handlers.core.labels import duration_in_words, in_rows, turns_by_offset
from handlers.staff import drafts
from handlers.staff.drafts import cancel_keyboard, numbered, workable
from storage import audit, scheduled
from storage.records import Article

DIALOGUE = "plan"
"""The dialogue in which the time of an article is written; data: id, revision."""

_PAGE = 8
_TITLE = 100
_NAME = 40


async def publish(scene: Scene) -> None:
    """/publish ID publishes now, /publish ID TIME then."""
    article_id, words = numbered(scene, "publish-usage")
    found = await workable(scene, article_id)
    if words:
        await _schedule(scene, found, words)
    else:
        await drafts.publish(scene, found)


async def ask(scene: Scene) -> None:
    """A press that asks for the time of an article, or for another one: `plan:ARTICLE:REVISION`."""
    _, article_id, revision = scene.data.split(":")
    found = unpublished(await workable(scene, int(article_id)))
    if found.revision != int(revision):
        raise ConflictError("article-changed-meanwhile", id=found.id)
    data = {"id": found.id, "revision": found.revision}
    await scene.open_dialogue(DIALOGUE, data)
    id_ = scene.texts.digits(str(found.id))
    await scene.ask("plan-ask", cancel_keyboard(scene), id=id_, title=cut(found.content.title, _TITLE))


async def again(scene: Scene) -> None:
    """A press that plans an article as somebody who has left had done: `plan:ARTICLE:REVISION:TIME:BREAKING`."""
    _, article_id, revision, at, urgent = scene.data.split(":")
    found = await workable(scene, int(article_id))
    if int(at) <= scene.services.clock():
        raise UserError("plan-past")
    article = await scene.services.planning.schedule(
        found.id, int(at), actor_id=scene.user_id, breaking=urgent == "1", expected=int(revision)
    )
    await scene.show(is_set(scene, article))
    await scene.toast("noted")


async def hear(scene: Scene, data: dict[str, Any]) -> None:
    """The time that was asked for. What cannot be read may be written again."""
    if not scene.words:
        raise UserError("plan-unreadable", text="…")
    found = await workable(scene, data["id"])
    try:
        await _schedule(scene, found, scene.words, expected=data["revision"])
    except ConflictError:
        await scene.close_dialogue()  # what it was asked for is gone
        raise
    await scene.close_dialogue()


async def cancel(scene: Scene) -> None:
    """A press that makes a scheduled article a draft again: `unplan:ARTICLE`."""
    found = await workable(scene, int(scene.data.split(":")[1]))
    draft = await scene.services.planning.cancel(found.id, actor_id=scene.user_id)
    texts = scene.texts
    words = texts.html("plan-cancelled", id=texts.digits(str(draft.id)), title=draft.content.title)
    await scene.show(Message(words, ((Button(texts("button-view"), f"view:{draft.id}:0"),),)))
    await scene.toast("noted")


async def calendar(scene: Scene) -> None:
    """/planned: what is published by itself, day by day."""
    await scene.send(await _page(scene, 0))


async def turn(scene: Scene) -> None:
    """A press of a page button of the calendar: `planned:OFFSET`."""
    await scene.show(await _page(scene, int(scene.data.split(":")[1])))


def is_set(scene: Scene, article: Article, before: int | None = None) -> Message:
    """Return when a scheduled article is published, in place of which time `before`, with what may be done."""
    texts, at = scene.texts, article.scheduled_at
    assert at is not None, "it is scheduled"
    args = {
        "id": texts.digits(str(article.id)),
        "title": article.content.title,
        "when": texts.datetime(at),
        "duration": duration_in_words((at - scene.services.clock()) / 1000, texts),
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


async def _schedule(scene: Scene, found: Article, words: str, *, expected: int | None = None) -> None:
    services = scene.services
    unpublished(found)
    at = moment_ahead(words, scene.texts.zone, services.clock())
    article = await services.planning.schedule(found.id, at, actor_id=scene.user_id, expected=expected)
    await scene.send(is_set(scene, article, found.scheduled_at))


async def _page(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    async with scene.services.database.read() as connection:
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
