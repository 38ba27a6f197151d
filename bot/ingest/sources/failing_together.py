"""Sources that fail together: one trouble, such as a cut network, of which the newsroom is told as one.

Sources that began to fail within ten minutes of one another are a group. All members of a group that was told of
have one `ill_told_at`; under it, `key_value` has how many of them may be ill when the group is told to be well.
"""

from collections.abc import Sequence

from bot.ingest.fetch.failure import FailureKind, failure_of
from storage import key_value, sources
from storage.engine.connection import Connection
from storage.records import Source
from storage.sources import FailingSource

_TOGETHER_MS = 600_000
_LEAST = 6
"""The least number of sources in a group. The newsroom is told of fewer one by one."""
_GROUP = "sources_failing:"
_OVER = "0"

_LEASE_MS = 20_000
"""The time after which a next fetch is no lease of a fetch under way."""
_RETRIED = "sources_retried"
_RETRY_MS = 60_000
_NOT_REACHED = frozenset((FailureKind.LATE, FailureKind.UNREACHABLE, FailureKind.UNKNOWN_HOST, FailureKind.PROXY))
"""The failures that our own network may cause. A site that answers says itself when to try again."""


async def group_of(tx: Connection, failing_since: int) -> int | None:
    """Return when the newsroom was told of the group that began to fail at that time; None where it was not.

    A group most of which works again takes in nobody. Nobody else tells of a group until the transaction ends.
    """
    await sources.lock_reports(tx)
    told = {member.told_at for member in await _group(tx, failing_since) if member.told_at is not None}
    for instant in sorted(told, reverse=True):
        if await key_value.number(tx, _key(instant)):
            return instant
    return None


async def begin(tx: Connection, failing_since: int, *, now: int) -> int | None:
    """Begin the group of all that began to fail at that time, told of `now`; return its size.

    None where these are too few to be a group.
    """
    size = len(await _group(tx, failing_since))
    if size < _LEAST:
        return None
    await key_value.store(tx, _key(now), str(size // 2))
    return size


async def is_group(tx: Connection, group: int) -> bool:
    """Return whether the newsroom was told of a group at that time."""
    return await key_value.value(tx, _key(group)) is not None


async def leave(tx: Connection, group: int) -> int | None:
    """Act on a member of the group told of at that time, which is well and no longer in it.

    Return how many of the group are still ill where the newsroom is to be told now that most are well.
    """
    await sources.lock_reports(tx)
    most = await key_value.number(tx, _key(group))
    left = await sources.count_told_at(tx, group)
    if not left:
        await key_value.remove(tx, _key(group))
    elif left <= most:
        await key_value.store(tx, _key(group), _OVER)
    return left if 0 < most >= left else None


async def retry(tx: Connection, before: Source, *, now: int) -> None:
    """Make those due that could not be reached since `before` could not, which is reached again: at most once a
    minute, and where they are so many that our own way to them was cut."""
    if before.failing_since is None or failure_of(before.last_error).why not in _NOT_REACHED:
        return
    waiting = [
        member
        for member in await _group(tx, before.failing_since)
        if failure_of(member.reason).why in _NOT_REACHED and member.next_fetch_at > now + _LEASE_MS
    ]
    if len(waiting) < _LEAST or now - _RETRY_MS < await key_value.number(tx, _RETRIED) <= now:
        return
    await key_value.store(tx, _RETRIED, str(now))
    await sources.bring_forward(tx, [member.id for member in waiting], now=now, later_than=now + _LEASE_MS)


async def _group(tx: Connection, failing_since: int) -> Sequence[FailingSource]:
    return await sources.failing_since(tx, failing_since - _TOGETHER_MS, failing_since + _TOGETHER_MS)


def _key(group: int) -> str:
    return f"{_GROUP}{group}"
