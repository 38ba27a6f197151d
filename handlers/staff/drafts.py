"""The desk's unpublished articles: list, preview, publish, keep, throw away."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.callbacks import OpenPreview
from bot.newsroom.permissions import Right, may
from bot.newsroom.stories import first_tellings
from bot.render.article import preview
from bot.render.callback_data import ArticleId, CallbackData, Offset, RevisionNumber
from bot.render.callbacks import PreviewPage
from bot.render.headline import article_link, category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from bot.render.story import told_before
from handlers.core.context import HandlerContext
from handlers.core.labels import draft_state_in_words, duration_in_words, in_rows, turns_by_offset
from handlers.core.router import Router
from handlers.staff import edit_lock
from handlers.staff.callbacks import (
    AskBreaking,
    AskPublicationTime,
    CancelPlan,
    EditArticle,
    GatePage,
    ShowPost,
    SubmitDraft,
)
from handlers.staff.pausing import pause_in_words
from handlers.staff.review_buttons import review_buttons
from persian.digits import parse_int
from storage import articles, progress, reviews
from storage.records import Article, ArticleState, FanOutKind

router = Router()

_PAGE = 8
_WORTH_A_WORD = 60
"""Seconds from which on the way to all followers is told."""


@dataclass(frozen=True, slots=True)
class DraftsPage(CallbackData, prefix="drafts"):
    """A page of the drafts."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class DropDraft(CallbackData, prefix="drop"):
    """Throws a draft away; asks first where nobody is `sure`."""

    article_id: ArticleId
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class KeepDraft(CallbackData, prefix="keep"):
    """Leaves an article a draft."""

    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class PublishDraft(CallbackData, prefix="pub"):
    """Publishes an article as it was seen; asks first where somebody is editing it and nobody is `sure`."""

    article_id: ArticleId
    revision: RevisionNumber
    sure: Literal["y"] | None = None


@router.command("drafts", right=Right.WRITE)
async def list_drafts(ctx: HandlerContext) -> None:
    """/drafts: what waits on the desk, the last changed first."""
    await ctx.send(await _page(ctx, 0))


@router.callback(DraftsPage, right=Right.WRITE)
async def turn_drafts(ctx: HandlerContext, button: DraftsPage) -> None:
    """Show another page of the drafts."""
    await ctx.show(await _page(ctx, button.offset))


@router.command("preview", right=Right.WRITE)
async def show_preview(ctx: HandlerContext) -> None:
    """/preview ID: the article as readers would see it, with the desk's buttons."""
    await send_preview(ctx, await asked(ctx, "preview-usage"))


@router.callback(PreviewPage, right=Right.WRITE)
async def turn_preview(ctx: HandlerContext, button: PreviewPage) -> None:
    """Show a page of an article's preview."""
    preview_pages = await pages(ctx, await workable(ctx, button.article_id))
    await ctx.show(preview_pages[min(button.index, len(preview_pages) - 1)])


async def send_preview(ctx: HandlerContext, article: Article) -> None:
    """Answer with the first page of an article's preview."""
    await ctx.send((await pages(ctx, article))[0])


async def publish(ctx: HandlerContext, article: Article) -> None:
    """Publish an article by command."""
    if await _half_edited(ctx, article):
        return
    done = await ctx.services.newsroom.publish(article.id, actor_id=ctx.user_id)
    await ctx.send(await published(ctx, done))


@router.callback(PublishDraft, right=Right.PUBLISH)
async def press_publish(ctx: HandlerContext, button: PublishDraft) -> None:
    """Publish an article from its preview."""
    article = await workable(ctx, button.article_id)
    if article.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=article.id)
    if article.revision != button.revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    if not button.sure and await _half_edited(ctx, article):
        return
    done = await ctx.services.newsroom.publish(article.id, actor_id=ctx.user_id)
    await ctx.show(await published(ctx, done))
    await ctx.toast("noted")


@router.callback(KeepDraft, right=Right.WRITE)
async def keep(ctx: HandlerContext, button: KeepDraft) -> None:
    """Leave an article a draft."""
    article = editable(ctx, await workable(ctx, button.article_id))
    if article.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=article.id)
    if article.state is ArticleState.REVIEW:
        raise ConflictError("review-open-already", id=article.id)
    if article.state in (ArticleState.SCHEDULED, ArticleState.FOLDED):
        raise ConflictError("draft-gone", id=article.id)
    await ctx.services.newsroom.keep(article.id, actor_id=ctx.user_id)
    view = Button(ctx.texts("button-view"), PreviewPage(article.id).pack())
    kept = ctx.texts.html("draft-kept", id=ctx.texts.digits(str(article.id)), title=article.content.title)
    await ctx.show(Message(kept, ((view,),)))
    await ctx.toast("noted")


