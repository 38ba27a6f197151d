"""The form of messages for the Bot API."""

from bot.render.message import Button, ButtonStyle
from bot.telegram.encoding import markup


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
