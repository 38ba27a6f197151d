"""Names of strangers stand in one line, move nothing beside them, and keep what can be read of them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.foreign_text import NAME_LIMIT, foreign_name, one_line, printable

_ZALGO = "".join(letter + "\u0336\u0489\u030d\u0353" * 40 for letter in "زالگو")
_ACCENTS = ("Mn", "Me")


def _in_a_row(text: str) -> int:
    longest = run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in _ACCENTS else 0
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("مریم  احمدی", "مریم احمدی"),
        ("مریم\nمدیر:\u2028پیک\u0085۱\tالف", "مریم مدیر: پیک ۱ الف"),
        ("invoice\u202egnp.exe\u2066\u2067", "invoicegnp.exe"),
        ("\u200f\u200eنام\u061c", "نام"),
        ("خانه\u200cدار", "خانه\u200cدار"),
        ("خانه" + "\u200c" * 400 + "دار", "خانه\u200cدار"),
        ("\u3164\u2800\uffa0", ""),
        ("\u0301\u0301 \u0301الف", "الف"),
        ("نیم\ud83d", "نیم\ufffd"),
        ("\x1b[31mسرخ\x00", "[31mسرخ"),
        ("👩\u200d👩\u200d👧 1\ufe0f\u20e3", "👩\u200d👩\u200d👧 1\ufe0f\u20e3"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("Nguyễn", "Nguyễn"),
        ("a" * 5000, "a" * (NAME_LIMIT - 1) + "…"),
    ],
)
def test_a_name_is_shown_as_it_can_be_read(raw: str, shown: str) -> None:
    assert foreign_name(raw) == shown


def test_accents_are_few_on_each_letter() -> None:
    for made in (foreign_name(_ZALGO), one_line(_ZALGO), foreign_name("ก" + "\u0e47" * 500)):
        assert made
        assert _in_a_row(made) == 3
    assert [letter for letter in foreign_name(_ZALGO) if letter.isalpha()] == list("زالگو")


@given(
    st.text(alphabet=st.characters(), max_size=400)
    | st.text(alphabet="a ب\u0301\u0336\u202e\u2067\u200c\n\x07\ud83d\u3164", max_size=400)
)
def test_no_name_breaks_a_line(raw: str) -> None:
    made = foreign_name(raw)
    assert len(made) <= NAME_LIMIT
    assert made == made.strip()
    assert len(made.splitlines()) <= 1
    assert not {unicodedata.bidirectional(letter) for letter in made} & {
        *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B", "S")
    }
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in made)
    assert _in_a_row(made) <= 3
    assert foreign_name(made) == made


def test_what_is_printed_moves_no_terminal() -> None:
    assert printable("الف\x1b[2J\r\x07ب\u202e\nپ\ud83d") == "الف [2J ب \nپ?"
