"""peyk audit: every act of staff as CSV."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.context import LANGUAGE, AsJson, command, hint, opened_database, print_json
from bot.cli.printing import json_records
from bot.clock import now_ms
from bot.locales.catalog import Catalog, Texts
from bot.render.audit_text import actor_in_words, table_of
from storage import audit as acts

_DAY_MS = 24 * 3600 * 1000
_FIELDS = ("time", "person", "person_id", "act", "article", "revision", "detail")


@command
async def audit(
    article: Annotated[
        int | None, typer.Option(metavar="ID", min=1, help="Print the history of one article.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Print only the acts of the last days.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print who did what and when as CSV (UTF-8 with a byte order mark), the newest first."""
    async with opened_database() as (settings, database), database.read() as connection:
        since = now_ms() - days * _DAY_MS if days is not None else 0
        entries = await acts.all_(connection, limit=sys.maxsize, since=since, article_id=article)
        names = await acts.names(connection, {entry.actor_id for entry in entries})
    texts = Catalog.load().bind(LANGUAGE, settings.zone)
    if not entries:
        hint("nothing was done")
    if as_json:
        print_json(json_records(_FIELDS, [_record(entry, names, texts) for entry in entries]))
        return
    sys.stdout.buffer.write(table_of(entries, names, texts))
    sys.stdout.flush()


def _record(entry: acts.AuditEntry, names: Mapping[int, str], texts: Texts) -> tuple[object, ...]:
    at = datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds")
    actor = actor_in_words(entry.actor_id, names, texts)
    details = entry.details.plain() if entry.details is not None else ""
    return at, actor, entry.actor_id, str(entry.action), entry.article_id, entry.revision, details
