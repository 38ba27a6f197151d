"""A running Peyk tells its service manager that it is ready, that it is alive, and that it stops."""

import asyncio
import socket
from pathlib import Path

from tests.flows.conftest import PeykApp, Telegram


async def test_the_service_manager_hears_of_start_life_and_stop(
    app: PeykApp, telegram: Telegram, tmp_path: Path
) -> None:
    address = str(tmp_path / "notify")
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.setblocking(False)
        app.start(NOTIFY_SOCKET=address, WATCHDOG_USEC="300000")

        async def until(word: bytes) -> None:
            async with asyncio.timeout(60):
                while not any(word in message for message in heard):
                    heard.append(await asyncio.get_running_loop().sock_recv(manager, 1000))

        await until(b"READY=1")
        assert heard == [b"READY=1\nSTATUS=@peyk_sandbox_bot, role all"], "nothing before it is ready"
        await until(b"WATCHDOG=1")
        stopping = asyncio.create_task(app.stop())
        await until(b"STOPPING=1")
        assert await stopping == 0
