"""The gateway to Telegram: every call of the Bot API goes through it.

Answers to people wait their turn here and are tried again where that is safe; pushes come from the worker, which
has taken their place in the budget already, and their trouble is the worker's to judge.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import structlog
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot import counters
from bot.errors import PeykError
from bot.render.message import SAME_MEDIA, Keyboard, Message
from bot.render.rich import without_media
from bot.telegram.circuit import Circuit
from bot.telegram.encoding import (
    SEND_RICH,
    EncodedMessage,
    content_of,
    input_media,
    manners_of,
    markup,
    rich_of,
    text_of,
)
from bot.telegram.errors import About, Cause, FailedCall, failure_of
from bot.telegram.patience import FLOOD_SECONDS, Patience
from bot.telegram.rate_limiter import Limiter
from bot.telegram.server_support import Feature
from bot.telegram.token_check import TokenCheck
from bot.telegram.transport import AiohttpRequest, File, NotSentError, Upload

PUSH_SECONDS = 20.0
"""The time limit of a push: less than any lease, so that no process takes a push under way for lost."""

_SOON_SECONDS = 2.0
"""The longest wait for a chat's turn that may hold up what is for others."""

# Of these an answer tells that Telegram can be reached, and nothing of whether it takes what is said.
_ASKING = ("get", "answer", "setMy", "deleteMy")
_ABOUT_THE_FORM = About.METHOD | About.RICH_FORM | About.MEDIA

_log = structlog.get_logger(__name__)


class RichRefusedError(PeykError):
    """The server does not take this rich message, or none at all: say it in HTML."""


class EphemeralRefusedError(PeykError):
    """The chat or the server takes no ephemeral message: say it to everybody."""


class ServerSupport(Protocol):
    """Remembers, through restarts, whether this server has a feature."""

    def works(self, feature: Feature) -> bool:
        """Return whether a feature is worth a try now."""

    async def failed(self, feature: Feature) -> None:
        """The server does not know the feature."""


class Refusals(Protocol):
    """Records, as evidence, that a chat refused an answer."""

    async def refused(self, chat_id: int, failure: FailedCall) -> None:
        """The chat refused an answer; this raises nothing."""


@dataclass(frozen=True, slots=True)
class CallObservers:
    """Those who are notified of the result of each call.

    Of every call `circuit` hears whether it got through, and `token` whether our token was taken; `refusals` hears
    of answers that chats refused.
    """

    circuit: Circuit
    token: TokenCheck = field(default_factory=TokenCheck)
    refusals: Refusals | None = None


@dataclass(frozen=True, slots=True)
class BotApi:
    """The addresses of one bot on one Bot API server; `root` is the server's."""

    root: str
    token: str = field(repr=False)

    def method(self, name: str) -> str:
        """Return the address of a method."""
        return f"{self.root}/bot{self.token}/{name}"

    def file(self, path: str) -> str:
        """Return the address of a file that getFile has named."""
        return f"{self.root}/file/bot{self.token}/{path}"