@router.callback(DropDraft, right=Right.WRITE)
async def drop(ctx: HandlerContext, button: DropDraft) -> None:
    """Throw a draft away, after a yes."""
    article = await workable(ctx, button.article_id)
    if article.state is not ArticleState.DRAFT:
        raise ConflictError("draft-gone", id=article.id)
    if not button.sure:
        buttons = (
            Button(ctx.texts("button-yes-delete"), DropDraft(article.id, "y").pack()),
            Button(ctx.texts("button-back"), PreviewPage(article.id).pack()),
        )
        await ctx.show(Message(ctx.texts.html("draft-drop-sure", title=article.content.title), (buttons,)))
        return
    await ctx.services.newsroom.discard(article.id, actor_id=ctx.user_id)
    await ctx.show(Message(ctx.texts.html("draft-dropped", title=article.content.title)))
    await ctx.toast("noted")


async def _half_edited(ctx: HandlerContext, article: Article) -> bool:
    """Tell whether somebody else is editing the article; then they are asked whether to publish it so."""
    holder = await ctx.services.edit_locks.held_by_another(article.id, ctx.user_id)
    if holder is None:
        return False
    yes = Button(ctx.texts("button-yes-publish"), PublishDraft(article.id, article.revision, "y").pack())
    await ctx.show(await edit_lock.told(ctx, "publish-held", article, holder, ((yes,),)))
    return True


async def asked(ctx: HandlerContext, usage: str) -> Article:
    """Return the article that a command names. Raises UserError with the usage, or NotFoundError."""
    article_id, words = numbered(ctx, usage)
    if words:
        raise UserError(usage)
    return await workable(ctx, article_id)


def numbered(ctx: HandlerContext, usage: str) -> tuple[int, str]:
    """Return the number behind a command, and the words behind that. Raises UserError with the usage."""
    number, _, words = " ".join(ctx.words.split()).partition(" ")
    article_id = parse_int(number)
    if article_id is None or article_id < 1:
        raise UserError(usage)
    return article_id, words


async def workable(ctx: HandlerContext, article_id: int) -> Article:
    """Return an article that the person may work on; any other looks like an unknown one."""
    async with ctx.services.database.read() as connection:
        article = await articles.get(connection, article_id)
    own = article is not None and article.author_id == ctx.user_id and may(ctx.role, Right.WRITE)
    if article is None or article_id < 1 or not (own or may(ctx.role, Right.EDIT)):
        raise NotFoundError("article-not-found", id=article_id)
    return article


def editable(ctx: HandlerContext, article: Article) -> Article:
    """Return the article. Raises UserError where it is put away, or readers have it and the person is no editor.

    What is published by itself has been looked at: it is for editors, too.
    """
    if article.state is ArticleState.RETRACTED:
        raise UserError("article-is-retracted", id=article.id)
    if article.state is ArticleState.DROPPED:
        raise UserError("article-is-dropped", id=article.id)
    if article.state is ArticleState.PUBLISHED and not may(ctx.role, Right.EDIT):
        raise UserError("edit-editors-only", id=article.id)
    if article.state is ArticleState.SCHEDULED and not may(ctx.role, Right.EDIT):
        raise UserError("plan-editors-only", id=article.id)
    return article


async def pages(ctx: HandlerContext, article: Article) -> tuple[Message, ...]:
    """Return the pages of an article's preview, with what the person may do with it under each."""
    async with ctx.services.database.read() as connection:
        firsts = await first_tellings(connection, [article])
    before = told_before(article, firsts.get(article.id), ctx.texts)
    return preview(article, ctx.texts, _choices(ctx, article), told_before=before)


