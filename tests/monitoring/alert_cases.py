"""Series at which each alert fires, and at which it does not, in the notation of promtool.

https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ describes the notation: a sample a
minute, `1+2x3` is 1, 3, 5, 7, and `_` is no sample. The clock starts at 0, so a timestamp `0+60x20` is always now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_BUSY = "peyk_queue_oldest_timestamp_seconds"


@dataclass(frozen=True)
class AlertCase:
    """Series by name: those at which the alert fires (`ill`), and those at which it does not (`well`).

    `minutes` pass until the alert fires, its `for` included. `labels` are those of the alert beside its severity.
    """

    minutes: int
    ill: Mapping[str, str]
    well: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)


def _histogram(name: str, counts: Mapping[str, str], *, labels: str = "") -> dict[str, str]:
    """Return the buckets of a histogram whose counts are given by upper bound."""
    return {f'{name}_bucket{{{labels}le="{bound}"}}': series for bound, series in counts.items()}


_LAG, _CALL, _LOOP = "peyk_publication_lag_seconds", "peyk_telegram_call_seconds", "peyk_loop_lag_seconds"

CASES: Mapping[str, AlertCase] = {
    "PeykDown": AlertCase(
        3,
        ill={'up{job="peyk"}': "0x10"},
        well={'peyk_build_info{instance="a"}': "_x10", 'peyk_build_info{instance="b"}': "1x10"},
    ),
    "PeykBreakingNewsLate": AlertCase(
        5,
        ill={f'{_BUSY}{{lane="breaking"}}': "0x10", "peyk_paused": "0x10"},
        well={
            f'{_BUSY}{{lane="breaking"}}': "0+60x10",
            f'{_BUSY}{{lane="retraction"}}': "0+60x10",
            f'{_BUSY}{{lane="headline"}}': "0x10",
            "peyk_paused": "0x10",
        },
    ),
    "PeykQueueStuck": AlertCase(
        40,
        ill={f'{_BUSY}{{lane="digest"}}': "0x60", "peyk_paused": "0x60"},
        well={f'{_BUSY}{{lane="headline"}}': "0x60", "peyk_paused": "1x60"},
    ),
    "PeykPublicationSlow": AlertCase(
        80,
        ill=_histogram(_LAG, {"600": "0x90", "7200": "0+1x90", "+Inf": "0+1x90"}, labels='lane="headline",'),
        well=_histogram(_LAG, {"600": "0+1x90", "7200": "0+1x90", "+Inf": "0+1x90"}, labels='lane="headline",'),
    ),
    "PeykUncertainSends": AlertCase(
        32,
        ill={'peyk_deliveries{state="uncertain"}': "1x40"},
        well={'peyk_deliveries{state="uncertain"}': "0x20 3x10 0x20", 'peyk_deliveries{state="refused"}': "9x40"},
    ),
    "PeykDeliveriesRefused": AlertCase(
        35,
        ill={'peyk_deliveries_tried_total{lane="headline",outcome="refuse"}': "0+30x40"},
        well={
            'peyk_deliveries_tried_total{lane="headline",outcome="refuse"}': "0+1x40",
            'peyk_deliveries_tried_total{lane="headline",outcome="sent"}': "0+900x40",
        },
    ),
    "PeykFloodWaits": AlertCase(
        20,
        ill={'peyk_flood_waits_total{method="sendMessage"}': "0+60x30"},
        well={'peyk_flood_waits_total{method="sendMessage"}': "0+6x30"},
    ),
    "PeykTelegramSlow": AlertCase(
        20,
        ill=_histogram(_CALL, {"1": "0x30", "10": "0+9x30", "+Inf": "0+9x30"}, labels='method="sendMessage",'),
        well=_histogram(_CALL, {"1": "0+9x30", "10": "0+9x30", "+Inf": "0+9x30"}, labels='method="sendMessage",')
        | _histogram(_CALL, {"1": "0x30", "10": "0+9x30", "+Inf": "0+9x30"}, labels='method="getUpdates",'),
    ),
    "PeykUpdatesWaiting": AlertCase(
        6,
        ill={"peyk_updates_oldest_timestamp_seconds": "0x10"},
        well={"peyk_updates_oldest_timestamp_seconds": "0+60x10"},
    ),
    "PeykLoopLate": AlertCase(
        20,
        ill=_histogram(_LOOP, {"0.1": "0+100x30", "1": "0+240x30", "+Inf": "0+240x30"}),
        well=_histogram(_LOOP, {"0.1": "0+240x30", "1": "0+240x30", "+Inf": "0+240x30"}),
    ),
    "PeykDatabaseBusy": AlertCase(
        20,
        ill={'peyk_database_wait_seconds_total{pool="writers"}': "0+300x30"},
        well={
            'peyk_database_wait_seconds_total{pool="writers"}': "0+30x30",
            'peyk_database_wait_seconds_total{pool="search"}': "0+300x30",
        },
        labels={"pool": "writers"},
    ),
    "PeykSourcesIll": AlertCase(
        62,
        ill={'peyk_sources{condition="ill"}': "1x70"},
        well={'peyk_sources{condition="ill"}': "0x70", 'peyk_sources{condition="silent"}': "5x70"},
    ),
    "PeykNothingFetched": AlertCase(
        65,
        ill={
            'peyk_source_fetches_total{result="fetched"}': "7x70",
            'peyk_source_fetches_total{result="failed"}': "0+5x70",
            'peyk_sources{condition="ill"}': "3x70",
        },
        well={
            'peyk_source_fetches_total{result="fetched"}': "0+1x70",
            'peyk_source_fetches_total{result="failed"}': "0+5x70",
            'peyk_sources{condition="ill"}': "3x70",
        },
    ),
    "PeykSideProcessDies": AlertCase(
        30,
        ill={'peyk_side_process_deaths_total{process="parser"}': "0+1x40"},
        well={'peyk_side_process_deaths_total{process="parser"}': "0x20 1x20"},
        labels={"process": "parser"},
    ),
    "PeykPaused": AlertCase(62, ill={"peyk_paused": "1x70"}, well={"peyk_paused": "1x30 0x40"}),
    "PeykBackupOld": AlertCase(
        49 * 60,
        ill={"peyk_backup_last_success_timestamp_seconds": f"0x{50 * 60}"},
        well={"peyk_backup_last_success_timestamp_seconds": f"0x1440 86400x{26 * 60}"},
    ),
    "PeykFilesRunOut": AlertCase(
        7,
        ill={"process_open_fds": "900x10", "process_max_fds": "1024x10"},
        well={"process_open_fds": "200x10", "process_max_fds": "1024x10"},
    ),
}
