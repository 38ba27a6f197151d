"""Tips: their size, and the draft that is made of one."""

import pytest

from bot.errors import UserError
from bot.newsroom.tip_rules import TEXT_LIMIT, TITLE_UNITS, check_content, check_size, draft_of, text_of
from storage.records import Media, MediaKind, Tip, TipState

_PHOTO, _OTHER = Media(MediaKind.PHOTO, "p1"), Media(MediaKind.PHOTO, "p2")
_VOICE = Media(MediaKind.VOICE, "v")


def _tip(text: str, *media: Media) -> Tip:
    return Tip(1, 5, "نام", text, media, TipState.WAITING, None, 0, None, None)


def test_messages_become_one_text_without_what_deceives() -> None:
    assert text_of(["یک", "", "د\u202eو\n\n\n\nسه "]) == "یک\n\nدو\n\nسه"


@pytest.mark.parametrize(
    ("text", "media"), [("", ()), ("۱۲ !", ()), ("", (_PHOTO,) * 11), ("ب" * 3_001, (_VOICE,))]
)
def test_what_is_empty_or_too_much_is_refused(text: str, media: tuple[Media, ...]) -> None:
    with pytest.raises(UserError):
        check_content(text, media)


def test_a_file_alone_is_enough_and_more_may_come() -> None:
    check_content("", (_VOICE,))
    check_size("", ())
    check_size("ب" * TEXT_LIMIT, ())


def test_a_short_first_line_is_the_title_and_the_rest_the_body() -> None:
    content = draft_of(_tip("پل فرو ریخت\n\nساعت هشت.\nکسی <آسیب> ندید.", _VOICE, _PHOTO, _OTHER), "بی‌نام")
    assert content.title == "پل فرو ریخت"
    assert [block.html for block in content.body] == ["ساعت هشت.", "کسی &lt;آسیب&gt; ندید."]
    assert content.photo == "p1"
    assert content.media == (_VOICE, _OTHER)


def test_nothing_of_a_long_first_line_is_lost() -> None:
    line = "واژه " * 60
    content = draft_of(_tip(line), "بی‌نام")
    assert len(content.title) <= TITLE_UNITS
    assert [block.html for block in content.body] == [line.strip()]


def test_a_tip_without_words_has_the_title_that_is_given() -> None:
    content = draft_of(_tip("", _VOICE), "پیام یک خواننده")
    assert (content.title, content.body, content.media) == ("پیام یک خواننده", (), (_VOICE,))
