"""Each alert fires at the trouble that it is named after, and is silent without it."""

from collections.abc import Mapping, Sequence

import pytest

from tests.monitoring.promql import Query, Scrape
from tests.monitoring.rules import alerts

_NOW, _MINUTES = 1_000_000.0, 10

# What two scrapes ten minutes apart tell: then and now where the alert is silent, and now where it fires.
_Told = float | str | None
_CASES: Mapping[str, tuple[str, str, _Told, _Told, _Told]] = {
    "PeykDown": ("gauge", "peyk_build_info", 1, 1, None),
    "PeykBreakingNewsLate": (
        "gauge",
        'peyk_queue_oldest_timestamp_seconds{lane="breaking"}',
        0,
        _NOW - 60,
        _NOW - 300,
    ),
    "PeykQueueStuck": ("gauge", 'peyk_queue_oldest_timestamp_seconds{lane="headline"}', 0, _NOW - 60, _NOW - 3600),
    "PeykPublicationSlow": ("histogram", "peyk_publication_lag_seconds", 0, "600", "7200"),
    "PeykUncertainSends": ("gauge", 'peyk_deliveries{state="uncertain"}', 0, 0, 1),
    "PeykDeliveriesRefused": ("counter", 'peyk_deliveries_tried_total{outcome="refuse"}', 5, 10, 100),
    "PeykFloodWaits": ("counter", 'peyk_flood_waits_total{method="sendMessage"}', 5, 10, 500),
    "PeykTelegramSlow": ("histogram", "peyk_telegram_call_seconds", 0, "1", "10"),
    "PeykUpdatesWaiting": ("gauge", "peyk_updates_oldest_timestamp_seconds", 0, _NOW - 1, _NOW - 200),
    "PeykLoopLate": ("histogram", "peyk_loop_lag_seconds", 0, "0.01", "1.0"),
    "PeykDatabaseBusy": ("counter", 'peyk_database_wait_seconds_total{pool="writers"}', 5, 10, 5000),
    "PeykSourcesIll": ("gauge", 'peyk_sources{condition="ill"}', 0, 0, 1),
    "PeykNothingFetched": ("counter", 'peyk_source_fetches_total{result="fetched"}', 5, 10, 5),
    "PeykSideProcessDies": ("counter", 'peyk_side_process_deaths_total{process="parser_process"}', 5, 6, 50),
    "PeykPaused": ("gauge", "peyk_paused", 0, 0, 1),
    "PeykBackupOld": ("gauge", "peyk_backup_last_success_timestamp_seconds", 0, _NOW - 90_000, _NOW - 200_000),
    "PeykFilesRunOut": ("gauge", "process_open_fds", 0, 10, 90),
}
# What else there is, by the alert that asks for it; the rest asks for nothing more.
_BESIDE = {
    "PeykBreakingNewsLate": "# TYPE peyk_paused gauge\npeyk_paused 0\n",
    "PeykQueueStuck": "# TYPE peyk_paused gauge\npeyk_paused 0\n",
    "PeykNothingFetched": '# TYPE peyk_sources gauge\npeyk_sources{condition="ill"} 3\n',
    "PeykFilesRunOut": "# TYPE process_max_fds gauge\nprocess_max_fds 100\n",
}


def _text(kind: str, sample: str, value: _Told) -> str:
    """Return one metric as a process tells it; None leaves out its sample."""
    name = sample.partition("{")[0]
    head = f"# TYPE {name.removesuffix('_total')} {kind}\n"
    return head if value is None else f"{head}{sample} {value}\n"


def _histogram(name: str, bounds: Sequence[str], observed: str | None) -> str:
    """Return a histogram with a hundred observations in the bucket of one bound, None for no observation."""
    counts = [0 if observed is None or float(bound) < float(observed) else 100 for bound in (*bounds, "inf")]
    lines = [
        f'{name}_bucket{{le="{bound}"}} {count}' for bound, count in zip((*bounds, "+Inf"), counts, strict=True)
    ]
    return "\n".join((f"# TYPE {name} histogram", *lines, ""))


def _fires(alert: str, before: str, now: str) -> bool:
    beside = _BESIDE.get(alert, "")
    scrapes = Scrape.of(beside + before, _NOW - 60 * _MINUTES), Scrape.of(beside + now, _NOW)
    fired = Query(alerts()[alert], *scrapes).value()
    assert isinstance(fired, dict), "an alert is a vector"
    return bool(fired)


def test_every_alert_is_tried() -> None:
    assert _CASES.keys() == alerts().keys()


@pytest.mark.parametrize("alert", _CASES)
def test_an_alert_fires_at_its_trouble_alone(alert: str) -> None:
    kind, sample, before, well, ill = _CASES[alert]
    if kind == "histogram":
        bounds = sorted({str(well), str(ill)}, key=float)
        assert not _fires(alert, _histogram(sample, bounds, None), _histogram(sample, bounds, str(well)))
        assert _fires(alert, _histogram(sample, bounds, None), _histogram(sample, bounds, str(ill)))
        return
    assert not _fires(alert, _text(kind, sample, before), _text(kind, sample, well))
    assert _fires(alert, _text(kind, sample, before), _text(kind, sample, ill))
