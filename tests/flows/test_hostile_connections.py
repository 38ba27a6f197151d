"""The app as a process with few files: crowds on LISTEN stop nothing and fill no log."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from tests import launch
from tests.flows.conftest import PeykApp, Telegram
from tests.unit.web.conftest import free_port

_FILES = 800
_HALF = b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Half: "


def _with_few_files(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
) -> launch.Process:
    command = ["sh", "-c", f'ulimit -n {_FILES} && exec "$@"', "sh", *launch.command(arguments)]
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)


@pytest.fixture
async def app(tmp_path: Path, telegram: Telegram) -> AsyncIterator[PeykApp]:
    app = PeykApp(tmp_path, telegram, _with_few_files)
    yield app
    app.abandon()


async def test_more_half_sent_requests_than_files_stop_nothing(app: PeykApp, telegram: Telegram) -> None:
    port = free_port()
    await app.running(telegram, LISTEN=f"127.0.0.1:{port}")
    crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(_FILES + 200)]
    for _, writer in crowd:
        writer.write(_HALF)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
        for path in ("/healthz", "/metrics"):
            assert (await client.get(path)).status_code == 200
    assert await telegram.ask(telegram.reader, "/categories")
    for _, writer in crowd:
        writer.close()
    assert len(app.log) < 50_000
    assert await app.stop() == 0
