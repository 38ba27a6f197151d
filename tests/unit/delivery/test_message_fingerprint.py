"""A rich message that comes back as blocks is known again by what it says."""

import json

import pytest

from bot.delivery import message_fingerprint
from bot.render.message import Message

_RICH = (
    "<h1>گزیدهٔ خبرها</h1><h2>سیاسی</h2>"
    '<ul><li>\u200f<a href="https://t.me/bot?start=a_1">\u2068همایش &amp; گفت‌وگو\u2069</a> · ۱</li></ul>'
    "<hr><footer>۱ خبر</footer>"
)
_BLOCKS = [
    {"type": "heading", "text": "گزیدهٔ خبرها", "size": 1},
    {"type": "heading", "text": [{"type": "bold", "text": "سیا"}, "سی"], "size": 2},
    {
        "type": "list",
        "items": [
            {
                "label": "•",
                "blocks": [
                    {
                        "type": "paragraph",
                        "text": [{"type": "url", "text": "همایش & گفت‌وگو ", "url": "https://t.me/x"}, "· ۱"],
                    }
                ],
            }
        ],
    },
    {"type": "divider"},
    {"type": "footer", "text": "۱ خبر"},
]


def _payload(rich_html: str = "") -> str:
    return json.dumps(Message("<b>گزیده</b>", rich_html=rich_html).to_json())


def test_blocks_say_what_the_html_said() -> None:
    fingerprints = message_fingerprint.rendered([_payload(rich_html=_RICH)])
    assert message_fingerprint.read({"rich_message": {"blocks": _BLOCKS, "is_rtl": True}}) in fingerprints
    assert message_fingerprint.read({"rich_message": {"blocks": _BLOCKS[1:]}}) not in fingerprints
    assert message_fingerprint.read({"text": "گزیده"}) not in fingerprints, "the HTML form was not sent"


@pytest.mark.parametrize("name", ["text", "caption"])
def test_text_and_captions_are_compared_as_well(name: str) -> None:
    assert message_fingerprint.read({name: "گزیده "}) in message_fingerprint.rendered([_payload()])
    assert message_fingerprint.read({name: "گزیدهٔ دیگر"}) not in message_fingerprint.rendered([_payload()])
