"""A chat's time zone: chosen by button or by name, and then all times are told and read by it."""

from datetime import UTC, datetime

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

pytestmark = pytest.mark.wall_clock


_COPIED = """سیاسی
شناسه خبر : 1001
تاریخ انتشار : 1404/10/01 10:00
خبر هزار و یک
خبر هزار و یک
لید خبر که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد.
پیک-گروه خبر: متن خبر که به اندازهٔ کافی بلند است تا یک بند کامل باشد و تمام شود.
"""


async def test_a_reader_chooses_a_city_and_reads_by_its_clock(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    (app.folder / "1001.txt").write_text(_COPIED)
    done = await app.cli("import", "1001.txt", "--publish")
    assert done.returncode == 0, done.stderr
    await app.running(telegram)
    assert "۱۰:۰۰" in text_of(await telegram.ask(reader, "/latest"))
    panel = await telegram.ask(reader, "/settings")
    assert "تهران" in text_of(panel)
    await people.press(reader, panel, "منطقهٔ زمانی")
    await people.press(reader, await telegram.now(panel), "کابل")
    assert any("✅" in label and "کابل" in label for label in buttons_of(await telegram.now(panel)))
    assert "۱۱:۰۰" in text_of(await telegram.ask(reader, "/latest"))
    assert "۱۱:۰۰" in text_of(await telegram.ask(reader, "1001"))


@pytest.mark.long
async def test_a_zone_is_found_by_the_name_of_a_city_or_country(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)
    panel = await telegram.ask(reader, "/settings")
    await people.press(reader, panel, "منطقهٔ زمانی")
    page = await telegram.now(panel)
    await people.press(reader, page, "شهر یا کشور دیگر")
    await people.wait_for(reader, lambda m: "نام شهر یا کشور" in text_of(m), after=page["message_id"])
    assert "آتلانتیس" in text_of(await telegram.ask(reader, "آتلانتیس")), "the question stays open"
    which = await telegram.ask(reader, "كانادا")
    assert len(buttons_of(which)) > 3
    await people.press(reader, which, "ونکوور")
    assert app.rows(f"SELECT timezone FROM chat WHERE id = {reader}") == [("America/Vancouver",)]
    await people.press(reader, await telegram.now(which), "شهر یا کشور دیگر")
    await people.wait_for(reader, lambda m: "نام شهر یا کشور" in text_of(m), after=which["message_id"])
    assert "استکهلم" in text_of(await telegram.ask(reader, "Sweden"))
    assert app.rows(f"SELECT timezone FROM chat WHERE id = {reader}") == [("Europe/Stockholm",)]
    # Nobody sets what is no zone, nor another person's.
    place = {"chat_id": reader, "message_id": panel["message_id"]}
    for data in (f"set:{reader}:zone:Asia/Atlantis", f"set:{telegram.owner}:zone:Asia/Kabul"):
        assert (await people.do("press", user_id=reader, data=data, **place))["answered"]
    assert ("Asia/Kabul",) not in app.rows("SELECT timezone FROM chat")
    assert app.rows(f"SELECT timezone FROM chat WHERE id = {reader}") == [("Europe/Stockholm",)]


@pytest.mark.long
async def test_an_editor_plans_by_the_clock_of_where_they_are(app: PeykApp, telegram: Telegram) -> None:
    people, owner = telegram.people, telegram.owner
    await app.running(telegram)
    panel = await telegram.ask(owner, "/settings")
    await people.press(owner, panel, "منطقهٔ زمانی")
    await people.press(owner, await telegram.now(panel), "کابل")
    await telegram.ask(owner, "/post سیاسی\nتیتر\n\nلید\n\nمتن")
    planned = await telegram.ask(owner, "/publish 1 فردا ۸:۳۰")
    assert "۰۸:۳۰" in text_of(planned)
    ((at,),) = app.rows("SELECT scheduled_at FROM article")
    moment = datetime.fromtimestamp(at / 1000, UTC)
    assert (moment.hour, moment.minute) == (4, 0), "half past eight in Kabul"
