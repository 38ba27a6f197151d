"""Alerts and dashboard add up what each process counts of itself, and never what all tell of the one database."""

import re
from pathlib import Path

from tests.monitoring.rules import alerts, panels

_REFERENCE = (Path(__file__).parents[2] / "docs/reference/metrics.md").read_text(encoding="utf-8")
_OF_DATABASE, _OF_PROCESS = (
    dict(re.findall(r"^\| `([a-z_]+)` \| ([a-z]+)", section, re.MULTILINE))
    for section in _REFERENCE.partition("## Of the database")[2].split("## Of the process")
)
"""The types of metrics by name."""
_EXPRESSIONS = sorted({*alerts().values(), *(expression for _, expression in panels())})


def _joined_by(name: str) -> set[str]:
    """Return how the expressions join what several processes tell of a metric."""
    use = re.compile(rf"\b(max|min|sum)(?: by \([a-z, ]+\) | ?)\((?:rate\(|increase\()?{name}(?:_bucket|_sum)?\b")
    return {match[1] for expression in _EXPRESSIONS for match in use.finditer(expression)}


def test_what_is_told_of_the_database_is_not_added_up() -> None:
    joined = {name: _joined_by(name) for name in _OF_DATABASE}
    assert {name for name, ways in joined.items() if "sum" in ways} == set()
    assert sum(bool(ways) for ways in joined.values()) > 10, "the expressions are understood"


def test_what_a_process_counts_is_added_up() -> None:
    counted = [name for name, kind in _OF_PROCESS.items() if kind != "gauge"]
    joined = {name: _joined_by(name) for name in counted}
    assert {name for name, ways in joined.items() if ways - {"sum"}} == set()
    assert sum(bool(ways) for ways in joined.values()) > 10, "the expressions are understood"


def test_only_processes_have_counters() -> None:
    assert {name for name, kind in _OF_DATABASE.items() if kind != "gauge"} == set()
