"""The part of `peyk doctor` that looks at a PostgreSQL server: its settings, its limits, and how it cleans up."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import INSTANCE_LOCK
from storage.engine.migrate import HEAD
from storage.engine.on_postgresql import MOST_CONNECTIONS

Finding = tuple[str, str, str]
"""ok, warning or failed; what was looked at; what was found and what to do."""

_OLDEST_VERSION = 130_000
_SHORTEST_STATEMENT_MS = 30_000
_LONGEST_TRANSACTION_SECONDS = 3600
_OLDEST_AGE = 1_000_000_000
"""Transactions after which rows must have been frozen: at twice as many PostgreSQL stops taking writes."""


@dataclass(frozen=True, slots=True)
class DeadRows:
    """A table of which much is `dead` rows, beside its `live` ones, that vacuum has not cleared away."""

    table: str
    dead: int
    live: int


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server as it is set up for every session of ours, and what it reports of itself.

    Times are ms, 0 for without limit; `open_seconds` is the age of the oldest transaction, `open_by` who has it.
    `connections` is what the server, the database and our role leave to us, `processes` how many of ours run.
    """

    number: int
    version: str
    encoding: str
    locale: str
    time_zone: str
    commits: str
    unsafe: tuple[str, ...]
    cleaning_off: tuple[str, ...]
    uncleaned: tuple[str, ...]
    dead: tuple[DeadRows, ...]
    statement_ms: int
    idle_ms: int
    open_seconds: int
    open_by: str
    age: int
    connections: int
    processes: int


async def postgresql_findings(database: Database) -> AsyncIterator[Finding]:
    """Yield what `peyk doctor` says of the server: our own connections set right what they can."""
    async with database.read() as connection:
        size = (await connection.execute(_SIZE)).scalar_one()
        facts = await _facts(connection)
    yield "ok", "database", f"{database.name}, schema {HEAD}, {size}"
    for finding in findings_of(facts):
        yield finding


def findings_of(facts: ServerFacts) -> Iterator[Finding]:
    """Judge a server (pure)."""
    old = facts.number < _OLDEST_VERSION
    yield _level(old), "postgresql", f"{facts.version}{'; use 13 or newer' if old else ''}"
    wrong = facts.encoding != "UTF8"
    note = "; make the database anew with ENCODING 'UTF8'" if wrong else ""
    yield "failed" if wrong else "ok", "encoding", f"{facts.encoding}, locale {facts.locale}{note}"
    yield "ok", "time zone", f"{facts.time_zone}; any is right: instants are stored in UTC"
    off = facts.commits == "off"
    note = " by the server's settings; Peyk sets it on for itself" if off else ""
    yield _level(off), "synchronous_commit", f"{facts.commits}{note}"
    if facts.unsafe:
        yield "warning", "durability", f"{' and '.join(facts.unsafe)} off: a power cut can ruin the database"
    yield from _cleaning(facts)
    yield from _limits(facts)


def _cleaning(facts: ServerFacts) -> Iterator[Finding]:
    """Judge how rows that are no longer needed are cleared away."""
    for setting in facts.cleaning_off:
        advice = f"ALTER SYSTEM SET {setting} = on; SELECT pg_reload_conf()"
        yield "warning", "autovacuum", f"{setting} is off, so that tables only grow: {advice}"
    for table in facts.uncleaned:
        advice = f"ALTER TABLE {table} RESET (autovacuum_enabled)"
        yield "warning", "autovacuum", f"it is off for the table {table}, which only grows: {advice}"
    if not facts.cleaning_off and not facts.uncleaned:
        yield "ok", "autovacuum", "on"
    for bloated in facts.dead:
        advice = f"VACUUM (ANALYZE) {bloated.table}; if that leaves them, end the oldest transaction"
        yield "warning", "dead rows", f"{bloated.dead} beside {bloated.live} live ones in {bloated.table}: {advice}"
    if facts.open_seconds > _LONGEST_TRANSACTION_SECONDS:
        hours = facts.open_seconds / 3600
        words = f"{facts.open_by} has been open for {hours:.1f} hours, and nothing newer can be cleared away"
        yield "warning", "oldest transaction", f"{words}: end it, or SELECT pg_terminate_backend(its pid)"
    if facts.age > _OLDEST_AGE:
        advice = "run VACUUM (FREEZE) before PostgreSQL stops taking writes at 2000 million"
        yield "warning", "transaction ids", f"the oldest row is {facts.age // 1_000_000} million old: {advice}"


