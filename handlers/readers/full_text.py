"""One article: its full text, and whether the reader can see it."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

from telegram.error import TelegramError

from bot.errors import UserError
from bot.newsroom.articles import readable
from bot.newsroom.related import related
from bot.newsroom.stories import source_names
from bot.render import story
from bot.render.article import paged_text, rich_text
from bot.render.callback_data import ArticleId, CallbackData
from bot.render.callbacks import ArticlePage, ElsewherePage, OpenArticle, OpenElsewhere, RelatedArticles
from bot.render.html import escape
from bot.render.listing import PAGE_SIZE, listing
from bot.render.message import Keyboard, Message
from bot.telegram.gateway import RichRefusedError
from handlers.core.context import HandlerContext
from handlers.core.labels import fetched_window, turns_by_offset
from handlers.core.router import Place, Router
from handlers.readers import rich_question
from handlers.readers.article_buttons import article_buttons
from persian.digits import parse_int
from storage import stories, tracked_answers
from storage.long_texts import letters_of, without_blocking
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import Article, Form
from storage.tracked_answers import Answer

LARGEST_ID = 10**12
"""The largest news number."""


router = Router()


@dataclass(frozen=True, slots=True)
class CanSee(CallbackData, prefix="seen"):
    """Confirms that the full text can be seen."""

    article_id: ArticleId
    answer: Literal["y"] = "y"


@dataclass(frozen=True, slots=True)
class CannotSee(CallbackData, prefix="seen"):
    """Reports that the full text cannot be seen."""

    article_id: ArticleId
    answer: Literal["n"] = "n"


@router.command("article", place=Place.ANYWHERE)
async def article(ctx: HandlerContext) -> None:
    """/article ID: its full text."""
    article_id = parse_int(ctx.words)
    if not ctx.words:
        raise UserError("article-usage")
    if article_id is None or not 1 <= article_id <= LARGEST_ID:
        raise UserError("article-bad-number", number=ctx.words[:40])
    await open_article(ctx, article_id)


@router.callback(OpenArticle, place=Place.ANYWHERE)
async def on_open(ctx: HandlerContext, button: OpenArticle) -> None:
    """Open the article that a button leads to."""
    await open_article(ctx, button.article_id)


async def open_article(ctx: HandlerContext, article_id: int) -> None:
    """Answer with an article's full text. Raises NotFoundError for what readers may not see.

    A person who gets a rich message for the first time is asked whether they can see it.
    """
    services = ctx.services
    async with services.database.read() as connection:
        article = await readable(connection, article_id)
        keyboard = await article_buttons(connection, ctx, article)
    style = ctx.chat.post_style if ctx.chat is not None else USUAL_STYLE
    form, sent = await _send(ctx, article, keyboard, style)
    answer = Answer(ctx.chat_id, form, ctx.texts.language, post_style=style)
    await services.answers.record_full_text(answer, sent, article)
    if form is Form.RICH:
        rich_question.send_question_later(ctx, visible=CanSee(article.id), invisible=CannotSee(article.id))


async def _send(
    ctx: HandlerContext, article: Article, keyboard: Keyboard, style: PostStyle
) -> tuple[Form, list[int]]:
    """Send the full text, as rich messages or as pages; return in which form, and the message ids."""
    services = ctx.services
    sent: list[int] = []
    if services.gateway.takes_rich() and not (ctx.chat is not None and ctx.chat.plain_text):
        try:
            written = partial(rich_text, article, ctx.texts, keyboard, style=style)
            for message in await without_blocking(letters_of(article.content), written):
                sent.append(await ctx.send(message))
        except RichRefusedError:
            await _delete_parts(ctx, sent)
        else:
            return Form.RICH, sent
    return Form.PAGE, [await ctx.send(paged_text(article, ctx.texts, keyboard)[0])]


async def _delete_parts(ctx: HandlerContext, message_ids: list[int]) -> None:
    """Delete the first parts of a text of which a later one was refused: it begins anew in another form."""
    for message_id in message_ids:
        with suppress(TelegramError):
            await ctx.services.gateway.delete_answer(ctx.chat_id, message_id)


@router.callback(CanSee)
async def thank(ctx: HandlerContext, _button: CanSee) -> None:
    """Remove the question once it is answered."""
    await rich_question.thank(ctx)


@router.callback(CannotSee)
async def send_plain(ctx: HandlerContext, button: CannotSee) -> None:
    """Send this article, and all later ones, as plain text.

    Whatever happens in between, and however late or often it is pressed, the article comes once.
    """
    plain = await rich_question.choose_plain(ctx)
    async with ctx.services.database.read() as connection:
        came = await tracked_answers.was_paged_since(connection, ctx.chat_id, button.article_id, ctx.message_id)
    if not came:
        await open_article(plain, button.article_id)


@router.callback(ArticlePage, place=Place.ANYWHERE)
async def on_text_page(ctx: HandlerContext, button: ArticlePage) -> None:
    """Show another page of a full text."""
    async with ctx.services.database.read() as connection:
        article = await readable(connection, button.article_id)
        keyboard = await article_buttons(connection, ctx, article)
    pages = paged_text(article, ctx.texts, keyboard)
    await ctx.edit_or_send(pages[min(button.index, len(pages) - 1)])


@router.callback(RelatedArticles, place=Place.ANYWHERE)
async def send_related(ctx: HandlerContext, button: RelatedArticles) -> None:
    """Send the list of related articles as a message of its own."""
    async with ctx.services.database.search() as connection:
        related_articles = await related(connection, await readable(connection, button.article_id), most=PAGE_SIZE)
    if not related_articles:
        raise UserError("related-none")
    title = ctx.texts("related-title", number=ctx.texts.digits(str(button.article_id)))
    await ctx.send(listing(escape(title), related_articles, ctx.texts, ctx.services.bot_username))


@router.callback(OpenElsewhere, place=Place.ANYWHERE)
async def send_elsewhere(ctx: HandlerContext, button: OpenElsewhere) -> None:
    """Send the list of who else reports the story."""
    await ctx.send(await _elsewhere(ctx, button.article_id, 0))


@router.callback(ElsewherePage, place=Place.ANYWHERE)
async def on_elsewhere_page(ctx: HandlerContext, button: ElsewherePage) -> None:
    """Show another page of who else reports the story."""
    await ctx.edit_or_send(await _elsewhere(ctx, button.article_id, button.offset))


async def _elsewhere(ctx: HandlerContext, article_id: int, offset: int) -> Message:
    async with ctx.services.database.read() as connection:
        article = await readable(connection, article_id)
        tellings, offset = await fetched_window(
            lambda at: stories.elsewhere(connection, article.id, limit=story.PAGE_SIZE + 1, offset=at), offset
        )
        names = await source_names(connection, tellings)
    if not tellings:
        raise UserError("elsewhere-none", id=article.id)
    more = len(tellings) > story.PAGE_SIZE
    turns = turns_by_offset(
        ctx.texts, lambda place: ElsewherePage(article.id, place), offset, story.PAGE_SIZE, more=more
    )
    page = [(names[telling.id], telling) for telling in tellings[: story.PAGE_SIZE]]
    return story.other_reports_page(article.id, page, ctx.texts, turns)
