"""/edit and /correct: another title, lead, body, photo, category, desk, source, other tags or attachments.

A draft is changed at once; what readers have goes on to a correction.
"""

from typing import Any

from bot.errors import ConflictError, NotFoundError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.formatting import Written
from bot.newsroom.post_parser import MOST_ATTACHMENTS, SPLIT_FROM, join_parts, media_to_json, with_more, with_part
from bot.render.attachments import attachments, name_of
from bot.render.headline import category_name
from bot.render.html import cut
from bot.render.message import Button, Keyboard, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard, done_keyboard
from handlers.core.labels import in_rows
from handlers.staff import conflicts, corrections, edit_lock, message_content
from handlers.staff.corrections import ATTACH, CATEGORY, DETACH, PHOTO
from handlers.staff.drafts import asked, editable, pages, send_preview, workable
from storage import categories
from storage.records import Article, ArticleState, Media

DIALOGUE = "edit"
"""The dialogue in which a new part is written or sent; data: id, revision, field, parts, group, seen."""

_WRITTEN = ("title", "lead", "body")
_FACTS = ("desk", "tags", "link")
_PRESSED = (PHOTO, CATEGORY, DETACH)
_BUTTON_TITLE = 40


async def edit(ctx: HandlerContext) -> None:
    """/edit ID: which part to change."""
    await _choose_part(ctx, editable(ctx, await asked(ctx, "edit-usage")))


async def correct(ctx: HandlerContext) -> None:
    """/correct ID: which part of a published article to change."""
    await _choose_part(ctx, await corrections.article_to_correct(ctx))


async def press(ctx: HandlerContext) -> None:
    """A press while editing: `edit:ARTICLE`, `edit:ARTICLE:WHAT`, `edit:ARTICLE:WHAT:WHICH`."""
    _, article_id, *rest = ctx.data.split(":")
    found = editable(ctx, await workable(ctx, int(article_id)))
    if rest == ["over"]:
        await ctx.services.edit_locks.take_over(found.id, ctx.user_id)
        rest = []
    if not rest:
        await _choose_part(ctx, found)
        return
    if await _held(ctx, found):
        return
    match rest:
        case ["nophoto"]:
            await _change(ctx, found, found.revision, PHOTO, "")
        case ["cat"]:
            known = await ctx.services.subscriptions.categories()
            buttons = [Button(category_name(one, ctx.texts), f"edit:{found.id}:cat:{one.id}") for one in known]
            await ctx.show(Message(ctx.texts.html("edit-category-ask"), in_rows(buttons, 2)))
        case ["cat", category_id]:
            async with ctx.services.database.read() as connection:
                if await categories.get(connection, int(category_id)) is None:
                    raise NotFoundError("category-gone")
            await _change(ctx, found, found.revision, CATEGORY, category_id)
        case ["media"]:
            await ctx.show(_attachments(ctx, found))
        case ["less", revision, which]:
            await _detach(ctx, found, int(revision), int(which))
        case ["bare", revision]:
            await _detach(ctx, found, int(revision), None)
        case [field, "none"]:
            await _change(ctx, found, found.revision, field, "")
        case [field, *_]:
            await _keep(ctx, {"id": found.id, "revision": found.revision, "field": field, "parts": []})
            await ctx.ask(f"edit-{field}-ask", _under_question(ctx, found, field), most=MOST_ATTACHMENTS)


