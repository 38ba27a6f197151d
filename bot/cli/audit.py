"""peyk audit: every act of staff as CSV."""

import sys
from typing import Annotated

import typer

from bot.cli.context import LANGUAGE, command, opened_database
from bot.clock import now_ms
from bot.locales.catalog import Catalog
from bot.render.audit_text import table_of
from storage import audit as acts

_DAY_MS = 24 * 3600 * 1000


@command
async def audit(
    article: Annotated[int | None, typer.Option(metavar="ID", min=1, help="One article's history.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Only what was done in so many days.")] = None,
) -> None:
    """Print who did what and when as CSV (UTF-8 with a byte order mark), the newest first."""
    async with opened_database() as (settings, database), database.read() as connection:
        since = now_ms() - days * _DAY_MS if days is not None else 0
        found = await acts.all_(connection, limit=sys.maxsize, since=since, article_id=article)
        names = await acts.names(connection, {one.actor_id for one in found})
    table = table_of(found, names, Catalog.load().bind(LANGUAGE, settings.zone))
    sys.stdout.buffer.write(table)
    sys.stdout.flush()
