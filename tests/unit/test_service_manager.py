"""Words with the service manager, over a real socket."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot.service_manager import ServiceManager


@pytest.mark.parametrize("abstract", [False, True])
def test_states_are_told_in_one_datagram(tmp_path: Path, abstract: bool) -> None:
    name = f"peyk-{tmp_path.name}"
    address = f"@{name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name}" if abstract else address)
        ServiceManager.of({"NOTIFY_SOCKET": address}).notify("READY=1", "STATUS=x")
        assert manager.recv(100) == b"READY=1\nSTATUS=x"


async def test_the_loop_is_alive_for_as_long_as_it_runs(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.setblocking(False)
        loop = asyncio.get_running_loop()
        watched = ServiceManager.of({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000", "WATCHDOG_PID": "7"}, 7)
        alive = asyncio.create_task(watched.notify_watchdog())
        async with asyncio.timeout(30):
            assert [await loop.sock_recv(manager, 100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        alive.cancel()


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"WATCHDOG_USEC": "1000"},
        {"NOTIFY_SOCKET": "/nowhere"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "0"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "8"},
    ],
)
async def test_a_manager_that_does_not_watch_hears_nothing(environment: dict[str, str]) -> None:
    async with asyncio.timeout(30):
        await ServiceManager.of(environment, 7).notify_watchdog()


def test_a_deaf_manager_stops_nobody() -> None:
    ServiceManager.of({"NOTIFY_SOCKET": "/nowhere/socket"}).notify("READY=1")
