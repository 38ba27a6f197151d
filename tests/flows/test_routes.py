"""Several routes to Telegram: the one in use closes, and nobody but the newsroom notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram


@dataclass
class _Relay:
    """A mirror of the Bot API: it passes every byte on, until it closes."""

    target: str
    url: str = ""
    connections: set[asyncio.StreamWriter] = field(default_factory=set)
    server: asyncio.Server | None = None

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a connection with one to the target."""
        there = urlsplit(self.target)
        back, forth = await asyncio.open_connection(there.hostname, there.port)
        self.connections |= {writer, forth}
        await asyncio.gather(self._copy(reader, forth), self._copy(back, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65_536):
            writer.write(some)
        writer.close()

    def close(self) -> None:
        """Close the port and every connection."""
        assert self.server is not None, "open"
        self.server.close()
        for writer in self.connections:
            writer.transport.abort()


@asynccontextmanager
async def _relay(target: str) -> AsyncIterator[_Relay]:
    relay = _Relay(target)
    relay.server = await asyncio.start_server(relay.pass_on, "127.0.0.1", 0)
    relay.url = f"http://127.0.0.1:{relay.server.sockets[0].getsockname()[1]}"
    yield relay
    relay.close()


async def test_a_route_that_closes_gives_way_and_the_desk_chat_is_told_once(
    app: PeykApp, telegram: Telegram
) -> None:
    channel = await telegram.channel()
    async with _relay(telegram.running.url) as relay:
        routes = {"TELEGRAM_API_URL": f"{relay.url},{telegram.running.url}"}
        await app.running(telegram, **routes)
        await telegram.publish("تیتر از آینه")
        await telegram.people.wait_for(channel, lambda message: "تیتر از آینه" in text_of(message))
        assert relay.connections
        relay.close()
        await telegram.publish("تیتر از راه دیگر")
        await telegram.people.wait_for(channel, lambda message: "تیتر از راه دیگر" in text_of(message))
        told = await telegram.people.wait_for(telegram.owner, lambda message: relay.url in text_of(message))
        assert telegram.running.url in text_of(told)
    looked = await app.cli("doctor", TELEGRAM_API_URL=routes["TELEGRAM_API_URL"])
    lines = [line.split("\t") for line in looked.stdout.splitlines() if "\ttelegram\t" in line]
    assert [line[0] for line in lines] == ["warning", "ok"]
    assert relay.url in lines[0][2]
    titles = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
    assert sum("تیتر از راه دیگر" in title for title in titles) == 1
