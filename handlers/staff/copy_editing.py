"""The copy editor on drafts: it corrects a new one, shows the difference with an undo, and proposes the rest.

What a source brought stays as it is until an editor applies the corrections. A long text takes a second or two: it
is worked on in a thread, so that nobody waits meanwhile.
"""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated

from bot.errors import ConflictError, UserError
from bot.newsroom.callbacks import AskCopyEdit
from bot.newsroom.copy_editing import (
    CopyProposal,
    corrected_content,
    corrected_words,
    proposals_for,
    with_all_proposals,
)
from bot.newsroom.permissions import Right, may
from bot.render.callback_data import ArticleId, CallbackData, RevisionNumber
from bot.render.callbacks import SettledRow
from bot.render.html import cut
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows, marked
from handlers.core.router import Router
from handlers.staff.article_access import editable, workable
from handlers.staff.article_preview import send_preview
from handlers.staff.callbacks import OpenStaffCommand
from handlers.staff.list_rows import keyboard_of
from persian.copy_edit.editor import HouseStyle
from storage import articles, house_words
from storage.records import DRAFT_STATES, Article, Content

router = Router()

_MOST_CHANGES = 12
_MOST_PROPOSALS = 8
_WORDS = 80
"""Units of a changed place that are shown."""


@dataclass(frozen=True, slots=True)
class ApplyCopyEdit(CallbackData, prefix="copy:apply"):
    """Applies the corrections that were shown of a revision."""

    article_id: ArticleId
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class ShowCopyEdits(CallbackData, prefix="copy:show"):
    """Answers with what was corrected since the revision `written`, and with what is proposed."""

    article_id: ArticleId
    written: RevisionNumber
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class UndoCopyEdit(CallbackData, prefix="copy:undo"):
    """Puts the text of the revision `written` back on top of the newest one."""

    article_id: ArticleId
    written: RevisionNumber
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class ApplyCopyProposal(CallbackData, prefix="copy:one"):
    """Applies the proposal with that checksum."""

    article_id: ArticleId
    written: RevisionNumber
    revision: RevisionNumber
    checksum: Annotated[int, r"\d{1,10}"]


@dataclass(frozen=True, slots=True)
class ApplyAllCopyProposals(CallbackData, prefix="copy:all"):
    """Applies every proposal."""

    article_id: ArticleId
    written: RevisionNumber
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class _EditedDraft:
    """A draft, the number and `original` content of the revision that was `written` before, and the house style."""

    article: Article
    written: int
    original: Content
    style: HouseStyle

    async def corrected(self) -> Content:
        """Return the present content with all that is certain corrected."""
        return await asyncio.to_thread(corrected_content, self.article.content, self.style)

    async def corrections(self) -> list[tuple[str, str]]:
        """Return the words that are corrected in what was written, each once, as they were and as they are."""
        return await asyncio.to_thread(lambda: list(dict.fromkeys(corrected_words(self.original, self.style))))

    async def proposals(self) -> list[CopyProposal]:
        """Return the proposals for the present text that are shown, and one more where there are more."""
        proposals = proposals_for(self.article.content, self.style)
        return await asyncio.to_thread(lambda: list(islice(proposals, _MOST_PROPOSALS + 1)))


async def send_corrected_preview(ctx: HandlerContext, draft: Article) -> None:
    """Correct a new draft and answer with its preview, whose last button shows what was corrected and proposed."""
    before = await _as_written(ctx, draft)
    content = await before.corrected()
    edited = before
    if content != draft.content:
        edited = replace(before, article=await _store(ctx, draft, content))
    changes = len(await before.corrections())
    proposed = min(len(await edited.proposals()), _MOST_PROPOSALS)
    label = "button-copy-edits" if changes else "button-copy-proposals"
    shows = ShowCopyEdits(draft.id, draft.revision, edited.article.revision)
    button = Button(ctx.texts(label, count=changes or proposed), shows.pack())
    below = ((button,),) if changes or proposed else ()
    await send_preview(ctx, edited.article, below, with_cover=True)


@router.callback(AskCopyEdit, right=Right.WRITE)
async def show_proposals(ctx: HandlerContext, button: AskCopyEdit) -> None:
    """Answer with what would be corrected, and where nothing would, with what is proposed."""
    draft = await _as_written(ctx, _open_draft(ctx, await workable(ctx, button.article_id)))
    report = await _forecast(ctx, draft) or await _report(ctx, draft)
    if report is None:
        await ctx.answer_callback("copy-edit-nothing", id=ctx.texts.digits(str(draft.article.id)))
        return
    await ctx.answer_callback()
    await ctx.send(report)


@router.callback(ApplyCopyEdit, right=Right.WRITE)
async def apply(ctx: HandlerContext, button: ApplyCopyEdit) -> None:
    """Correct the text as it was shown."""
    draft = await _as_written(ctx, await _unchanged_draft(ctx, button.article_id, button.revision))
    content = await draft.corrected()
    if content == draft.article.content:
        raise UserError("stale-button")
    await _apply(ctx, draft, content)


