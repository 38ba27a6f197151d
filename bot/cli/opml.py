"""peyk opml: the list of sources from and to other programs."""

from pathlib import Path
from typing import Annotated

import typer

from bot.bounds import LIST_BYTES
from bot.cli.context import command, opened_database, print_line, print_records
from bot.clock import now_ms
from bot.errors import PeykError, SourceError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.importer import GENERAL
from bot.ingest.opml import OpmlFeed, read_opml, write_opml
from bot.ingest.source_admin import SourceAdmin
from storage import audit, categories, sources
from storage.engine.database import Database
from storage.engine.private_files import new_file
from storage.records import SourceKind

app = typer.Typer(no_args_is_help=True)


@app.command("import")
@command
async def import_(file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file; the folder around them names their category.

    What cannot be read is said line by line. Status 1 where nothing was added and not all was there already.
    """
    with file.open("rb") as opened:
        body = opened.read(LIST_BYTES + 1)
    if len(body) > LIST_BYTES:
        raise PeykError(f"{file} is too large for a list of feeds")
    try:
        found = read_opml(body)
    except SourceError as error:
        raise PeykError(f"{file} is no OPML: {error}") from None
    outcomes = ["refused"] * len(found.refused)
    print_records((), [("refused", piece, reason) for piece, reason in found.refused])
    async with opened_database() as (_, database):
        for feed in found.feeds:
            try:
                address = str(checked_url(feed.url))
            except SourceError as error:
                outcomes.append("refused")
                print_records((), [("refused", feed.url, error)])
                continue
            outcomes.append("added" if await _add(database, feed, address) else "already there")
            print_records((), [(outcomes[-1], address, feed.title)])
    print_line(f"{outcomes.count('added')} added")
    if "added" not in outcomes and (not outcomes or "refused" in outcomes):
        raise PeykError(f"{file}: no feed was added")


@app.command("export")
@command
async def export(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Write the feeds to an OPML file, by category."""
    async with opened_database() as (_, database), database.read() as connection:
        known = await sources.all_(connection)
        sections = await categories.all_(connection)
    feeds = [
        OpmlFeed(source.url, source.title, section.name_fa)
        for section in sections
        for source in known
        if source.category_id == section.id and source.kind is SourceKind.FEED
    ]
    with new_file(file) as part:
        part.write_bytes(write_opml(feeds))
    print_line(f"{len(feeds)} written to {file}")


async def _add(database: Database, feed: OpmlFeed, address: str) -> bool:
    """Store a feed; False where its address is a source's already."""
    source = await SourceAdmin(database, now_ms).add(
        address,
        SourceKind.FEED,
        category=feed.category or GENERAL,
        review=False,
        options=sources.SourceOptions(title=feed.title),
        actor_id=audit.COMMAND_LINE,
    )
    return source is not None
