"""peyk demo as a newcomer meets it: the address, the page, the end."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from sandbox.client import SandboxClient, text_of


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
            one["title"] == title and one["state"]["id"] == "sent" for one in outbox.get("deliveries", ())
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
            await _tells_of_itself(people)
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
