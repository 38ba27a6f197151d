"""Side processes: typed messages go there and back, and nothing that one says harms the bot."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.subprocesses.client import SideProcess, SideProcessError
from tests.unit.subprocesses.jobs import FAIL, RETURN, SAY, Echo, Everything, Trick

_EVERYTHING = Everything(
    data=bytes(range(256)),
    mark=2**64 - 1,
    names=("خبر", "a", ""),
    marks=frozenset({0, 1, 2**64 - 1}),
    trick=Trick.HALF,
    zone=ZoneInfo("Asia/Tehran"),
    echo=Echo("پژواک", -(2**63)),
    pairs=(("یک", 1), ("دو", 2)),
)


@pytest.fixture
async def honest() -> AsyncIterator[SideProcess]:
    process = SideProcess("tests.unit.subprocesses.honest_process", 5.0)
    yield process
    await process.close()


@pytest.fixture
async def hostile() -> AsyncIterator[SideProcess]:
    process = SideProcess("tests.unit.subprocesses.hostile_process", 0.3, patience=0.2)
    yield process
    await process.close()


async def test_every_type_comes_back_as_it_went(honest: SideProcess) -> None:
    assert await honest.do(RETURN, _EVERYTHING, "") == _EVERYTHING


@pytest.mark.parametrize(
    ("how", "reason"),
    [("expected", "^کوتاه$"), ("bug", "failed .KeyError"), ("surrogate", "surrogates"), ("huge", "failed ")],
)
async def test_a_job_that_fails_says_why_and_the_next_is_done(honest: SideProcess, how: str, reason: str) -> None:
    with pytest.raises(SideProcessError, match=reason):
        await honest.do(FAIL, how, 0)
    assert await honest.do(RETURN, _EVERYTHING, "") == _EVERYTHING


async def test_what_cannot_be_sent_is_a_failed_job(honest: SideProcess) -> None:
    with pytest.raises(SideProcessError, match="surrogates"):
        await honest.do(RETURN, _EVERYTHING, "half a letter: \ud83d")
    assert await honest.do(RETURN, _EVERYTHING, "") == _EVERYTHING


@pytest.mark.parametrize("trick", [trick for trick in Trick if trick not in (Trick.HONEST, Trick.TWICE)])
async def test_what_a_hostile_process_says_is_a_failed_job(
    hostile: SideProcess, tmp_path: Path, trick: Trick
) -> None:
    before = await hostile.do(SAY, Trick.HONEST, "")
    with pytest.raises(SideProcessError):
        await hostile.do(SAY, trick, str(tmp_path / "ran"))
    assert not list(tmp_path.iterdir()), "code of the process ran here"
    after = await hostile.do(SAY, Trick.HONEST, "")
    assert after.number != before.number, "the process has ended"


async def test_an_answer_that_nobody_asked_for_is_not_the_next_ones(hostile: SideProcess) -> None:
    assert await hostile.do(SAY, Trick.TWICE, "") == Echo("now", 1)
    answer = await hostile.do(SAY, Trick.HONEST, "")
    assert "poisoned" not in answer.text


async def test_a_process_gets_nothing_that_it_does_not_need(
    hostile: SideProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123:secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://peyk:secret@localhost/peyk")
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "peyk.db").open("wb") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        answer = await hostile.do(SAY, Trick.HONEST, "")
        names, folder = answer.text.split(" ")
        opened = {os.readlink(descriptor) for descriptor in Path(f"/proc/{answer.number}/fd").iterdir()}
    assert set(names.split(",")) <= {"PYTHONPATH", "LANG", "LC_CTYPE"}
    assert folder == "/"
    assert not any("peyk.db" in target for target in opened)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system tells nothing of processes")
async def test_a_process_that_holds_too_much_ends_after_its_answer() -> None:
    for most, stays in ((1, False), (1 << 40, True)):
        process = SideProcess("tests.unit.subprocesses.honest_process", 5.0, most_memory=most)
        try:
            assert await process.do(RETURN, _EVERYTHING, "") == _EVERYTHING
            assert (process.pid is not None) is stays
        finally:
            await process.close()
