"""Stories by hand: an article joins another one's story, or is separated from it."""

from contextlib import suppress

from msgspec.structs import replace
from telegram.error import BadRequest

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.callbacks import OpenPreview
from bot.newsroom.permissions import Right
from bot.newsroom.related import related
from bot.newsroom.stories import source_names
from bot.newsroom.transitions import Act, require
from bot.render.callbacks import PreviewPage
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.cards import is_card
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, stored_dialogue
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import turns_by_offset
from handlers.core.router import Router
from handlers.staff.article_access import workable
from handlers.staff.callbacks import AskSeparation, AskStory, JoinStory, ListStory, SeparateStory
from handlers.staff.publication_messages import show_published
from persian.digits import parse_int
from storage import articles, stories
from storage.records import Article, ArticleState, CardKind

router = Router()


class JoiningState(ArticleDialogueState, frozen=True, kw_only=True):
    """The article that joins a story, and the message that asks which one."""

    question: int | None = None


JOINING = router.dialogue(Dialogue("story", JoiningState, right=Right.PUBLISH))
"""The dialogue in which the number of the other article is written."""

_TITLE = 100
_ON_A_BUTTON = 40
_NEAR = 4
_PAGE = 8


@router.callback(AskStory, right=Right.PUBLISH)
async def prompt_for_story(ctx: HandlerContext, button: AskStory) -> None:
    """Ask whose story an article joins, and offer those that are close to it."""
    article = await workable(ctx, button.article_id)
    require(Act.JOIN, article)
    near = await _near(ctx, article)
    state = JoiningState(id=article.id)
    await JOINING.open(ctx, state)
    words = ctx.texts.html("story-ask", id=article.id, title=cut(article.content.title, _TITLE))
    if near:
        words += f"\n\n{ctx.texts.html('story-ask-near')}"
    await ctx.answer_callback()
    question = await ctx.send(Message(words, (*near, *cancel_keyboard(ctx))))
    await JOINING.open(ctx, replace(state, question=question))


@JOINING.on_message
async def on_article_number(ctx: HandlerContext, state: JoiningState) -> None:
    """Join the article whose number was written. What is no number, or no published article, may be corrected."""
    first_id = parse_int(ctx.words)
    if first_id is None or first_id < 1:
        raise UserError("story-number-wanted")
    article = await workable(ctx, state.id)
    joined = await ctx.services.story_joining.join(article.id, first_id, actor_id=ctx.user_id)
    await ctx.close_dialogue()
    await ctx.send(await _joined_message(ctx, joined))
    if state.question is not None:
        # A press there would join it to another story.
        with suppress(BadRequest):
            await ctx.services.gateway.edit_keyboard(ctx.chat_id, state.question, ())


@router.callback(JoinStory, right=Right.PUBLISH)
async def join(ctx: HandlerContext, button: JoinStory) -> None:
    """Make an article part of the story of another one."""
    article = await workable(ctx, button.article_id)
    joined = await ctx.services.story_joining.join(article.id, button.first_id, actor_id=ctx.user_id)
    await _close_question(ctx)
    await _show(ctx, await _joined_message(ctx, joined), article)


@router.callback(AskSeparation, right=Right.PUBLISH)
async def confirm_separation(ctx: HandlerContext, button: AskSeparation) -> None:
    """Ask what becomes of a folded article once it is separated."""
    article = await workable(ctx, button.article_id)
    require(Act.SEPARATE, article)
    if article.story_id != button.first_id:
        raise ConflictError("story-none", id=article.id)
    publish = SeparateStory(article.id, button.first_id, publish=True).pack()
    to_gate = SeparateStory(article.id, button.first_id, publish=False).pack()
    choices = (
        (Button(ctx.texts("button-story-separate-publish"), publish, style=ButtonStyle.SUCCESS),),
        (Button(ctx.texts("button-story-separate-gate"), to_gate),),
    )
    back = (Button(ctx.texts("button-back"), PreviewPage(article.id).pack()),)
    words = ctx.texts.html("story-separate-ask", id=article.id, first=button.first_id)
    await ctx.edit_or_send(Message(words, (*choices, back)))
    await ctx.answer_callback()


@router.callback(SeparateStory, right=Right.PUBLISH)
async def separate(ctx: HandlerContext, button: SeparateStory) -> None:
    """Separate an article from a story."""
    article = await workable(ctx, button.article_id)
    separated = await ctx.services.story_joining.separate(
        article.id, actor_id=ctx.user_id, first_id=button.first_id, publish=button.publish
    )
    if button.publish:
        await show_published(ctx, separated)
        await ctx.answer_callback("noted")
        return
    args: dict[str, str | int] = {
        "id": article.id,
        "first": button.first_id,
        "title": cut(article.content.title, _TITLE),
    }
    words = ctx.texts.html("story-separated", **args)
    if article.state is ArticleState.FOLDED:
        words += f"\n{ctx.texts.html('story-separated-gate')}"
    view = Button(ctx.texts("button-view"), PreviewPage(article.id).pack())
    await _show(ctx, Message(words, ((view, *await _undo_of(ctx, article.id, button.first_id)),)), article)


