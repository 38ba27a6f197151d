"""The times that are offered for a publication lie ahead, in their order, on full and half hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.newsroom.scheduling import usual_times

_TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-28 10:05", ["28 10:30", "28 11:30", "28 21:00", "29 08:00", "29 12:00", "29 18:00"]),
        ("2026-11-28 10:15", ["28 11:00", "28 12:00", "28 21:00", "29 08:00", "29 12:00", "29 18:00"]),
        ("2026-11-28 20:35", ["28 21:00", "28 22:00", "29 08:00", "29 12:00", "29 18:00"]),
        ("2026-11-28 23:50", ["29 00:30", "29 01:30", "29 08:00", "29 12:00", "29 18:00"]),
    ],
)
def test_usual_times(now: str, expected: list[str]) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=_TEHRAN)
    offered = [
        datetime.fromtimestamp(at / 1000, _TEHRAN) for at in usual_times(_TEHRAN, int(moment.timestamp() * 1000))
    ]
    assert [f"{offer:%d %H:%M}" for offer in offered] == expected