@router.callback(ShowCopyEdits, right=Right.WRITE)
async def show_corrected(ctx: HandlerContext, button: ShowCopyEdits) -> None:
    """Answer with what was corrected and what is proposed."""
    report = await _report(ctx, await _edited(ctx, button))
    if report is None:
        raise UserError("stale-button")
    await ctx.send(report)


@router.callback(UndoCopyEdit, right=Right.WRITE)
async def undo(ctx: HandlerContext, button: UndoCopyEdit) -> None:
    """Restore the text as it was written."""
    draft = await _edited(ctx, button)
    restored = await _store(ctx, draft.article, draft.original)
    await ctx.edit_or_send(Message(ctx.texts.html("copy-edit-undone", id=ctx.texts.digits(str(restored.id)))))
    await ctx.answer_callback("noted")
    await send_preview(ctx, restored)


@router.callback(ApplyCopyProposal, right=Right.WRITE)
async def apply_proposal(ctx: HandlerContext, button: ApplyCopyProposal) -> None:
    """Apply one proposal. The buttons of the others stay where they are as long as there are any."""
    draft = await _edited(ctx, button)
    before = await draft.proposals()
    proposal = next((candidate for candidate in before if _checksum(candidate) == button.checksum), None)
    if proposal is None:
        raise UserError("stale-button")
    edited = replace(draft, article=await _store(ctx, draft.article, proposal.content))
    successors = _successors(before, await edited.proposals(), button.checksum)
    if successors:
        await ctx.set_buttons(_in_their_places(ctx, edited, button.checksum, successors))
        await ctx.answer_callback("noted")
        await send_preview(ctx, edited.article)
    else:
        await _show_edited(ctx, edited)


@router.callback(ApplyAllCopyProposals, right=Right.WRITE)
async def apply_all(ctx: HandlerContext, button: ApplyAllCopyProposals) -> None:
    """Apply every proposal."""
    draft = await _edited(ctx, button)
    content = await asyncio.to_thread(with_all_proposals, draft.article.content, draft.style)
    if content == draft.article.content:
        raise UserError("stale-button")
    await _apply(ctx, draft, content)


async def _apply(ctx: HandlerContext, draft: _EditedDraft, content: Content) -> None:
    await _show_edited(ctx, replace(draft, article=await _store(ctx, draft.article, content)))


async def _show_edited(ctx: HandlerContext, edited: _EditedDraft) -> None:
    id_ = ctx.texts.digits(str(edited.article.id))
    report = await _report(ctx, edited)
    await ctx.edit_or_send(report or Message(ctx.texts.html("copy-edit-applied", id=id_)))
    await ctx.answer_callback("noted")
    await send_preview(ctx, edited.article)


async def _store(ctx: HandlerContext, article: Article, content: Content) -> Article:
    return await ctx.services.newsroom.edit(
        article.id, content, expected=article.revision, editor_id=ctx.user_id, state=article.state
    )


def _open_draft(ctx: HandlerContext, article: Article) -> Article:
    """Return an article that the person may edit. Raises UserError for one that is no draft any more."""
    if editable(ctx, article).state not in DRAFT_STATES:
        raise UserError("stale-button")
    return article


async def _unchanged_draft(ctx: HandlerContext, article_id: int, revision: int) -> Article:
    """Return the draft that a button is about. Raises ConflictError where it is not as it was shown."""
    article = _open_draft(ctx, await workable(ctx, article_id))
    if article.revision != revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    return article


async def _as_written(ctx: HandlerContext, article: Article) -> _EditedDraft:
    """Return a draft on which the copy editor has not worked yet."""
    async with ctx.services.database.read() as connection:
        style = await house_words.style(connection)
    return _EditedDraft(article, article.revision, article.content, style)


async def _edited(
    ctx: HandlerContext, button: ShowCopyEdits | UndoCopyEdit | ApplyCopyProposal | ApplyAllCopyProposals
) -> _EditedDraft:
    """Return the draft of a button, with what it was before. Raises ConflictError as `_unchanged_draft` does."""
    article = await _unchanged_draft(ctx, button.article_id, button.revision)
    async with ctx.services.database.read() as connection:
        contents = await articles.contents(connection, article.id, [button.written])
        style = await house_words.style(connection)
    if button.written not in contents:
        raise UserError("stale-button")
    return _EditedDraft(article, button.written, contents[button.written], style)


async def _forecast(ctx: HandlerContext, draft: _EditedDraft) -> Message | None:
    """Return what would be corrected in a draft, with the button that does so; None where nothing would."""
    changes = await _changes(ctx, draft)
    if not changes:
        return None
    article = draft.article
    title = ctx.texts.html("copy-edit-would", id=ctx.texts.digits(str(article.id)))
    button = Button(ctx.texts("button-copy-edit-apply"), ApplyCopyEdit(article.id, article.revision).pack())
    return Message("\n".join([title, *changes]), ((button,),))


