"""Telegram's answers about text, markup, buttons and media."""

from typing import Any

import pytest

from sandbox.client import SandboxClient, text_of
from tests.sandbox.conftest import Bot


@pytest.fixture
async def reader(people: SandboxClient) -> int:
    return (await people.people_in_bulk(1))[0]


async def _html(bot: Bot, reader: int, text: str) -> dict[str, Any]:
    return dict(await bot.do("sendMessage", chat_id=reader, text=text, parse_mode="HTML"))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("خ<b>x</i>", 'can\'t parse entities: Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<h1>x</h1>", 'can\'t parse entities: Unsupported start tag "h1" at byte offset 0'),
        ("a <b", "can't parse entities: Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b> </b>", "message text is empty"),
    ],
)
async def test_html_is_refused_in_telegrams_words(bot: Bot, reader: int, markup: str, words: str) -> None:
    told = await bot.refused("sendMessage", chat_id=reader, text=markup, parse_mode="HTML")
    assert told == (400, f"Bad Request: {words}")


async def test_only_four_entities_have_names_and_the_semicolon_may_be_left_out(bot: Bot, reader: int) -> None:
    sent = await _html(bot, reader, "&lt;&gt;&amp;&quot;&nbsp;&#1582;&#x62E;&lt")
    assert sent["text"] == '<>&"&nbsp;خخ<'


async def test_offsets_count_utf16_units(bot: Bot, reader: int) -> None:
    sent = await _html(bot, reader, "😀<b>خبر <i>فوری</i></b>")
    assert sent["entities"] == [
        {"type": "bold", "offset": 2, "length": 8},
        {"type": "italic", "offset": 6, "length": 4},
    ]


async def test_a_time_is_kept_for_clients_to_tell(bot: Bot, reader: int) -> None:
    sent = await _html(bot, reader, '<tg-time unix="1766576760" format="r">پیش از این</tg-time>')
    assert sent["text"] == "پیش از این"
    (entity,) = sent["entities"]
    assert (entity["type"], entity["unix_time"], entity["date_time_format"]) == ("date_time", 1766576760, "r")


async def test_links_get_a_scheme_and_wrong_ones_become_plain_text(bot: Bot, reader: int) -> None:
    sent = await _html(bot, reader, '<a href="example.org/x">یک</a> <a href="http://localhost/">دو</a>')
    assert sent["text"] == "یک دو"
    assert [entity["url"] for entity in sent["entities"]] == ["http://example.org/x"]


async def test_entities_past_the_hundredth_are_dropped(bot: Bot, reader: int) -> None:
    sent = await _html(bot, reader, "<b>خ</b> " * 120)
    assert len(sent["entities"]) == 100


async def test_length_is_counted_after_the_markup_is_read(bot: Bot, reader: int) -> None:
    assert len((await _html(bot, reader, "<b>" + "خ" * 4096 + "</b>"))["text"]) == 4096
    assert await bot.refused("sendMessage", chat_id=reader, text="خ" * 4097) == (
        400,
        "Bad Request: message is too long",
    )
    assert await bot.refused(
        "sendPhoto", chat_id=reader, photo="https://example.org/a.jpg", caption="خ" * 1025
    ) == (400, "Bad Request: message caption is too long")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "الف", "callback_data": "خ" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "الف", "url": "http://localhost/"}, "Wrong HTTP URL"),
        ({"text": "الف"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "", "callback_data": "x"}, "Text must be non-empty"),
        ({"text": "الف", "callback_data": "x", "style": "red"}, "invalid button style specified"),
    ],
)
async def test_wrong_buttons_are_refused(bot: Bot, reader: int, button: dict[str, str], words: str) -> None:
    told = await bot.refused(
        "sendMessage", chat_id=reader, text="خبر", reply_markup={"inline_keyboard": [[button]]}
    )
    assert told[0] == 400
    assert told[1].endswith(words)


async def test_a_hundred_buttons_and_no_more(bot: Bot, reader: int) -> None:
    rows = [[{"text": "خ", "callback_data": "x"}]] * 100
    await bot.do("sendMessage", chat_id=reader, text="خبر", reply_markup={"inline_keyboard": rows})
    told = await bot.refused(
        "sendMessage", chat_id=reader, text="خبر", reply_markup={"inline_keyboard": [*rows, rows[0]]}
    )
    assert told == (400, "Bad Request: reply markup is too long")


async def test_the_unknown_is_refused_rather_than_answered_true(bot: Bot, reader: int) -> None:
    assert await bot.refused("sendMesage", chat_id=reader, text="خبر") == (404, "Not Found")
    assert (await bot.refused("sendMessage", chat_id=reader, text="خبر", colour="red"))[0] == 400
    assert (await bot.refused("sendDice", chat_id=reader))[0] == 400


