"""The unpublished articles of the newsroom: list, preview, save as a draft, delete."""

from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right, may
from bot.newsroom.transitions import Act, require
from bot.render.callback_data import ArticleId, CallbackData, Offset
from bot.render.callbacks import PreviewPage
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import (
    draft_state_in_words,
    fetched_window,
    gone_line,
    in_rows,
    state_in_words,
    turns_by_offset,
)
from handlers.core.router import Router
from handlers.staff.article_access import editable, named_article, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.article_preview import preview_pages, send_preview
from handlers.staff.callbacks import DropDraft, GatePage, SaveDraft
from handlers.staff.list_rows import in_place, listed
from storage import articles, reviews
from storage.records import DRAFT_STATES, Article, ArticleState, Review

router = Router()

_PAGE = 8


@dataclass(frozen=True, slots=True)
class DraftsPage(CallbackData, prefix="drafts"):
    """A page of the drafts."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class OpenDraft(CallbackData, prefix="drafts:open"):
    """Answers with the preview of an article of the list."""

    article_id: ArticleId


@router.command("drafts", right=Right.WRITE)
async def list_drafts(ctx: HandlerContext) -> None:
    """/drafts: the unpublished articles, the last changed first."""
    await ctx.send(await _page(ctx, 0))


@router.callback(DraftsPage, right=Right.WRITE)
async def on_drafts_page(ctx: HandlerContext, button: DraftsPage) -> None:
    """Show another page of the drafts, or the same anew."""
    await ctx.edit_or_send(await _page(ctx, button.offset))
    await ctx.answer_callback()


@router.callback(OpenDraft, right=Right.WRITE)
async def open_draft(ctx: HandlerContext, button: OpenDraft) -> None:
    """Answer with the preview. The list stays: its rows keep their places and say how their articles stand."""
    try:
        await send_preview(ctx, await workable(ctx, button.article_id))
    finally:
        await ctx.edit_or_send(await _page_in_place(ctx))


@router.command("preview", right=Right.WRITE)
@or_choice("preview")
async def show_preview(ctx: HandlerContext) -> None:
    """/preview ID: the article as readers would see it, with the buttons of the newsroom."""
    await send_preview(ctx, await named_article(ctx, "preview-usage"), with_cover=True)


@router.callback(PreviewPage, right=Right.WRITE)
async def on_preview_page(ctx: HandlerContext, button: PreviewPage) -> None:
    """Show a page of an article's preview."""
    pages = await preview_pages(ctx, await workable(ctx, button.article_id))
    await ctx.edit_or_send(pages[min(button.index, len(pages) - 1)])


@router.callback(SaveDraft, right=Right.WRITE)
async def on_save_draft(ctx: HandlerContext, button: SaveDraft) -> None:
    """Leave an article a draft."""
    article = editable(ctx, await workable(ctx, button.article_id))
    await ctx.services.newsroom.save_draft(article.id, actor_id=ctx.user_id)
    view = Button(ctx.texts("button-view"), PreviewPage(article.id).pack())
    kept = ctx.texts.html("draft-kept", id=ctx.texts.digits(str(article.id)), title=article.content.title)
    await ctx.edit_or_send(Message(kept, ((view,),)))
    await ctx.answer_callback("noted")


@router.callback(DropDraft, right=Right.WRITE)
async def on_delete_draft(ctx: HandlerContext, button: DropDraft) -> None:
    """Delete a draft, after a yes."""
    article = await workable(ctx, button.article_id)
    require(Act.DISCARD, article)
    if not button.sure:
        yes = Button(ctx.texts("button-yes-delete"), DropDraft(article.id, "y").pack(), style=ButtonStyle.DANGER)
        back = Button(ctx.texts("button-back"), PreviewPage(article.id).pack())
        question = ctx.texts.html("draft-drop-sure", title=article.content.title)
        await ctx.edit_or_send(Message(question, question_keyboard(ctx, yes, back)))
        return
    await ctx.services.newsroom.discard(article.id, actor_id=ctx.user_id)
    await ctx.edit_or_send(Message(ctx.texts.html("draft-dropped", title=article.content.title)))
    await ctx.answer_callback("noted")


async def _page(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    author_id = None if may(ctx.role, Right.EDIT) else ctx.user_id
    async with ctx.services.database.read() as connection:
        drafts, offset = await fetched_window(
            lambda at: articles.drafts(connection, limit=_PAGE + 1, offset=at, author_id=author_id), offset
        )
        last = await reviews.last(connection, [draft.id for draft in drafts])
        at_gate = await reviews.count(connection, gate=True) if may(ctx.role, Right.PUBLISH) else 0
    gate = ((Button(texts("button-gate", count=at_gate), GatePage(0).pack()),),) if at_gate else ()
    if not drafts:
        return Message(texts.html("drafts-none"), gate)
    page = drafts[:_PAGE]
    lines = [_line(draft, last.get(draft.id), texts) for draft in page]
    buttons = [_button(draft.id, draft, texts) for draft in page]
    turns = turns_by_offset(texts, DraftsPage, offset, _PAGE, more=len(drafts) > _PAGE)
    refresh = (Button(texts("button-refresh"), DraftsPage(offset).pack()),)
    return Message("\n".join([texts.html("drafts-title"), *lines]), (*in_rows(buttons, 1), *turns, refresh, *gate))


async def _page_in_place(ctx: HandlerContext) -> Message:
    """Return the list whose button was pressed: the same rows, and how their articles stand now."""
    texts, ids = ctx.texts, [button.article_id for button in listed(ctx, OpenDraft)]
    async with ctx.services.database.read() as connection:
        by_id = {article.id: article for article in await articles.get_many(connection, ids)}
        last = await reviews.last(connection, ids)
    lines = [
        _line(by_id[id_], last.get(id_), texts) if id_ in by_id else f"\n{gone_line(id_, texts)}" for id_ in ids
    ]
    rows = in_place(ctx, OpenDraft, lambda row: (_button(row.article_id, by_id.get(row.article_id), texts),))
    return Message("\n".join([texts.html("drafts-title"), *lines]), rows)


def _line(draft: Article, last: Review | None, texts: Texts) -> str:
    number = texts.digits(str(draft.id))
    if draft.state is ArticleState.RETRACTED:
        # Its title must not be repeated, not even here.
        return f"\n{texts.mark}<code>{number}</code> {escape(state_in_words(draft, texts))}"
    waits = draft.state in DRAFT_STATES
    state = draft_state_in_words(draft, last, texts) if waits else state_in_words(draft, texts)
    title = escape(texts.apart(cut(draft.content.title, 150)))
    facts = escape(texts.facts(category_name(draft.category, texts), texts.short(draft.updated_at), state))
    return f"\n{texts.mark}<code>{number}</code> {title}\n{facts}"


def _button(article_id: int, draft: Article | None, texts: Texts) -> Button:
    number, opens = texts.digits(str(article_id)), OpenDraft(article_id).pack()
    if draft is None:
        return Button(f"{number} · {texts('row-deleted')}", opens)
    name = cut(draft.content.title, 24) if draft.state in DRAFT_STATES else state_in_words(draft, texts)
    return Button(f"{number} · {name}", opens)
