"""An invitation's code is stored nowhere: a copy of the database, an export or a backup lets nobody in."""

import csv
import io
import re
from pathlib import Path

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_SEAL = re.compile(r"j_[A-Za-z0-9_-]{22}")


async def _code(telegram: Telegram, role: str = "editor") -> str:
    return text_of(await telegram.ask(telegram.owner, f"/invite {role}")).rsplit("start=", 1)[1].strip()


def _stored(folder: Path) -> bytes:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "peyk.db" for path in files)
    return b"".join(path.read_bytes() for path in files)


async def test_no_way_of_sending_a_code_has_it_stored(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram, LOG_LEVEL="DEBUG")
    code = await _code(telegram)
    link = f"https://t.me/peyk_bot?start={code}"
    for words in (link, f"دعوت‌نامه:\n{code}\n", f"/search {code}", f"({link}).", link.replace("=", "%3D")):
        await telegram.ask(telegram.owner, words)
    await telegram.ask(telegram.owner, f"/post سیاسی\n{link}\n\n{link}", button="انتشار")
    # Who has a role already keeps the invitation, which can still be used by somebody else.
    assert "هم‌اکنون عضو" in text_of(await telegram.ask(telegram.owner, f"/start {code}"))
    export = await app.cli("audit")
    assert list(csv.reader(io.StringIO(export.stdout)))
    assert (await app.cli("backup", "copy.db")).returncode == 0
    assert await app.stop() == 0
    secret = code.removeprefix("j_")
    assert secret.encode() not in _stored(app.folder)
    assert secret not in export.stdout
    await app.running(telegram)
    assert "خوش آمدید" in text_of(await telegram.ask(telegram.reader, f"/start {code}"))


@pytest.mark.long
async def test_what_the_database_holds_of_an_invitation_lets_nobody_in(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    code = await _code(telegram)
    await telegram.ask(telegram.owner, f"/start {code}")
    seals = {seal for (body,) in app.rows("SELECT body FROM inbox") for seal in _SEAL.findall(body)}
    hashes = {hashed for (hashed,) in app.rows("SELECT secret_hash FROM invitation")}
    assert seals
    assert code not in seals
    for number, stolen in enumerate(
        [*seals, *hashes, *(f"j_{hashed}" for hashed in hashes), *(f"j_{hashed[:22]}" for hashed in hashes)]
    ):
        thief = await telegram.person(f"دزد {number}")
        assert "خوش آمدید" not in text_of(await telegram.ask(thief, f"/start {stolen}"))
    assert len(app.rows("SELECT 1 FROM staff")) == 1


async def test_a_code_that_was_taken_in_before_a_crash_is_redeemed_after_it(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    code = await _code(telegram)
    assert "خوش آمدید" in text_of(await telegram.ask(telegram.reader, f"/start {code}"))
    app.kill()
    app.change(f"DELETE FROM staff WHERE user_id = {telegram.reader}")
    app.change("UPDATE invitation SET used_by = NULL, used_at = NULL")
    app.change("UPDATE inbox SET done_at = NULL WHERE body LIKE '%start j\\_%' ESCAPE '\\'")
    await app.running(telegram)
    assert app.rows(f"SELECT role FROM staff WHERE user_id = {telegram.reader}") == [("editor",)]
