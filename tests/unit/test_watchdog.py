"""A stall of the event loop is counted and told with what ran; a quiet or waiting loop is left alone."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.watchdog import Watchdog

_LONG = 0.4


class Told:
    """Keeps what is logged and counted."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []
        self.seconds: list[float] = []

    def __call__(self, event: str, **facts: object) -> None:
        assert event == "loop_stalled"
        self.lines.append(facts)


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    lines = Told()
    # The machine may be busy: what it keeps the loop waiting for is no stall here.
    watchdog = Watchdog(stall=_LONG * 0.9, log=lines, count=lines.seconds.append)
    yield lines
    watchdog.close()


def _hold_up_everybody() -> None:
    time.sleep(_LONG)


async def _handle() -> None:
    _hold_up_everybody()


async def test_a_callback_that_blocks_is_named(told: Told) -> None:
    asyncio.get_running_loop().call_soon(_hold_up_everybody)
    await asyncio.sleep(0.01)
    (seconds,) = told.seconds
    assert seconds >= _LONG
    assert f"{__name__}:_hold_up_everybody:" in str(told.lines[0]["ran"])


async def test_a_handler_that_blocks_is_named_with_who_called(told: Told) -> None:
    await asyncio.sleep(0)  # a turn of its own
    await asyncio.create_task(_handle())
    await asyncio.sleep(0.01)
    ran = str(told.lines[0]["ran"])
    assert ran.index(f"{__name__}:_handle:") < ran.index(f"{__name__}:_hold_up_everybody:")


async def test_waiting_is_no_stall(told: Told) -> None:
    await asyncio.sleep(_LONG)
    await asyncio.to_thread(time.sleep, _LONG)
    assert (told.seconds, told.lines) == ([], [])


async def test_stalls_at_one_place_share_a_line(told: Told) -> None:
    for _ in range(3):
        asyncio.get_running_loop().call_soon(_hold_up_everybody)
        await asyncio.sleep(0.01)
    assert len(told.seconds) == 3
    assert len(told.lines) == 1


async def test_after_its_end_the_loop_is_as_it_was() -> None:
    loop = asyncio.get_running_loop()
    before = loop._selector.select  # type: ignore[attr-defined]
    watchdog = Watchdog(log=Told())
    watchdog.close()
    watchdog.close()
    assert loop._selector.select == before  # type: ignore[attr-defined]
