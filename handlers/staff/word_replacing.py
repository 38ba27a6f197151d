"""Words of an article replaced by others: which and by which, then a draft's difference and the yes.

A published article goes on to its correction, whose card shows the same difference.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from msgspec.structs import replace

from bot.errors import UserError
from bot.newsroom.article_edits import ReplaceWords, edited_aside
from bot.newsroom.permissions import Right
from bot.newsroom.word_replacement import WORDS_LIMIT, replace_words, replacement_in
from bot.render.callback_data import Answer, ArticleId, CallbackData, Stamp
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.keyboards import cancel_keyboard
from handlers.core.router import Router
from handlers.staff import conflicts
from handlers.staff.article_access import editable, workable
from handlers.staff.callbacks import AskWords
from handlers.staff.edit_lock import locked_article
from handlers.staff.part_changes import begin_correction, change
from storage.long_texts import letters_of, without_blocking
from storage.records import Article, ArticleState

router = Router()


class ReplacementState(ArticleDialogueState, frozen=True, kw_only=True):
    """The words to replace on top of `revision`, and those that are to stand there."""

    step: Literal["words", "by", "confirm"] = "words"
    revision: int
    words: str = ""
    by: str = ""


REPLACEMENT = router.dialogue(Dialogue("replace", ReplacementState, right=Right.WRITE, takes_every_word=True))
"""The dialogue in which the words are written, and then its card."""


@dataclass(frozen=True, slots=True)
class AnswerReplacement(CallbackData, prefix="words"):
    """Answers the card of a replacement."""

    article_id: ArticleId
    stamp: Stamp
    answer: Answer


@router.callback(AskWords, right=Right.WRITE)
async def prompt_for_words(ctx: HandlerContext, button: AskWords) -> None:
    """Prompt for the words to replace and their replacement."""
    if article := await locked_article(ctx, button.article_id):
        await REPLACEMENT.open(ctx, ReplacementState(id=article.id, revision=article.revision))
        await ctx.prompt("replace-ask", cancel_keyboard(ctx))


@REPLACEMENT.on_message
async def on_message(ctx: HandlerContext, state: ReplacementState) -> None:
    """Store the words, both at once or one message each; after a crash the last message comes again."""
    await ctx.services.edit_locks.acquire(state.id, ctx.user_id)
    if not ctx.words:
        raise UserError("post-text-wanted")
    if len(ctx.words) > WORDS_LIMIT:
        raise UserError("replace-too-long", most=WORDS_LIMIT, length=len(ctx.words))
    is_repeated = state.seen == ctx.message_id
    words_and_replacement = None if state.step == "by" else _both(ctx)
    if state.step == "by" and not is_repeated:
        await _show_changes(ctx, replace(state, by=ctx.words))
    elif state.is_aside:
        await _show_changes(ctx, state)
    elif words_and_replacement is not None:
        await _show_changes(ctx, replace(state, words=words_and_replacement[0], by=words_and_replacement[1]))
    else:
        article = editable(ctx, await workable(ctx, state.id))
        places = await _places(article, ctx.words, "")
        if not places:
            raise UserError("replace-not-found", words=ctx.words)
        await REPLACEMENT.open(ctx, replace(state, step="by", words=ctx.words))
        await ctx.prompt("replace-by-ask", cancel_keyboard(ctx), words=ctx.words, count=places)


@router.callback(AnswerReplacement, right=Right.WRITE)
async def answer(ctx: HandlerContext, button: AnswerReplacement) -> None:
    """Replace the words as the card says, or leave them."""
    article = editable(ctx, await workable(ctx, button.article_id))
    state = await confirmations.waiting_about(ctx, REPLACEMENT, button.stamp, article.id)
    if button.answer == "n":
        await confirmations.leave(ctx, waits=state is not None)
        return
    if state is None:
        raise UserError("stale-button")
    edit = ReplaceWords(state.words, state.by)
    async with conflicts.offered(ctx, article.id, state.revision, edit):
        await change(ctx, article, state.revision, edit)
        await ctx.set_buttons()
        await ctx.answer_callback("noted")


async def _places(article: Article, words: str, by: str) -> int:
    """Return in how many places words would be replaced; a long article is read in a thread."""
    replaced = partial(replace_words, article.content, words, by)
    return (await without_blocking(letters_of(article.content), replaced)).places


def _both(ctx: HandlerContext) -> tuple[str, str] | None:
    return replacement_in(ctx.words, ctx.texts("words-instead").split("|"), ctx.texts("words-write").split("|"))


async def _show_changes(ctx: HandlerContext, state: ReplacementState) -> None:
    """Show what changes in a draft, and in how many places; begin a correction of what readers have."""
    texts, article = ctx.texts, editable(ctx, await workable(ctx, state.id))
    edit = ReplaceWords(state.words, state.by)
    if article.revision != state.revision:
        await conflicts.offer(ctx, article.id, state.revision, edit)
        return
    after = await edited_aside(article, edit)
    if article.state is ArticleState.PUBLISHED:
        await begin_correction(ctx, article, state.revision, edit)
        return
    places = await _places(article, state.words, state.by)
    stamp = await REPLACEMENT.put_aside(ctx, state)
    lines = [
        texts.html("replace-card", id=texts.digits(str(article.id)), count=places),
        "",
        *conflicts.difference(ctx, article.content, after),
    ]
    keyboard = confirmations.yes_or_no(
        ctx, "button-yes-replace", lambda answer: AnswerReplacement(article.id, stamp, answer)
    )
    await ctx.send(Message("\n".join(lines), keyboard))
