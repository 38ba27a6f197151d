"""A typed client of the control API, for tests and the demo."""

import base64
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, ClientTimeout

Json = dict[str, Any]


class SandboxError(Exception):
    """The sandbox refused an action; the message says why."""


class SandboxClient:
    """A client of the control API at `url`. Use it as an async context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: ClientSession | None = None

    async def __aenter__(self) -> "SandboxClient":
        self._session = ClientSession(timeout=ClientTimeout(total=60), trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None, "entered before"
        await self._session.close()

    async def get(self, path: str, **query: Any) -> Any:
        """GET /sandbox/PATH."""
        assert self._session is not None, "use it as a context manager"
        async with self._session.get(f"{self._url}/sandbox/{path}", params=query) as answer:
            return await self._result(answer)

    async def do(self, path: str, **body: Any) -> Any:
        """POST /sandbox/PATH with a JSON body."""
        assert self._session is not None, "use it as a context manager"
        async with self._session.post(f"{self._url}/sandbox/{path}", json=body) as answer:
            return await self._result(answer)

    async def person(self, first_name: str, *, language_code: str = "fa", started: bool = False) -> int:
        """Add a person and return their id; `started` sends /start as them."""
        user_id = int((await self.do("people", first_name=first_name, language_code=language_code))["id"])
        if started:
            await self.say(user_id, "/start")
        return user_id

    async def chat(self, kind: str, title: str, owner_id: int, **more: Any) -> int:
        """Create a group, supergroup or channel and return its id."""
        return int((await self.do("chats", kind=kind, title=title, owner_id=owner_id, **more))["id"])

    async def people_in_bulk(self, count: int, *, language_code: str = "fa", started: bool = True) -> range:
        """Add many people without an update to the bot, and return their ids."""
        ids = await self.do("people/bulk", count=count, language_code=language_code, started=started)
        return range(ids["first_id"], ids["last_id"] + 1)

    async def channels_in_bulk(self, count: int, owner_id: int) -> list[int]:
        """Create many channels with the bot as administrator, without an update to it; return their ids."""
        return list((await self.do("chats/bulk", count=count, owner_id=owner_id))["ids"])

    async def counts(self) -> Json:
        """Return the counts since the last reset: sent, edited, deleted, refused, by_method, per_second."""
        return dict(await self.get("counts"))

    async def reset_counts(self) -> None:
        """Reset the counts."""
        await self.do("counts/reset")

    async def log_requests(self, *, on: bool) -> None:
        """Switch the log of the bot's calls on or off."""
        await self.do("log", on=on)

    async def keep(self, count: int | None) -> None:
        """Keep only the newest `count` messages of each private chat, or, with None, all."""
        await self.do("keep", count=count)

    async def add_bot(self, chat_id: int, by: int, status: str = "administrator", **rights: bool) -> None:
        """Add the bot to a chat."""
        await self.do("bot", chat_id=chat_id, by=by, status=status, rights=rights)

    async def say(self, user_id: int, text: str = "", **more: Any) -> list[int]:
        """Send a message as a person and return the message ids."""
        return list((await self.do("say", user_id=user_id, text=text, **more))["message_ids"])

    async def send_file(
        self, user_id: int, kind: str, name: str, content: bytes, *, caption: str = "", **more: Any
    ) -> list[int]:
        """Send a photo, video or document as a person."""
        return await self.say(user_id, caption, file=_file(kind, name, content), **more)

    async def send_album(
        self, user_id: int, files: list[tuple[str, str, bytes]], caption: str = "", **more: Any
    ) -> list[int]:
        """Send an album as a person: (kind, name, content) of two to ten files."""
        packed = [_file(*file) for file in files]
        return list((await self.do("album", user_id=user_id, text=caption, files=packed, **more))["message_ids"])

    async def press(self, user_id: int, message: Json, words: str) -> Json:
        """Press the callback button of `message` that holds `words`; return the bot's answer."""
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if words in button["text"] and "callback_data" in button:
                    return dict(
                        await self.do(
                            "press",
                            user_id=user_id,
                            chat_id=message["chat"]["id"],
                            message_id=message["message_id"],
                            data=button["callback_data"],
                        )
                    )
        raise SandboxError(f"no button with {words!r}")

    async def messages(self, chat_id: int, *, by_bot: bool | None = None) -> list[Json]:
        """Return a chat's messages, oldest first; `by_bot` selects those of the bot or of others."""
        messages: list[Json] = await self.get("messages", chat_id=chat_id)
        return [message for message in messages if by_bot is None or message["by_bot"] is by_bot]

    async def wait_for(
        self, chat_id: int, condition: Callable[[Json], bool], *, timeout: float = 30.0, after: int = 0
    ) -> Json:
        """Return the first message of the bot above the id `after` for which `condition` holds, once it exists.

        Raises SandboxError after `timeout` seconds, with the messages that the chat has.
        """
        seen, left = int((await self.get("last"))["event"]), timeout
        while True:
            messages = await self.messages(chat_id, by_bot=True)
            for message in messages:
                if message["message_id"] > after and condition(message):
                    return message
            if left <= 0:
                held = [text_of(message)[:200] for message in messages]
                raise SandboxError(f"chat {chat_id} has no such message; it has {held}")
            step = min(left, 2.0)
            events = await self.get("events", after=seen, wait=step)
            if events:
                seen = events[-1]["seq"]
                left -= 0.05
            else:
                left -= step

    async def refused(self, after: int = 0) -> list[Json]:
        """Return the bot's calls that were refused."""
        entries: list[Json] = await self.get("requests", after=after)
        return [entry for entry in entries if entry["status"] != 200]

    @staticmethod
    async def _result(answer: Any) -> Any:
        body = await answer.json()
        if answer.status != 200:
            raise SandboxError(body.get("error", "unknown"))
        return body


def _file(kind: str, name: str, content: bytes) -> Json:
    return {"kind": kind, "name": name, "base64": base64.b64encode(content).decode()}


def text_of(message: Json) -> str:
    """Return the text of a message that a reader sees: its text, caption or rich text."""
    return str(message.get("text") or message.get("caption") or message.get("rich_message", {}).get("text") or "")
