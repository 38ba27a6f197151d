"""The table of offsets: what a batch lets us confirm. An update that was not seen is never confirmed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.updates.offset import FARTHEST, next_offset


@pytest.mark.parametrize(
    ("offset", "ids", "following"),
    [
        (0, [101, 102], 103),
        (0, [7], 8),
        (0, [], 0),
        (101, [], 101),
        (101, [101, 102, 103], 104),
        (101, [103, 101, 102], 104),  # backwards
        (101, [101, 101], 102),  # one id twice
        (101, [150, 151], 152),  # some expired
        (101, [101, 2_000_000_000, 102], 103),  # wildly forward
        (101, [2_000_000_000], 102),  # it is the one at the offset, or none is there
        (101, [5], 102),
        (101, [None], 102),
        (101, [None, None], 103),
        (101, [None, 102], 103),
        (101, [101, None], 102),  # the second comes again, and alone
        (0, [None], 0),  # nothing tells which it is
        (0, [None, 101], 102),
        (0, [101, 2_000_000_000], 102),
        (0, [2_000_000_000], 2_000_000_001),  # after a week ids begin anywhere
        (101, [101 + FARTHEST - 1], 101 + FARTHEST),
        (101, [101 + FARTHEST], 102),
    ],
)
def test_a_batch_confirms_itself_alone(offset: int, ids: Sequence[int | None], following: int) -> None:
    assert next_offset(offset, ids) == following


@given(
    st.integers(1, 1_000_000),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["told", "none", "far", "low"])), min_size=1, max_size=100
    ),
)
def test_every_update_is_passed_over_once_it_was_given_and_never_before(
    first: int, pending: list[tuple[int, str]]
) -> None:
    """Telegram gives what waits at and above the offset, in order, a hundred at once; some tell a false id."""
    waiting: list[tuple[int, int | None]] = []
    real = first
    for gap, kind in pending:
        real += gap
        waiting.append((real, {"told": real, "none": None, "far": real + 10**8, "low": 1}[kind]))
        real += 1
    offset, given_ = first, set()
    for _ in range(real - first + 1):
        batch = [(number, told) for number, told in waiting if number >= offset][:100]
        given_ |= {number for number, _ in batch}
        offset = next_offset(offset, [told for _, told in batch])
        assert {number for number, _ in waiting if number < offset} <= given_
    assert offset >= real, "nothing is given for ever"
