"""The entry to every handler: its context, the person's rate limit, their right, and an answer to every error."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from telegram import MaybeInaccessibleMessage, MessageOriginUser, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.audience.user_rate_limit import RateDecision
from bot.errors import UserError
from bot.newsroom.permissions import Right, may
from bot.newsroom.ways_on import ways_on
from bot.render.message import Button
from handlers.core.context import SERVICES, HandlerContext, Services, context_of
from storage.errors import TooLongError, UnavailableError
from storage.records import Admission

Act = Callable[[HandlerContext], Awaitable[None]]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]

_SPINNER_SECONDS = 5.0
"""The time that a press may wait for its act: Telegram refuses the answer to a press that waited much longer."""

_TOO_FAST = "too-fast"

_log = structlog.get_logger(__name__)


def private(act: Act, *, right: Right | None = None) -> Callback:
    """A command, message or press in a private chat; without `right` it is answered as if it did not exist."""
    return _guarded(act, right=right, in_groups=False)


def anywhere(act: Act) -> Callback:
    """A reader's command or press, in private chats and in groups that were let in."""
    return _guarded(act, right=None, in_groups=True)


def bucket_of(update: Update) -> int:
    """Return whose bucket an update empties: accounts that stand for many people count by their chat."""
    message, user = update.message, update.effective_user
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id
    return user.id if user else 0


def moment_of(update: Update) -> float:
    """Return when a person wrote or pressed (seconds since the epoch); answers to a flood lag behind it."""
    return update.message.date.timestamp() if update.message else time.time()


def _guarded(act: Act, *, right: Right | None, in_groups: bool) -> Callback:
    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        services: Services = context.application.bot_data[SERVICES]
        if update.effective_user is None:
            return
        decision = services.user_rate_limits.consume(bucket_of(update), moment_of(update))
        if decision is RateDecision.EMPTY:
            if update.callback_query:
                await services.gateway.answer_button(update.callback_query.id)
            return
        ctx = await context_of(update, context)
        if refusal := _refusal(ctx, right, decision, in_groups=in_groups):
            # In a group, what is not for it gets no answer; a press always does.
            if ctx.private or ctx.press or refusal == _TOO_FAST:
                await _report_error(ctx, refusal)
            return
        await answered(act, ctx)

    return callback


def _refusal(ctx: HandlerContext, right: Right | None, decision: RateDecision, *, in_groups: bool) -> str:
    """Return the key of what stands against an act, "" for nothing."""
    if not ctx.private and not (in_groups and _is_admitted(ctx)):
        return "chat-not-active" if in_groups else "stale-button"
    if _is_forged(ctx):
        return "stale-button"
    if decision is not RateDecision.ALLOWED:
        return _TOO_FAST
    if ctx.press and not _can_be_edited(ctx.update.effective_message):
        return "stale-button"
    return _refusal_of_right(ctx, right) if right is not None else ""


def _is_admitted(ctx: HandlerContext) -> bool:
    return ctx.chat is not None and ctx.chat.admission is Admission.ADMITTED


def _can_be_edited(message: MaybeInaccessibleMessage | None) -> bool:
    """Return whether a pressed message can be edited: it was not sent inline, deleted, or too long ago."""
    return message is not None and bool(message.is_accessible)


def _refusal_of_right(ctx: HandlerContext, right: Right) -> str:
    """Return the key of what stands against an act that needs a right."""
    if not may(ctx.role, right):
        return "not-allowed" if ctx.press else "unknown-command"
    return "command-forwarded" if _is_written_by_another(ctx) else ""


def _is_written_by_another(ctx: HandlerContext) -> bool:
    """Return whether the person has not written this command: they forward it, or took it from another bot.

    Whoever hands something on for others to read does not mean to act by it.
    """
    message = ctx.update.message
    if message is None:
        return False
    origin = message.forward_origin
    is_own = isinstance(origin, MessageOriginUser) and origin.sender_user.id == ctx.user_id
    return message.via_bot is not None or (origin is not None and not is_own)


