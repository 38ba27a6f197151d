"""The choice of an article for a command that names none: the likely ones as buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import get_args

from bot.newsroom.callbacks import AskBreaking, AskRetraction, EditInReview, OpenPreview
from bot.newsroom.permissions import Right, may
from bot.newsroom.stats import DEFAULT_DAYS, MOST_DAYS
from bot.newsroom.transitions import Act, allows
from bot.render.callback_data import CallbackData, Offset
from bot.render.html import cut
from bot.render.message import Button, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.guards import Act as Handler
from handlers.core.labels import in_rows, marked, turns_by_offset
from handlers.core.router import Router
from handlers.staff.callbacks import AskFollowedAnew, ChoosingCommand, OpenArticleChoice, Shelf, StatisticsSpan
from storage import articles
from storage.records import DRAFT_STATES, Article

router = Router()

_PAGE = 8
_TITLE = 40
_MOST_PUBLISHED = 80


@dataclass(frozen=True, slots=True)
class ChoicePage(CallbackData, prefix="choose"):
    """A page of the articles that a command may be meant for: those that wait, or those that are published."""

    command: ChoosingCommand
    shelf: Shelf
    offset: Offset


@dataclass(frozen=True, slots=True)
class _Choice:
    """The acts that a command stands for, on articles that wait and on published ones (None: never), and the
    button that stands for the command with a number; `usage` is the key of the text on writing it out."""

    waiting: Act | None
    published: Act | None
    button: Callable[[int], CallbackData]
    usage: str


# A chosen draft is shown before it goes out: its preview has the button that publishes it or hands it in.
_CHOICES: dict[ChoosingCommand, _Choice] = {
    "publish": _Choice(Act.PUBLISH, None, OpenPreview, "publish-usage"),
    "preview": _Choice(Act.EDIT, Act.EDIT, OpenPreview, "preview-usage"),
    "edit": _Choice(Act.EDIT, Act.EDIT, EditInReview, "edit-usage"),
    "submit": _Choice(Act.SUBMIT, None, OpenPreview, "submit-usage"),
    "correct": _Choice(None, Act.CORRECT, EditInReview, "correct-usage"),
    "retract": _Choice(None, Act.RETRACT, AskRetraction, "retract-usage"),
    "breaking": _Choice(Act.PUBLISH, Act.RAISE_TO_BREAKING, AskBreaking, "breaking-usage"),
    "follow": _Choice(Act.EDIT, Act.EDIT, AskFollowedAnew, "follow-usage"),
    "stats": _Choice(None, Act.READ, lambda article_id: StatisticsSpan(DEFAULT_DAYS, article_id), "stats-usage"),
}


def or_choice(command: ChoosingCommand) -> Callable[[Handler], Handler]:
    """Make a command without arguments offer a choice of articles."""

    def decorate(act: Handler) -> Handler:
        @wraps(act)
        async def do(ctx: HandlerContext) -> None:
            await (act(ctx) if ctx.words else _offer(ctx, command))

        return do

    return decorate


async def _offer(ctx: HandlerContext, command: ChoosingCommand) -> None:
    """Show the articles that wait, or where none does, the published ones."""
    choice = _CHOICES[command]
    page = ChoicePage(command, "waiting" if choice.waiting else "published", 0)
    choices = await _articles_of(ctx, page)
    if not choices and choice.published and page.shelf == "waiting" and may(ctx.role, Right.EDIT):
        page = ChoicePage(command, "published", 0)
        choices = await _articles_of(ctx, page)
    await ctx.send(_message(ctx, page, choices))


@router.callback(OpenArticleChoice, right=Right.WRITE)
async def open_choice(ctx: HandlerContext, button: OpenArticleChoice) -> None:
    """Answer with the first page of the choice."""
    page = ChoicePage(button.command, button.shelf, 0)
    await ctx.send(_message(ctx, page, await _articles_of(ctx, page)))


@router.callback(ChoicePage, right=Right.WRITE)
async def on_page(ctx: HandlerContext, button: ChoicePage) -> None:
    """Show another page of the choice."""
    # A picture of figures cannot become a list of articles.
    place = ctx.as_command() if ctx.message.photo else ctx
    choices = await _articles_of(ctx, button)
    if not choices and button.offset:
        # What stood on this page has moved on meanwhile.
        button = ChoicePage(button.command, button.shelf, 0)
        choices = await _articles_of(ctx, button)
    await place.edit_or_send(_message(ctx, button, choices))


async def _articles_of(ctx: HandlerContext, page: ChoicePage) -> list[Article]:
    """Return the articles of a page, and one more where another page follows."""
    choice = _CHOICES[page.command]
    edits = may(ctx.role, Right.EDIT)
    async with ctx.services.database.read() as connection:
        if page.shelf == "waiting" and (act := choice.waiting):
            return await articles.drafts(
                connection,
                limit=_PAGE + 1,
                offset=page.offset,
                author_id=None if edits else ctx.user_id,
                states=[state for state in DRAFT_STATES if allows(act, state)],
            )
        if not edits or choice.published is None or page.offset >= _MOST_PUBLISHED:
            return []
        listed = await articles.page(connection, limit=page.offset + _PAGE + 1)
        return listed[page.offset :]


def _message(ctx: HandlerContext, page: ChoicePage, choices: list[Article]) -> Message:
    texts, choice = ctx.texts, _CHOICES[page.command]
    title = texts.html(f"choose-{page.command}" if choices else "choose-none")
    usage = texts.html(choice.usage, most=MOST_DAYS)
    buttons = [
        Button(
            f"{texts.digits(str(article.id))} · {cut(article.content.title, _TITLE)}",
            choice.button(article.id).pack(),
        )
        for article in choices[:_PAGE]
    ]
    turns = turns_by_offset(
        texts,
        lambda offset: ChoicePage(page.command, page.shelf, offset),
        page.offset,
        _PAGE,
        more=len(choices) > _PAGE and page.offset + _PAGE < _MOST_PUBLISHED,
    )
    return Message(f"{title}\n\n{usage}", (*in_rows(buttons, 1), *turns, *_shelves(ctx, page, choice)))


def _shelves(ctx: HandlerContext, page: ChoicePage, choice: _Choice) -> Keyboard:
    """Return the buttons that turn between what waits and what is published, where the command is for both."""
    if not (choice.waiting and choice.published and may(ctx.role, Right.EDIT)):
        return ()
    return (
        tuple(
            Button(
                marked(ctx.texts(f"button-shelf-{shelf}"), page.shelf == shelf),
                ChoicePage(page.command, shelf, 0).pack(),
            )
            for shelf in get_args(Shelf)
        ),
    )
