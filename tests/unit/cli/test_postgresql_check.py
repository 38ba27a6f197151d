"""The doctor's findings about a PostgreSQL server, by its settings."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cli.postgresql_check import DeadRows, ServerFacts, findings_of

_WELL = ServerFacts(
    number=150_004,
    version="15.4",
    encoding="UTF8",
    locale="C.UTF-8",
    time_zone="Asia/Tehran",
    commits="on",
    unsafe=(),
    cleaning_off=(),
    uncleaned=(),
    dead=(),
    statement_ms=0,
    idle_ms=0,
    open_seconds=3,
    open_by="psql (pid 7)",
    age=50_000_000,
    connections=97,
    processes=4,
)


def test_a_server_as_it_should_be_is_well() -> None:
    assert {state for state, _, _ in findings_of(_WELL)} == {"ok"}


@pytest.mark.parametrize(
    ("changes", "state", "subject", "advice"),
    [
        ({"number": 120_000}, "warning", "postgresql", "use 13 or newer"),
        ({"encoding": "LATIN1"}, "failed", "encoding", "make the database anew with ENCODING 'UTF8'"),
        ({"commits": "off"}, "warning", "synchronous_commit", "Peyk sets it on for itself"),
        ({"unsafe": ("fsync",)}, "warning", "durability", "a power cut can ruin the database"),
        ({"cleaning_off": ("autovacuum",)}, "warning", "autovacuum", "ALTER SYSTEM SET autovacuum = on"),
        ({"uncleaned": ("delivery",)}, "warning", "autovacuum", "ALTER TABLE delivery RESET (autovacuum_enabled)"),
        ({"dead": (DeadRows("inbox", 200_000, 9),)}, "warning", "dead rows", "VACUUM (ANALYZE) inbox"),
        ({"open_seconds": 9000}, "warning", "oldest transaction", "psql (pid 7) has been open for 2.5 hours"),
        ({"age": 1_500_000_000}, "warning", "transaction ids", "VACUUM (FREEZE)"),
        ({"statement_ms": 5000}, "warning", "statement_timeout", "SET statement_timeout = 0"),
        ({"processes": 5}, "warning", "connections", "raise max_connections"),
        ({"connections": 20, "processes": 0}, "warning", "connections", "up to 23 wanted by 1"),
    ],
)
def test_each_trouble_is_named_with_what_to_do(
    changes: dict[str, Any], state: str, subject: str, advice: str
) -> None:
    troubles = [finding for finding in findings_of(replace(_WELL, **changes)) if finding[0] != "ok"]
    assert [trouble[:2] for trouble in troubles] == [(state, subject)]
    assert advice in troubles[0][2]