class Gateway:
    """Calls of one bot to one Bot API server.

    Errors are python-telegram-bot's, and the transport's two. `watch` is notified of the result of each call. A
    `lasting` gateway tries an answer for as long as an outage lasts: a person waits for it, and no row leads to it
    again. Any other gateway waits for no flood wait: the others of its job would wait as well.
    """

    def __init__(
        self,
        request: AiohttpRequest,
        api: BotApi,
        limiter: Limiter,
        memory: ServerSupport,
        *,
        watch: CallObservers,
        lasting: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._request = request
        self._api = api
        self._limiter = limiter
        self._memory = memory
        self._watch = watch
        self._patience = Patience(
            limiter, watch.circuit, lasting=lasting, flood_seconds=FLOOD_SECONDS if lasting else 0.0, sleep=sleep
        )

    @property
    def request(self) -> AiohttpRequest:
        """The way over the wire, also for what python-telegram-bot asks by itself."""
        return self._request

    @property
    def token(self) -> TokenCheck:
        """Telegram's latest answer about the token."""
        return self._watch.token

    async def call(self, method: str, params: dict[str, Any], *, timeout: float | None = None) -> Any:
        """Call a method at once, outside every budget, and return its raw result. `timeout` is seconds."""
        return await self._watched(method, self._request.call(self._api.method(method), params, timeout=timeout))

    async def call_repeatable(self, method: str, params: dict[str, Any]) -> Any:
        """Run `call` with the retries of `limited`; only for calls that may be repeated."""
        return await self._patience.do(None, lambda: self.call(method, params), repeatable=True)

    async def upload(self, method: str, params: dict[str, Any], parameter: str, file: File) -> Any:
        """Do the same as `call`, with a file (its name, content and MIME type) for one of the parameters."""
        body = Upload(params, parameter, file)
        return await self._watched(method, self._request.upload(self._api.method(method), body))

    async def _watched(self, method: str, call: Awaitable[Any]) -> Any:
        """Return what `call` returns, and let the circuit know whether it got through."""
        try:
            with counters.Stopwatch(counters.TELEGRAM_CALLS, method):
                result = await call
        except TelegramError as error:
            failure = failure_of(error)
            if failure.cause is Cause.FLOOD_WAIT:
                counters.FLOOD_WAITS.labels(method).inc()
            if isinstance(error, InvalidToken):
                self._watch.token.refused(method, error)
            unknown = method == SEND_RICH and About.METHOD in failure.about
            if unknown or not failure.is_outage:
                self._got_through(method)
            elif not method.startswith(_ASKING):
                self._watch.circuit.failed()
            raise
        self._watch.token.answered(method)
        self._got_through(method)
        return result

    def _got_through(self, method: str) -> None:
        (self._watch.circuit.hinted if method.startswith(_ASKING) else self._watch.circuit.got_through)()

    def busy_ms(self, chat_id: int) -> int:
        """Return ms until the chat takes another message, 0 where that is soon enough to wait for it."""
        seconds = self._limiter.seconds_until(chat_id)
        return int(seconds * 1000) if seconds > _SOON_SECONDS else 0

    def takes_rich(self) -> bool:
        """Return whether a rich message is worth a try now."""
        return self._memory.works(Feature.RICH)

    def takes_ephemeral(self) -> bool:
        """Return whether an ephemeral message is worth a try now."""
        return self._memory.works(Feature.EPHEMERAL)

    async def push(
        self,
        chat_id: int,
        prepared: EncodedMessage,
        *,
        topic_id: int = 0,
        paid: bool = False,
        silent: bool = False,
        reply_to: int | None = None,
    ) -> dict[str, Any]:
        """Send once, at once, and return the raw message: for the worker, which judges what goes wrong.

        `paid` lets it pass the free limit, for Stars; `silent` sends it without sound. It
        answers the message `reply_to`, where that still exists.
        """
        body = b'%s,"chat_id":%d' % (prepared.body, chat_id)
        if topic_id:
            body += b',"message_thread_id":%d' % topic_id
        if paid:
            body += b',"allow_paid_broadcast":true'
        if silent:
            body += b',"disable_notification":true'
        if reply_to is not None:
            body += b',"reply_parameters":{"message_id":%d,"allow_sending_without_reply":true}' % reply_to
        try:
            url = self._api.method(prepared.method)
            sent: dict[str, Any] = await self._watched(
                prepared.method, self._request.post_encoded(url, body + b"}", within=PUSH_SECONDS)
            )
        except (BadRequest, InvalidToken) as error:
            if prepared.method == SEND_RICH and About.METHOD in failure_of(error).about:
                await self._memory.failed(Feature.RICH)
            raise
        return sent

    async def replace(self, chat_id: int, message_id: int, message: Message) -> None:
        """Replace one of our own messages with `message`, in one try: for the worker, as `push`.

        Raises RichRefusedError for a rich message that the server does not take.
        """
        await self._edit(chat_id, message_id, message)

    async def send(self, chat_id: int, message: Message, *, topic_id: int = 0, reply_to: int | None = None) -> int:
        """Answer: wait for a place, send, and return the message id. Tried again as `limited` says.

        Where the answer of Telegram was lost, whoever asked gets it again rather than never.
        Raises RichRefusedError for a rich message that the server does not take.
        """
        return int(
            await self.limited(chat_id, lambda: self._send(chat_id, message, topic_id, reply_to), repeatable=True)
        )

    async def send_ephemeral(
        self,
        chat_id: int,
        receiver_id: int,
        message: Message,
        *,
        topic_id: int = 0,
        command_id: int = 0,
        query_id: str = "",
    ) -> int:
        """Answer one member of a group so that nobody else sees it. Waits as `send` does.

        Returns 0, or the message id where the server does not know ephemeral messages and showed it to everybody.
        An administrator bot may send one to any member. Any bot may within 15 seconds of an ephemeral command
        (`command_id`) or a press (`query_id`); core.telegram.org/bots/features#ephemeral-messages.
        Raises EphemeralRefusedError where the chat or the server takes none.
        """
        method, content = content_of(message)
        where = {"chat_id": chat_id, "message_thread_id": topic_id or None} | manners_of(message) | content
        where["ephemeral_message_parameters"] = {"receiver_user_id": receiver_id} | (
            {"callback_query_id": query_id} if query_id else {}
        )
        if command_id:
            where["reply_parameters"] = {"ephemeral_message_id": command_id}
        try:
            # What the chat refuses here is no evidence about the chat: the same in a message for all may be taken.
            sent = await self._patience.do(chat_id, lambda: self.call(method, where), repeatable=True)
        except (BadRequest, Forbidden) as error:
            # A server that refuses the word knows it: it is this chat, or this person, that takes none.
            _log.info("ephemeral_message_refused", chat_id=chat_id, reason=error.message)
            raise EphemeralRefusedError(error.message) from None
        if "ephemeral_message_id" not in sent:
            await self._memory.failed(Feature.EPHEMERAL)
        return int(sent["message_id"])

    async def edit_ephemeral(self, chat_id: int, receiver_id: int, ephemeral_id: int, message: Message) -> None:
        """Replace an ephemeral message of our own with a text; the same text again is left as it is."""
        where = {
            "chat_id": chat_id,
            "receiver_user_id": receiver_id,
            "ephemeral_message_id": ephemeral_id,
            "reply_markup": markup(message.keyboard),
        }
        try:
            await self.limited(
                chat_id, lambda: self.call("editEphemeralMessageText", where | text_of(message)), repeatable=True
            )
        except BadRequest as error:
            if failure_of(error).cause is not Cause.UNCHANGED:
                raise

    async def send_album(self, chat_id: int, items: Sequence[Message], *, topic_id: int = 0) -> list[int]:
        """Answer with two to ten messages that are media, as one album; return their ids. Waits as `send` does."""
        where = {"chat_id": chat_id, "message_thread_id": topic_id or None}
        album = where | {"media": [input_media(message) for message in items]}
        sent = await self.limited(chat_id, lambda: self.call("sendMediaGroup", album), repeatable=True)
        return [int(message["message_id"]) for message in sent]

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Replace one of our own messages with `message`; one that already shows the same is left as it is."""

        async def edit() -> None:
            try:
                await self._edit(chat_id, message_id, message)
            except BadRequest as error:
                if failure_of(error).cause is not Cause.UNCHANGED:
                    raise

        await self.limited(chat_id, edit, repeatable=True)

    async def edit_keyboard(self, chat_id: int, message_id: int, keyboard: Keyboard) -> None:
        """Replace the buttons of one of our own messages."""
        params = {
            "chat_id": chat_id,
            "message_id": message_id,
            "reply_markup": markup(keyboard) or {"inline_keyboard": []},
        }
        try:
            await self.limited(chat_id, lambda: self.call("editMessageReplyMarkup", params), repeatable=True)
        except BadRequest as error:
            if failure_of(error).cause is not Cause.UNCHANGED:
                raise

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message that is at most 48 hours old, once, at once."""
        await self.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})

    async def delete_answer(self, chat_id: int, message_id: int) -> None:
        """Delete a message of at most 48 hours as a part of an answer, with the retries of `limited`."""
        await self.call_repeatable("deleteMessage", {"chat_id": chat_id, "message_id": message_id})

    async def pin(self, chat_id: int, message_id: int) -> None:
        """Pin a message without sound. A service message tells of it: it counts as one to the chat."""
        where = {"chat_id": chat_id, "message_id": message_id}
        await self._limiter.free(chat_id)
        await self.call("pinChatMessage", where | {"disable_notification": True})
        self._limiter.record_send(chat_id)

    async def unpin(self, chat_id: int, message_id: int) -> None:
        """Remove a message's pin."""
        await self.call("unpinChatMessage", {"chat_id": chat_id, "message_id": message_id})

    async def forward(self, from_chat: int, message_id: int, to_chat: int) -> dict[str, Any]:
        """Forward a message silently and return the raw copy, origin included; what is missing costs no budget."""
        params = {
            "chat_id": to_chat,
            "from_chat_id": from_chat,
            "message_id": message_id,
            "disable_notification": True,
        }
        await self._limiter.free(to_chat)
        copy: dict[str, Any] = await self.call("forwardMessage", params)
        self._limiter.record_send(to_chat)
        return copy

    async def answer_button(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a press, with at most 200 characters; what does not reach Telegram in time is let go."""
        try:
            await self.call(
                "answerCallbackQuery",
                {"callback_query_id": query_id, "text": text[:200] or None, "show_alert": alert or None},
            )
        except TelegramError as error:
            # Nothing depends on it, and Telegram takes it only for some seconds.
            _log.info("press_not_answered", reason=error.message)

    async def download(self, file_id: str, *, most_bytes: int) -> bytes | None:
        """Return a file that a person sent, None where it is larger than `most_bytes`; tried as `limited` says."""
        info = await self.call_repeatable("getFile", {"file_id": file_id})
        size = info.get("file_size")
        if (isinstance(size, int) and size > most_bytes) or not isinstance(info.get("file_path"), str):
            return None

        async def fetch() -> bytes | None:
            content = await self._request.download(self._api.file(info["file_path"]), most_bytes=most_bytes)
            if content is not None and isinstance(size, int) and len(content) != size:
                raise NotSentError("not Telegram's file: it has another size")
            return content

        content: bytes | None = await self._patience.do(None, fetch, repeatable=True)
        return content

    async def _send(self, chat_id: int, message: Message, topic_id: int, reply_to: int | None) -> int:
        where: dict[str, Any] = {"chat_id": chat_id, "message_thread_id": topic_id or None} | manners_of(message)
        if reply_to is not None:
            where["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        if message.rich_html:
            try:
                return int((await self._send_or_edit_rich(SEND_RICH, where, message))["message_id"])
            except (BadRequest, InvalidToken) as error:
                # What is about the chat and not the form, the same in HTML will be told again.
                raise await self._rich_refused(error) from None
        method, content = content_of(message)
        return int((await self.call(method, where | content))["message_id"])

    async def _edit(self, chat_id: int, message_id: int, message: Message) -> None:
        where: dict[str, Any] = {
            "chat_id": chat_id,
            "message_id": message_id,
            "reply_markup": markup(message.keyboard),
        }
        if message.rich_html:
            try:
                await self._send_or_edit_rich("editMessageText", where, message)
            except (BadRequest, InvalidToken) as error:
                if failure_of(error).about & _ABOUT_THE_FORM:
                    raise await self._rich_refused(error) from None
                if failure_of(error).cause is not Cause.UNCHANGED:
                    raise
        elif message.media == SAME_MEDIA:
            await self.call("editMessageCaption", where | {"caption": message.html, "parse_mode": "HTML"})
        elif message.media:
            await self.call("editMessageMedia", where | {"media": input_media(message)})
        else:
            await self.call("editMessageText", where | text_of(message))

    async def _send_or_edit_rich(self, method: str, where: dict[str, Any], message: Message) -> Any:
        """Send or edit a rich message; where Telegram cannot have one of its pictures, without them."""
        try:
            return await self.call(method, where | {"rich_message": rich_of(message)})
        except BadRequest as error:
            bare = replace(message, rich_html=without_media(message.rich_html), rich_media=())
            if bare == message or About.MEDIA not in failure_of(error).about:
                raise
            _log.warning("pictures_refused", reason=error.message)
            return await self._send_or_edit_rich(method, where, bare)

    async def _rich_refused(self, error: TelegramError) -> RichRefusedError:
        """Return what to raise; remembers it where the server knows no rich messages at all."""
        if About.METHOD in failure_of(error).about:
            await self._memory.failed(Feature.RICH)
        _log.warning("rich_message_refused", reason=error.message)
        return RichRefusedError(error.message)

    async def limited(self, chat_id: int, call: Callable[[], Awaitable[Any]], *, repeatable: bool) -> Any:
        """Run `call` within the chat's rate limit, with the retries of `Patience`, and return its result.

        `repeatable` means that it is safe, too, where the answer of Telegram was lost.
        """
        try:
            return await self._patience.do(chat_id, call, repeatable=repeatable)
        except TelegramError as error:
            failure = failure_of(error)
            if failure.cause is Cause.CHAT_GONE and self._watch.refusals is not None:
                await self._watch.refusals.refused(chat_id, failure)
            raise
