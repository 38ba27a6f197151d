"""peyk demo as a newcomer meets it: the address, the page, the end."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession

from sandbox.client import SandboxClient, text_of
from tests.unit.web.conftest import free_port

_ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}


async def _tells_of_itself(people: SandboxClient) -> None:
    """Publish as the editor, and ask why the post is in the channel."""
    tour = (await people.get("tour"))["steps"]
    assert len(tour) == 6
    assert all(step["title"].keys() == step["text"].keys() == {"fa", "en"} for step in tour)
    chats = (await people.get("state"))["chats"]
    channel = next(chat["id"] for chat in chats if chat["type"] == "channel")
    editor = next(act["become"] for act in tour[2]["acts"] if "become" in act)
    title = "پل تازه گشایش یافت"
    (asked,) = await people.say(editor, f"/post سیاسی\n{title}\n\nلید خبر.")
    preview = await people.wait_for(editor, lambda message: "pub:" in str(message.get("reply_markup")), after=asked)
    await people.press(editor, preview, "انتشار")
    post = await people.wait_for(channel, lambda message: title in text_of(message))
    outbox: dict[str, Any] = {}
    async with asyncio.timeout(20):
        while not any(
            delivery["title"] == title and delivery["state"]["id"] == "sent"
            for delivery in outbox.get("deliveries", ())
        ):
            outbox = await people.get("outbox")
            await asyncio.sleep(0.1)
    told = await people.get("explanation", chat_id=channel, message_id=post["message_id"])
    values = [fact["value"] for fact in told["facts"]]
    assert title in values
    assert {"fa": "تحریریه", "en": "the newsroom"} in values
    assert len(told["steps"]) >= 4
    assert [step["at"] for step in told["steps"]] == sorted(step["at"] for step in told["steps"])
    answer = await people.get("explanation", chat_id=editor, message_id=preview["message_id"])
    assert len(answer["facts"]) == 1


async def _started(more: dict[str, str], folder: Path, *arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    """Start a demo and return its process, and the address that it prints."""
    environment = _ENVIRONMENT | more
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None, "piped"
    while line := (await process.stdout.readline()).decode():
        if address := re.fullmatch(r"\s+(http://127\.0\.0\.1:\d+)/\n", line):
            return process, address[1]
    raise AssertionError("the demo ended by itself")


async def test_the_demo_prints_its_address_shows_its_page_and_ends_cleanly(tmp_path: Path) -> None:
    environment = _ENVIRONMENT | {"TMPDIR": str(tmp_path)}
    process, url = await _started(environment, tmp_path, "run")
    try:
        async with ClientSession() as session, session.get(f"{url}/") as page:
            assert page.status == 200
            assert 'dir="rtl"' in await page.text()
        async with SandboxClient(url) as people:
            reader = await people.person("تازه‌وارد")
            ids = await people.say(reader, "/start")
            assert text_of(await people.wait_for(reader, lambda _: True, after=ids[-1]))
            await _tells_of_itself(people)
        await _beside(environment, tmp_path)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert "Traceback" not in rest.decode()
    assert "[info" not in rest.decode()
    assert list(tmp_path.glob("peyk-demo-*")) == []


async def test_the_demo_touches_nothing_of_the_newsroom_that_is_set_up_in_its_folder(tmp_path: Path) -> None:
    calls = []

    async def count(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(count, "127.0.0.1", 0) as outside:
        api = f"http://127.0.0.1:{outside.sockets[0].getsockname()[1]}"
        listen = f"127.0.0.1:{free_port()}"
        (tmp_path / ".env").write_text(
            f"BOT_TOKEN=123456:{'x' * 35}\nTELEGRAM_API_URL={api}\nTELEGRAM_PROXY={api}\nFETCH_PROXY={api}\n"
            f"DATABASE_URL=sqlite:///own.db\nLISTEN={listen}\nMETRICS_LISTEN=127.0.0.1:{free_port()}\nFEEDS=true\n"
            f"API_TOKENS=wordpress:editor:{'t' * 32}\nWEBHOOKS_OUT=site:{'s' * 32}@{api}/hook\nBACKUP_DIR=backups\n"
            f"WEBHOOK_URL={api}\nWEBHOOK_SECRET=secret\nSECRET_KEY={'k' * 32}\nOWNER_IDS=7\nDESK_CHAT=7\n"
        )
        process, url = await _started({"TMPDIR": str(tmp_path)}, tmp_path, "demo")
        try:
            async with SandboxClient(url) as people:
                reader = await people.person("تازه‌وارد")
                await people.wait_for(reader, lambda _: True, after=max(await people.say(reader, "/start")))
            async with ClientSession() as session:
                with pytest.raises(ClientConnectionError):
                    await session.get(f"http://{listen}/feeds/all.xml")
        finally:
            process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.communicate(), 15)
    assert calls == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env"]


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

    listed, complaint = await cli("sources", "list")
    assert "feed" in listed
    assert complaint == "peyk: this is the newsroom of the demo that runs in this folder\n"
    listed, complaint = await cli("articles", "list", DATABASE_URL=f"sqlite:///{folder}/own.db")
    assert listed == ""
    assert "the demo that runs in this folder has one of its own" in complaint
    assert not (folder / "data").exists()
