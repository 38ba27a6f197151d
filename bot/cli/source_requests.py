"""peyk sources request: set, show, remove, rekey."""

from typing import Annotated

import typer

from bot.cli.context import AsJson, command, complain, opened_database, print_line, print_records, text_of_input
from bot.cli.source_lookup import find
from bot.clock import now_ms
from bot.config import Settings
from bot.ingest.sources.key_change import change_key
from bot.ingest.sources.sealing import sealer_of
from bot.ingest.sources.source_requests import SourceRequests
from storage import audit
from storage.engine.database import Database
from storage.records import RequestPart

app = typer.Typer(no_args_is_help=True)

OfSource = Annotated[str, typer.Argument(help="The id or address of the source.")]
Part = Annotated[RequestPart, typer.Argument(help="`user-agent`, `header`, `cookie`, `login` or `proxy`.")]


@app.command("set")
@command
async def set_(
    source: OfSource,
    part: Part,
    file: Annotated[
        str,
        typer.Argument(
            help="A file with the value, or `-` for standard input. `header`: lines `Name: value`; "
            "`cookie`: `name=value`, several separated by `;`; `login`: `user:password`; `proxy`: an "
            "`http` or `socks5` address."
        ),
    ],
    at: Annotated[
        str,
        typer.Option(
            help="Another address of the same site, to which the part is sent. Without it, the source's "
            "own address counts."
        ),
    ] = "",
) -> None:
    """Set a part of a source's requests. Its value is encrypted and never shown; the source is fetched at once."""
    text = text_of_input(file)
    async with opened_database() as (settings, database):
        stored = await find(database, source)
        await _requests(settings, database).set(stored.id, part, text, actor_id=audit.COMMAND_LINE, at=at)
    print_line(f"set {part} of {stored.url}")


@app.command()
@command
async def show(source: OfSource, as_json: AsJson = False) -> None:
    """List what is set: part, name, the origin to which it is sent, and set or unreadable. No value is shown."""
    async with opened_database() as (settings, database):
        stored = await find(database, source)
        requests = _requests(settings, database)
    print_records(
        ("part", "name", "origin", "state"),
        [
            (
                request_setting.part,
                request_setting.name or "-",
                request_setting.origin or "-",
                "set" if requests.is_readable(request_setting) else "unreadable",
            )
            for request_setting in stored.requests
        ],
        as_json=as_json,
        empty="nothing is set for this source",
    )


@app.command()
@command
async def remove(
    source: OfSource,
    part: Part,
    name: Annotated[str, typer.Argument(help="The name of the header or cookie.")] = "",
) -> None:
    """Remove a part of a source's requests."""
    async with opened_database() as (settings, database):
        stored = await find(database, source)
        await _requests(settings, database).remove(stored.id, part, name, actor_id=audit.COMMAND_LINE)
    print_line(f"removed {part} of {stored.url}")


@app.command()
@command
async def rekey() -> None:
    """Encrypt what is set for all sources with the key of today.

    A key file beside the database gets a new key first. A key of the settings is changed there: see
    `OLD_SECRET_KEY`. The bot may run.
    """
    async with opened_database() as (settings, database):
        change = await change_key(database, sealer_of(settings), now_ms, actor_id=audit.COMMAND_LINE)
    for url in change.unreadable:
        complain(f"{url}: a secret is encrypted with another key; it stays as it is")
    print_line(f"encrypted {change.renewed} secrets of {change.sources} sources")
    if change.unreadable:
        raise typer.Exit(1)


def _requests(settings: Settings, database: Database) -> SourceRequests:
    return SourceRequests(database, sealer_of(settings), now_ms)