def _choices(ctx: HandlerContext, article: Article) -> Keyboard:
    """Return the buttons under an article's preview."""
    texts, id_ = ctx.texts, article.id
    if article.state in (ArticleState.RETRACTED, ArticleState.DROPPED):
        return ()
    as_post = Button(texts("button-as-post"), ShowPost(id_).pack())
    if article.state is ArticleState.PUBLISHED:
        editor = may(ctx.role, Right.EDIT)
        edit = (Button(texts("button-edit"), EditArticle(id_).pack()),) if editor else ()
        return ((*edit, as_post),)
    publishes, mine = may(ctx.role, Right.PUBLISH), article.author_id == ctx.user_id
    edit_button, plan = (
        Button(texts("button-edit"), EditArticle(id_).pack()),
        AskPublicationTime(id_, article.revision).pack(),
    )
    publish_button = Button(texts("button-publish"), PublishDraft(id_, article.revision).pack())
    breaking_button = Button(texts("button-breaking"), AskBreaking(id_).pack())
    urgent = (Button(texts("button-plan"), plan), breaking_button)
    if article.state is ArticleState.FOLDED:
        first_id = article.story_id or 0
        anyway = Button(texts("button-publish-anyway"), PublishDraft(id_, article.revision).pack())
        opens = (Button(texts("button-open-first", id=first_id), OpenPreview(first_id).pack()),)
        return (opens, (anyway, edit_button)) if publishes else (opens,)
    if article.state is ArticleState.REVIEW:
        decide = review_buttons(article, texts, decides=publishes, mine=mine)
        return (*decide, *((urgent,) if publishes else ()), (as_post,))
    if article.state is ArticleState.SCHEDULED:
        if not publishes:
            return ((as_post,),)
        move = (Button(texts("button-move"), plan), Button(texts("button-unplan"), CancelPlan(id_).pack()))
        return ((publish_button, breaking_button), move, (edit_button, as_post))
    rows: list[tuple[Button, ...]] = [(Button(texts("button-keep-draft"), KeepDraft(id_).pack()),)]
    if publishes:
        rows = [(publish_button, *rows[0]), urgent]
    if not publishes or ctx.services.settings.review_required:
        rows.insert(0, (Button(texts("button-submit"), SubmitDraft(id_).pack()),))
    rows += [(edit_button, Button(texts("button-delete"), DropDraft(id_).pack())), (as_post,)]
    return tuple(rows)


async def published(ctx: HandlerContext, article: Article, key: str = "published") -> Message:
    """Return that an article is published, and why it takes time to reach everyone, or waits."""
    texts = ctx.texts
    link = article_link(ctx.services.bot_username, article.id)
    done = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    async with ctx.services.database.read() as connection:
        kind = FanOutKind.BREAKING if article.breaking else FanOutKind.HEADLINE
        count = await progress.followers(connection, article, kind)
        paused = await pause_in_words(connection, texts)
    seconds = count / ctx.services.settings.bulk_rate
    if seconds > _WORTH_A_WORD:
        done += "\n" + texts.html("published-takes", count=count, duration=duration_in_words(seconds, texts))
    if paused:
        done += f"\n{paused}"
    return Message(done, ((Button(texts("button-full-text"), url=link),),))


async def _page(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    author_id = None if may(ctx.role, Right.EDIT) else ctx.user_id
    async with ctx.services.database.read() as connection:
        drafts = await articles.drafts(connection, limit=_PAGE + 1, offset=offset, author_id=author_id)
        if not drafts and offset:
            # Those of this page were published or thrown away meanwhile.
            offset = 0
            drafts = await articles.drafts(connection, limit=_PAGE + 1, author_id=author_id)
        last = await reviews.last(connection, [draft.id for draft in drafts])
        at_gate = await reviews.count(connection, gate=True) if may(ctx.role, Right.PUBLISH) else 0
    gate = ((Button(texts("button-gate", count=at_gate), GatePage(0).pack()),),) if at_gate else ()
    if not drafts:
        return Message(texts.html("drafts-none"), gate)
    lines = [texts.html("drafts-title")]
    for draft in drafts[:_PAGE]:
        number = texts.digits(str(draft.id))
        state = draft_state_in_words(draft, last.get(draft.id), texts)
        title = escape(texts.apart(cut(draft.content.title, 150)))
        facts = escape(texts.facts(category_name(draft.category, texts), texts.short(draft.updated_at), state))
        lines.append(f"\n{texts.mark}<code>{number}</code> {title}\n{facts}")
    buttons = [
        Button(f"{texts.digits(str(draft.id))} · {cut(draft.content.title, 24)}", PreviewPage(draft.id).pack())
        for draft in drafts[:_PAGE]
    ]
    turns = turns_by_offset(texts, DraftsPage, offset, _PAGE, more=len(drafts) > _PAGE)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, *gate))
