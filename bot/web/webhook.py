"""The webhook: updates that Telegram posts."""

import asyncio
import hmac

from aiohttp import web

from bot.updates.receiver import Receiver, StoppingError
from bot.web.answer import Handler, answer
from bot.web.body import BodyError, read_body
from storage.errors import UnavailableError

WEBHOOK_PATH = "/telegram"
"""The path to which Telegram posts updates; WEBHOOK_URL is the public address of this server's root."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
_LARGEST_UPDATE = 1 << 20
_MOST_AT_ONCE = 32  # updates read and stored side by side; others wait with their bodies unread


def webhook(receiver: Receiver, secret: str) -> Handler:
    """Return the handler of Telegram's posts. Without `secret` nothing of a body is read."""
    expected = secret.encode()
    places = asyncio.Semaphore(_MOST_AT_ONCE)

    async def handle_update(request: web.BaseRequest) -> web.Response:
        sent = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, expected):
            return answer(403)
        async with places:
            try:
                body = await read_body(request, most=_LARGEST_UPDATE)
            except BodyError as error:
                if error.status != 413:
                    return answer(error.status)
                body = b""  # no update is so long: to refuse it would bring it again
            return await _store(receiver, body)

    return handle_update


async def _store(receiver: Receiver, body: bytes) -> web.Response:
    try:
        # Telegram hears "taken" once the update is stored, also as failed: whatever else it hears, it repeats.
        await receiver.accept_text(body)
    except (UnavailableError, StoppingError):
        return answer(503)
    return answer(200, keep=bool(body))
