"""The form of messages for the Bot API."""

import pytest

from bot.render.message import Button, ButtonStyle, Message
from bot.telegram.encoding import markup, text_of


def test_only_a_button_with_a_style_names_one() -> None:
    keyboard = ((Button("Retract", "pull:1", style=ButtonStyle.DANGER), Button("Back", "view:1")),)
    assert markup(keyboard) == {
        "inline_keyboard": [
            [
                {"text": "Retract", "callback_data": "pull:1", "style": "danger"},
                {"text": "Back", "callback_data": "view:1"},
            ]
        ]
    }


@pytest.mark.parametrize(
    ("message", "options"),
    [
        (Message("x"), {"is_disabled": True}),
        (Message("x", link_preview=True), {"is_disabled": False}),
        (
            Message("x", preview_photo="https://a.ir/1.jpg"),
            {"url": "https://a.ir/1.jpg", "prefer_large_media": True, "show_above_text": True},
        ),
    ],
)
def test_a_text_shows_a_photo_above_itself_as_a_preview(message: Message, options: dict[str, object]) -> None:
    assert text_of(message)["link_preview_options"] == options


def test_a_stored_message_without_a_preview_has_the_form_from_before_there_were_any() -> None:
    assert "preview_photo" not in Message("x").to_json()
    assert Message("x", preview_photo="https://a.ir/1.jpg").to_json()["preview_photo"] == "https://a.ir/1.jpg"
