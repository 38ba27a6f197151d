"""The condition of a source as the newsroom counts it (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.ingest.fetch.schedule import Health, Rhythm, health_of
from storage.records import SourceState, SourceVitals


class SourceCondition(StrEnum):
    """The condition of a source, those that need somebody first."""

    ILL = "ill"
    """It has failed for an hour or more, or has ended."""
    SILENT = "silent"
    """It answers, and has brought nothing new for much longer than usual."""
    WELL = "well"
    PAUSED = "paused"


_CONDITIONS = {
    Health.FAILING: SourceCondition.ILL,
    Health.SILENT: SourceCondition.SILENT,
    Health.WELL: SourceCondition.WELL,
}
_NEED_SOMEBODY = frozenset((SourceCondition.ILL, SourceCondition.SILENT))
_ORDER = {condition: place for place, condition in enumerate(SourceCondition)}


def condition_of(vitals: SourceVitals, now: int) -> SourceCondition:
    """Return the condition of a source at an instant (ms)."""
    if vitals.state is SourceState.PAUSED:
        return SourceCondition.PAUSED
    if vitals.state is SourceState.ENDED:
        return SourceCondition.ILL
    rhythm = Rhythm(vitals.created_at, vitals.brought_at, vitals.habit)
    health = health_of(rhythm, now=now, failures=vitals.failures, failing_since=vitals.failing_since)
    return _CONDITIONS[health]


def count_by_condition(vitals: Iterable[SourceVitals], now: int) -> Mapping[SourceCondition, int]:
    """Return how many sources are in each condition, 0 included."""
    counted = Counter(condition_of(source_vitals, now) for source_vitals in vitals)
    return {condition: counted[condition] for condition in SourceCondition}


def count_in_need(vitals: Iterable[SourceVitals], now: int) -> int:
    """Return how many sources are ill or silent; who paused one knows."""
    return sum(condition_of(source_vitals, now) in _NEED_SOMEBODY for source_vitals in vitals)


def urgency(vitals: SourceVitals, now: int) -> int:
    """Return the place of a source in a list that begins with those that need somebody.

    Of those in one condition, the ones whose last fetch failed come first.
    """
    return 2 * _ORDER[condition_of(vitals, now)] + (vitals.failures == 0)