def _limits(facts: ServerFacts) -> Iterator[Finding]:
    """Judge the limits of sessions and statements."""
    cut = 0 < facts.statement_ms < _SHORTEST_STATEMENT_MS
    note = "; it may cut a fan-out or the housekeeping: ALTER ROLE ... SET statement_timeout = 0" if cut else ""
    yield _level(cut), "statement_timeout", f"{_said(facts.statement_ms)}{note}"
    yield "ok", "idle_in_transaction_session_timeout", f"{_said(facts.idle_ms)}; Peyk sets a minute for itself"
    needed = max(1, facts.processes) * MOST_CONNECTIONS
    too_few = needed > facts.connections
    counted = f"{facts.connections} for Peyk, up to {needed} wanted by {max(1, facts.processes)} process(es)"
    note = "; raise max_connections, or run fewer processes" if too_few else ""
    yield _level(too_few), "connections", f"{counted}{note}"


def _level(wrong: bool) -> str:
    return "warning" if wrong else "ok"


def _said(limit_ms: int) -> str:
    return f"{limit_ms} ms" if limit_ms else "no limit"


async def _facts(connection: Connection) -> ServerFacts:
    row = (await connection.execute(_SERVER, {"lock": INSTANCE_LOCK})).one()
    fields = dict(row._mapping)
    reset = {setting.name: setting.reset_val for setting in await connection.execute(_RESET)}
    return ServerFacts(
        **fields,
        commits=reset["synchronous_commit"],
        unsafe=tuple(name for name in ("fsync", "full_page_writes") if reset[name] != "on"),
        cleaning_off=tuple(name for name in ("autovacuum", "track_counts") if reset[name] != "on"),
        statement_ms=int(reset["statement_timeout"]),
        idle_ms=int(reset["idle_in_transaction_session_timeout"]),
        uncleaned=tuple(str(row.name) for row in await connection.execute(_UNCLEANED)),
        dead=tuple(DeadRows(row.name, row.dead, row.live) for row in await connection.execute(_DEAD)),
    )


_SIZE = text("SELECT pg_size_pretty(pg_database_size(current_database()))")

# reset_val is what a session gets before it sets anything itself.
_RESET = text(
    """
    SELECT name, reset_val FROM pg_settings
    WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes', 'autovacuum', 'track_counts',
                   'statement_timeout', 'idle_in_transaction_session_timeout')
    """
)

_SERVER = text(
    """
    SELECT CAST(current_setting('server_version_num') AS integer) AS number,
           current_setting('server_version') AS version,
           current_setting('server_encoding') AS encoding,
           current_setting('TimeZone') AS time_zone,
           (SELECT datcollate FROM pg_database WHERE datname = current_database()) AS locale,
           (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()) AS age,
           coalesce(oldest.seconds, 0) AS open_seconds,
           coalesce(oldest.who, '') AS open_by,
           (SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
            AND mode = 'ShareLock' AND classid = 0 AND objid = CAST(:lock AS oid)
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS processes,
           least(
               CAST(current_setting('max_connections') AS integer)
               - CAST(current_setting('superuser_reserved_connections') AS integer),
               (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
               (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
           ) AS connections
    FROM (SELECT 1) AS one LEFT JOIN (
        SELECT CAST(extract(epoch FROM now() - xact_start) AS integer) AS seconds,
               concat(nullif(application_name, ''), ' (pid ', pid, ')') AS who
        FROM pg_stat_activity WHERE xact_start IS NOT NULL AND backend_type = 'client backend'
        ORDER BY xact_start LIMIT 1
    ) AS oldest ON true
    """
)

_UNCLEANED = text(
    """
    SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = current_schema() AND relkind = 'r' AND 'autovacuum_enabled=false' = ANY (reloptions)
    ORDER BY relname
    """
)

_DEAD = text(
    """
    SELECT relname AS name, n_dead_tup AS dead, n_live_tup AS live FROM pg_stat_user_tables
    WHERE n_dead_tup > 100000 AND n_dead_tup > n_live_tup * 0.4 ORDER BY n_dead_tup DESC LIMIT 5
    """
)
