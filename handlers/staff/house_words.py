"""/words: the newsroom's own words for the copy editor, page by page; new ones, and removal."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import NotFoundError, UserError
from bot.newsroom.house_words import MOST_LINES, rules_in
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, Offset, RowId
from bot.render.html import cut
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, question_keyboard
from handlers.core.labels import in_rows, turns_by_offset
from handlers.core.router import Router
from storage import house_words
from storage.records import HouseWord

router = Router()

_PAGE = 10
_ON_BUTTON = 24


class HouseWordState(DialogueState, frozen=True, kw_only=True):
    """New words are waited for."""


HOUSE_WORDS = router.dialogue(Dialogue("house_words", HouseWordState, right=Right.EDIT, takes_every_word=True))
"""The dialogue in which words are written."""


@dataclass(frozen=True, slots=True)
class HouseWordsPage(CallbackData, prefix="house"):
    """A page of the newsroom's words."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class AskHouseWords(CallbackData, prefix="house:add"):
    """Prompts for new words."""


@dataclass(frozen=True, slots=True)
class RemoveHouseWord(CallbackData, prefix="house:drop"):
    """Removes a word and shows the page on which it stood; asks first where nobody is `sure`."""

    word_id: RowId
    offset: Offset
    sure: Literal["y"] | None = None


@router.command("words", right=Right.EDIT)
async def words(ctx: HandlerContext) -> None:
    """/words: the list; with words behind it, they are added."""
    if ctx.words:
        await _add(ctx)
    else:
        await ctx.send(await _list(ctx, 0))


@router.callback(HouseWordsPage, right=Right.EDIT)
async def on_page(ctx: HandlerContext, button: HouseWordsPage) -> None:
    """Show another page."""
    await ctx.edit_or_send(await _list(ctx, button.offset))


@router.callback(AskHouseWords, right=Right.EDIT)
async def prompt_for_words(ctx: HandlerContext, _button: AskHouseWords) -> None:
    """Prompt for new words."""
    await HOUSE_WORDS.open(ctx, HouseWordState())
    await ctx.answer_callback()
    await ctx.prompt("house-words-ask", cancel_keyboard(ctx), most=MOST_LINES)


@HOUSE_WORDS.on_message
async def on_message(ctx: HandlerContext, _state: HouseWordState) -> None:
    """Add the words of the message; after a crash the same message comes again, and changes nothing."""
    if not ctx.words:
        raise UserError("post-text-wanted")
    await _add(ctx)
    await ctx.close_dialogue()


@router.callback(RemoveHouseWord, right=Right.EDIT)
async def remove(ctx: HandlerContext, button: RemoveHouseWord) -> None:
    """Remove a word after a yes, and show the list without it."""
    if button.sure:
        await ctx.services.house_words.remove(button.word_id, actor_id=ctx.user_id)
        await ctx.edit_or_send(await _list(ctx, button.offset))
        await ctx.answer_callback("noted")
        return
    async with ctx.services.database.read() as connection:
        word = await house_words.get(connection, button.word_id)
    if word is None:
        raise NotFoundError("house-words-gone")
    remove = RemoveHouseWord(word.id, button.offset, "y").pack()
    yes = Button(ctx.texts("button-yes-remove-word"), remove, style=ButtonStyle.DANGER)
    back = Button(ctx.texts("button-back"), HouseWordsPage(button.offset).pack())
    question = f"{ctx.texts.html('house-words-remove-sure')}\n\n{_line(ctx, word)}"
    await ctx.edit_or_send(Message(question, question_keyboard(ctx, yes, back, stacked=True)))


async def _add(ctx: HandlerContext) -> None:
    await ctx.services.house_words.add(rules_in(ctx.words), actor_id=ctx.user_id)
    await ctx.send(await _list(ctx, 0))


async def _list(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        total = await house_words.count(connection)
        # Where so much was removed that there is no such page any more, the first.
        offset = offset if offset < total else 0
        page = await house_words.page(connection, limit=_PAGE, offset=offset)
    lines = [texts.html("house-words-title", count=total), ""]
    lines += [_line(ctx, word) for word in page] or [texts.html("house-words-none")]
    removals = [
        Button(
            texts("button-remove-word", word=cut(word.word, _ON_BUTTON)), RemoveHouseWord(word.id, offset).pack()
        )
        for word in page
    ]
    add = (Button(texts("button-add-words"), AskHouseWords().pack()),)
    turns = turns_by_offset(texts, HouseWordsPage, offset, _PAGE, more=offset + _PAGE < total)
    return Message("\n".join(lines), (*in_rows(removals, 2), *turns, add))


def _line(ctx: HandlerContext, word: HouseWord) -> str:
    texts = ctx.texts
    if word.spelling is None:
        return texts.html("house-word-left", word=texts.apart(word.word))
    return texts.html("house-word-preferred", word=texts.apart(word.word), spelling=texts.apart(word.spelling))