async def _undo_of(ctx: HandlerContext, article_id: int, first_id: int) -> tuple[Button, ...]:
    """Return the button that joins an article to the story again from which it was separated, if it can be."""
    async with ctx.services.database.read() as connection:
        first = await articles.get(connection, first_id)
    if first is None or first.state is not ArticleState.PUBLISHED:
        return ()
    return (Button(ctx.texts("button-story-join", id=first_id), JoinStory(article_id, first_id).pack()),)


@router.callback(ListStory, right=Right.PUBLISH)
async def list_story(ctx: HandlerContext, button: ListStory) -> None:
    """Show a page of the other articles of a story; the first is a message of its own, below the preview."""
    article = await workable(ctx, button.article_id)
    page = await _others(ctx, article, button.offset)
    await (ctx.edit_or_send(page) if button.offset else ctx.send(page))
    await ctx.answer_callback()


async def _others(ctx: HandlerContext, article: Article, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        neighbours = await stories.elsewhere(connection, article.id, limit=_PAGE + 1, offset=offset)
        names = await source_names(connection, neighbours)
    if not neighbours:
        raise UserError("elsewhere-none", id=article.id)
    lines, rows = [texts.html("story-list-title", id=article.id)], []
    for neighbour in neighbours[:_PAGE]:
        number = texts.digits(str(neighbour.id))
        title = escape(texts.apart(cut(neighbour.content.title, _TITLE)))
        state = texts("story-folded" if neighbour.state is ArticleState.FOLDED else "story-published")
        facts = escape(texts.facts(names[neighbour.id] or texts("source-unnamed"), state))
        lines.append(f"\n{texts.mark}<code>{number}</code> {title}\n{facts}")
        label = f"{number} · {cut(neighbour.content.title, _ON_A_BUTTON)}"
        rows.append((Button(label, OpenPreview(neighbour.id).pack()),))
    more = len(neighbours) > _PAGE
    turns = turns_by_offset(texts, lambda place: ListStory(article.id, place), offset, _PAGE, more=more)
    return Message("\n".join(lines), (*rows, *turns))


async def _near(ctx: HandlerContext, article: Article) -> Keyboard:
    """Return buttons of published articles that may tell the same story."""
    async with ctx.services.database.search() as connection:
        neighbours = await related(connection, article, most=_NEAR)
    return tuple(
        (
            Button(
                f"{ctx.texts.digits(str(neighbour.id))} · {cut(neighbour.content.title, _ON_A_BUTTON)}",
                JoinStory(article.id, neighbour.id).pack(),
            ),
        )
        for neighbour in neighbours
        if article.id not in (neighbour.id, neighbour.story_id)
    )


async def _joined_message(ctx: HandlerContext, article: Article) -> Message:
    """Return that an article is part of a story, where readers see it, and how to undo that."""
    texts, first_id = ctx.texts, article.story_id
    assert first_id is not None, "it was joined a moment ago"
    async with ctx.services.database.read() as connection:
        first = await articles.get(connection, first_id)
    if first is None:
        raise NotFoundError("article-not-found", id=first_id)
    title = cut(first.content.title, _TITLE)
    folded = article.state is ArticleState.FOLDED
    seen = texts.html("preview-folded-shown") if folded else texts.html("story-joined-stays", first=first_id)
    words = f"{texts.html('story-joined', id=article.id, first=first_id, title=title)}\n{seen}"
    undo = AskSeparation(article.id, first_id) if folded else SeparateStory(article.id, first_id, publish=False)
    buttons = (
        Button(texts("button-view"), PreviewPage(article.id).pack()),
        Button(texts("button-story-separate", id=first_id), undo.pack()),
    )
    return Message(words, (buttons,))


async def _show(ctx: HandlerContext, message: Message, article: Article) -> None:
    """Replace a preview with the outcome; the card of a review shows it by itself."""
    if not await is_card(ctx, CardKind.REVIEW, article.id):
        await ctx.edit_or_send(message)
    await ctx.answer_callback("noted")


async def _close_question(ctx: HandlerContext) -> None:
    """End the dialogue that asks for the article's number, where it is open; any other goes on."""
    stored = await stored_dialogue(ctx)
    if stored is not None and stored.kind == JOINING.kind:
        await ctx.close_dialogue()
