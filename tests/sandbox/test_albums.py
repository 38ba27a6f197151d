"""Albums and marked text, as people send them and as bots send them on."""

import pytest

from sandbox.client import SandboxClient, SandboxError
from tests.sandbox.conftest import Bot

_PHOTO = ("photo", "a.jpg", b"a")
_VIDEO = ("video", "b.mp4", b"b")
_DOCUMENT = ("document", "c.pdf", b"c")


async def test_an_album_comes_as_several_messages_of_one_group(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم")
    marks = [{"type": "bold", "offset": 0, "length": 3}]
    await people.send_album(person, [_PHOTO, _VIDEO], "شرح آلبوم", entities=marks)
    first, second = [update["message"] for update in await bot.updates()]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], first["caption_entities"]) == ("شرح آلبوم", marks)
    assert "caption" not in second
    assert second["video"]["file_name"] == "b.mp4"
    with pytest.raises(SandboxError):
        await people.send_album(person, [_PHOTO])


async def test_each_part_of_a_long_text_has_its_own_marks(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم")
    marks = [{"type": "bold", "offset": 4090, "length": 12}, {"type": "italic", "offset": 4100, "length": 2}]
    await people.say(person, "ا" * 4110, entities=marks)
    first, second = [update["message"] for update in await bot.updates()]
    assert first["entities"] == [{"type": "bold", "offset": 4090, "length": 6}]
    assert second["entities"] == [
        {"type": "bold", "offset": 0, "length": 6},
        {"type": "italic", "offset": 4, "length": 2},
    ]


async def test_a_file_goes_on_only_as_what_it_is(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم")
    for kind, name, content in (_PHOTO, _VIDEO, _DOCUMENT):
        await people.send_file(person, kind, name, content)
    photo, video, document = [update["message"] for update in await bot.updates()]
    ids = [photo["photo"][-1]["file_id"], video["video"]["file_id"], document["document"]["file_id"]]
    told = await bot.refused("sendPhoto", chat_id=person, photo=ids[2])
    assert told == (400, "Bad Request: can't use file of type Document as Photo")
    await bot.refused("sendDocument", chat_id=person, document=ids[0])
    album = [{"type": "photo", "media": ids[0]}, {"type": "video", "media": ids[1]}]
    sent = await bot.do("sendMediaGroup", chat_id=person, media=album)
    where = {"chat_id": person, "message_id": sent[0]["message_id"]}
    await bot.do("editMessageMedia", media={"type": "video", "media": ids[1]}, **where)
    await bot.refused("editMessageMedia", media={"type": "document", "media": ids[2]}, **where)


async def test_sounds_voices_and_animations_are_sent_edited_and_kept_apart(bot: Bot, people: SandboxClient) -> None:
    person = await people.person("مریم", started=True)
    site = "https://news.example.org"
    sent = {
        kind: await bot.do(f"send{kind.capitalize()}", chat_id=person, caption="شرح", **{kind: f"{site}/{name}"})
        for kind, name in (("audio", "a.mp3"), ("voice", "b.ogg"), ("animation", "c.gif"), ("video", "d.mp4"))
    }
    ids = {kind: message[kind]["file_id"] for kind, message in sent.items()}
    assert sent["animation"]["document"]["file_id"] == ids["animation"], "for clients that know no animations"
    for kind, name in (("video", "d.webm"), ("audio", "a.pdf"), ("document", "e.mp4")):
        _, words = await bot.refused(f"send{kind.capitalize()}", chat_id=person, **{kind: f"{site}/{name}"})
        assert words == "Bad Request: wrong type of the web page content"

    where = {"chat_id": person, "message_id": sent["audio"]["message_id"]}
    changed = await bot.do("editMessageMedia", media={"type": "video", "media": ids["video"]}, **where)
    assert "audio" not in changed
    await bot.refused("editMessageMedia", media={"type": "voice", "media": ids["voice"]}, **where)
    voice = {"chat_id": person, "message_id": sent["voice"]["message_id"]}
    assert (await bot.do("editMessageCaption", caption="دیگر", **voice))["voice"]["file_id"] == ids["voice"]
    for kinds in (("audio", "video"), ("voice", "voice"), ("animation", "video")):
        album = [{"type": kind, "media": ids[kind]} for kind in kinds]
        await bot.refused("sendMediaGroup", chat_id=person, media=album)
    sounds = [{"type": "audio", "media": ids["audio"]}] * 2
    assert len(await bot.do("sendMediaGroup", chat_id=person, media=sounds)) == 2
