"""The offset of getUpdates: what a batch of updates lets us confirm without losing one (pure).

Updates come in the order of their ids, which grow by one (core.telegram.org/bots/api#getting-updates); a few are
passed over where they expired. An offset confirms every update below it. A wrong one is a loss: too high, it
confirms updates that were never seen.
"""

from collections.abc import Sequence

FARTHEST = 100_000
"""So many ids may be missing before the next update: what expires in a day while nobody fetches."""


def is_near(update_id: int, offset: int) -> bool:
    """Tell whether an id can be that of an update at or soon after `offset`; where that is 0, any can."""
    return offset == 0 or offset <= update_id < offset + FARTHEST


def next_offset(offset: int, ids: Sequence[int | None]) -> int:
    """Return the offset that confirms a batch and nothing else, 0 where none is known.

    `offset` is the one that the batch was asked for with, 0 where it was unknown. `ids` are the batch's, None for
    an update without an id that can be believed.
    """
    known = sorted(one for one in ids if one is not None and is_near(one, offset))
    if not known:
        # They have ids of their own, at or above the offset, whatever they say: so many can be passed over, since
        # whatever comes later has a larger one.
        return offset + len(ids) if offset else 0
    last = known[0]
    for one in known:
        if one - last >= FARTHEST:
            break
        last = one
    return last + 1
