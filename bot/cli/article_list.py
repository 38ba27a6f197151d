"""peyk articles list, which ends at once where the database is a file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import command_settings, reporting_errors
from bot.cli.printing import AsJson, print_records
from persian.jalali import format_ascii
from storage.article_listing import ListedArticle, newest

_SQLITE = "sqlite:///"


@reporting_errors
def list_(
    limit: Annotated[int, typer.Option(min=1, help="The number of articles.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List articles of every state, the newest first: id, state, date, category, title."""
    settings = command_settings()
    url = settings.database_url
    listed = newest(Path(url.removeprefix(_SQLITE)), limit) if url.startswith(_SQLITE) else None
    if listed is None:
        import asyncio

        listed = asyncio.run(_opened(limit))
    print_records(
        ("id", "state", "date", "category", "title"),
        [
            (article.id, article.state, format_ascii(article.at, settings.zone), article.category, article.title)
            for article in listed
        ],
        as_json=as_json,
        empty="there is no article yet",
    )


async def _opened(limit: int) -> list[ListedArticle]:
    """Return the same after the database was opened in the usual way, which makes or migrates it."""
    from bot.cli.context import opened_database
    from storage import articles

    async with opened_database() as (_, database), database.read() as connection:
        listed = await articles.newest(connection, limit)
    return [
        ListedArticle(
            article.id,
            article.state,
            article.published_at or article.created_at,
            article.category.slug,
            article.content.title,
        )
        for article in listed
    ]
