"""Codes of invitations become seals wherever a person may put them, and nothing else changes."""

import pytest

from bot.newsroom.invitation_codes import is_seal, new_code, seal_of, with_seals


@pytest.mark.parametrize(
    "text",
    [
        "/start {}",
        "/start@peyk_bot  {}",
        "https://t.me/peyk_bot?start={}",
        "https://t.me/peyk_bot?start%3D{}",
        "tg://resolve?domain=peyk_bot&start={}",
        "«{}»،",
        "دعوت{}است",
        "{}",
        "{0} {0}\n{0}",
    ],
)
def test_a_code_becomes_its_seal_in_any_text(text: str) -> None:
    code = new_code()
    assert with_seals(text.format(code)) == text.format(seal_of(code))


def test_a_code_becomes_its_seal_in_any_part_of_an_update() -> None:
    code = new_code()
    seal = seal_of(code)
    update = {
        "update_id": 1,
        "message": {"reply_to_message": {"caption": code}, "entities": [{"url": f"x={code}"}]},
    }
    assert with_seals(update) == {
        "update_id": 1,
        "message": {"reply_to_message": {"caption": seal}, "entities": [{"url": f"x={seal}"}]},
    }


def test_a_seal_is_no_code() -> None:
    seal = seal_of(new_code())
    assert is_seal(seal)
    assert with_seals(seal) != seal
    assert seal_of(seal) != seal
    with pytest.raises(ValueError, match="code"):
        seal_of("j_short")


@pytest.mark.parametrize(
    "text",
    [
        "a_1404",
        "j_",
        "j_" + "a" * 21,
        "j_" + "a" * 23,
        "project_obj_" + "a" * 22,
        "/j_lo-and-a-long-headline-of-news",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert with_seals(text) == text
    assert not is_seal(text)
