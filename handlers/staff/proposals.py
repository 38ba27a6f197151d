"""Proposals of sources that wait for a yes: what would change, the whole text, the decision.

Callback data: `proposal:show:ARTICLE`, `proposal:whole:ARTICLE:PAGE`, `proposal:yes:ARTICLE:REVISION:ASKED` and
`proposal:no:ARTICLE:ASKED`, where ASKED names the question that was seen.
"""

from dataclasses import replace

from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.source_changes import decisions, proposed_content, waiting
from bot.render.article import proposal_preview
from bot.render.difference import changes
from bot.render.headline import category_name
from bot.render.html import cut
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.staff import amendment_progress, conflicts
from handlers.staff.drafts import workable
from storage import categories
from storage.proposals import Proposal
from storage.records import Article, ArticleState

_TITLE = 150
_DIFFERENCE = 2_800
"""Units that all the parts of a change may have together, what they say and what they would say."""
_SEEN_ANOTHER = (conflicts.CHANGED, "proposal-changed")
"""Keys of the errors after which the question is still open, but about another text than was seen."""


async def show(ctx: HandlerContext) -> None:
    """A press that asks what would change: `proposal:show:ARTICLE`."""
    found = await workable(ctx, int(ctx.data.split(":")[2]))
    await ctx.send(await _difference(ctx, found))


async def turn(ctx: HandlerContext) -> None:
    """A press that asks for the whole of the new text, or for a page of it: `proposal:whole:ARTICLE:PAGE`."""
    _, _, article_id, page = ctx.data.split(":")
    found = await workable(ctx, int(article_id))
    async with ctx.services.database.read() as connection:
        proposed = await waiting(connection, found.id)
    new = replace(found, content=proposed_content(found, proposed))
    pages = proposal_preview(new, ctx.texts, _decide(found, proposed, ctx.texts))
    await ctx.show(pages[min(int(page), len(pages) - 1)])


async def decide(ctx: HandlerContext) -> None:
    """A press that decides: `proposal:yes:ARTICLE:REVISION:ASKED` or `proposal:no:ARTICLE:ASKED`."""
    _, what, article_id, *revision, asked_at = ctx.data.split(":")
    found, services = await workable(ctx, int(article_id)), ctx.services
    asked = {"asked_at": int(asked_at), "actor_id": ctx.user_id}
    try:
        if what == "yes":
            revised = await services.source_changes.accept(found.id, revision=int(revision[0]), **asked)
        else:
            await services.source_changes.decline(found.id, **asked)
    except ConflictError as error:
        await _show_how_things_stand(ctx, found, error)
        raise
    if what == "yes" and revised.state is ArticleState.PUBLISHED:
        await amendment_progress.show_progress(ctx, revised)
    else:
        await ctx.show(_settled(found, "proposal-accepted" if what == "yes" else "proposal-declined", ctx.texts))
    await ctx.toast("noted")


async def _show_how_things_stand(ctx: HandlerContext, found: Article, error: ConflictError) -> None:
    """Show what is asked now; where nothing is, take the buttons away."""
    if error.key not in _SEEN_ANOTHER:
        said = Message(ctx.texts.html(error.key, **error.text_args), _view(found, ctx.texts))
        await ctx.show(said)
        return
    await ctx.send(await _difference(ctx, await workable(ctx, found.id)))


async def _difference(ctx: HandlerContext, found: Article) -> Message:
    """Return what an article says and would say, with the buttons that decide. Raises ConflictError."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        proposed = await waiting(connection, found.id)
        category = await categories.get(connection, proposed.category_id)
    title = cut(found.content.title, _TITLE)
    lines = [texts.html("proposal-changes", id=texts.digits(str(found.id)), title=title)]
    changed = changes(found.content, proposed_content(found, proposed), texts)
    for one in changed:
        room = _DIFFERENCE // len(changed) // 2
        sides = conflicts.old_and_new(ctx, one.before, one.after, room=room)
        lines += ["", f"<b>{texts.html(f'part-{one.part}')}</b>", *sides]
    if category is not None and category != found.category:
        lines += ["", texts.html("conflict-category", name=category_name(category, texts))]
    if len(lines) == 1:
        lines += ["", texts.html("proposal-nothing-new")]
    whole = Button(texts("button-proposal-whole"), f"proposal:whole:{found.id}:0")
    return Message("\n".join(lines), ((whole,), *_decide(found, proposed, texts)))


def _decide(found: Article, proposed: Proposal, texts: Texts) -> Keyboard:
    yes, no = decisions(found, proposed)
    return ((Button(texts("button-proposal-yes"), yes),), (Button(texts("button-proposal-no"), no),))


def _settled(found: Article, key: str, texts: Texts) -> Message:
    done = texts.html(key, id=texts.digits(str(found.id)), title=cut(found.content.title, _TITLE))
    return Message(done, _view(found, texts))


def _view(found: Article, texts: Texts) -> Keyboard:
    return ((Button(texts("button-view"), f"review:view:{found.id}"),),)
