"""Whoever listens where Telegram should be: answers in bytes, and what was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

TOKEN = "1:" + "x" * 35


def http(status: int, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Return an answer in HTTP, after which the connection is closed."""
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


class Server:
    """Answers every request with `answer`, and closes; `asked` are the first lines of the requests."""

    def __init__(self, answer: bytes | Callable[[], bytes]) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.root = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.asked.append(head[0])
        for line in map(str.lower, head):
            if line.startswith("content-length:"):
                await reader.readexactly(int(line.partition(":")[2]))
        writer.write(self.answer if isinstance(self.answer, bytes) else self.answer())
        writer.close()


@asynccontextmanager
async def listening(answer: bytes | Callable[[], bytes]) -> AsyncIterator[Server]:
    """Yield a server at a port of its own; after it nobody listens there."""
    server = Server(answer)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.root = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield server
    listener.close()
    await listener.wait_closed()
