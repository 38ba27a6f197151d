"""What every handler passes first: its scene, the person's bucket, their right, and an answer to every error."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog
from telegram import Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.errors import UserError
from bot.newsroom.rights import Right, may
from handlers.scene import ANONYMOUS_ADMIN, SERVICES, Scene, Services, scene_of
from storage.records import ChatState

Act = Callable[[Scene], Awaitable[None]]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]

_log = structlog.get_logger(__name__)


def private(act: Act, *, right: Right | None = None) -> Callback:
    """A command, message or press in a private chat; without `right` it is answered as if it did not exist."""
    return _guarded(act, right=right, in_groups=False)


def anywhere(act: Act) -> Callback:
    """A reader's command or press, in private chats and in groups that were let in."""
    return _guarded(act, right=None, in_groups=True)


def _guarded(act: Act, *, right: Right | None, in_groups: bool) -> Callback:
    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        services: Services = context.application.bot_data[SERVICES]
        if user is None or not services.buckets.take(user.id, time.monotonic()):
            return
        scene = await scene_of(update, context)
        if not scene.private and not (in_groups and scene.chat and scene.chat.state is ChatState.ACTIVE):
            return
        if right is not None and not may(scene.role, right):
            if scene.query_id:
                await scene.toast("not-allowed", alert=True)
            else:
                await scene.say("unknown-command")
            return
        await answered(act, scene)

    return callback


async def answered(act: Act, scene: Scene) -> None:
    """Run `act`; whatever goes wrong, the person hears of it, and the press is answered."""
    try:
        await act(scene)
    except UserError as error:
        await _tell(scene, error.key, **error.text_args)
    except Forbidden as error:
        # They blocked the bot meanwhile: there is nobody to tell.
        _log.info("answer_forbidden", reason=error.message)
    except TelegramError as error:
        _log.error("answer_failed", act=act.__name__, reason=error.message)
    except Exception:  # noqa: BLE001 - one person's trouble must not end the handling of others
        _log.exception("handler_broke", act=act.__name__)
        await _tell(scene, "internal-error")


async def _tell(scene: Scene, key: str, **args: str | int) -> None:
    try:
        if scene.query_id:
            await scene.toast(key, alert=True, **args)
        else:
            await scene.say(key, **args)
    except TelegramError as error:
        _log.error("answer_failed", key=key, reason=error.message)


async def is_group_admin(scene: Scene) -> bool:
    """Tell whether the person may decide for this group: its admins, anonymous ones too."""
    if scene.user_id == ANONYMOUS_ADMIN:
        sender = scene.message.sender_chat
        return sender is not None and sender.id == scene.chat_id
    member = await scene.services.gateway.call(
        "getChatMember", {"chat_id": scene.chat_id, "user_id": scene.user_id}
    )
    return member.get("status") in ("creator", "administrator")


def with_words(scene: Scene, words: str) -> Scene:
    """Return the scene as if the person had written `words`."""
    return replace(scene, words=words)
