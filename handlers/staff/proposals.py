"""Proposals of sources that wait for a yes: what would change, the whole text, the decision."""

from dataclasses import replace

from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import AcceptProposal, DeclineProposal, OpenPreview, ShowProposal
from bot.newsroom.permissions import Right
from bot.newsroom.source_changes import decision_buttons, pending_proposal, proposed_content
from bot.render.article import proposal_preview
from bot.render.callbacks import ProposalPage
from bot.render.difference import changes
from bot.render.headline import category_name
from bot.render.html import cut
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import amendment_progress, conflicts
from handlers.staff.article_access import workable
from storage import categories
from storage.proposals import Proposal
from storage.records import Article, ArticleState

router = Router()

_TITLE = 150
_DIFFERENCE = 2_800
"""Units that all the parts of a change may have together, what they say and what they would say."""
_SEEN_ANOTHER = (conflicts.CHANGED, "proposal-changed")
"""Keys of the errors after which the question is still open, but about another text than was seen."""


@router.callback(ShowProposal, right=Right.PUBLISH)
async def show_proposal(ctx: HandlerContext, button: ShowProposal) -> None:
    """Answer with what would change."""
    await ctx.send(await _difference(ctx, await workable(ctx, button.article_id)))


@router.callback(ProposalPage, right=Right.PUBLISH)
async def on_page(ctx: HandlerContext, button: ProposalPage) -> None:
    """Show a page of the whole of the new text."""
    article = await workable(ctx, button.article_id)
    async with ctx.services.database.read() as connection:
        proposed = await pending_proposal(connection, article.id)
    new = replace(article, content=proposed_content(article, proposed))
    pages = proposal_preview(new, ctx.texts, _decide(article, proposed, ctx.texts))
    await ctx.edit_or_send(pages[min(button.index, len(pages) - 1)])


@router.callback(AcceptProposal, right=Right.PUBLISH)
async def accept(ctx: HandlerContext, button: AcceptProposal) -> None:
    """Accept the new text that was shown."""
    article = await workable(ctx, button.article_id)
    try:
        revised = await ctx.services.source_changes.accept(
            article.id, revision=button.revision, asked_at=button.asked_at, actor_id=ctx.user_id
        )
    except ConflictError as error:
        await _show_how_things_stand(ctx, article, error)
        raise
    if revised.state is ArticleState.PUBLISHED:
        await amendment_progress.show_progress(ctx, revised)
    else:
        await ctx.edit_or_send(_settled(article, "proposal-accepted", ctx.texts))
    await ctx.answer_callback("noted")


@router.callback(DeclineProposal, right=Right.PUBLISH)
async def decline(ctx: HandlerContext, button: DeclineProposal) -> None:
    """Leave the article as it is."""
    article = await workable(ctx, button.article_id)
    try:
        await ctx.services.source_changes.decline(article.id, asked_at=button.asked_at, actor_id=ctx.user_id)
    except ConflictError as error:
        await _show_how_things_stand(ctx, article, error)
        raise
    await ctx.edit_or_send(_settled(article, "proposal-declined", ctx.texts))
    await ctx.answer_callback("noted")


async def _show_how_things_stand(ctx: HandlerContext, article: Article, error: ConflictError) -> None:
    """Show what is asked now; where nothing is, take the buttons away."""
    if error.key not in _SEEN_ANOTHER:
        answer = Message(ctx.texts.html(error.key, **error.text_args), _view(article, ctx.texts))
        await ctx.edit_or_send(answer)
        return
    await ctx.send(await _difference(ctx, await workable(ctx, article.id)))


async def _difference(ctx: HandlerContext, article: Article) -> Message:
    """Return what an article says and would say, with the buttons that decide. Raises ConflictError."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        proposed = await pending_proposal(connection, article.id)
        category = await categories.get(connection, proposed.category_id)
    title = cut(article.content.title, _TITLE)
    lines = [texts.html("proposal-changes", id=texts.digits(str(article.id)), title=title)]
    changed = changes(article.content, proposed_content(article, proposed), texts)
    for change in changed:
        room = _DIFFERENCE // len(changed) // 2
        sides = conflicts.old_and_new(ctx, change.before, change.after, room=room)
        lines += ["", f"<b>{texts.html(f'part-{change.part}')}</b>", *sides]
    if category is not None and category != article.category:
        lines += ["", texts.html("conflict-category", name=category_name(category, texts))]
    if len(lines) == 1:
        lines += ["", texts.html("proposal-nothing-new")]
    whole = Button(texts("button-proposal-whole"), ProposalPage(article.id).pack())
    return Message("\n".join(lines), ((whole,), *_decide(article, proposed, texts)))


def _decide(article: Article, proposed: Proposal, texts: Texts) -> Keyboard:
    yes, no = decision_buttons(article, proposed)
    accept = Button(texts("button-proposal-yes"), yes.pack(), style=ButtonStyle.SUCCESS)
    return ((accept,), (Button(texts("button-proposal-no"), no.pack()),))


def _settled(article: Article, key: str, texts: Texts) -> Message:
    done = texts.html(key, id=texts.digits(str(article.id)), title=cut(article.content.title, _TITLE))
    return Message(done, _view(article, texts))


def _view(article: Article, texts: Texts) -> Keyboard:
    return ((Button(texts("button-view"), OpenPreview(article.id).pack()),),)
