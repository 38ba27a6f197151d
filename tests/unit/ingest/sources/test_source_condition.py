"""The condition of a source, and how many there are of each."""

import pytest

from bot.ingest.sources.source_condition import (
    SourceCondition,
    condition_of,
    count_by_condition,
    count_in_need,
    urgency,
)
from storage.records import SourceState, SourceVitals

NOW = 1_795_842_000_000
_HOUR = 3_600_000
_DAY = 24 * _HOUR


def _vitals(
    state: SourceState = SourceState.ACTIVE, *, brought_at: int = NOW - _HOUR, failing_since: int | None = None
) -> SourceVitals:
    failures = 0 if failing_since is None else 5
    return SourceVitals(state, NOW - 90 * _DAY, brought_at, 3600, failures, failing_since)


@pytest.mark.parametrize(
    ("vitals", "condition"),
    [
        (_vitals(), SourceCondition.WELL),
        (_vitals(failing_since=NOW - 60_000), SourceCondition.WELL),
        (_vitals(failing_since=NOW - 2 * _HOUR), SourceCondition.ILL),
        (_vitals(SourceState.ENDED), SourceCondition.ILL),
        (_vitals(brought_at=NOW - 30 * _DAY), SourceCondition.SILENT),
        (_vitals(SourceState.PAUSED, failing_since=NOW - 2 * _HOUR), SourceCondition.PAUSED),
        (_vitals(SourceState.PAUSED, brought_at=NOW - 30 * _DAY), SourceCondition.PAUSED),
    ],
)
def test_each_source_has_one_condition(vitals: SourceVitals, condition: SourceCondition) -> None:
    assert condition_of(vitals, NOW) is condition


def test_every_condition_is_counted_even_where_there_is_none() -> None:
    counts = count_by_condition([_vitals(), _vitals(), _vitals(SourceState.ENDED)], NOW)
    assert dict(counts) == {"ill": 1, "silent": 0, "well": 2, "paused": 0}
    assert count_in_need([_vitals(), _vitals(SourceState.ENDED), _vitals(SourceState.PAUSED)], NOW) == 1


def test_whoever_needs_somebody_comes_first_and_a_fetch_that_failed_before_one_that_did_not() -> None:
    in_order = [
        _vitals(failing_since=NOW - 2 * _HOUR),
        _vitals(SourceState.ENDED),
        _vitals(brought_at=NOW - 30 * _DAY),
        _vitals(failing_since=NOW - 60_000),
        _vitals(),
        _vitals(SourceState.PAUSED),
    ]
    places = [urgency(vitals, NOW) for vitals in in_order]
    assert places == sorted(set(places))
