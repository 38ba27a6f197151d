"""Records, lines and progress on standard output."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.cli.base import hint
from persian.foreign_text import printable

AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON array, an object for each record.")]
"""The option of a listing for other programs."""


_NEVER_BARE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def print_records(
    headings: Sequence[str], records: Iterable[Sequence[object]], *, as_json: bool = False, empty: str = ""
) -> None:
    """Print records: a table on a terminal, else one a line, its fields parted by tabs, nothing cut.

    With `as_json`, print one JSON array. Where there are none, say `empty` on standard error.
    """
    if as_json:
        print_json(json_records(headings, records))
        return
    rows = [[in_one_line(value) for value in record] for record in records]
    if not rows and empty:
        hint(empty)
    elif sys.stdout.isatty():
        _print_table(headings, rows)
    else:
        for row in rows:
            sys.stdout.write("\t".join(row) + "\n")


def json_records(headings: Sequence[str], records: Iterable[Sequence[object]]) -> list[dict[str, object]]:
    """Return records as objects whose keys are the headings, with underscores for spaces."""
    keys = [heading.replace(" ", "_") for heading in headings]
    return [dict(zip(keys, record, strict=True)) for record in records]


def print_json(value: object) -> None:
    """Print a value as JSON; what JSON does not know is printed as its text.

    What would move a terminal's cursor or turn its lines is escaped, and so is half of a letter.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(_NEVER_BARE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")
    sys.stdout.flush()


def print_line(line: str) -> None:
    """Print a line, or several in one text."""
    sys.stdout.write(f"{printable(line)}\n")
    sys.stdout.flush()


def in_one_line(value: object) -> str:
    """Return a value as a text that leaves the line, the table and the terminal as they are."""
    return " ".join(printable(str(value)).split())


@contextmanager
def progress_reports() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that reports progress by (part, done, total): bars on a terminal, else a line per part."""
    if not sys.stdout.isatty():
        yield lambda part, done, total: print_records((), [(part, total)] * (done == total))
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bars:
        tasks: dict[str, TaskID] = {}

        def show_progress(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(part, total=total)
            bars.update(tasks[part], completed=done)

        yield show_progress


def _print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # Slow to import, and of use on a terminal alone.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, header_style="bold")
    for row in rows:
        # As it is: what stands in brackets is no style.
        table.add_row(*map(Text, row))
    Console().print(table)
