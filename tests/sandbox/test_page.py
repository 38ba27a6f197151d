"""The page's side of the sandbox: its files, its rules for the browser, and the bot's account of itself."""

import re
from importlib.resources import files
from typing import Any

from aiohttp import ClientSession

from sandbox import server
from sandbox.client import SandboxClient
from sandbox.site.picture import picture
from tests.sandbox.conftest import Bot


async def test_the_page_may_load_nothing_beyond_this_machine(running: server.RunningServer) -> None:
    async with ClientSession() as session, session.get(f"{running.url}/") as page:
        rules = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'self'"
    for name in ("img-src", "media-src"):
        for source in rules[name].split():
            assert source in {"'self'", "data:", "blob:", "http://127.0.0.1:*", "http://localhost:*"}


async def test_a_photo_is_served_as_it_was_sent_and_anything_else_is_saved(
    running: server.RunningServer, people: SandboxClient
) -> None:
    person = await people.person("نگار")
    photo, script = picture("city", 3), b"<script>alert(1)</script>"
    await people.send_file(person, "photo", "شهر.png", photo)
    await people.send_file(person, "document", "page.html", script)
    sent = await people.messages(person)
    ids = (sent[0]["photo"][-1]["file_id"], sent[1]["document"]["file_id"])
    async with ClientSession() as session:
        async with session.get(f"{running.url}/sandbox/file", params={"id": ids[0]}) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", photo)
        async with session.get(f"{running.url}/sandbox/file", params={"id": ids[1]}) as answer:
            assert (answer.content_type, await answer.read()) == ("application/octet-stream", script)
            assert answer.headers["Content-Disposition"].startswith("attachment")
        async with session.get(f"{running.url}/sandbox/file", params={"id": "photo-0"}) as answer:
            assert answer.status == 400


async def test_a_photo_that_was_sent_by_its_address_leads_there(
    running: server.RunningServer, people: SandboxClient, bot: Bot
) -> None:
    person = await people.person("نگار", started=True)
    address = "http://127.0.0.1:9/photo.png"
    sent = await bot.do("sendPhoto", chat_id=person, photo=address)
    async with (
        ClientSession() as session,
        session.get(
            f"{running.url}/sandbox/file", params={"id": sent["photo"][-1]["file_id"]}, allow_redirects=False
        ) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (302, address)


async def test_a_fault_may_be_for_every_kind_of_send(people: SandboxClient, bot: Bot) -> None:
    person = await people.person("نگار", started=True)
    await people.do("faults", kind="flood", method="send*", seconds=7)
    assert [fault["kind"] for fault in await people.get("faults")] == ["flood"]
    await bot.do("getChat", chat_id=person)
    assert await bot.refused("sendMessage", chat_id=person, text="سلام") == (
        429,
        "Too Many Requests: retry after 7",
    )
    assert await people.get("faults") == []
    await people.do("faults", kind="server_error", words="درود‌بر")
    await bot.do("sendMessage", chat_id=person, text="سلام")
    assert (await bot.refused("sendMessage", chat_id=person, text="درود‌بر شما"))[0] == 502


async def test_the_bots_account_of_itself_is_empty_unless_it_is_handed_over(
    running: server.RunningServer, people: SandboxClient
) -> None:
    assert await people.get("tour") == await people.get("outbox") == {}
    assert await people.get("explanation", chat_id=1, message_id=1) == {}

    class Account:
        async def tour(self) -> dict[str, Any]:
            return {"steps": []}

        async def outbox(self) -> dict[str, Any]:
            return {"states": [], "deliveries": []}

        async def explanation(self, chat_id: int, message_id: int) -> dict[str, Any]:
            return {"facts": [chat_id, message_id], "steps": []}

    running.state.inspector = Account()
    assert await people.get("tour") == {"steps": []}
    assert await people.get("outbox") == {"states": [], "deliveries": []}
    assert (await people.get("explanation", chat_id=-5, message_id=9))["facts"] == [-5, 9]


_PAGE = files("sandbox").joinpath("page")
_COMPUTED = {"themeAuto", "themeLight", "themeDark", "kind_flood", "kind_answer_lost", "kind_no_answer", "title"}
_COMPUTED |= {"photo", "video", "video_note", "animation", "audio", "voice", "document", "sticker"}
"""The words whose keys the page puts together, or has as keys of other things; words.js itself says the title."""


def _words(language: str) -> set[str]:
    """Return the keys of the page's words in a language."""
    text = _PAGE.joinpath("words.js").read_text(encoding="utf-8")
    block = re.search(rf"^  {language}: \{{(.*?)^  \}},", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    return set(re.findall(r"(?:^|[{,\s])(\w+): \"", block[1]))


def test_the_page_has_all_its_words_in_both_languages_and_none_that_it_never_says() -> None:
    sources = [entry for entry in _PAGE.iterdir() if entry.name != "words.js" and not entry.name.endswith(".css")]
    text = "\n".join(entry.read_text(encoding="utf-8") for entry in sources)
    asked = set(re.findall(r'data-word(?:-label|-placeholder)?="(\w+)"|\bword\("(\w+)"\)', text))
    words = _words("fa")
    assert words == _words("en")
    assert {first or second for first, second in asked} - words == set()
    assert {word for word in words - _COMPUTED if f'"{word}"' not in text} == set()
