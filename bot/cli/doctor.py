"""peyk doctor: checks the installation and says what to do."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

import typer
from sqlalchemy import text

from bot.cli.clock_check import clock_findings
from bot.cli.context import AsJson, command, opened_database, print_records, settings_for_command
from bot.cli.postgresql_check import postgresql_findings
from bot.cli.repairs import file_findings, refreshed_statistics
from bot.clock import now_ms
from bot.config import Settings
from bot.errors import ConfigError
from bot.failover import Failover
from bot.file_limit import connections_within, highest_file_limit
from bot.ingest.fetch.request_settings import profile_of
from bot.ingest.sources.sealing import SealedError, Sealer, key_file_of, old_key_file_of, sealer_of
from bot.ingest.sources.source_condition import SourceCondition, condition_of, count_by_condition
from bot.instance_lock import maintenance_lock
from bot.logs import redact
from bot.telegram.routes import ApiRoute, routes_of
from bot.time_zones import time_zone
from persian.schedule import parse_schedule
from storage import chats, inbox, sources, staff
from storage.audit_details import named
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.migrate import HEAD
from storage.engine.on_sqlite import BESIDE
from storage.records import Chat, Role, Source, SourceState, StaffMember
from storage.row_check import MalformedRow, TextChecks, malformed_rows

# A rare fault of SQLite's write-ahead log with several writers (sqlite.org/releaselog): Peyk has one writer.
_WAL_FAULT = ((3, 7, 0), (3, 51, 2))
_LEAST_FREE_BYTES = 500_000_000
_FEW_FILES = 1_024
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_DAY_MS = 24 * 3600 * 1000
_REFUSING = 10
_MALFORMED = 20

Finding = tuple[str, str, str]
"""ok, warning, failed or fixed; what was looked at; what was found and what to do."""


@command
async def doctor(
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Mend what can be mended without harm, and print it as `fixed`: files that others can "
            "read, copies that were never completed, and the statistics by which PostgreSQL plans.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation: ok, warning or failed, what, and what to do. Exit status 1 where something failed."""
    settings = settings_for_command()
    findings = [finding async for finding in _findings(settings, fix=fix)]
    print_records(
        ("state", "what", "detail"),
        [(state, subject, redact(words)) for state, subject, words in findings],
        as_json=as_json,
    )
    if any(state == "failed" for state, _, _ in findings):
        raise typer.Exit(1)


async def _findings(settings: Settings, *, fix: bool) -> AsyncIterator[Finding]:
    async with opened_database() as (_, database):
        async for finding in _database_findings(database, fix=fix):
            yield finding
        async with database.read() as connection:
            rows = await _Rows.read(connection)
    for finding in (
        *_sources(rows.sources, now_ms()),
        *_secrets(rows.sources, sealer_of(settings)),
        *_chats(rows.refusing, rows.count_refusing),
        *_unreadable(rows.malformed),
        *_updates(rows.count_malformed_updates),
        *file_findings(_secret_files(settings), Database(settings.database_url).path, fix=fix),
        *_owners(settings, rows.owners),
        *_listening(settings),
    ):
        yield finding
    async for finding in _telegram(settings):
        yield finding


