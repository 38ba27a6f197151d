"""Tips as editors have them: cards, the list of what waits, and the draft that one press makes."""

from dataclasses import dataclass
from typing import Literal

from bot.delivery.attachments import Room
from bot.errors import NotFoundError
from bot.ingest.importer import general_category
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import OpenPreview
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.newsroom.tips import UNDECIDED
from bot.render.attachments import in_words
from bot.render.callback_data import CallbackData, Offset, RowId
from bot.render.comments import author_of
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.cards import is_card
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import fetched_window, in_rows, turns_by_offset
from handlers.core.router import Router
from handlers.staff import copy_editing
from handlers.staff.article_preview import send_preview
from storage import articles, categories, comments, tips
from storage.engine.connection import Connection
from storage.records import Card, CardKind, Content, Tip, TipState

_PAGE = 8
_LABEL_UNITS = 40
_TEXT_UNITS = 3_200
_NAME_UNITS = 60

_DECIDED = {TipState.READ: "tip-read-by", TipState.USED: "tip-used-by", TipState.DECLINED: "tip-declined-by"}
"""The keys of the line that says who decided what."""

router = Router()


@dataclass(frozen=True, slots=True)
class TipsPage(CallbackData, prefix="tips"):
    """A page of the tips that wait."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class OpenTip(CallbackData, prefix="tip:open"):
    """Answers with a tip."""

    tip_id: RowId


@dataclass(frozen=True, slots=True)
class DraftTip(CallbackData, prefix="tip:draft"):
    """Makes a draft with what a tip holds, or answers with the article that was made of it."""

    tip_id: RowId


@dataclass(frozen=True, slots=True)
class SendTipFiles(CallbackData, prefix="tip:files"):
    """Answers with the files of a tip."""

    tip_id: RowId


@dataclass(frozen=True, slots=True)
class AnswerTip(CallbackData, prefix="tip"):
    """Notifies the sender that a tip was read, or declines it; `back` only shows it again."""

    tip_id: RowId
    word: Literal["read", "no", "back"]


@dataclass(frozen=True, slots=True)
class SilenceSender(CallbackData, prefix="tip:mute"):
    """Silences the sender of a waiting tip; without `sure` the press asks first."""

    tip_id: RowId
    sure: Literal["y"] | None = None


@router.command("tips", right=Right.EDIT)
async def list_tips(ctx: HandlerContext) -> None:
    """/tips: what waits for a decision, the longest waiting first."""
    await ctx.send(await _list(ctx, 0))


@router.callback(TipsPage, right=Right.EDIT)
async def on_tips_page(ctx: HandlerContext, button: TipsPage) -> None:
    """Show a page of the list in place of what was there."""
    await ctx.edit_or_send(await _list(ctx, button.offset))


@router.callback(OpenTip, right=Right.EDIT)
async def open_tip(ctx: HandlerContext, button: OpenTip) -> None:
    """Answer with a tip; the list stays where it is."""
    await ctx.send(await _present(ctx, button.tip_id))


@router.callback(DraftTip, right=Right.EDIT)
async def draft_tip(ctx: HandlerContext, button: DraftTip) -> None:
    """Make a draft of a tip and answer with its preview; of a tip that was used, with its article's."""
    services = ctx.services
    async with services.database.read() as connection:
        tip = await _must_get(connection, button.tip_id)
        category = general_category(await categories.all_(connection))
        earlier = await articles.get(connection, tip.article_id) if tip.article_id is not None else None
    if earlier is not None:
        await send_preview(ctx, earlier)
        return
    untitled = ctx.texts("tip-untitled")
    try:
        draft = await services.tips.make_draft(
            tip.id, category_id=category.id, untitled=untitled, actor_id=ctx.user_id
        )
    finally:
        await _show(ctx, tip.id)
    await ctx.answer_callback("noted")
    await copy_editing.send_corrected_preview(ctx, draft)


@router.callback(SendTipFiles, right=Right.EDIT)
async def send_files(ctx: HandlerContext, button: SendTipFiles) -> None:
    """Send the files of a tip."""
    async with ctx.services.database.read() as connection:
        tip = await _must_get(connection, button.tip_id)
    await ctx.answer_callback()
    async for _ in ctx.services.attachments.send(Room(ctx.chat_id, ctx.topic_id, ctx.texts), _files_of(tip)):
        pass  # nothing that a correction would have to find again


@router.callback(AnswerTip, right=Right.EDIT)
async def answer_tip(ctx: HandlerContext, button: AnswerTip) -> None:
    """Notify the sender that the tip was read, or that it will not be used."""
    if button.word == "back":
        await ctx.edit_or_send(await _present(ctx, button.tip_id))
        return
    try:
        declined = button.word == "no"
        await ctx.services.tips.answer(button.tip_id, declined=declined, actor_id=ctx.user_id)
    finally:
        await _show(ctx, button.tip_id)
    await ctx.answer_callback("noted")


