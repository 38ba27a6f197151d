"""Updates and scripted faults."""

import asyncio

import pytest
from aiohttp import ClientPayloadError, ServerDisconnectedError, web

from sandbox.client import SandboxClient
from sandbox.server import RunningServer
from tests.sandbox.conftest import Bot


async def test_offsets_confirm_and_a_negative_one_keeps_the_newest(bot: Bot, people: SandboxClient) -> None:
    reader = await people.person("خواننده")
    for text in ("یک", "دو", "سه"):
        await people.say(reader, text)
    both = await bot.do("getUpdates", offset=-2)
    assert [update["message"]["text"] for update in both] == ["دو", "سه"]
    assert await bot.do("getUpdates", limit=1) == both[:1]
    assert await bot.do("getUpdates", offset=both[0]["update_id"] + 1) == both[1:]


async def test_a_second_poller_ends_the_first(running: RunningServer, bot: Bot, people: SandboxClient) -> None:
    first = asyncio.create_task(bot.refused("getUpdates", timeout=20))
    while running.state.polls == 0:
        await asyncio.sleep(0.01)
    second = asyncio.create_task(bot.do("getUpdates", timeout=20))
    code, words = await first
    assert code == 409
    assert "terminated by other getUpdates request" in words
    await people.say(await people.person("خواننده"), "سلام")
    assert len(await second) == 1


async def test_a_webhook_takes_updates_with_its_secret_and_excludes_polling(
    bot: Bot, people: SandboxClient
) -> None:
    taken: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    statuses = iter([500, 200])

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        await taken.put((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["message"]["text"]))
        return web.Response(status=next(statuses))

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        await bot.do("setWebhook", url=url, secret_token="x_y")
        assert (await bot.refused("getUpdates"))[0] == 409
        await people.say(await people.person("خواننده"), "سلام")
        assert await taken.get() == await taken.get() == ("x_y", "سلام")
        while (info := await bot.do("getWebhookInfo"))["pending_update_count"]:
            await asyncio.sleep(0.01)
        assert "500" in info["last_error_message"]
    finally:
        await runner.cleanup()


async def test_faults_by_chance_are_the_same_for_a_seed(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    rounds = []
    for _ in range(2):
        await people.do("faults", kind="server_error", method="sendMessage", probability=0.3, seed=7, count=None)
        answers = [await bot.answer("sendMessage", chat_id=reader, text="خبر") for _ in range(60)]
        rounds.append([status for status, _ in answers])
        await people.do("faults/clear")
    assert rounds[0] == rounds[1]
    assert 5 <= rounds[0].count(502) <= 35
    assert set(rounds[0]) == {200, 502}
    await bot.do("sendMessage", chat_id=reader, text="پس از همه")


@pytest.mark.parametrize(("kind", "arrived"), [("answer_lost", 1), ("no_answer", 0)])
async def test_an_answer_is_lost_with_or_without_the_deed(
    bot: Bot, people: SandboxClient, kind: str, arrived: int
) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.do("faults", kind=kind, method="sendMessage", seconds=0.01)
    with pytest.raises((ServerDisconnectedError, ConnectionResetError)):
        await bot.answer("sendMessage", chat_id=reader, text="خبر")
    assert len(await people.messages(reader)) == arrived


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "sandbox.example"},
        {"Host": "sandbox.example:8420", "Origin": "http://sandbox.example:8420"},
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_pages_of_other_sites_reach_neither_the_bot_api_nor_the_control_api(
    running: RunningServer, bot: Bot, people: SandboxClient, headers: dict[str, str]
) -> None:
    person = await people.person("نگار", started=True)
    before, form = await people.messages(person), {"chat_id": person, "text": "دروغ"}
    async with bot.session.post(bot.url + "sendMessage", data=form, headers=headers) as answer:
        assert answer.status == 403
    for path in ("sandbox/state", f"bot{running.token}/getUpdates", f"file/bot{running.token}/files/1"):
        async with bot.session.get(f"{bot.root}/{path}", headers=headers) as answer:
            assert answer.status == 403
    assert await people.messages(person) == before


async def test_a_link_leads_to_the_page_and_its_own_requests_are_answered(bot: Bot) -> None:
    async with bot.session.get(f"{bot.root}/", headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200
    own = {"Origin": bot.root, "Sec-Fetch-Site": "same-origin"}
    async with bot.session.post(f"{bot.root}/sandbox/log", json={"on": True}, headers=own) as answer:
        assert answer.status == 200


async def test_the_control_api_takes_no_plain_form(bot: Bot) -> None:
    plain = {"Content-Type": "text/plain"}
    async with bot.session.post(f"{bot.root}/sandbox/advance", data='{"seconds": 1}', headers=plain) as answer:
        assert answer.status == 415


@pytest.mark.parametrize(("kind", "arrived"), [("foreign", 0), ("foreign_done", 1)])
async def test_somebody_else_answers_with_or_without_the_deed(
    bot: Bot, people: SandboxClient, kind: str, arrived: int
) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.do("faults", kind=kind, method="sendMessage", code=403, body="<html>")
    async with bot.session.post(bot.url + "sendMessage", json={"chat_id": reader, "text": "خبر"}) as answer:
        assert (answer.status, answer.content_type, await answer.text()) == (403, "text/html", "<html>")
    assert len(await people.messages(reader)) == arrived


async def test_half_of_an_answer_comes_after_the_deed(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.do("faults", kind="truncated", method="sendMessage")
    with pytest.raises(ClientPayloadError):
        await bot.answer("sendMessage", chat_id=reader, text="خبر")
    assert len(await people.messages(reader)) == 1


async def test_a_fault_ends_by_itself(bot: Bot, people: SandboxClient) -> None:
    await people.do("faults", kind="server_error", count=None, lasts=600)
    assert (await bot.answer("getMe"))[0] == 502
    await people.do("advance", seconds=601)
    assert (await bot.answer("getMe"))[0] == 200


async def test_a_call_is_done_late(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.do("faults", kind="done_later", method="sendMessage", seconds=600)
    with pytest.raises(ServerDisconnectedError):
        await bot.answer("sendMessage", chat_id=reader, text="دیر")
    assert await people.messages(reader) == []
    await people.do("advance", seconds=601)
    await people.wait_for(reader, lambda message: message["text"] == "دیر")