def _is_forged(ctx: HandlerContext) -> bool:
    """Return whether no button that the bot shows leads to this press: clients may send any data under any message.

    In a person's own chat that harms nobody else. What others see is changed by the buttons that it has alone.
    """
    if ctx.press is None or ctx.private:
        return False
    message = ctx.update.effective_message
    if message is None or message.chat.type == ChatType.PRIVATE:
        return True
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return all(button.callback_data != ctx.data for row in keyboard for button in row)


async def answered(act: Act, ctx: HandlerContext) -> None:
    """Run `act`; report any error to the person, and answer the press once.

    Raises UnavailableError where the database was away: to be done again.
    """
    over = asyncio.Event()
    spinner = asyncio.create_task(_stop_spinner(ctx, over)) if ctx.press else None
    try:
        await _with_errors_reported(act, ctx)
    finally:
        if spinner:
            over.set()
            await spinner


async def _with_errors_reported(act: Act, ctx: HandlerContext) -> None:
    try:
        await act(ctx)
    except UnavailableError:
        raise  # the update is taken up again once the database is back: there is nothing to tell yet
    except UserError as error:
        await _report_with_ways(ctx, error)
    except TooLongError:
        await _report_error(ctx, "search-too-long")
    except Forbidden as error:
        # They blocked the bot meanwhile: there is nobody to tell.
        _log.info("answer_forbidden", reason=error.message)
    except BadRequest as error:
        _log.error("answer_refused", act=act.__name__, reason=error.message)
        await _report_error(ctx, "internal-error")
    except TelegramError as error:
        _log.error("answer_failed", act=act.__name__, reason=error.message)
    except Exception:  # noqa: BLE001 - one person's trouble must not end the handling of others
        _log.exception("handler_broke", act=act.__name__)
        await _report_error(ctx, "internal-error")


async def _stop_spinner(ctx: HandlerContext, over: asyncio.Event) -> None:
    """Answer a press that its act left unanswered; while one waits for its turn to write, in good time."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), _SPINNER_SECONDS)
    try:
        await ctx.answer_callback()
    except TelegramError as error:
        _log.error("press_not_answered", reason=error.message)


async def _report_error(ctx: HandlerContext, key: str, **args: str | int) -> None:
    try:
        await ctx.report_error(key, **args)
    except TelegramError as error:
        _log.error("answer_failed", key=key, reason=error.message)


async def _report_with_ways(ctx: HandlerContext, error: UserError) -> None:
    """Report why an act is refused; staff get buttons for what they can do with the article instead.

    An alert has no room for buttons, so a press is answered with the alert and with a message.
    """
    ways = ways_on(error.key, error.text_args.get("id")) if ctx.private and ctx.role is not None else ()
    if not ways:
        await _report_error(ctx, error.key, **error.text_args)
        return
    try:
        await ctx.answer_callback(error.key, alert=True, **error.text_args)
        keyboard = (tuple(Button(ctx.texts(label), data) for label, data in ways),)
        await ctx.prompt(error.key, keyboard, **error.text_args)
    except TelegramError as failure:
        _log.error("answer_failed", key=error.key, reason=failure.message)


async def is_group_admin(ctx: HandlerContext) -> bool:
    """Return whether the person may decide for this group: its admins, anonymous ones too."""
    sender = ctx.message.sender_chat
    if ctx.press is None and sender is not None:
        # Who writes as the group itself is an admin of it; other chats have no say.
        return sender.id == ctx.chat_id
    return await administers(ctx.services, ctx.chat_id, ctx.user_id)


async def administers(services: Services, chat_id: int, user_id: int) -> bool:
    """Ask Telegram whether a person is an administrator of a group or channel; where it may not tell, no."""
    try:
        member = await services.gateway.call_repeatable("getChatMember", {"chat_id": chat_id, "user_id": user_id})
    except (BadRequest, Forbidden) as error:
        _log.info("member_unknown", reason=error.message)
        return False
    return member.get("status") in ("creator", "administrator")
