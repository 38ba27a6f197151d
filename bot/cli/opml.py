"""peyk opml: the list of sources from and to other programs, and from and to another Peyk."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot.bounds import LIST_BYTES
from bot.cli.context import command, in_words, opened_database, print_line, print_records
from bot.clock import now_ms
from bot.errors import PeykError, SourceError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.sources.opml import FeedList, OpmlFeed, read_opml, write_opml
from bot.ingest.sources.source_lists import Difference, SourceLists, listed_sources
from storage.engine.private_files import new_file, replaced_file

app = typer.Typer(help="Sources from and to OPML files.", no_args_is_help=True)


@app.command("import")
@command
async def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    update: Annotated[
        bool, typer.Option("--update", help="Give known sources the properties that the file gives them.")
    ] = False,
) -> None:
    """Add the sources of an OPML file. The folder around a feed means its category, which is made if it is unknown.

    Each is one line: added, already there, differs, changed or refused; address, title, and what differs or why.
    Status 1 where nothing was added or changed and something was refused.
    """
    found = _read(file)
    outcomes = Counter(refused=len(found.refused))
    print_records((), [("refused", piece, reason) for piece, reason in found.refused])
    async with opened_database() as (_, database):
        lists = SourceLists(database, now_ms)
        for listed in found.feeds:
            outcome, *words = await _take(lists, listed, update=update)
            outcomes[outcome] += 1
            print_records((), [(outcome, *words)])
    changed = f", {outcomes['changed']} changed" if update else ""
    print_line(f"{outcomes['added']} added{changed}")
    if not (outcomes["added"] or outcomes["changed"]) and (not outcomes.total() or outcomes["refused"]):
        raise PeykError(f"{file}: no feed was added")


@app.command("export")
@command
async def export(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist, except with --force.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the sources with their properties to an OPML file, by category. It holds no secrets."""
    async with opened_database() as (_, database), database.read() as connection:
        listed = await listed_sources(connection)
    with replaced_file(file) if force else new_file(file) as part:
        part.write_bytes(write_opml(listed))
    print_line(f"{len(listed)} written to {file}")


def _read(file: Path) -> FeedList:
    with file.open("rb") as opened:
        body = opened.read(LIST_BYTES + 1)
    if len(body) > LIST_BYTES:
        raise PeykError(f"{file} is too large for a list of feeds")
    try:
        return read_opml(body)
    except SourceError as error:
        raise PeykError(f"{file} is no OPML: {error}") from None


async def _take(lists: SourceLists, listed: OpmlFeed, *, update: bool) -> tuple[str, ...]:
    """Add a source, or update a known one; return the outcome and what is said beside it."""
    try:
        url = str(checked_url(listed.url))
        known = await lists.known(url)
        if known is None:
            await lists.add(listed, url)
            return "added", url, listed.title
        differences = await lists.differences(known, listed)
        if not differences:
            return "already there", url, listed.title
        if update:
            await lists.update(known, listed)
    except PeykError as error:
        return "refused", listed.url, in_words(error)
    return "changed" if update else "differs", url, listed.title, "; ".join(map(_in_words, differences))


def _in_words(difference: Difference) -> str:
    before = f"{difference.before or '-'} -> " if difference.before or difference.name != "rule" else ""
    return f"{difference.name}: {before}{difference.after or '-'}"
