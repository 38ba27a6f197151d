"""Name servers that never answer: their sources wait, and no others."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.errors import SourceError
from bot.ingest.fetch.lookups import MOST, PER_SOURCE, Lookups, for_source


class _Names:
    """Names of which those below .dead have a name server that does not answer before `over`."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.asked: list[str] = []

    def resolve_name(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host.endswith(".dead"):
            self.over.wait(60)
        if host.endswith(".none"):
            raise OSError("no such name")
        return [f"192.0.2.{port}"]


@pytest.fixture
def names() -> Iterator[_Names]:
    names = _Names()
    yield names
    names.over.set()


async def _resolve(lookups: Lookups, source_id: int | None, host: str) -> list[str]:
    with for_source(source_id):
        return await lookups.resolve(host, 7)


async def test_a_dead_name_server_holds_no_other_sources_look_ups(names: _Names) -> None:
    lookups = Lookups(names.resolve_name)
    stuck = [asyncio.create_task(_resolve(lookups, 1, f"{number}.dead")) for number in range(10 * MOST)]
    await asyncio.sleep(0)
    for source_id in (2, 3, None):
        assert await _resolve(lookups, source_id, "news.example") == ["192.0.2.7"]
    assert len([name for name in names.asked if name.endswith(".dead")]) == PER_SOURCE
    for task in stuck:
        task.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)


async def test_a_look_up_is_given_up_in_time_and_holds_its_sources_place_until_it_ends(names: _Names) -> None:
    lookups = Lookups(names.resolve_name, seconds=0.01)
    stuck = [_resolve(lookups, 1, f"{number}.dead") for number in range(PER_SOURCE)]
    ended = await asyncio.gather(*stuck, return_exceptions=True)
    assert [type(outcome) for outcome in ended] == [SourceError] * PER_SOURCE
    waiting = asyncio.create_task(_resolve(lookups, 1, "well.example"))
    assert await _resolve(lookups, 2, "news.example") == ["192.0.2.7"]
    assert "well.example" not in names.asked
    names.over.set()
    assert await waiting == ["192.0.2.7"], "its wait for a place does not count"


async def test_a_name_without_addresses_is_the_sources_trouble(names: _Names) -> None:
    with pytest.raises(SourceError, match="cannot resolve"):
        await Lookups(names.resolve_name).resolve("gone.none", 80)
