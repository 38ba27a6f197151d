"""A process that reads foreign bytes and was taken over: it writes nothing, and reaches nothing of ours."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.subprocesses.client import SideProcess, SideProcessError
from bot.subprocesses.confinement import give_way, landlock_version
from tests.unit.subprocesses.jobs import ATTEMPT

_FILES_ARE_LOCKED = pytest.mark.skipif(landlock_version() < 1, reason="this kernel has no Landlock")
_NETWORK_IS_LOCKED = pytest.mark.skipif(landlock_version() < 4, reason="this kernel has no Landlock of connections")
_SIGNALS_ARE_LOCKED = pytest.mark.skipif(landlock_version() < 6, reason="this kernel has no Landlock of signals")


_PROCESSES = ["bot.ingest.parsing.parser_process", "bot.ingest.parsing.text_process", "bot.render.drawing"]


@pytest.fixture
async def taken_over() -> AsyncIterator[SideProcess]:
    process = SideProcess("tests.unit.subprocesses.confined_process", 20.0)
    yield process
    await process.close()


def test_a_system_that_refuses_a_lower_priority_ends_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_by: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "nice", refuse)
    give_way()


async def test_it_writes_no_file(taken_over: SideProcess, tmp_path: Path) -> None:
    ours = tmp_path / "peyk.db"
    ours.write_text("ours")
    for what, path in (("write", tmp_path / "new"), ("append", ours)):
        assert (await taken_over.do(ATTEMPT, what, str(path))).startswith("refused")
    assert ours.read_text() == "ours"
    assert not (tmp_path / "new").exists() or (tmp_path / "new").stat().st_size == 0


@_FILES_ARE_LOCKED
async def test_it_reads_and_removes_no_file_but_the_programs(taken_over: SideProcess, tmp_path: Path) -> None:
    secret = tmp_path / ".env"
    secret.write_text("BOT_TOKEN=1:secret")
    for path in (secret, Path(f"/proc/{os.getpid()}/environ"), Path("/etc/passwd")):
        assert await taken_over.do(ATTEMPT, "read", str(path)) == "refused: PermissionError"
    for what in ("remove", "write"):
        assert await taken_over.do(ATTEMPT, what, str(secret)) == "refused: PermissionError"
    assert await taken_over.do(ATTEMPT, "write", str(tmp_path / "new")) == "refused: PermissionError"
    assert await taken_over.do(ATTEMPT, "load", "") == "done: wave"


@_NETWORK_IS_LOCKED
async def test_it_connects_to_nobody(taken_over: SideProcess) -> None:
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        assert await taken_over.do(ATTEMPT, "connect", f"127.0.0.1:{port}") == "refused: PermissionError"


@_SIGNALS_ARE_LOCKED
async def test_it_signals_nobody(taken_over: SideProcess) -> None:
    assert await taken_over.do(ATTEMPT, "kill", str(os.getpid())) == "refused: PermissionError"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system tells nothing of processes")
@pytest.mark.parametrize("module", _PROCESSES)
async def test_the_processes_that_read_foreign_bytes_are_confined(module: str) -> None:
    process = SideProcess(module, 20.0)
    try:
        with pytest.raises(SideProcessError):
            await process.do(ATTEMPT, "write", "nowhere")  # a job that it does not know
        assert process.pid is not None
        told = Path(f"/proc/{process.pid}")
        assert "NoNewPrivs:\t1" in (told / "status").read_text()
        limits = (told / "limits").read_text()
    finally:
        await process.close()
    for name in ("Max file size", "Max processes"):
        assert re.search(rf"^{name} +0 +0 ", limits, re.MULTILINE), limits
