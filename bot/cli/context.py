"""The base of every command of the command line: settings, the database, and one clear line for each error."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.clock import now_ms
from bot.config import Settings, load_settings
from bot.errors import PeykError, UserError
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.importer import Importer
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.text_reader import TextReader
from bot.locales.catalog import Catalog
from bot.render.html import strip_tags
from persian.foreign_text import printable
from storage.engine.bootstrap import opened
from storage.engine.database import Database
from storage.engine.migrate import SchemaTooNewError

P = ParamSpec("P")
LANGUAGE = "en"
"""The language of the command line."""


def command(act: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async command; an expected error becomes one line on standard error and exit status 1."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            asyncio.run(act(*args, **kwargs))
        except (PeykError, SchemaTooNewError) as error:
            fail(in_words(error))
        except SQLAlchemyError as error:
            fail(f"DATABASE_URL: the database cannot be used ({str(error.__cause__ or error).splitlines()[0]})")
        except OSError as error:
            fail(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return run


def fail(line: str) -> None:
    """Say on standard error why it failed, and exit with status 1."""
    complain(line)
    raise typer.Exit(1)


def complain(line: str) -> None:
    """Say a line on standard error."""
    sys.stderr.write(f"peyk: {logs.redact(printable(line))}\n")


def in_words(error: Exception) -> str:
    """Return an error as one plain line."""
    if isinstance(error, UserError):
        texts = Catalog.load().bind(LANGUAGE, load_settings().zone)
        return " ".join(strip_tags(texts.html(error.key, **error.text_args)).split())
    return str(error)


def settings_for_command() -> Settings:
    """Read the settings; the log shows warnings only, so that output stays readable."""
    settings = load_settings()
    logs.set_up("WARNING", settings.log_format, settings.secrets)
    return settings


@asynccontextmanager
async def opened_database() -> AsyncIterator[tuple[Settings, Database]]:
    """The desk's database, migrated, whether or not the bot runs."""
    settings = settings_for_command()
    async with opened(settings.database_url, settings.zone) as database:
        yield settings, database


@asynccontextmanager
async def sources_of(settings: Settings) -> AsyncIterator[tuple[Fetcher, Parser]]:
    """Yield the fetcher and the reader of sources, and close them afterwards."""
    fetcher = Fetcher(now_ms, allow=AllowList(settings.allow_private_hosts), proxy=settings.fetch_proxy or "")
    parser = Parser(processes=1)
    try:
        yield fetcher, parser
    finally:
        await parser.close()
        await fetcher.close()


@asynccontextmanager
async def importer_of(
    settings: Settings, database: Database, fetcher: Fetcher, parser: Parser
) -> AsyncIterator[Importer]:
    """An importer; a running bot finds what it published at its next look."""
    texts = TextReader(settings.zone)
    try:
        yield Importer(database, fetcher, parser, texts, clock=now_ms, zone=settings.zone, wake=wakes_nobody)
    finally:
        await texts.close()


def text_of_input(file: str) -> str:
    """Return the text of a file, or of standard input for "-". Raises PeykError for one that is no text."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return body.decode()
    except UnicodeDecodeError:
        raise PeykError(f"{file}: this is no text in UTF-8") from None


def wakes_nobody() -> None:
    """Stand in for the worker that is woken: a running Peyk finds what is due at its next look."""


def print_records(headings: Sequence[str], records: Iterable[Sequence[object]]) -> None:
    """Print records: a table on a terminal, else one a line, its fields parted by tabs, nothing cut."""
    rows = [[in_one_line(value) for value in record] for record in records]
    if sys.stdout.isatty():
        table = Table(*headings, header_style="bold")
        for row in rows:
            # As it is: what stands in brackets is no style.
            table.add_row(*map(Text, row))
        Console().print(table)
        return
    for row in rows:
        sys.stdout.write("\t".join(row) + "\n")


@contextmanager
def told_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Tell how far long work is by (part, done, total): bars on a terminal, else a line for each part done."""
    if not sys.stdout.isatty():
        yield lambda part, done, total: print_records((), [(part, total)] * (done == total))
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(part, total=total)
            bars.update(tasks[part], completed=done)

        yield tell


def print_line(line: str) -> None:
    """Print a line, or several in one text."""
    sys.stdout.write(f"{printable(line)}\n")
    sys.stdout.flush()


def in_one_line(value: object) -> str:
    """Return a value as a text that leaves the line, the table and the terminal as they are."""
    return " ".join(printable(str(value)).split())
