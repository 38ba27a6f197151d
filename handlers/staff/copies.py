"""The fate of an article's copies in its last change, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import NotFoundError
from bot.locales.catalog import Texts
from handlers.core.labels import duration_in_words
from storage import amendments, progress
from storage.engine.connection import Connection
from storage.records import AmendmentState, Article

_ENDS = {
    AmendmentState.CHANGED: "copies-changed",
    AmendmentState.DELETED: "copies-deleted",
    AmendmentState.TOMBSTONED: "copies-tombstoned",
    AmendmentState.GONE: "copies-gone",
    AmendmentState.UNREACHABLE: "copies-unreachable",
    AmendmentState.LIVE: "copies-live",
}
_ENDED = (AmendmentState.DELETED, AmendmentState.GONE)


@dataclass(frozen=True, slots=True)
class CopiesFate:
    """The lines (HTML) on what has become of the copies, and whether more is to come."""

    lines: tuple[str, ...]
    under_way: bool


async def fate_of_copies(connection: Connection, article: Article, texts: Texts, rate: float) -> CopiesFate:
    """Return what has become of the copies in the last change of an article; `rate` is changes in a second.

    Raises NotFoundError where it was never changed.
    """
    change = await progress.last_change(connection, article.id)
    if change is None:
        raise NotFoundError("article-not-found", id=article.id)
    counts = await amendments.counts(connection, article.id, since=change.begun_at)
    copies = await amendments.count_copies(connection, article.id)
    waiting = counts.get(AmendmentState.PENDING, 0)
    if change.growing:
        waiting += _not_enqueued(counts, copies)
    lines = [texts.html(key, count=counts[state]) for state, key in _ENDS.items() if counts.get(state)]
    under_way = change.growing or waiting > 0
    if waiting:
        left = duration_in_words(waiting / rate, texts)
        lines.append(texts.html("copies-waiting", count=waiting, duration=left))
    elif not counts:
        lines.append(texts.html("copies-none"))
    elif not under_way:
        lines.append(texts.html("work-ended"))
    return CopiesFate(tuple(lines), under_way)


def _not_enqueued(counts: Mapping[AmendmentState, int], copies: int) -> int:
    """Return how many of so many copies have no amendment yet."""
    return max(0, copies - sum(number for state, number in counts.items() if state not in _ENDED))
