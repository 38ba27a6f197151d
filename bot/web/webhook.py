"""The webhook: updates that Telegram posts."""

import asyncio
import hmac
import json

from aiohttp import web

from bot.receiver import Receiver
from bot.web.answer import Handler, answer

WEBHOOK_PATH = "/telegram"
"""Where Telegram posts updates; WEBHOOK_URL is the public address of this server's root."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
_LARGEST_UPDATE = 1 << 20
_BODY_SECONDS = 10.0
_MOST_AT_ONCE = 32  # updates read and stored side by side; others wait with their bodies unread


def webhook(receiver: Receiver, secret: str) -> Handler:
    """Return the handler of Telegram's posts. Without `secret` nothing of a body is read."""
    expected = secret.encode()
    places = asyncio.Semaphore(_MOST_AT_ONCE)

    async def take(request: web.BaseRequest) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return answer(403)
        async with places:
            body = await _body(request)
            return await _store(receiver, body) if isinstance(body, bytes) else body

    return take


async def _body(request: web.BaseRequest) -> bytes | web.Response:
    """Return the body, or the answer to a request whose body is too long, too slow or broken."""
    if (request.content_length or 0) > _LARGEST_UPDATE:
        return answer(413)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > _LARGEST_UPDATE:
                    return answer(413)
    except TimeoutError:
        return answer(408)
    except (web.RequestPayloadError, ConnectionError):
        return answer(400)
    return bytes(body)


async def _store(receiver: Receiver, body: bytes) -> web.Response:
    try:
        update = json.loads(body)
    except ValueError:
        return answer(400)
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return answer(400)
    # Telegram hears "taken" only once the update is stored.
    await receiver.take([update])
    return answer(200, keep=True)