async def _report(ctx: HandlerContext, draft: _EditedDraft) -> Message | None:
    """Return what was corrected since a draft was written and what is proposed; None where there is neither."""
    texts, article = ctx.texts, draft.article
    id_ = texts.digits(str(article.id))
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if article.revision != draft.written:
        lines += [texts.html("copy-edited", id=id_), *await _changes(ctx, draft)]
        undo_button = UndoCopyEdit(article.id, draft.written, article.revision)
        rows.append((Button(texts("button-copy-edit-undo"), undo_button.pack()), *_words_button(ctx)))
    proposed = (await draft.proposals())[:_MOST_PROPOSALS]
    if proposed:
        lines += [*([""] if lines else []), texts.html("copy-edit-proposals", id=id_)]
        lines += [
            texts.html("copy-edit-proposal", place=place, **_sides(ctx, proposal.before, proposal.after))
            for place, proposal in enumerate(proposed, 1)
        ]
        rows += _proposal_buttons(ctx, draft, proposed)
    return Message("\n".join(lines), tuple(rows)) if lines else None


def _words_button(ctx: HandlerContext) -> tuple[Button, ...]:
    """Return the button that opens the newsroom's own words, for whoever may change them."""
    if not may(ctx.role, Right.EDIT):
        return ()
    return (Button(ctx.texts("button-house-words"), OpenStaffCommand("words").pack()),)


async def _changes(ctx: HandlerContext, draft: _EditedDraft) -> list[str]:
    """Return what is corrected in a draft as it was written, as lines of HTML."""
    words = await draft.corrections()
    lines = [ctx.texts.html("copy-edit-change", **_sides(ctx, *pair)) for pair in words[:_MOST_CHANGES]]
    if len(words) > _MOST_CHANGES:
        lines.append(ctx.texts.html("copy-edit-more", count=len(words) - _MOST_CHANGES))
    return lines


def _proposal_buttons(ctx: HandlerContext, draft: _EditedDraft, proposed: list[CopyProposal]) -> Keyboard:
    id_, written, revision = draft.article.id, draft.written, draft.article.revision
    ones = [
        Button(
            ctx.texts("button-copy-edit-one", place=place),
            ApplyCopyProposal(id_, written, revision, _checksum(proposal)).pack(),
        )
        for place, proposal in enumerate(proposed, 1)
    ]
    apply_all = Button(ctx.texts("button-copy-edit-all"), ApplyAllCopyProposals(id_, written, revision).pack())
    return (*in_rows(ones, 2), (apply_all,))


def _successors(before: list[CopyProposal], after: list[CopyProposal], applied: int) -> dict[int, CopyProposal]:
    """Return what became of the proposals that were shown, but for the applied one, by their former checksums.

    A proposal's words may change with its neighbour's, its turn does not. Nothing is returned where none is left,
    or where the applied one brought or took others.
    """
    left = [proposal for proposal in before if _checksum(proposal) != applied]
    if len(before) <= _MOST_PROPOSALS and len(after) != len(left):
        return {}
    offered = left[: _MOST_PROPOSALS - 1]
    return {_checksum(proposal): now for proposal, now in zip(offered, after, strict=False)}


def _in_their_places(
    ctx: HandlerContext, draft: _EditedDraft, applied: int, successors: Mapping[int, CopyProposal]
) -> Keyboard:
    """Return the buttons of the pressed message for a draft's newest revision, the applied proposal with a tick.

    A message that had no undo gets one below the others.
    """
    id_, written, revision = draft.article.id, draft.written, draft.article.revision
    undo_data = UndoCopyEdit(id_, written, revision).pack()

    def drawn(button: Button, place: int) -> Button:
        if UndoCopyEdit.matches(button.data):
            return replace(button, data=undo_data)
        if ApplyAllCopyProposals.matches(button.data):
            return replace(button, data=ApplyAllCopyProposals(id_, written, revision).pack())
        named = ApplyCopyProposal.unpack(button.data)
        if named is None:
            return button
        now = successors.get(named.checksum)
        if named.checksum == applied or now is None:
            return Button(marked(button.text, on=True), SettledRow(place).pack())
        return replace(button, data=ApplyCopyProposal(id_, written, revision, _checksum(now)).pack())

    keyboard = keyboard_of(ctx)
    rows = tuple(tuple(drawn(button, place) for place, button in enumerate(row, 1)) for row in keyboard)
    if any(UndoCopyEdit.matches(button.data) for row in keyboard for button in row):
        return rows
    return (*rows, (Button(ctx.texts("button-copy-edit-undo"), undo_data),))


def _checksum(proposal: CopyProposal) -> int:
    """Return what stands for a proposal in callback data: the place alone may have come another way."""
    return zlib.crc32(repr((proposal.before, proposal.after, proposal.content)).encode())


def _sides(ctx: HandlerContext, before: str, after: str) -> dict[str, str]:
    return {"before": ctx.texts.apart(cut(before, _WORDS)), "after": ctx.texts.apart(cut(after, _WORDS))}
