"""The pool of connections: none is lost, whoever is cancelled."""

import asyncio
from typing import Any, cast

import pytest

from storage.engine.connection import Connection
from storage.engine.pool import Pool
from storage.errors import UnavailableError


class _Session:
    """A connection that only tells whether it was closed."""

    is_lost = False
    autocommit = False

    def __init__(self) -> None:
        self.is_closed = False

    async def end(self, *, keep: bool) -> None:
        """End a transaction."""

    async def close(self) -> None:
        self.is_closed = True


async def _use(pool: Pool) -> None:
    async with pool.transaction():
        pass


async def test_a_connection_whose_caller_is_cancelled_while_it_opens_is_closed() -> None:
    session, reached, let = _Session(), asyncio.Event(), asyncio.Event()

    async def opened() -> Connection:
        reached.set()
        await let.wait()
        return cast(Connection, session)

    pool = Pool(opened, 1)
    cancelled = asyncio.create_task(_use(pool))
    await reached.wait()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    let.set()
    await pool.close()
    assert session.is_closed


async def test_an_opening_that_fails_after_its_caller_was_cancelled_harms_nobody() -> None:
    reached, let, sessions = asyncio.Event(), asyncio.Event(), [_Session()]

    async def opened() -> Connection:
        if not let.is_set():
            reached.set()
            await let.wait()
            raise UnavailableError("the server cannot be reached")
        return cast(Connection, sessions[0])

    pool = Pool(opened, 1)
    cancelled: asyncio.Task[Any] = asyncio.create_task(_use(pool))
    await reached.wait()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    let.set()
    await _use(pool)
    await pool.close()
    assert sessions[0].is_closed


async def test_closing_waits_for_what_is_in_use() -> None:
    session, entered, leave = _Session(), asyncio.Event(), asyncio.Event()

    async def opened() -> Connection:
        return cast(Connection, session)

    async def hold(pool: Pool) -> None:
        async with pool.transaction():
            entered.set()
            await leave.wait()

    pool = Pool(opened, 2)
    holding = asyncio.create_task(hold(pool))
    await entered.wait()
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    assert not session.is_closed
    leave.set()
    await closing
    await holding
    assert session.is_closed
