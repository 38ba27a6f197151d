"""A correction of what readers have: the new part, the note that they will see, the card, the yes."""

from dataclasses import dataclass
from typing import Any

from bot.errors import ConflictError, UserError
from bot.newsroom.permissions import Right
from bot.newsroom.post_parser import checked_note, with_part
from bot.newsroom.transitions import Act, require
from bot.render.callback_data import Answer, ArticleId, CallbackData, RevisionNumber, Stamp
from bot.render.difference import in_short
from bot.render.headline import category_name
from bot.render.message import Button, Message
from handlers.core import confirmations
from handlers.core.callbacks import SkipNote
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.core.router import Router
from handlers.staff import amendment_progress, conflicts
from handlers.staff.drafts import asked, editable, workable
from storage import articles, categories, dialogues
from storage.records import Article, Dialogue

router = Router()

DIALOGUE = "correct"
"""The dialogue of a correction; data: id, revision, part, text (what `with_part` takes), step, note."""

CATEGORY, PHOTO, ATTACH, DETACH = "category", "photo", "attach", "detach"
"""Parts that are not written. A category's is its id."""


@dataclass(frozen=True, slots=True)
class AnswerCorrection(CallbackData, prefix="fix"):
    """Answers the card of a correction."""

    article_id: ArticleId
    revision: RevisionNumber
    stamp: Stamp
    answer: Answer


async def article_to_correct(ctx: HandlerContext) -> Article:
    """Return the article that /correct names. Raises UserError where there is nothing to correct."""
    article = editable(ctx, await asked(ctx, "correct-usage"))
    require(Act.CORRECT, article)
    return article


async def begin(ctx: HandlerContext, article: Article, revision: int, part: str, text: Any) -> None:
    """Take the new part of a published article, and ask for the note.

    Raises UserError where it cannot be stored so or changes nothing, ConflictError where `revision` is not the
    newest any more.
    """
    if article.revision != revision:
        raise ConflictError(conflicts.CHANGED, id=article.id)
    same = (
        text == str(article.category.id) if part == CATEGORY else with_part(article, part, text) == article.content
    )
    if same:
        raise UserError("correct-nothing")
    data = {"id": article.id, "revision": revision, "part": part, "text": text, "step": "note"}
    await ctx.open_dialogue(DIALOGUE, data)
    without = Button(ctx.texts("button-no-note"), SkipNote().pack())
    await ctx.ask("correct-note-ask", ((without, *cancel_keyboard(ctx)[0]),))


async def hear(ctx: HandlerContext, dialogue: Dialogue) -> None:
    """Take the note; after a crash it comes again, and the card is owed again."""
    note = checked_note(ctx.words) if ctx.words else ""
    if not note:
        raise UserError("correct-note-wanted")
    await ctx.services.edit_locks.acquire(dialogue.data["id"], ctx.user_id)
    await _ask(ctx, dialogue.data, note)


async def skip_note(ctx: HandlerContext) -> None:
    """Leave the note out."""
    async with ctx.services.database.read() as connection:
        dialogue = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if dialogue is None or dialogue.kind != DIALOGUE or confirmations.is_aside(dialogue):
        raise UserError("stale-button")
    await ctx.toast()
    await ctx.set_buttons()
    await _ask(ctx, dialogue.data, "")


@router.callback(AnswerCorrection, right=Right.PUBLISH)
async def answer(ctx: HandlerContext, button: AnswerCorrection) -> None:
    """Correct the article of the card, or leave it."""
    article = editable(ctx, await workable(ctx, button.article_id))
    data = await confirmations.waiting(ctx, DIALOGUE, button.stamp, about=article.id)
    if button.answer == "n":
        await confirmations.leave(ctx, waits=data is not None)
        return
    if data is None:
        if not await _done_before(ctx, article, button.revision):
            raise UserError("stale-button")
        await amendment_progress.show_progress(ctx, article)
        return
    try:
        corrected = await ctx.services.newsroom.edit(
            article.id,
            with_part(article, data["part"], data["text"], note=data["note"]),
            expected=data["revision"],
            editor_id=ctx.user_id,
            category_id=int(data["text"]) if data["part"] == CATEGORY else None,
        )
    except ConflictError:
        await conflicts.offer(ctx, article.id, data["revision"], data["part"], data["text"])
        return
    await ctx.close_dialogue()
    await amendment_progress.show_progress(ctx, corrected)
    await ctx.toast("noted")


async def _done_before(ctx: HandlerContext, article: Article, revision: int) -> bool:
    """Tell whether this very press was done: doubled, or stored before a crash and not answered."""
    async with ctx.services.database.read() as connection:
        editor = await articles.last_editor(connection, article.id)
    return article.revision == revision + 1 and editor == ctx.user_id


async def _ask(ctx: HandlerContext, data: dict[str, Any], note: str) -> None:
    """Show the card: old and new, the note, what it means for the copies."""
    texts, article = ctx.texts, editable(ctx, await workable(ctx, data["id"]))
    if article.revision != data["revision"]:
        await conflicts.offer(ctx, article.id, data["revision"], data["part"], data["text"])
        return
    stamp = await confirmations.put_aside(ctx, DIALOGUE, data | {"note": note})
    lines = [
        texts.html("correct-card", id=texts.digits(str(article.id)), title=article.content.title),
        "",
        *await _difference(ctx, article, data["part"], data["text"]),
    ]
    if note:
        lines += ["", texts.html("article-note", note=note)]
    lines += ["", await amendment_progress.extent(ctx, article), texts.html("correct-by-hand")]
    if data["part"] in (PHOTO, ATTACH, DETACH):
        lines.append(texts.html("correct-photo-limits"))
    keyboard = confirmations.yes_or_no(
        ctx, "button-yes-correct", lambda answer: AnswerCorrection(article.id, article.revision, stamp, answer)
    )
    await ctx.send(Message("\n".join(lines), keyboard))


async def _difference(ctx: HandlerContext, article: Article, part: str, text: Any) -> list[str]:
    """Return what the part said and will say, as two lines of HTML."""
    texts, old = ctx.texts, article.content
    if part == CATEGORY:
        async with ctx.services.database.read() as connection:
            chosen = await categories.get(connection, int(text))
        if chosen is None:
            raise UserError("category-gone")
        return conflicts.old_and_new(ctx, category_name(article.category, texts), category_name(chosen, texts))
    new = with_part(article, part, text)
    changed = "media" if part in (ATTACH, DETACH) else part
    return conflicts.old_and_new(ctx, *in_short(changed, old, new, texts))