async def hear(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """What is written, or sent as a photo, for a part."""
    await ctx.services.edit_locks.take(data["id"], ctx.user_id)
    field, brought = data["field"], message_content.attachment(ctx.message)
    if data.get("seen") == ctx.message_id:
        # The desk was stopped between this message and its answer: it is kept, the answer is owed.
        await ctx.ask("post-body-more", done_keyboard(ctx))
        return
    if field == PHOTO:
        if not ctx.photo:
            raise UserError("edit-photo-wanted")
        await finish(ctx, data | {"parts": [ctx.photo]})
        return
    if field == ATTACH:
        if brought is None:
            raise UserError("edit-attach-wanted")
        await _attach(ctx, data, media_to_json([brought]))
        return
    if not ctx.words:
        raise UserError("post-text-wanted")
    data = data | {"parts": with_more(data["parts"], message_content.written(ctx))}
    if field == "body" and ctx.units >= SPLIT_FROM:
        await _keep(ctx, data)
    else:
        await finish(ctx, data)


async def finish(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Take what was written as it is. It goes on top of the revision at which the editor began."""
    if not data["parts"]:
        raise UserError("post-not-finished")
    found = editable(ctx, await workable(ctx, data["id"]))
    given: Any = data["parts"]
    if data["field"] == PHOTO:
        given = given[0]
    elif data["field"] != ATTACH:
        given = join_parts([Written.kept(part) for part in given]).to_json()
    try:
        await _change(ctx, found, data["revision"], data["field"], given)
    except ConflictError as error:
        if error.key != conflicts.CHANGED:
            raise
        await conflicts.offer(ctx, found.id, data["revision"], data["field"], given)


async def merge(ctx: HandlerContext) -> None:
    """A press on the card of a conflict: `merge:ARTICLE:STAMP:show`, `:put` on the newest revision, or `:n`."""
    _, article_id, stamp, answer = ctx.data.split(":")
    found = editable(ctx, await workable(ctx, int(article_id)))
    data = await confirmations.waiting(ctx, conflicts.DIALOGUE, int(stamp), about=found.id)
    if answer == "n":
        await confirmations.leave(ctx, waits=data is not None)
        return
    if data is None:
        raise UserError("stale-button")
    if answer == "show":
        await conflicts.show(ctx, found, data)
        return
    await _change(ctx, found, found.revision, data["field"], data["given"])
    await ctx.set_buttons()
    await ctx.toast("noted")


async def _change(ctx: HandlerContext, found: Article, revision: int, part: str, given: Any) -> None:
    """Store a draft's new part and show the preview; go on to a correction of what readers have."""
    if found.state is ArticleState.PUBLISHED:
        await corrections.begin(ctx, found, revision, part, given)
        return
    changed = await ctx.services.newsroom.edit(
        found.id,
        with_part(found, part, given),
        expected=revision,
        editor_id=ctx.user_id,
        category_id=int(given) if part == CATEGORY else None,
    )
    if ctx.press is not None and part in _PRESSED:
        await ctx.show((await pages(ctx, changed))[0])
        return
    await ctx.close_dialogue()
    await send_preview(ctx, changed)


async def _attach(ctx: HandlerContext, data: dict[str, Any], brought: list[dict[str, str]]) -> None:
    """Collect one more attachment; the items of an album are answered once."""
    more = data | {"group": ctx.message.media_group_id}
    if brought[0] not in data["parts"]:
        more["parts"] = [*data["parts"], *brought]
    with_part(await workable(ctx, data["id"]), ATTACH, more["parts"])
    await _keep(ctx, more)
    if not message_content.continues_album(ctx.message, data):
        await ctx.ask("attachments-kept", done_keyboard(ctx), count=len(more["parts"]))


async def _detach(ctx: HandlerContext, found: Article, revision: int, which: int | None) -> None:
    """Take one attachment away, or (None) all of them."""
    files = [one.file for one in attachments(found.content)]
    if found.revision != revision or (which is not None and which >= len(files)):
        raise ConflictError(conflicts.CHANGED, id=found.id)
    await _change(ctx, found, revision, DETACH, files if which is None else [files[which]])


async def _keep(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """Store a step, and which message it was taken from: after a crash the message comes again."""
    kept = data | {"seen": ctx.message_id}
    await ctx.open_dialogue(DIALOGUE, kept)


async def _choose_part(ctx: HandlerContext, article: Article) -> None:
    if not await _held(ctx, article):
        await ctx.show(_parts(ctx, article))


async def _held(ctx: HandlerContext, article: Article) -> bool:
    """Take or renew the article; where somebody else edits it, say so and offer to take it over."""
    holder = await ctx.services.edit_locks.take(article.id, ctx.user_id)
    if holder is None:
        return False
    over = Button(ctx.texts("button-take-over"), f"edit:{article.id}:over")
    await ctx.show(await edit_lock.told(ctx, "editing-held", article, holder, ((over,),)))
    return True


def _parts(ctx: HandlerContext, article: Article) -> Message:
    texts = ctx.texts
    buttons = [Button(texts(f"button-edit-{field}"), f"edit:{article.id}:{field}") for field in _WRITTEN]
    buttons.append(Button(texts("button-edit-category"), f"edit:{article.id}:cat"))
    buttons.append(Button(texts("button-edit-photo"), f"edit:{article.id}:{PHOTO}"))
    if article.content.photo:
        buttons.append(Button(texts("button-remove-photo"), f"edit:{article.id}:nophoto"))
    further = ("media", *_FACTS)
    buttons += [Button(texts(f"button-edit-{field}"), f"edit:{article.id}:{field}") for field in further]
    back = (Button(texts("button-back"), f"view:{article.id}:0"),)
    key = "edit-which-published" if article.state is ArticleState.PUBLISHED else "edit-which"
    heading = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    return Message(heading, (*in_rows(buttons, 2), back))


def _attachments(ctx: HandlerContext, article: Article) -> Message:
    """Return what goes with the article, each with a button that takes it away."""
    texts, id_, revision = ctx.texts, article.id, article.revision
    found = attachments(article.content)
    rows = [
        (Button(_named(one, place, texts), f"edit:{id_}:less:{revision}:{place - 1}"),)
        for place, one in enumerate(found, 1)
    ]
    if len(found) < MOST_ATTACHMENTS:
        rows.append((Button(texts("button-attach"), f"edit:{id_}:{ATTACH}"),))
    if len(found) > 1:
        rows.append((Button(texts("button-detach-all"), f"edit:{id_}:bare:{revision}"),))
    rows.append((Button(texts("button-back"), f"edit:{id_}"),))
    return Message(texts.html("edit-media-ask", count=len(found)), tuple(rows))


def _named(media: Media, place: int, texts: Texts) -> str:
    return f"✖️ {texts.digits(str(place))}. {cut(name_of(media, texts), _BUTTON_TITLE)}"


def _under_question(ctx: HandlerContext, article: Article, field: str) -> Keyboard:
    if field in ("body", ATTACH):
        return done_keyboard(ctx)
    if field in _FACTS and getattr(article.content, field):
        without = Button(ctx.texts(f"button-no-{field}"), f"edit:{article.id}:{field}:none")
        return ((without,), *cancel_keyboard(ctx))
    return cancel_keyboard(ctx)