async def test_an_album_is_whole_or_not_at_all(bot: Bot, people: SandboxClient, reader: int) -> None:
    photo = {"type": "photo", "media": "https://example.org/a.jpg"}
    video = {"type": "video", "media": "https://example.org/a.mp4", "caption": "فیلم"}
    paper = {"type": "document", "media": "https://example.org/a.pdf"}
    sent = await bot.do("sendMediaGroup", chat_id=reader, media=[photo, video])
    assert len({message["media_group_id"] for message in sent}) == 1
    assert await bot.refused("sendMediaGroup", chat_id=reader, media=[photo, paper]) == (
        400,
        "Bad Request: document can't be mixed with other media types",
    )
    assert (await bot.refused("sendMediaGroup", chat_id=reader, media=[photo]))[0] == 400
    broken = {"type": "photo", "media": "no such file"}
    assert (await bot.refused("sendMediaGroup", chat_id=reader, media=[photo, broken]))[0] == 400
    assert len(await people.messages(reader)) == 2


async def test_media_are_replaced_with_their_caption(bot: Bot, reader: int) -> None:
    sent = await bot.do("sendPhoto", chat_id=reader, photo="https://example.org/a.jpg", caption="یک")
    place = {"chat_id": reader, "message_id": sent["message_id"]}
    video = {"type": "video", "media": "https://example.org/a.mp4", "caption": "دو"}
    edited = await bot.do("editMessageMedia", **place, media=video)
    assert edited["caption"] == "دو"
    assert "video" in edited
    assert "photo" not in edited
    assert (await bot.refused("editMessageText", **place, text="سه"))[1].endswith(
        "there is no text in the message to edit"
    )


async def test_the_same_content_again_is_not_modified(bot: Bot, reader: int) -> None:
    sent = await bot.do("sendMessage", chat_id=reader, text="خبر")
    code, words = await bot.refused(
        "editMessageText", chat_id=reader, message_id=sent["message_id"], text="<b></b>خبر", parse_mode="HTML"
    )
    assert code == 400
    assert words.startswith("Bad Request: message is not modified")


async def test_bytes_that_are_no_utf8_are_refused(bot: Bot, reader: int) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"chat_id={reader}&text=%ff%fe"
    async with bot.session.post(bot.url + "sendMessage", data=body, headers=form) as answer:
        assert answer.status == 400
        assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"


_RICH = {"html": '<h2>سیاسی</h2><ul><li><a href="https://example.org/">تیتر</a> · ۱</li></ul>', "is_rtl": True}


async def test_the_bot_gets_a_rich_message_back_as_blocks_and_people_see_its_words(
    bot: Bot, people: SandboxClient, reader: int
) -> None:
    item = [{"type": "url", "text": "تیتر", "url": "https://example.org/"}, " · ۱"]
    blocks = [
        {"type": "heading", "text": "سیاسی", "size": 2},
        {"type": "list", "items": [{"label": "•", "blocks": [{"type": "paragraph", "text": item}]}]},
    ]
    sent = await bot.do("sendRichMessage", chat_id=reader, rich_message=_RICH)
    assert sent["rich_message"] == {"blocks": blocks, "is_rtl": True}
    copy = await bot.do("forwardMessage", chat_id=reader, from_chat_id=reader, message_id=sent["message_id"])
    assert copy["rich_message"] == sent["rich_message"]
    seen = await people.messages(reader, by_bot=True)
    assert [text_of(message) for message in seen] == ["سیاسی\nتیتر · ۱"] * 2


@pytest.mark.parametrize(
    ("html", "name", "kind", "words"),
    [
        ('<img src="tg://photo?id=b">', "a", "photo", "can't parse rich message: media not found"),
        ('<video src="tg://video?id=a"></video>', "a", "photo", "can't parse rich message: media not found"),
        (
            '<p><img src="tg://photo?id=a"></p>',
            "a",
            "photo",
            "can't parse rich message: media must be a separate block",
        ),
        ('<img src="tg://photo?id=a.b">', "a.b", "photo", "can't parse rich message: wrong media"),
        ('<video src="tg://video?id=a"></video>', "a", "video", "can't use file of type Photo as Video"),
    ],
)
async def test_a_rich_message_names_media_that_were_given_as_what_they_are(
    bot: Bot, people: SandboxClient, reader: int, html: str, name: str, kind: str, words: str
) -> None:
    await people.send_file(reader, "photo", "a.jpg", b"picture")
    file = (await people.messages(reader))[-1]["photo"][-1]["file_id"]
    good = {
        "html": '<img src="tg://photo?id=a">',
        "media": [{"id": "a", "media": {"type": "photo", "media": file}}],
    }
    sent = await bot.do("sendRichMessage", chat_id=reader, rich_message=good)
    assert sent["rich_message"]["blocks"] == [{"type": "photo", "photo": file}]
    media = [{"id": name, "media": {"type": kind, "media": file}}]
    told = await bot.refused("sendRichMessage", chat_id=reader, rich_message={"html": html, "media": media})
    assert told == (400, f"Bad Request: {words}")
