"""A power cut at any moment loses no headline and repeats none in a channel."""

import asyncio
import random

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.variations import first_and_long


@pytest.mark.parametrize("seed", first_and_long([1, 2, 3]))
async def test_kill_in_the_middle_of_a_broadcast(app: PeykApp, telegram: Telegram, seed: int) -> None:
    rng = random.Random(seed)
    stranger = await telegram.people.person("غریبه")
    channels = [await telegram.channel(f"کانال {n}", by=stranger) for n in range(12)]
    await telegram.people.do("limits", total=8)
    settings = {"BULK_RATE": "8", "CHANNEL_APPROVAL": "open"}
    await app.running(telegram, **settings)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر پایدار\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    for _ in range(3):
        await asyncio.sleep(rng.uniform(0.05, 0.5))  # where in the broadcast the cut falls is the point
        app.kill()
        await app.running(telegram, **settings)
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "تیتر پایدار" in text_of(m), timeout=30)
    async with asyncio.timeout(40):  # where the first post of all was in doubt, its twin goes a little later
        while app.rows("SELECT 1 FROM message WHERE doubt = 1 OR state != 'sent'"):
            await asyncio.sleep(0.1)
    counts = [len(await telegram.people.messages(channel, by_bot=True)) for channel in channels]
    assert counts == [1] * len(channels)


async def test_a_lost_answer_is_found_by_reading_and_not_repeated(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await telegram.people.say(telegram.owner, "نخستین پست دستی", chat_id=channel)
    await app.running(telegram)
    await telegram.people.do("faults", kind="answer_lost", method="sendMessage", chat_id=channel)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر یک‌باره\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    await telegram.people.wait_for(channel, lambda m: "تیتر یک‌باره" in text_of(m))
    async with asyncio.timeout(30):
        while app.rows("SELECT state FROM delivery") != [("sent",)]:
            await asyncio.sleep(0.1)
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1


@pytest.mark.long
async def test_what_cannot_be_read_is_asked_of_a_person_and_not_repeated(app: PeykApp, telegram: Telegram) -> None:
    channels = [await telegram.channel("با پست"), await telegram.channel("تازه")]
    await telegram.people.say(telegram.owner, "نخستین پست دستی", chat_id=channels[0])
    await app.running(telegram)
    for channel in channels:
        await telegram.people.do("protect", chat_id=channel)
        await telegram.people.do("faults", kind="answer_lost", method="sendMessage", chat_id=channel)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر مهروموم\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    async with asyncio.timeout(30):
        while app.rows("SELECT state FROM message WHERE chat_id < 0") != [("asked",)] * 2:
            await asyncio.sleep(0.1)
    assert app.rows("SELECT state FROM delivery") == [("uncertain",)] * 2
    assert [len(await telegram.people.messages(channel, by_bot=True)) for channel in channels] == [1, 1]


@pytest.mark.long
async def test_a_first_post_whose_answer_was_lost_stands_once(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    # Twice: what was sent again may be lost as well.
    await telegram.people.do("faults", kind="answer_lost", method="sendMessage", chat_id=channel, count=2)
    article_id = await telegram.publish("تیتر نخستین")
    # What is sent again says more than what may have arrived.
    card = await telegram.correct(article_id, "تیتر", "تیتر درست", "تیتر نادرست بود.")
    await telegram.people.press(telegram.owner, card, "بله")
    async with asyncio.timeout(90):
        while app.rows("SELECT state, doubt FROM message WHERE form = 'headline'") != [("sent", 0)]:
            await asyncio.sleep(0.1)
    (post,) = posts = await telegram.people.messages(channel, by_bot=True)
    assert "تیتر درست" in text_of(post)
    assert app.rows("SELECT telegram_id FROM message WHERE form = 'headline'") == [(posts[0]["message_id"],)]


async def test_a_flood_wait_holds_only_its_own_chat(app: PeykApp, telegram: Telegram) -> None:
    slow, quick = await telegram.channel("کند"), await telegram.channel("تند")
    await app.running(telegram)
    await telegram.people.do("faults", kind="flood", method="sendMessage", chat_id=slow, seconds=3)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر سیلابی\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    posts = [
        await telegram.people.wait_for(channel, lambda m: "تیتر سیلابی" in text_of(m)) for channel in (quick, slow)
    ]
    assert posts[0]["date"] < posts[1]["date"]


async def test_a_stop_is_clean(new_app: PeykApp, telegram: Telegram) -> None:
    await new_app.running(telegram)
    assert await new_app.stop() == 0
    assert "Traceback" not in new_app.log


async def test_a_second_app_on_one_sqlite_database_is_refused(new_app: PeykApp, telegram: Telegram) -> None:
    await new_app.running(telegram)
    second = await new_app.cli("run")
    assert second.returncode == 1
    assert "another Peyk runs" in second.stderr
    assert "Traceback" not in second.stderr


async def test_a_wrong_token_is_one_clear_line(new_app: PeykApp, telegram: Telegram) -> None:
    wrong = await new_app.cli("run", BOT_TOKEN="1:" + "x" * 35)
    assert wrong.returncode == 1
    assert wrong.stderr.splitlines()[-1].startswith("peyk: BOT_TOKEN:")
    assert "x" * 35 not in wrong.stderr
