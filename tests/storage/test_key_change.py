"""The change of the key of sources' secrets: nothing that is stored is lost, whenever it is interrupted."""

from pathlib import Path

import pytest

from bot.ingest.sources.key_change import KeyChange, change_key
from bot.ingest.sources.sealing import SealedError, Sealer
from bot.ingest.sources.source_requests import SourceRequests
from storage import audit, sources
from storage.engine.database import Database
from storage.records import RequestPart, Source, SourceKind
from tests.newsroom_people import employ

NOW = 1_795_842_000_000
_OLD, _NEW = "o" * 32, "n" * 32


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 5)


async def _add(database: Database, url: str) -> Source:
    async with database.write() as tx:
        return await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=NOW)


async def _all(database: Database) -> list[Source]:
    async with database.read() as connection:
        return await sources.all_(connection)


async def _actions(database: Database) -> list[str]:
    async with database.read() as connection:
        return [str(entry.action) for entry in await audit.all_(connection, limit=99)]


async def _set_all(database: Database, sealer: Sealer) -> None:
    """Give two sources secrets, a third one none."""
    requests = SourceRequests(database, sealer, lambda: NOW)
    first, second, _ = [await _add(database, f"https://{name}.example/rss") for name in ("a", "b", "c")]
    await requests.set(first.id, RequestPart.LOGIN, "ali:secret", actor_id=5)
    await requests.set(first.id, RequestPart.COOKIE, "a=1; b=2", actor_id=5)
    await requests.set(first.id, RequestPart.USER_AGENT, "Reader", actor_id=5)
    await requests.set(second.id, RequestPart.HEADER, "X-Key: k", actor_id=5)


def _profiles(known: list[Source], sealer: Sealer) -> list[object]:
    requests = SourceRequests(None, sealer, lambda: NOW)  # type: ignore[arg-type]  # it reads no database here
    return [requests.profile(source) for source in known]


async def test_a_key_of_the_settings_is_changed_without_loss(database: Database) -> None:
    await _set_all(database, Sealer(_OLD, None))
    before = await _all(database)
    profiles = _profiles(before, Sealer(_OLD, None))
    both = Sealer(_NEW, None, old_key=_OLD)
    assert _profiles(before, both) == profiles, "they are read before the change"
    assert await change_key(database, both, lambda: NOW, actor_id=5) == KeyChange(4, 2, ())
    after = await _all(database)
    assert _profiles(after, Sealer(_NEW, None)) == profiles, "they are read without the old key"
    with pytest.raises(SealedError):
        _profiles(after, Sealer(_OLD, None))
    assert [source.next_fetch_at for source in after] == [source.next_fetch_at for source in before]
    assert (await _actions(database)).count("change_key") == 1
    assert await change_key(database, Sealer(_NEW, None), lambda: NOW, actor_id=5) == KeyChange(4, 2, ())


async def test_a_key_file_gets_a_new_key_and_the_old_one_goes_in_the_end(
    database: Database, tmp_path: Path
) -> None:
    path, old_path = tmp_path / "peyk.db.key", tmp_path / "peyk.db.key.old"
    sealer = Sealer("", path, old_path=old_path)
    await _set_all(database, sealer)
    profiles, key = _profiles(await _all(database), sealer), path.read_bytes()
    # The change was interrupted after the new key was made: both kinds of secrets are there.
    sealer.make_new_key()
    extra = SourceRequests(database, sealer, lambda: NOW)
    await extra.set((await _all(database))[2].id, RequestPart.LOGIN, "b:c", actor_id=5)
    profiles[2] = _profiles(await _all(database), sealer)[2]
    assert await change_key(database, sealer, lambda: NOW, actor_id=5) == KeyChange(5, 3, ())
    assert path.read_bytes() != key
    assert not old_path.exists()
    assert _profiles(await _all(database), Sealer("", path)) == profiles


async def test_what_neither_key_reads_stays_and_is_named(database: Database, tmp_path: Path) -> None:
    path, old_path = tmp_path / "peyk.db.key", tmp_path / "peyk.db.key.old"
    sealer = Sealer("", path, old_path=old_path)
    await _set_all(database, sealer)
    strange = SourceRequests(database, Sealer("x" * 32, None), lambda: NOW)
    await strange.set(1, RequestPart.LOGIN, "ali:secret", actor_id=5)
    lost = (await _all(database))[0].requests
    change = await change_key(database, sealer, lambda: NOW, actor_id=5)
    assert change == KeyChange(3, 2, ("https://a.example/rss",))
    assert old_path.exists(), "its old key may be needed still"
    login = next(request for request in (await _all(database))[0].requests if request.part is RequestPart.LOGIN)
    assert login in lost


async def test_without_secrets_there_is_nothing_to_change(database: Database, tmp_path: Path) -> None:
    sealer = Sealer("", tmp_path / "peyk.db.key", old_path=tmp_path / "peyk.db.key.old")
    assert await change_key(database, sealer, lambda: NOW, actor_id=5) == KeyChange(0, 0, ())
    assert list(tmp_path.glob("peyk.db*")) == []
    assert await _actions(database) == []
