"""JSON from outside: one value that nobody can read spoils no other, and no text takes long."""

import time

import pytest

from bot.bounded_json import DEEPEST, LONGEST_CUT, depth, loads


def _nested(brackets: int) -> bytes:
    return b'{"deep": ' + b"[" * brackets + b"]" * brackets + b', "after": 1}'


@pytest.mark.parametrize("brackets", [DEEPEST + 1, 10_000, LONGEST_CUT // 2 - 20])
def test_a_value_that_is_too_deep_is_cut_and_what_follows_is_read(brackets: int) -> None:
    value = loads(_nested(brackets))
    assert isinstance(value, dict)
    assert value["after"] == 1
    assert depth(value) > DEEPEST


@pytest.mark.parametrize(
    ("begin", "piece", "times", "end"),
    [
        (b"", b"[", 32 << 20, b""),
        (b"", b'{"a":', 6 << 20, b""),
        (b"[" * 2_000, b"[],", 10 << 20, b""),
        (b"", b'["\\"[",', 4 << 20, b""),
        (_nested(2_000)[:-1] + b', "x": [', b"1,", LONGEST_CUT, b"1]}"),
        (b"[" + b"9" * 5_000, b",[]", 8 << 20, b"]"),
    ],
    ids=["lists", "objects", "pairs", "strings", "whole", "numbers"],
)
def test_no_large_text_is_looked_through_for_what_is_too_deep_in_it(
    begin: bytes, piece: bytes, times: int, end: bytes
) -> None:
    """A gateway in Telegram's place may answer 32 MB: to cut them took six seconds."""
    body = begin + piece * times + end
    began = time.thread_time()
    with pytest.raises(ValueError, match=r"."):
        loads(body)
    # Python itself reads lists of a hundred megabytes a second.
    assert time.thread_time() - began < 1.5
