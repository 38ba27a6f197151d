"""The copy editor on drafts: it corrects a new one, shows the difference with an undo, and proposes the rest."""

import zlib
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from bot.errors import ConflictError, UserError
from bot.newsroom.copy_editing import (
    CopyProposal,
    corrected_content,
    corrected_words,
    proposals_for,
    with_all_proposals,
)
from bot.newsroom.permissions import Right
from bot.render.callback_data import ArticleId, CallbackData, RevisionNumber
from bot.render.html import cut
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from handlers.core.router import Router
from handlers.staff.article_access import editable, workable
from handlers.staff.article_preview import send_preview
from storage import articles
from storage.records import DRAFT_STATES, Article, Content

router = Router()

_MOST_CHANGES = 12
_MOST_PROPOSALS = 8
_WORDS = 80
"""Units of a changed place that are shown."""


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


async def send_corrected_preview(ctx: HandlerContext, draft: Article) -> None:
    """Correct a new draft and answer with its preview, whose last button shows what was corrected and proposed."""
    content = corrected_content(draft.content)
    edited = draft
    if content != draft.content:
        edited = await ctx.services.newsroom.edit(draft.id, content, expected=draft.revision, editor_id=ctx.user_id)
    changes = len(set(corrected_words(draft.content)))
    proposed = len(_proposals(edited.content))
    label = "button-copy-edits" if changes else "button-copy-proposals"
    shows = ShowCopyEdits(edited.id, draft.revision, edited.revision)
    button = Button(ctx.texts(label, count=changes or proposed), shows.pack())
    await send_preview(ctx, edited, ((button,),) if changes or proposed else ())


@router.callback(ShowCopyEdits, right=Right.WRITE)
async def show(ctx: HandlerContext, button: ShowCopyEdits) -> None:
    """Answer with what was corrected and what is proposed."""
    article = await _seen(ctx, button.article_id, button.revision)
    report = _report(ctx, article, await _written(ctx, article, button.written), button.written)
    if report is None:
        raise UserError("stale-button")
    await ctx.send(report)


@router.callback(UndoCopyEdit, right=Right.WRITE)
async def undo(ctx: HandlerContext, button: UndoCopyEdit) -> None:
    """Put the text back as it was written."""
    article = await _seen(ctx, button.article_id, button.revision)
    content = await _written(ctx, article, button.written)
    edited = await ctx.services.newsroom.edit(article.id, content, expected=button.revision, editor_id=ctx.user_id)
    await ctx.show(Message(ctx.texts.html("copy-edit-undone", id=ctx.texts.digits(str(article.id)))))
    await ctx.toast("noted")
    await send_preview(ctx, edited)


@router.callback(ApplyCopyProposal, right=Right.WRITE)
async def apply_one(ctx: HandlerContext, button: ApplyCopyProposal) -> None:
    """Apply one proposal, and show those that are left."""
    article = await _seen(ctx, button.article_id, button.revision)
    proposal = next((one for one in _proposals(article.content) if _checksum(one) == button.checksum), None)
    if proposal is None:
        raise UserError("stale-button")
    await _apply(ctx, article, proposal.content, button.written)


@router.callback(ApplyAllCopyProposals, right=Right.WRITE)
async def apply_all(ctx: HandlerContext, button: ApplyAllCopyProposals) -> None:
    """Apply every proposal."""
    article = await _seen(ctx, button.article_id, button.revision)
    content = with_all_proposals(article.content)
    if content == article.content:
        raise UserError("stale-button")
    await _apply(ctx, article, content, button.written)


async def _apply(ctx: HandlerContext, article: Article, content: Content, written: int) -> None:
    original = await _written(ctx, article, written)
    edited = await ctx.services.newsroom.edit(article.id, content, expected=article.revision, editor_id=ctx.user_id)
    report = _report(ctx, edited, original, written)
    await ctx.show(report or Message(ctx.texts.html("copy-edit-applied", id=ctx.texts.digits(str(article.id)))))
    await ctx.toast("noted")
    await send_preview(ctx, edited)


async def _seen(ctx: HandlerContext, article_id: int, revision: int) -> Article:
    """Return the draft that a button is about. Raises ConflictError where it is not as it was shown."""
    article = editable(ctx, await workable(ctx, article_id))
    if article.state not in DRAFT_STATES:
        raise UserError("stale-button")
    if article.revision != revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    return article


async def _written(ctx: HandlerContext, article: Article, revision: int) -> Content:
    async with ctx.services.database.read() as connection:
        contents = await articles.contents(connection, article.id, [revision])
    if revision not in contents:
        raise UserError("stale-button")
    return contents[revision]


def _report(ctx: HandlerContext, article: Article, original: Content, written: int) -> Message | None:
    """Return what was corrected since revision `written` and what is proposed; None where there is neither."""
    texts, id_ = ctx.texts, ctx.texts.digits(str(article.id))
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if article.revision != written:
        lines.append(texts.html("copy-edited", id=id_))
        words = list(dict.fromkeys(corrected_words(original)))
        lines += [texts.html("copy-edit-change", **_sides(ctx, *pair)) for pair in words[:_MOST_CHANGES]]
        if len(words) > _MOST_CHANGES:
            lines.append(texts.html("copy-edit-more", count=len(words) - _MOST_CHANGES))
        undo_button = UndoCopyEdit(article.id, written, article.revision)
        rows.append((Button(texts("button-copy-edit-undo"), undo_button.pack()),))
    proposed = _proposals(article.content)
    if proposed:
        lines += [*([""] if lines else []), texts.html("copy-edit-proposals", id=id_)]
        lines += [
            texts.html("copy-edit-proposal", place=place, **_sides(ctx, one.before, one.after))
            for place, one in enumerate(proposed, 1)
        ]
        rows += _proposal_buttons(ctx, article, written, proposed)
    return Message("\n".join(lines), tuple(rows)) if lines else None


def _proposal_buttons(
    ctx: HandlerContext, article: Article, written: int, proposed: list[CopyProposal]
) -> Keyboard:
    id_, revision = article.id, article.revision
    ones = [
        Button(
            ctx.texts("button-copy-edit-one", place=place),
            ApplyCopyProposal(id_, written, revision, _checksum(one)).pack(),
        )
        for place, one in enumerate(proposed, 1)
    ]
    all_ = Button(ctx.texts("button-copy-edit-all"), ApplyAllCopyProposals(id_, written, revision).pack())
    return (*in_rows(ones, 2), (all_,))


def _proposals(content: Content) -> list[CopyProposal]:
    return list(islice(proposals_for(content), _MOST_PROPOSALS))


def _checksum(proposal: CopyProposal) -> int:
    """Return what stands for a proposal in callback data: the place alone may have come another way."""
    return zlib.crc32(repr((proposal.before, proposal.after, proposal.content)).encode())


def _sides(ctx: HandlerContext, before: str, after: str) -> dict[str, str]:
    return {"before": ctx.texts.apart(cut(before, _WORDS)), "after": ctx.texts.apart(cut(after, _WORDS))}
