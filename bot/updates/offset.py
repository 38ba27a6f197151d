"""The offset of getUpdates: what a batch of updates lets us confirm without losing one (pure).

Updates come in the order of their ids, which grow by one (core.telegram.org/bots/api#getting-updates); a few are
passed over where they expired. An offset confirms every update below it. A wrong one is a loss: too high, it
confirms updates that were never seen.
"""

from collections.abc import Callable, Sequence

from bot.updates.update_facts import update_id_of

FARTHEST = 100_000
"""So many ids may be missing before the next update: what expires in a day while nobody fetches."""

_MOST_FETCHED = 100
# After a week without updates Telegram draws new ids at random: an old offset would confirm them unread.
_OFFSET_LIFE_SECONDS = 6 * 24 * 3600.0
_MOST_PASSED_OVER = 20  # batches in a row whose ids are all far off: then the ids are Telegram's own


def is_near(update_id: int, offset: int) -> bool:
    """Return whether an id can be that of an update at or soon after `offset`; where that is 0, any can."""
    return offset == 0 or offset <= update_id < offset + FARTHEST


def next_offset(offset: int, ids: Sequence[int | None]) -> int:
    """Return the offset that confirms a batch and nothing else, 0 where none is known.

    `offset` is the one that the batch was asked for with, 0 where it was unknown. `ids` are the batch's, None for
    an update without an id that can be believed.
    """
    known = sorted(update_id for update_id in ids if update_id is not None and is_near(update_id, offset))
    if not known:
        # They have ids of their own, at or above the offset, whatever they say: so many can be passed over, since
        # whatever comes later has a larger one.
        return offset + len(ids) if offset else 0
    last = known[0]
    for update_id in known:
        if update_id - last >= FARTHEST:
            break
        last = update_id
    return last + 1


class Batches:
    """The arguments of the next getUpdates. `limit` is the most updates in a batch.

    `time` returns seconds of a clock that never jumps.
    """

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._offset = 0
        self._fetched_at = time()
        self._passed_over = 0
        self.limit = _MOST_FETCHED

    def wanted(self) -> dict[str, int]:
        """Return the parameters that say which updates."""
        if self._time() - self._fetched_at > _OFFSET_LIFE_SECONDS or self._passed_over > _MOST_PASSED_OVER:
            self._offset = self._passed_over = 0
        return {"limit": self.limit} | ({"offset": self._offset} if self._offset else {})

    def stored(self, updates: Sequence[object]) -> bool:
        """A batch is stored; return whether that lets the next one be confirmed."""
        self.limit = _MOST_FETCHED
        if not updates:
            return False
        ids = [update_id_of(update) for update in updates]
        near = any(update_id is not None and is_near(update_id, self._offset) for update_id in ids)
        self._passed_over = 0 if near else self._passed_over + 1
        before, self._offset = self._offset, next_offset(self._offset, ids)
        self._fetched_at = self._time()
        return self._offset != before

    def smaller(self) -> None:
        """An answer could not be read: perhaps there is too much in it."""
        self.limit = max(1, self.limit // 10)
