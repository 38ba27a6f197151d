"""Time zones by their names: whatever a row or a setting says in the place of one, the answer is a ValueError."""

import ast
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.delivery.fanout import slots_of
from bot.errors import ConfigError
from bot.locales.zones import UTC, zone_of
from bot.time_zones import time_zone
from persian.schedule import INSTANT
from storage.fanouts import Target
from storage.records import FanOutKind

_ROOT = Path(__file__).parents[2]
_NO_ZONES = {
    "empty": "",
    "unknown": "Mars/Olympus",
    "folder": "Asia",
    "upwards": "../../etc/passwd",
    "absolute": "/etc/localtime",
    "NUL": "Asia/Teh\0ran",
    "half of a letter": "\ud800",
    "long": "x" * 100_000,
    "dots": ".".join("a" * 900) + "/x",
    "only dots": "." * 900,
    "folders": "a/" * 900 + "x",
}


@pytest.mark.parametrize("name", _NO_ZONES.values(), ids=_NO_ZONES)
def test_a_name_that_is_no_zones_is_refused_in_one_way(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no time zone$") as refused:
        time_zone(name)
    assert len(str(refused.value)) < 400
    assert zone_of(name, UTC) is UTC
    target = Target(1, 0, 2, INSTANT, None, name, breaking_passes_quiet=False)
    (slot,) = slots_of([target], FanOutKind.HEADLINE, now=1_766_576_760_000)
    assert slot.refusal.startswith("malformed row: chat 1: ")
    if name:
        with pytest.raises(ConfigError, match=r"^TIMEZONE: "):
            load_settings({"TIMEZONE": name}, env_file=None)


def test_nobody_else_makes_a_zone_of_a_name_that_is_not_written_in_the_code() -> None:
    makers = set()
    for path in [path for package in ("bot", "handlers", "storage", "persian") for path in _files(package)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("ZoneInfo"):
                continue
            if not all(isinstance(argument, ast.Constant) for argument in node.args):
                makers.add(str(path.relative_to(_ROOT)))
    assert makers == {"bot/time_zones.py"}


def _files(package: str) -> list[Path]:
    return [*(_ROOT / package).rglob("*.py")]
