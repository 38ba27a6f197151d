"""The digest at once: the headlines of the last day, of what is followed here, else of everything."""

from collections.abc import Callable
from contextlib import suppress

from bot.audience.subscription_filter import article_filter
from bot.render.callbacks import CannotSeeDigest, CanSeeDigest
from bot.render.digest import MOST_IN_DIGEST, MOST_IN_ROUNDUP, digest
from bot.render.message import Message
from bot.telegram.gateway import RichRefusedError
from handlers.core.context import HandlerContext
from handlers.core.router import Place, Router
from handlers.readers import rich_question
from storage import articles, tracked_answers
from storage.engine.connection import Connection
from storage.records import LIVE, Article, Form
from storage.tracked_answers import Answer

router = Router()

_DAY_MS = 24 * 3600 * 1000
_PAGE = 200
_MOST_LOOKED_AT = 1_000


@router.command("digest", place=Place.ANYWHERE)
async def show_digest(ctx: HandlerContext) -> None:
    """/digest: the headlines of the last day."""
    services = ctx.services
    now = services.clock()
    follows = await services.subscriptions.of(ctx.chat_id, ctx.topic_id)
    async with services.database.search() as connection:
        is_wanted = await article_filter(connection, follows, since=now - _DAY_MS)
        headlines = await _newest(connection, now - _DAY_MS, is_wanted)
    if not headlines:
        await ctx.reply("digest-empty" if follows else "digest-quiet")
        return
    await _answer(ctx, headlines)


async def _answer(ctx: HandlerContext, headlines: list[Article]) -> None:
    """Send a digest of these headlines, the newest first, and record it."""
    form, message_id = await _send(ctx, headlines, ctx.services.clock())
    included, left = _parted(headlines, rich=form is Form.DIGEST)
    answer = Answer(ctx.chat_id, form, ctx.texts.language)
    await ctx.services.answers.record_digest(answer, message_id, included, left_out=left)
    if form is Form.DIGEST:
        rich_question.send_question_later(ctx, visible=CanSeeDigest(), invisible=CannotSeeDigest())


@router.callback(CanSeeDigest)
async def thank(ctx: HandlerContext, _button: CanSeeDigest) -> None:
    """Remove the question below a digest once it is answered."""
    await rich_question.thank(ctx)


@router.callback(CannotSeeDigest)
async def send_plain(ctx: HandlerContext, _button: CannotSeeDigest) -> None:
    """Send the digest above, and all later ones, as plain text; repeated presses send it once."""
    plain = await rich_question.choose_plain(ctx)
    async with ctx.services.database.read() as connection:
        if await tracked_answers.was_digest_since(connection, ctx.chat_id, ctx.message_id):
            return
        article_ids = await tracked_answers.digest_above(connection, ctx.chat_id, ctx.message_id)
        headlines = [
            article for article in await articles.get_many(connection, article_ids) if article.state in LIVE
        ]
    if headlines:
        await _answer(plain, sorted(headlines, key=lambda headline: -headline.published_at))
    else:
        await show_digest(plain)


async def _send(ctx: HandlerContext, headlines: list[Article], now: int) -> tuple[Form, int]:
    """Send the digest, rich where it may be; return in which form it went, and the message id."""
    if ctx.services.gateway.takes_rich() and (ctx.chat is None or ctx.chat.takes_rich_digests):
        with suppress(RichRefusedError):
            return Form.DIGEST, await ctx.send(_drawn(ctx, headlines, now, rich=True))
    return Form.ROUNDUP, await ctx.send(_drawn(ctx, headlines, now, rich=False))


async def _newest(connection: Connection, since: int, follows: Callable[[Article], bool]) -> list[Article]:
    """Return what is followed of the articles since that instant (ms), as far as the newest thousand reach."""
    headlines: list[Article] = []
    before: int | None = None
    for _ in range(_MOST_LOOKED_AT // _PAGE):
        page = await articles.page(connection, limit=_PAGE, before=before)
        recent = [article for article in page if article.published_at >= since]
        headlines += filter(follows, recent)
        if len(recent) < _PAGE:
            break
        before = page[-1].ordinal
    return headlines


def _drawn(ctx: HandlerContext, headlines: list[Article], now: int, *, rich: bool) -> Message:
    included, left = _parted(headlines, rich=rich)
    return digest(included, ctx.texts, ctx.services.bot_username, now, rich=rich, left=left)


def _parted(headlines: list[Article], *, rich: bool) -> tuple[list[Article], int]:
    """Return the newest of the headlines, as many as one message takes, and how many are left."""
    included = headlines[: MOST_IN_DIGEST if rich else MOST_IN_ROUNDUP]
    return included, len(headlines) - len(included)
