"""A table opens in any spreadsheet with its letters right, and runs nothing there."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.table import csv_of


def _read(table: bytes) -> list[list[str]]:
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_letters_quotes_and_lines_come_back_as_they_were() -> None:
    table = csv_of(["زمان", "کار"], [["۳ دی", 'گفت "بله"، و رفت,\nسطر دوم'], [-5, None]])
    assert _read(table) == [["زمان", "کار"], ["۳ دی", 'گفت "بله"، و رفت,\nسطر دوم'], ["-5", ""]]
    assert table.endswith(b"\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+98", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\0=1"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    ((cell,), *_) = _read(csv_of([text], []))
    assert cell.startswith("'")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=3)))
def test_every_row_keeps_its_cells(rows: list[list[str]]) -> None:
    assert [len(row) for row in _read(csv_of(["a"], rows))][1:] == [len(row) for row in rows]
