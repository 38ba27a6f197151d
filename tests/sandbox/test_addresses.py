"""Media by their address: taken within Telegram's limits, refused in its words."""

from sandbox.client import SandboxClient
from tests.sandbox.conftest import Bot

_SITE = "https://news.example.org"


async def test_a_photo_is_fetched_by_its_address_and_goes_on_by_its_id(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم", started=True)
    sent = await bot.do("sendPhoto", chat_id=person, photo=f"{_SITE}/a.jpg", caption="شرح")
    await bot.do("sendPhoto", chat_id=person, photo=sent["photo"][-1]["file_id"])
    assert await people.get("fetched") == [f"{_SITE}/a.jpg"]
    shown = [message["photo_address"] for message in await people.messages(person, by_bot=True)]
    assert shown == [f"{_SITE}/a.jpg"] * 2


async def test_what_is_too_large_or_no_photo_is_refused_in_telegrams_words(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم", started=True)
    await people.do("web", prefix=_SITE, refusal="wrong type of the web page content")
    await people.do("web", prefix=f"{_SITE}/large", size=6 << 20)
    words = {}
    for address in (f"{_SITE}/page", f"{_SITE}/large.jpg", "ftp://example.org/a.jpg", "no-such-id"):
        status, words[address] = await bot.refused("sendPhoto", chat_id=person, photo=address)
        assert status == 400
    assert [description.removeprefix("Bad Request: ") for description in words.values()] == [
        "wrong type of the web page content",
        "failed to get HTTP URL content",
        "wrong file identifier/HTTP URL specified",
        "wrong file identifier/HTTP URL specified",
    ]
    await bot.do("sendDocument", chat_id=person, document=f"{_SITE}/large.pdf")
    assert len(await people.messages(person, by_bot=True)) == 1