@router.callback(SilenceSender, right=Right.EDIT)
async def silence_sender(ctx: HandlerContext, button: SilenceSender) -> None:
    """Ask for confirmation, then silence the sender."""
    async with ctx.services.database.read() as connection:
        tip = await _must_get(connection, button.tip_id)
    if not button.sure and tip.state is TipState.WAITING:
        texts = ctx.texts
        yes = Button(texts("button-yes-silence"), SilenceSender(tip.id, "y").pack(), style=ButtonStyle.DANGER)
        back = Button(texts("button-back"), AnswerTip(tip.id, "back").pack())
        question = texts.html("tip-silence-sure", name=author_of(tip.name, texts))
        await ctx.edit_or_send(Message("\n\n".join([question, *_quoted(tip)]), question_keyboard(ctx, yes, back)))
        return
    try:
        await ctx.services.tips.silence(tip.id, actor_id=ctx.user_id)
    finally:
        await _show(ctx, tip.id)
    await ctx.answer_callback("noted")


async def render_card(connection: Connection, card: Card, texts: Texts) -> Message | None:
    """Return what a tip's card says now."""
    return await _card(connection, card.subject_id, texts)


async def _show(ctx: HandlerContext, tip_id: int) -> None:
    """Show how a tip stands now where the button was pressed; its card comes up to date by itself."""
    if not await is_card(ctx, CardKind.TIP, tip_id):
        await ctx.edit_or_send(await _present(ctx, tip_id))


async def _present(ctx: HandlerContext, tip_id: int) -> Message:
    async with ctx.services.database.read() as connection:
        message = await _card(connection, tip_id, ctx.texts)
    if message is None:
        raise NotFoundError("tip-gone")
    return message


async def _must_get(connection: Connection, tip_id: int) -> Tip:
    tip = await tips.get(connection, tip_id)
    if tip is None:
        raise NotFoundError("tip-gone")
    return tip


async def _list(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        waiting, offset = await fetched_window(
            lambda at: tips.waiting(connection, limit=_PAGE + 1, offset=at), offset
        )
    refresh = (Button(texts("button-refresh"), TipsPage(0).pack()),)
    if not waiting:
        return Message(texts.html("tips-none"), (refresh,))
    buttons = [Button(_label(tip, texts), OpenTip(tip.id).pack()) for tip in waiting[:_PAGE]]
    turns = turns_by_offset(texts, TipsPage, offset, _PAGE, more=len(waiting) > _PAGE)
    return Message(texts.html("tips-title"), (*in_rows(buttons, 1), *turns, refresh))


def _label(tip: Tip, texts: Texts) -> str:
    words = tip.text.partition("\n")[0] or in_words(_files_of(tip), texts)
    return f"{texts.digits(str(tip.id))} · {cut(words, _LABEL_UNITS)}"


async def _card(connection: Connection, tip_id: int, texts: Texts) -> Message | None:
    tip = await tips.get(connection, tip_id)
    if tip is None:
        return None
    name, when = author_of(tip.name, texts), texts.datetime(tip.created_at)
    lines = [texts.line(texts.html("tip-card", name=name, when=when)), *_quoted(tip)]
    if tip.media:
        lines.append(texts.line(texts.html("tip-files", files=in_words(_files_of(tip), texts))))
    if tip.state is TipState.DELETED:
        lines.append(texts.html("tip-taken-back"))
    elif decided := _DECIDED.get(tip.state):
        decider = cut(await name_of(connection, tip.decided_by), _NAME_UNITS) if tip.decided_by else ""
        lines.append(texts.line(texts.html(decided, name=decider, when=texts.short(tip.decided_at or 0))))
    if tip.state is TipState.DECLINED and await comments.is_silenced(connection, tip.user_id):
        lines.append(texts.html("comment-author-silenced"))
    return Message("\n\n".join(lines), _buttons(tip, texts))


def _quoted(tip: Tip) -> list[str]:
    """Return the words of a tip in a frame of their own, so that they can feign nothing; [] for none."""
    return [f"<blockquote>{escape(cut(tip.text, _TEXT_UNITS))}</blockquote>"] if tip.text else []


def _buttons(tip: Tip, texts: Texts) -> Keyboard:
    """Return the buttons of a tip: what can be done about it now."""
    files = [Button(texts("button-tip-files"), SendTipFiles(tip.id).pack())] if tip.media else []
    if tip.state not in UNDECIDED:
        opens = [Button(texts("button-view"), OpenPreview(tip.article_id).pack())] if tip.article_id else []
        return in_rows([*opens, *files], 2)
    make = Button(texts("button-tip-draft"), DraftTip(tip.id).pack())
    decline = Button(texts("button-tip-decline"), AnswerTip(tip.id, "no").pack())
    if tip.state is TipState.READ:
        return in_rows([make, *files, decline], 2)
    read = Button(texts("button-tip-read"), AnswerTip(tip.id, "read").pack())
    silence = Button(texts("button-comment-silence"), SilenceSender(tip.id).pack())
    return (*in_rows([make, *files], 2), (read, decline), (silence,))


def _files_of(tip: Tip) -> Content:
    """Return the files of a tip as the attachments of a content without words."""
    return Content("", media=tip.media)
