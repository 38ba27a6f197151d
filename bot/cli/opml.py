"""peyk opml: the list of sources from and to other programs, and from and to another Peyk."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.bounds import LIST_BYTES
from bot.cli.context import STANDARD, command, complain, hint, in_words, opened_database, print_line, print_records
from bot.clock import now_ms
from bot.errors import PeykError, SourceError
from bot.ingest.sources.opml import FeedList, OpmlFeed, read_opml, write_opml
from bot.ingest.sources.source_lists import (
    Difference,
    ImportedSource,
    ListOutcome,
    SourceLists,
    listed_sources,
    rules_of_all,
)
from storage.engine.private_files import new_file, replaced_file

app = typer.Typer(help="Sources from and to OPML files.", no_args_is_help=True)

_AT_ONCE = 500  # sources that share a transaction


@app.command("import")
@command
async def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file. `-` reads standard input.")],
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Give known sources the properties that the file gives them. Without it, the command only "
            "says what differs. Rules and sections that only the source has stay.",
        ),
    ] = False,
) -> None:
    """Add the sources of an OPML file. The folder around a feed means its category, which is made if it is unknown.

    Each is one line: added, already there, differs, changed or refused; address, title, and what differs or why.
    Status 1 where nothing was added or changed and something was refused.
    """
    feed_list = _read(file)
    print_records((), [("refused", logs.redact(piece), reason) for piece, reason in feed_list.refused])
    async with opened_database() as (_, database):
        lists = SourceLists(database, now_ms)
        outcomes = await _import_feeds(lists, feed_list.feeds, update=update)
        outcomes[ListOutcome.REFUSED] += len(feed_list.refused)
        rules = await lists.import_rules(feed_list.rules, update=update)
    if rules is None:
        complain("the list has other rules for all sources; --update adds them")
    changed = f", {outcomes[ListOutcome.CHANGED]} changed" if update else ""
    added = f", {rules} rules for all sources added" if rules else ""
    print_line(f"{outcomes[ListOutcome.ADDED]} added{changed}{added}")
    done = outcomes[ListOutcome.ADDED] + outcomes[ListOutcome.CHANGED] + (rules or 0)
    if not done and (not (outcomes.total() or feed_list.rules) or outcomes[ListOutcome.REFUSED]):
        raise PeykError(f"{_named(file)}: no feed was added")


async def _import_feeds(lists: SourceLists, feeds: Sequence[OpmlFeed], *, update: bool) -> Counter[ListOutcome]:
    """Add feeds, a line for each; return how many had which outcome."""
    outcomes: Counter[ListOutcome] = Counter()
    for start in range(0, len(feeds), _AT_ONCE):
        for imported in await lists.import_feeds(feeds[start : start + _AT_ONCE], update=update):
            outcomes[imported.outcome] += 1
            print_records((), [_record(imported)])
    return outcomes


@app.command("export")
@command
async def export(
    file: Annotated[
        Path,
        typer.Argument(
            help="The file to write. It must not exist, except with `--force`. `-` writes to standard output."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the sources with their properties to an OPML file, by category. It holds no secrets."""
    async with opened_database() as (_, database), database.read() as connection:
        listed, rules = await listed_sources(connection), await rules_of_all(connection)
    body = write_opml(listed, rules)
    if file == STANDARD:
        sys.stdout.buffer.write(body + b"\n")
        sys.stdout.flush()
        hint(f"{len(listed)} written to standard output")
        return
    with replaced_file(file) if force else new_file(file) as part:
        part.write_bytes(body)
    print_line(f"{len(listed)} written to {file}")


def _read(file: Path) -> FeedList:
    if file == STANDARD:
        body = sys.stdin.buffer.read(LIST_BYTES + 1)
    else:
        with file.open("rb") as opened:
            body = opened.read(LIST_BYTES + 1)
    if len(body) > LIST_BYTES:
        raise PeykError(f"{_named(file)} is too large for a list of feeds")
    try:
        return read_opml(body)
    except SourceError as error:
        raise PeykError(f"{_named(file)} is no OPML: {error}") from None


def _named(file: Path) -> str:
    return "standard input" if file == STANDARD else str(file)


def _record(imported: ImportedSource) -> tuple[str, ...]:
    """Return what is printed of a source: its outcome, its address, its title or why it was refused, and more."""
    if imported.refusal is not None:
        return imported.outcome, logs.redact(imported.url), in_words(imported.refusal)
    columns = imported.outcome, imported.url, imported.title
    return (*columns, "; ".join(map(_in_words, imported.differences))) if imported.differences else columns


def _in_words(difference: Difference) -> str:
    before = f"{difference.before or '-'} -> " if difference.before or difference.name != "rule" else ""
    return f"{difference.name}: {before}{difference.after or '-'}"