async def _database_findings(database: Database, *, fix: bool) -> AsyncIterator[Finding]:
    """Yield what there is to say of the server or file, of whether Peyk runs, and of the clock."""
    if fix and database.path is None:
        yield await refreshed_statistics(database)
    server = postgresql_findings(database) if database.path is None else _sqlite(database, database.path)
    async for finding in server:
        yield finding
    runs = await _runs(database)
    yield "ok", "app", "running" if runs else "not running"
    async for finding in clock_findings(database, running=runs):
        yield finding


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the database that the doctor looks at."""

    sources: Sequence[Source]
    owners: Sequence[StaffMember]
    refusing: Sequence[Chat]
    count_refusing: int
    malformed: Sequence[MalformedRow]
    count_malformed_updates: int

    @classmethod
    async def read(cls, connection: Connection) -> Self:
        """Read them in one transaction."""
        return cls(
            await sources.all_(connection),
            [member for member in await staff.all_(connection) if member.role is Role.OWNER],
            await chats.refusing(connection, limit=_REFUSING),
            await chats.count_refusing(connection),
            await malformed_rows(connection, _CHECKS, limit=_MALFORMED),
            await inbox.count_malformed(connection, since=now_ms() - _DAY_MS),
        )


def _chats(refusing: Sequence[Chat], count: int) -> Iterator[Finding]:
    """Name the chats that refuse messages, and say how many there are where only some are named."""
    for chat in refusing:
        yield "warning", "chat", _refusal(chat)
    if count > len(refusing):
        yield "warning", "chats", f"{count} refuse messages, the longest refusing are named"


def _unreadable(rows: Sequence[MalformedRow]) -> Iterator[Finding]:
    for row in rows:
        words = f"{row.table} {row.id} is malformed and left out: {row.reason}; mend it in the database"
        yield "warning", "row", words


def _updates(malformed: int) -> Iterator[Finding]:
    if malformed:
        hint = "the inbox has them with their reasons; where there are many, look at what stands before Telegram"
        yield "warning", "updates", f"{malformed} malformed in the last day; {hint}"


def _is_time_zone(name: str) -> bool:
    try:
        time_zone(name)
    except ValueError:
        return False
    return True


_CHECKS = TextChecks(_is_time_zone, lambda text: parse_schedule(text) is not None)


async def _runs(database: Database) -> bool:
    try:
        async with maintenance_lock(database):
            return False
    except ConfigError:
        return True


def _secret_files(settings: Settings) -> list[Path]:
    """Return the files that hold the token, a key, a password or what is not published yet."""
    database = Database(settings.database_url).path
    beside = [database.with_name(database.name + ending) for ending in ("", *BESIDE)] if database else []
    keys = (
        settings.bot_token_file,
        settings.secret_key_file,
        settings.old_secret_key_file,
        key_file_of(settings),
        old_key_file_of(settings),
    )
    return [Path(".env"), *filter(None, keys), *beside]


def _secrets(known: Sequence[Source], sealer: Sealer) -> Iterator[Finding]:
    """Name the sources whose secrets cannot be read with the key of the settings."""
    for source in known:
        try:
            profile_of(source.requests, sealer)
        except SealedError as error:
            yield "warning", "source", f"{source.url}: {error}; restore the key, or set them again"


def _sources(known: Sequence[Source], now: int) -> Iterator[Finding]:
    """Count the sources by their condition, and name those that fail, are silent or have ended (pure)."""
    if not known:
        return
    counts = count_by_condition((source.vitals for source in known), now)
    needed = counts[SourceCondition.ILL] or counts[SourceCondition.SILENT]
    counted = ", ".join(f"{count} {condition}" for condition, count in counts.items())
    yield "warning" if needed else "ok", "sources", counted
    for source in known:
        if trouble := _trouble_of(source, now):
            yield "warning", "source", f"{source.url}: {trouble}"


def _trouble_of(source: Source, now: int) -> str:
    """Return what is wrong with a source, "" for nothing (pure)."""
    if source.failures:
        often = "once" if source.failures == 1 else f"{source.failures} times"
        return f"failed {often}, {source.last_error}"
    if source.state is SourceState.ENDED:
        return "has ended; give it its new address, or remove it"
    if condition_of(source.vitals, now) is SourceCondition.SILENT:
        since = datetime.fromtimestamp((source.brought_at or source.created_at) / 1000, UTC)
        return f"nothing new since {since.isoformat(timespec='minutes')}"
    return ""


def _owners(settings: Settings, owners: Sequence[StaffMember]) -> Iterator[Finding]:
    """List the owners beyond OWNER_IDS."""
    if not settings.owner_ids and not owners:
        yield "warning", "owners", "OWNER_IDS is empty: nobody can use the newsroom's commands"
    for owner in owners:
        person = named(owner.name, owner.user_id)
        if owner.user_id in settings.owner_ids:
            yield "ok", "owner", f"{person}: by OWNER_IDS"
        elif not owner.configured:
            yield "ok", "owner", f"{person}: made an owner in the newsroom; /editors changes that"
        elif settings.owner_ids:
            yield "warning", "owner", f"{person}: by an earlier OWNER_IDS, until the next start"
        else:
            yield (
                "warning",
                "owner",
                f"{person}: by an earlier OWNER_IDS, which is empty now: nothing takes it from them",
            )


def _listening(settings: Settings) -> Iterator[Finding]:
    """Check who can reach health and metrics, and how many connections are possible (pure)."""
    if not settings.listen and not settings.metrics_listen:
        return
    yield from _monitoring(settings)
    most = highest_file_limit()
    few = most < _FEW_FILES
    note = "; raise it (ulimit -Hn, LimitNOFILE)" if few else f", {connections_within(most)} connections to LISTEN"
    yield "warning" if few else "ok", "files", f"at most {most} open{note}"


def _monitoring(settings: Settings) -> Iterator[Finding]:
    """Check where health and metrics are served, and whether LISTEN serves anything (pure)."""
    is_open = settings.metrics_token is None
    if settings.metrics_listen and is_open and settings.metrics_listen.rpartition(":")[0] not in _LOCAL_HOSTS:
        note = "whoever reaches it reads the metrics: set METRICS_TOKEN, or listen on 127.0.0.1"
        yield "warning", "metrics", f"METRICS_LISTEN={settings.metrics_listen}: {note}"
    if settings.serves_the_public and not settings.metrics_listen and is_open:
        note = "not served beside the webhook, the API or feeds: set METRICS_LISTEN or METRICS_TOKEN to read them"
        yield "ok", "metrics", note
    if settings.listen and settings.metrics_listen and not settings.serves_the_public:
        note = "METRICS_LISTEN has health and metrics, and neither WEBHOOK_URL, API_TOKENS nor FEEDS is set"
        yield "warning", "listen", f"LISTEN serves nothing: {note}"


def _refusal(chat: Chat) -> str:
    assert chat.refused_at is not None, "that makes it one of these"
    since = datetime.fromtimestamp(chat.refused_at / 1000, UTC).isoformat(timespec="minutes")
    name = f"{chat.title} ({chat.id})" if chat.title else str(chat.id)
    return f"{name}: refuses messages since {since}, {chat.refusals} times: {chat.reason}; it is tried again"


async def _sqlite(database: Database, path: Path) -> AsyncIterator[Finding]:
    version = sqlite3.sqlite_version_info
    touched = _WAL_FAULT[0] <= version <= _WAL_FAULT[1]
    note = "; has a rare fault with several writers: run one app for each database" if touched else ""
    yield "warning" if touched else "ok", "sqlite", f"{sqlite3.sqlite_version}{note}"
    async with database.read() as connection:
        answer = (await connection.execute(text("PRAGMA quick_check"))).scalar()
    yield "ok" if answer == "ok" else "failed", "database", f"{path}, schema {HEAD}, {answer}"
    free = shutil.disk_usage(path.parent).free
    yield "ok" if free > _LEAST_FREE_BYTES else "warning", "disk", f"{free // 1_000_000} MB free"


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    if settings.bot_token is None:
        yield "warning", "telegram", "BOT_TOKEN is not set: `peyk run` starts the demo"
        return
    routes = routes_of(settings.telegram_api_url, settings.telegram_proxy)
    findings = [await _by_route(route, settings.token) for route in routes]
    leads = any(level == "ok" for level, _, _ in findings)
    for level, name, words in findings:
        # Peyk goes round a route that is closed as long as another one is open.
        yield "warning" if level == "failed" and leads else level, name, words


async def _by_route(route: ApiRoute, token: str) -> Finding:
    # Slow to import, and no other command needs them.
    from telegram.error import InvalidToken, TelegramError

    from bot.telegram.transport import AiohttpRequest

    request = AiohttpRequest(Failover([route]))
    await request.initialize()
    try:
        me = await request.call(f"{route.api}/bot{token}/getMe", {})
    except InvalidToken:
        return "failed", "telegram", "BOT_TOKEN: Telegram does not know this token"
    except TelegramError as error:
        return "failed", "telegram", f"{route.label} cannot be reached ({error.message})"
    finally:
        await request.shutdown()
    return "ok", "telegram", f"@{me['username']} at {route.label}"
