"""peyk sources: add, edit, list, remove, pause, resume, check, discover, section, request, rules."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

import httpx
import typer

from bot.bounds import LONGEST_INTERVAL
from bot.cli import source_requests, source_rules
from bot.cli.context import (
    AsJson,
    command,
    complain,
    opened_database,
    print_line,
    print_records,
    settings_for_command,
)
from bot.cli.destination import Destination
from bot.cli.source_check import check
from bot.cli.source_discovery import discover, discover_sources, print_found
from bot.cli.source_lookup import find
from bot.clock import now_ms
from bot.errors import PeykError, UserError
from bot.ingest.discovery.found_source import FoundBy
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.sources.source_admin import SourceAdmin, SourceEdit
from storage import audit, categories
from storage import sources as stored
from storage.engine.database import Database
from storage.records import Source, SourceKind, SourceState

_FEED_PATH = re.compile(r"\.(?:xml|rss|atom|rdf|json)$|/(?:feed|rss|atom)s?(?:/|$)", re.IGNORECASE)

app = typer.Typer(help="The sources of articles.", no_args_is_help=True)
app.command()(check)
app.command()(discover)
app.add_typer(
    source_requests.app,
    name="request",
    help="The requests of a source: user agent, headers, cookies, login, proxy.",
)
app.add_typer(source_rules.app, name="rules", help="Rules for what sources bring.")


@app.command()
@command
async def add(
    url: Annotated[str, typer.Argument(help="The address of the feed or page.")],
    category: Annotated[str, typer.Option(help="The category of its articles. Peyk creates an unknown category.")],
    kind: Annotated[
        SourceKind | None,
        typer.Option(
            help="`feed` is RSS, Atom or JSON Feed. `page` watches one address for changes. `listing` is a "
            "page of links to articles."
        ),
    ] = None,
    to: Annotated[
        Destination, typer.Option(help="`publish` publishes its items. `review` sends them to the gate.")
    ] = Destination.PUBLISH,
    *,
    selector: Annotated[str, typer.Option(help="The CSS selector of the links of a listing.")] = "",
    interval: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LONGEST_INTERVAL,
            help="The seconds between two fetches. When it is not set, `FETCH_INTERVAL` applies.",
        ),
    ] = None,
) -> None:
    """Add a source. The running bot fetches it within seconds; its first items are stored and not pushed.

    Where the address is a page and no kind is given, what its site offers is printed, and nothing is added.
    """
    address = str(checked_url(url))
    if kind is None:
        await _must_be_feed(address)
        kind = SourceKind.FEED
    async with opened_database() as (_, database):
        source = await SourceAdmin(database, now_ms).add(
            address,
            kind,
            category=category,
            review=to is Destination.REVIEW,
            options=stored.SourceOptions(selector, interval),
            actor_id=audit.COMMAND_LINE,
        )
        if source is None:
            raise PeykError(f"{address} is a source already")
        slug = await _slug(database, source.category_id)
    print_records(("id", "kind", "to", "category", "url"), [(source.id, source.kind, to, slug, source.url)])


async def _slug(database: Database, category_id: int) -> str:
    """Return the slug of a category, "" for one that is gone."""
    async with database.read() as connection:
        category = await categories.get(connection, category_id)
    return category.slug if category is not None else ""


@app.command()
@command
async def edit(
    source: Annotated[str, typer.Argument(help="The id or address of the source.")],
    url: Annotated[str | None, typer.Option(help="The new address.")] = None,
    title: Annotated[
        str | None,
        typer.Option(
            help="A name of your own, which stays when the site renames itself. `''` returns to what the "
            "site calls itself."
        ),
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="The category of its articles. Peyk creates an unknown category.")
    ] = None,
    *,
    to: Annotated[
        Destination | None, typer.Option(help="`publish` its items, or have them wait for an editor (`review`).")
    ] = None,
    interval: Annotated[
        int | None,
        typer.Option(min=0, max=LONGEST_INTERVAL, help="Seconds between fetches. `0` means `FETCH_INTERVAL`."),
    ] = None,
    selector: Annotated[str | None, typer.Option(help="The CSS selector of the links of a listing.")] = None,
) -> None:
    """Change what is given of a source. After a new address, its first items are stored and not pushed."""
    address = str(checked_url(url)) if url is not None else None
    review = to is Destination.REVIEW if to is not None else None
    changes = SourceEdit(
        url=address, title=title, category=category, review=review, interval=interval, selector=selector
    )
    async with opened_database() as (_, database):
        stored_source = await find(database, source)
        edited = await SourceAdmin(database, now_ms).edit(stored_source.id, changes, actor_id=audit.COMMAND_LINE)
    print_line(f"edited {edited.url}")


@app.command()
@command
async def section(
    source: Annotated[str, typer.Argument(help="The id or address of the source.")],
    name: Annotated[str, typer.Argument(help="The section, as the source names it.")],
    category: Annotated[str, typer.Argument(help="A category, by slug or name.")],
) -> None:
    """Choose the category of what a source files under one of its own sections."""
    async with opened_database() as (_, database):
        stored_source = await find(database, source)
        async with database.read() as connection:
            meant = categories.match(await categories.all_(connection), category)
        if meant is None:
            raise UserError("category-unknown", name=category[:60])
        await SourceAdmin(database, now_ms).learn_section(
            stored_source.id, name, meant.id, actor_id=audit.COMMAND_LINE
        )
    print_line(f"{name}: {meant.slug}")


@app.command("list")
@command
async def list_(as_json: AsJson = False) -> None:
    """List the sources: id, kind, publish or review, category, state, address, title."""
    async with opened_database() as (_, database), database.read() as connection:
        sources = await stored.all_(connection)
        slugs = {category.id: category.slug for category in await categories.all_(connection)}
    print_records(
        ("id", "kind", "to", "category", "state", "url", "title"),
        [
            (
                source.id,
                source.kind,
                Destination.REVIEW if source.review else Destination.PUBLISH,
                slugs[source.category_id],
                _state(source),
                source.url,
                source.title,
            )
            for source in sources
        ],
        as_json=as_json,
        empty="there is no source yet; `peyk sources add` adds one",
    )


@app.command()
@command
async def remove(source: Annotated[str, typer.Argument(help="The id or address of the source.")]) -> None:
    """Remove a source; the articles that it brought stay."""
    print_line(f"removed {await _act_on(source, SourceAdmin.remove)}")


@app.command()
@command
async def pause(source: Annotated[str, typer.Argument(help="The id or address of the source.")]) -> None:
    """Fetch a source no more until it is resumed."""
    print_line(f"paused {await _act_on(source, SourceAdmin.pause)}")


@app.command()
@command
async def resume(source: Annotated[str, typer.Argument(help="The id or address of the source.")]) -> None:
    """Fetch a source again that was paused or has ended; the running bot does so within seconds."""
    print_line(f"resumed {await _act_on(source, SourceAdmin.resume)}")


async def _act_on(written: str, act: Callable[..., Awaitable[None]]) -> str:
    """Run an act on the source of an id or address; return its address."""
    async with opened_database() as (_, database):
        source = await find(database, written)
        await act(SourceAdmin(database, now_ms), source.id, actor_id=audit.COMMAND_LINE)
    return source.url


async def _must_be_feed(address: str) -> None:
    """Print what a site offers as sources, and raise PeykError, where an address is no feed but a page.

    An address whose path ends as those of feeds do is taken as it is, and so is one that cannot be read now.
    """
    if _FEED_PATH.search(httpx.URL(address).path):
        return
    try:
        sources = await discover_sources(settings_for_command(), address)
    except PeykError as error:
        complain(f"{error}; added without a look at it")
        return
    if any(
        found_source.found_by is FoundBy.ADDRESS and found_source.kind is SourceKind.FEED
        for found_source in sources
    ):
        return
    if not sources:
        raise PeykError(f"{address} is no feed, and its site offers none; --kind feed adds it all the same")
    print_found(sources)
    raise PeykError(f"{address} is no feed; add one of these addresses, a listing with --kind and --selector")


def _state(source: Source) -> str:
    if source.state is not SourceState.ACTIVE:
        return source.state
    if source.failures:
        return f"failing: {source.last_error}"
    return "ok" if source.fetched_at else "new"
