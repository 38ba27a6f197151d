"""Finding a post by reading: holes, other people's posts, and what cannot be read."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.reconcile import Finding, Probe, search_ids

_OTHERS = st.sampled_from([Probe.OTHER, Probe.MISSING])


def _search(floor: int, taken: set[int], ids: dict[int, Probe]) -> tuple[Finding, list[int]]:
    asked: list[int] = []

    async def probe(telegram_id: int) -> Probe:
        asked.append(telegram_id)
        return ids.get(telegram_id, Probe.MISSING)

    return asyncio.run(search_ids(floor, taken, probe)), asked


@given(st.lists(_OTHERS, max_size=7), st.sets(st.integers(101, 110), max_size=5))
def test_ours_is_found_behind_other_posts_holes_and_claimed_ids(before: list[Probe], taken: set[int]) -> None:
    free = [number for number in range(101, 140) if number not in taken]
    ids = dict(zip(free, before, strict=False))
    ours = free[len(before)]
    finding, asked = _search(100, taken, ids | {ours: Probe.OURS})
    assert finding == Finding(ours, certain=True)
    assert not taken & set(asked)


def test_a_text_that_was_found_is_told_from_a_photo() -> None:
    assert _search(100, set(), {101: Probe.OTHER, 102: Probe.OUR_TEXT})[0].as_text
    assert not _search(100, set(), {101: Probe.OURS})[0].as_text


def test_a_run_of_missing_ids_means_that_it_did_not_arrive() -> None:
    finding, asked = _search(100, set(), {101: Probe.OTHER})
    assert finding == Finding(None, certain=True)
    assert len(asked) < 15


def test_nothing_is_concluded_below_what_is_known_to_be_taken() -> None:
    finding, _ = _search(100, {120}, {121: Probe.OURS})
    assert finding == Finding(121, certain=True)


def test_what_cannot_be_read_leaves_a_doubt() -> None:
    finding, _ = _search(100, set(), {101: Probe.UNREADABLE})
    assert finding == Finding(None, certain=False)


def test_a_search_ends() -> None:
    finding, asked = _search(0, set(), dict.fromkeys(range(1, 1000), Probe.OTHER))
    assert finding == Finding(None, certain=False)
    assert len(asked) <= 80
