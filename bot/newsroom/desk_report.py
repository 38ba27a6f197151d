"""The figures of the report to the desk chat."""

from bot.newsroom.most_read import ReadingSpan, articles_of, ranked
from bot.render.desk_report import DeskReport
from storage import comments, ledger, reading_signals, reviews, tips
from storage.engine.connection import Connection

MOST_LISTED = 5
"""Articles that the report lists."""

_MOST = 999
"""The number beyond which what waits is not counted."""


async def desk_report(connection: Connection, *, now: int) -> DeskReport:
    """Return the figures of the last day, and what waits at `now` (ms)."""
    since = now - ReadingSpan.DAY.length
    signals = await reading_signals.of_published(connection, since=since, now=now)
    return DeskReport(
        published=await reading_signals.count_published(connection, since=since),
        signals=signals,
        most_read=await articles_of(connection, ranked(signals, MOST_LISTED)),
        waiting=(
            ("home-review", await reviews.count(connection, gate=False)),
            ("home-gate", await reviews.count(connection, gate=True)),
            ("home-comments", await comments.count_waiting(connection, most=_MOST)),
            ("home-tips", await tips.count_waiting(connection, most=_MOST)),
            ("home-outbox", await ledger.count_asked(connection, most=_MOST)),
        ),
    )
