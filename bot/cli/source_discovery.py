"""peyk sources discover: what a site offers as sources."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from bot.cli.context import AsJson, command, opened_database, print_records, settings_for_command
from bot.cli.source_access import sources_of
from bot.cli.source_lookup import find
from bot.config import Settings
from bot.errors import PeykError, SourceError
from bot.ingest.discovery.discovery import Discovery
from bot.ingest.discovery.found_source import FoundSource
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.fetch.request_profile import PLAIN, RequestProfile
from bot.ingest.fetch.request_settings import profile_of
from bot.ingest.sources.sealing import sealer_of


@command
async def discover(
    url: Annotated[str, typer.Argument(help="Any address of the site.")],
    as_source: Annotated[
        str, typer.Option("--as", help="The id or address of a source. Requests carry what is set for it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Discover the sources of a site: kind, address, selector, items, how it was found, title, newest headline.

    Nothing is stored; `peyk sources add` takes what is printed. Status 1 where nothing was found.
    """
    settings = settings_for_command()
    profile = PLAIN
    if as_source:
        async with opened_database() as (_, database):
            profile = profile_of((await find(database, as_source)).requests, sealer_of(settings))
    sources = await discover_sources(settings, str(checked_url(url)), profile)
    if not sources:
        raise PeykError(f"{url}: no feed, news sitemap or list of headlines found")
    print_found(sources, as_json=as_json)


async def discover_sources(
    settings: Settings, address: str, profile: RequestProfile = PLAIN
) -> Sequence[FoundSource]:
    """Return what the site of an address offers as sources. Raises PeykError where it cannot be read."""
    async with sources_of(settings) as site:
        try:
            return await Discovery(site.with_profile(profile)).discover(address)
        except SourceError as error:
            raise PeykError(f"{address}: {error}") from None


def print_found(sources: Iterable[FoundSource], *, as_json: bool = False) -> None:
    """Print what a site offers as sources."""
    print_records(
        ("kind", "url", "selector", "items", "found by", "title", "newest"),
        [
            (
                source.kind,
                source.url,
                source.selector or "-",
                source.count,
                source.found_by,
                source.title or "-",
                source.newest[0].content.title if source.newest else "-",
            )
            for source in sources
        ],
        as_json=as_json,
    )
