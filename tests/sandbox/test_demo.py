"""peyk demo as a newcomer meets it: the address, the page, the end."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from aiohttp import ClientSession

from sandbox.client import SandboxClient, text_of


async def test_the_demo_prints_its_address_shows_its_page_and_ends_cleanly(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TMPDIR": str(tmp_path),
        "PYTHONUTF8": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None, "piped"
    try:
        url = ""
        while not url:
            line = (await process.stdout.readline()).decode()
            assert line, "the demo ended by itself"
            if found := re.fullmatch(r"\s+(http://127\.0\.0\.1:\d+)/\n", line):
                url = found[1]
        async with ClientSession() as session, session.get(f"{url}/") as page:
            assert page.status == 200
            assert 'dir="rtl"' in await page.text()
        async with SandboxClient(url) as people:
            reader = await people.person("تازه‌وارد")
            ids = await people.say(reader, "/start")
            assert text_of(await people.wait_for(reader, lambda _: True, after=ids[-1]))
        await _beside(environment, tmp_path)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert "Traceback" not in rest.decode()
    assert "[info" not in rest.decode()
    assert list(tmp_path.glob("peyk-demo-*")) == []


async def _beside(environment: dict[str, str], folder: Path) -> None:
    """Use commands beside the demo: they work with its newsroom and say so, except with a DATABASE_URL."""

    async def cli(*arguments: str, **settings: str) -> tuple[str, str]:
        command = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=folder,
            env=environment | settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(command.communicate(), 60)
        return out.decode(), err.decode()

    listed, said = await cli("sources", "list")
    assert "feed" in listed
    assert said == "peyk: this is the newsroom of the demo that runs in this folder\n"
    listed, said = await cli("articles", "list", DATABASE_URL=f"sqlite:///{folder}/own.db")
    assert listed == ""
    assert "the demo that runs in this folder has one of its own" in said
    assert not (folder / "data").exists()
