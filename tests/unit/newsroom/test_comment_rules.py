"""Texts taken as a comment and as a name, whatever people send, and how often."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.newsroom.comment_rules import NAME_LIMIT, check_pace, checked_name, checked_text

MINUTE = 60_000
NOW = 1_766_576_760_000


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  خبر خوبی بود.\n\n\n\nسپاس  ", "خبر خوبی بود.\n\nسپاس"),
        ("می‌رود و می‌آید", "می‌رود و می‌آید"),
        ("<b>x</b> &lt;i&gt;", "<b>x</b> &lt;i&gt;"),
        ("\u202eوارونه\u202c \u2066راست\u2069\u200f", "وارونه راست"),
        ("الف\tب\r\nپ\u2028ت", "الف ب\nپ\nت"),
        ("خوب بود.ایران برد.", "خوب بود. ایران برد."),
        ("ز" + "\u0301" * 50 + "لگو", "ز" + "\u0301" * 3 + "لگو"),
        ("خانواده 👨‍👩‍👧 و ❤️", "خانواده 👨‍👩‍👧 و ❤️"),
        ("x" * 1000, "x" * 1000),
        (
            "شناسهٔ ۲۶۴۸۰۲ در ۱۴۰۴/۱۰/۰۳ ساعت ۱۵:۱۶، از ۱۴۰۳-۱۴۰۴",
            "شناسهٔ ۲۶۴۸۰۲ در ۱۴۰۴/۱۰/۰۳ ساعت ۱۵:۱۶، از ۱۴۰۳-۱۴۰۴",
        ),
        (
            "۱۲۰۰۰۰۰۰۰۰۰۰ تومان یا 3.14 و/یا 1/2، U.S. و #سیاسی",
            "۱۲۰۰۰۰۰۰۰۰۰۰ تومان یا 3.14 و/یا 1/2، U.S. و #سیاسی",
        ),
    ],
)
def test_a_comment_is_kept_as_written_but_for_what_deceives(written: str, kept: str) -> None:
    assert checked_text(written) == kept


@pytest.mark.parametrize("written", ["", "   ", "۱۲۳ !!", "😀😀", "\u3164\u3164\u2800", "\u200c\u200f", "…؟"])
def test_a_comment_has_letters(written: str) -> None:
    with pytest.raises(UserError) as refused:
        checked_text(written)
    assert refused.value.key == "comment-no-letters"


def test_a_long_comment_is_told_its_length() -> None:
    with pytest.raises(UserError) as refused:
        checked_text("آ" + "😀" * 4095)
    assert (refused.value.key, refused.value.text_args["length"]) == ("comment-too-long", 4096)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("ببینید https://example.org/x خوب است", "https://example.org/x"),
        ("بیایید به example.org/x", "example.org/x"),
        ("بیایید به exam\u200bple.org", "example.org"),
        ("سایت EXAMPLE.COM.", "EXAMPLE.COM."),
        ("tg://resolve?domain=x خوب", "tg://resolve?domain=x"),
        ("کانال @spam_channel را ببینید", "@spam_channel"),
        ("بنویسید به someone@example.org", "someone@example.org"),
        ("آدرس 192.168.1.1 خوب", "192.168.1.1"),
        ("بزنید /unsubscribe", "/unsubscribe"),
        ("زنگ بزنید 0912 345 6789", "0912 345 6789"),
        ("زنگ بزنید ۰۹۱۲۳۴۵۶۷۸۹", "۰۹۱۲۳۴۵۶۷۸۹"),
        ("زنگ بزنید +98-21-1234-5678", "+98-21-1234-5678"),
        ("کارت 6037-9911-1234-5678 را", "6037-9911-1234-5678"),
    ],
)
def test_what_could_be_pressed_or_called_is_refused_and_shown(written: str, part: str) -> None:
    with pytest.raises(UserError) as refused:
        checked_text(written)
    assert (refused.value.key, refused.value.text_args) == ("comment-has-link", {"part": part})


def test_what_telegram_found_to_press_counts_where_it_is_still_there() -> None:
    with pytest.raises(UserError) as refused:
        checked_text("اینجا را بزنید", ["اینجا"])
    assert refused.value.text_args == {"part": "اینجا"}
    assert checked_text("خوب بود.ایران برد", ["بود.ایران"]) == "خوب بود. ایران برد"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("سارا", "سارا"),
        ("  Dr.Reza\n", "Dr. Reza"),
        ("\u202eadmin\u202c", "admin"),
        ("@spam_channel", "spam_channel"),
        ("t.me/spam", "t. me spam"),
        ("🌹", "🌹"),
        ("<b>x</b>", "b x b"),
        ("\u200f\u202e\u2066", ""),
        ("\u3164", ""),
        ("...", ""),
        ("09123456789", ""),
        ("ن" * 300, "ن" * NAME_LIMIT),
        ("", ""),
    ],
)
def test_a_name_is_fit_to_be_seen_or_none(given_name: str, kept: str) -> None:
    assert checked_name(given_name) == kept


@given(st.text())
def test_no_text_gets_a_hidden_character_through(text: str) -> None:
    kept = checked_name(text)
    with contextlib.suppress(UserError):
        kept += checked_text(text)
    hidden = {letter for letter in kept if unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs")}
    assert hidden <= set("\n\u200c\u200d")


@pytest.mark.parametrize(
    ("ages", "minutes"),
    [
        ([], 0),
        ([9, 1], 0),
        ([9, 5, 1], 1),
        ([9, 5, 0], 1),
        ([5, 4, 0.5], 5),
        ([50, 10, 5, 1], 0),
        ([59, 50, 45, 40, 35, 30, 25, 20, 15, 12], 1),
        ([55, 50, 45, 40, 35, 30, 25, 2, 1, 0], 8),
        ([30, 29, 28, 27, 26, 25, 24, 23, 22, 21], 30),
    ],
)
def test_three_in_ten_minutes_and_ten_in_an_hour(ages: list[float], minutes: int) -> None:
    moments = [NOW - int(age * MINUTE) for age in ages]
    if minutes == 0:
        check_pace(moments, NOW)
        return
    with pytest.raises(UserError) as refused:
        check_pace(moments, NOW)
    assert (refused.value.key, refused.value.text_args) == ("comment-too-many", {"minutes": minutes})
