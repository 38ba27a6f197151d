"""The database of an earlier version: this one starts it and goes on with its people, chats and articles."""

import gzip
import os
import re
from pathlib import Path

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_ROOT = Path(__file__).parents[2]
_DATABASES = sorted((_ROOT / "tests" / "fixtures" / "databases").glob("*.db.gz"))
"""Databases that earlier versions wrote, by the version: an owner, a reader of politics, a channel of the owner, two
published articles that both got, and a draft. The local Telegram gives its people and chats the same ids again."""


@pytest.mark.parametrize("database", _DATABASES, ids=lambda path: path.name.removesuffix(".db.gz"))
async def test_an_earlier_versions_newsroom_goes_on(empty_app: PeykApp, telegram: Telegram, database: Path) -> None:
    app = empty_app
    (app.folder / "data").mkdir()
    (app.folder / "data" / "peyk.db").write_bytes(gzip.decompress(database.read_bytes()))
    # The local Telegram numbers its updates anew; those from before are gone, as after two weeks.
    app.change("DELETE FROM inbox")
    people_before = set(app.rows("SELECT id FROM chat"))
    channel = await telegram.channel()
    await app.running(telegram)
    assert {(telegram.owner,), (telegram.reader,), (channel,)} <= people_before

    # A reader's subscription and the articles are as they were.
    await telegram.publish("خبری از نسخهٔ تازه")
    for chat in (channel, telegram.reader):
        await telegram.people.wait_for(chat, lambda message: "خبری از نسخهٔ تازه" in text_of(message))
    assert "نخستین خبر از نسخهٔ پیشین" in text_of(await telegram.ask(telegram.reader, "/latest"))
    assert "لید خبر در یک سطر" in text_of(await telegram.ask(telegram.reader, "/article 1"))
    assert "دومین خبر از نسخهٔ پیشین" in text_of(await telegram.ask(telegram.reader, "/search نسخهٔ پیشین"))

    # The draft is published, and nothing of before is sent again.
    await telegram.ask(telegram.owner, "/publish 3")
    await telegram.people.wait_for(channel, lambda message: "پیش‌نویسی از نسخهٔ پیشین" in text_of(message))
    posts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
    assert len(posts) == 2, posts
    doctor = await app.cli("doctor")
    assert doctor.returncode == 0, doctor.stdout


def test_every_version_has_a_note_about_its_upgrade() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+)\.\d+\]", (_ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    page = (_ROOT / "docs" / "how-to" / "upgrade.md").read_text(encoding="utf-8")
    notes = re.findall(r"^## To (\d+\.\d+|the next version)$", page, re.MULTILINE)
    assert notes == [*reversed(versions), "the next version"]


async def test_the_doctor_mends_what_it_can_without_harm(app: PeykApp) -> None:
    (app.folder / ".env").write_text("LOG_LEVEL=INFO\n")
    (app.folder / ".env").chmod(0o644)
    left = app.folder / "data" / ".peyk.db.x1.part"
    left.write_bytes(b"half a copy")
    os.utime(left, (0, 0))
    under_way = left.with_name(".peyk.db.x2.part")
    under_way.write_bytes(b"half a copy")
    report = (await app.cli("doctor")).stdout
    assert "can read .env" in report
    assert str(left.name) in report
    assert left.exists()

    mended = await app.cli("doctor", "--fix")
    lines = [line.split("\t") for line in mended.stdout.splitlines() if line.startswith("fixed\t")]
    assert [line[1] for line in lines] == ["files", "files"]
    assert (app.folder / ".env").stat().st_mode & 0o077 == 0
    assert not left.exists()
    assert under_way.exists()
    again = (await app.cli("doctor", "--fix")).stdout
    assert "fixed\tfiles" not in again
