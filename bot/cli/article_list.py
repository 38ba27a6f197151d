"""peyk articles list, which ends at once where the database is a file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import command_settings, told
from bot.cli.printing import AsJson, print_records
from persian.jalali import format_ascii
from storage.article_listing import ListedArticle, newest

_SQLITE = "sqlite:///"


@told
def list_(
    limit: Annotated[int, typer.Option(min=1, help="The number of articles.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List articles of every state, the newest first: id, state, date, category, title."""
    settings = command_settings()
    url = settings.database_url
    found = newest(Path(url.removeprefix(_SQLITE)), limit) if url.startswith(_SQLITE) else None
    if found is None:
        import asyncio

        found = asyncio.run(_opened(limit))
    print_records(
        ("id", "state", "date", "category", "title"),
        [(one.id, one.state, format_ascii(one.at, settings.zone), one.category, one.title) for one in found],
        as_json=as_json,
        empty="there is no article yet",
    )


async def _opened(limit: int) -> list[ListedArticle]:
    """Return the same after the database was opened in the usual way, which makes or migrates it."""
    from bot.cli.context import opened_database
    from storage import articles

    async with opened_database() as (_, database), database.read() as connection:
        found = await articles.newest(connection, limit)
    return [
        ListedArticle(one.id, one.state, one.published_at or one.created_at, one.category.slug, one.content.title)
        for one in found
    ]
