"""Real databases of both kinds for every test, as the first start of Peyk makes them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.bootstrap import opened
from storage.engine.database import Database
from tests import postgres

T = TypeVar("T")

KINDS = ["sqlite"] + ["postgresql"] * (postgres.binaries() is not None)
"""The databases that can be had here."""

Addresses = Callable[..., AbstractAsyncContextManager[str]]
"""Yields the URL of a new database of a kind; `empty` leaves even the tables out."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as long what a test tries on PostgreSQL beyond the first of its values: SQLite has tried them all."""
    tried: set[str] = set()
    for item in items:
        if isinstance(item, pytest.Function) and _is_on_postgresql(item):
            test = item.nodeid.partition("[")[0]
            if test in tried:
                item.add_marker(pytest.mark.long)
            tried.add(test)


def _is_on_postgresql(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("kind") == "postgresql"


@pytest.fixture
def addresses(tmp_path: Path, ready_database: Path, request: pytest.FixtureRequest) -> Addresses:
    made = iter(range(100))

    @asynccontextmanager
    async def address(kind: str, *, empty: bool = False) -> AsyncIterator[str]:
        if kind == "sqlite":
            path = tmp_path / f"{next(made)}.db"
            if not empty:
                shutil.copy(ready_database, path)
            yield f"sqlite:///{path}"
            return
        template = {"template": postgres.EMPTY} if empty else {}
        async with postgres.database(request.getfixturevalue("postgres_socket"), **template) as url:
            yield url

    return address


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def address(kind: str, addresses: Addresses) -> AsyncIterator[str]:
    async with addresses(kind) as url:
        yield url


@pytest.fixture
async def postgresql(postgres_socket: str) -> AsyncIterator[str]:
    """The URL of a new PostgreSQL database, for what there is only on PostgreSQL."""
    async with postgres.database(postgres_socket) as url:
        yield url


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    async with opened(address) as database:
        yield database


@dataclass
class OpenedDatabase:
    """A database for a test that is not async itself, because hypothesis makes up its cases."""

    database: Database
    runner: asyncio.Runner

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """Do something async with the database, to its end."""
        return self.runner.run(act)


@pytest.fixture
def opened_database(kind: str, addresses: Addresses) -> Iterator[OpenedDatabase]:
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        url = runner.run(stack.enter_async_context(addresses(kind)))
        try:
            yield OpenedDatabase(runner.run(stack.enter_async_context(opened(url))), runner)
        finally:
            runner.run(stack.aclose())
