"""peyk sources check: what is at an address, and where each field of its items comes from."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.context import AsJson, command, opened_database, print_json, print_records
from bot.cli.printing import json_records
from bot.cli.source_access import sources_of
from bot.cli.source_lookup import all_sources, find_if_known
from bot.errors import PeykError, SourceError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.fetch.request_profile import PLAIN
from bot.ingest.fetch.request_settings import profile_of
from bot.ingest.routing.category_words import category_of
from bot.ingest.source_report import ItemReport, Omission, SourceReport
from bot.ingest.sources.sealing import sealer_of
from bot.ingest.sources.source_check import CheckedSource, PageCheck, SourceCheck
from bot.render.html import cut
from persian.jalali import format_ascii
from storage import categories
from storage.engine.database import Database
from storage.records import Category, Source, SourceKind

_VALUE = 120
_LINE = ("id", "state", "url", "detail")
_DETAIL = ("part", "field", "value", "from")
_Line = tuple[int | str, str, str, str]
_Detail = tuple[str, str, str, str]
"""The part of the source, the field or act, the value, and where it comes from."""


@command
async def check(
    source: Annotated[
        str,
        typer.Argument(
            help="The id or address of one source, or any other address. Without it, the command checks "
            "all sources."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fetch and read sources now without storing anything: id, ok or failed, address, what was found or why not.

    Of a single one, further lines tell for each field of its newest items and of their pages where it comes from:
    part, field, value, origin.
    """
    async with opened_database() as (settings, database), sources_of(settings) as site:
        sealer = sealer_of(settings)

        def checker_of(known: Source | None) -> SourceCheck:
            profile = profile_of(known.requests, sealer) if known is not None else PLAIN
            return SourceCheck(site.with_profile(profile))

        lines, checks = [], []
        for known, url in await _addresses(database, source):
            line, checked = await _checked(checker_of, known, url, pages=bool(source))
            lines.append(line)
            checks.append(checked)
            if not as_json:
                print_records((), [line])
        async with database.read() as connection:
            sections = await categories.all_(connection)
    details = [*_details(checks[0], sections, settings.zone)] if source and checks[0] is not None else []
    if as_json:
        print_json({"sources": json_records(_LINE, lines), "details": json_records(_DETAIL, details)})
    elif details or not lines:
        print_records(_DETAIL, details, empty="there is no source yet; `peyk sources add` adds one")
    if None in checks:
        raise typer.Exit(1)


async def _addresses(database: Database, source: str) -> list[tuple[Source | None, str]]:
    """Return the address of one source, or any other, each behind its source; those of all sources for ""."""
    if not source:
        return [(known, known.url) for known in await all_sources(database)]
    known = await find_if_known(database, source)
    return [(known, _address(known, source))]


def _address(known: Source | None, written: str) -> str:
    """Return the address to check. Raises PeykError for what is neither a source nor a web address."""
    if known is not None:
        return known.url
    if written.isdigit():
        raise PeykError(f"there is no source {written}; see `peyk sources list`")
    try:
        return str(checked_url(written if "://" in written else f"https://{written}"))
    except SourceError as error:
        raise PeykError(f"{written}: {error}") from None


async def _checked(
    checker_of: Callable[[Source | None], SourceCheck], known: Source | None, url: str, *, pages: bool
) -> tuple[_Line, CheckedSource | None]:
    """Check an address. Return its line, and what was found, None where it failed."""
    id_ = known.id if known is not None else "-"
    kind, selector = (known.kind, known.selector) if known is not None else (None, "")
    try:
        checked = await checker_of(known).check(url, kind, selector, pages=pages)
    except SourceError as error:
        return (id_, "failed", url, str(error)), None
    return (id_, "ok", url, _in_words(checked.report)), checked


def _in_words(report: SourceReport) -> str:
    newest = report.items[0] if report.items else None
    title = (_field(newest, "title") or newest.url) if newest is not None else "-"
    match report.kind:
        case SourceKind.FEED:
            return f"{report.count} items; newest: {title}"
        case SourceKind.PAGE:
            return f"{_field(newest, 'system') if newest is not None else ''} page: {title}"
        case SourceKind.LISTING:
            return f"{report.count} links; first: {title}"


def _field(item: ItemReport, name: str) -> str:
    return next((field.value for field in item.fields if field.name == name), "")


def _details(checked: CheckedSource, known: Sequence[Category], zone: ZoneInfo) -> Iterator[_Detail]:
    """Yield the report of a check, part by part."""
    report = checked.report
    yield "source", "kind", report.kind, report.form
    if report.title and report.kind is not SourceKind.PAGE:
        yield "source", "title", report.title, report.form
    if report.selector:
        yield "source", "selector", report.selector, "proposed by the classes around the headlines"
    if report.doubt:
        yield "source", "doubt", report.doubt, "this page is not an article"
    for place, item in enumerate(report.items, 1):
        yield from _of_item(f"item {place}", item, known, zone)
    yield from _of_omissions("source", report.omissions)
    for place, page in enumerate(checked.pages, 1):
        yield from _of_page(f"page {place}", page, known, zone)


def _of_page(part: str, page: PageCheck, known: Sequence[Category], zone: ZoneInfo) -> Iterator[_Detail]:
    if page.report is None:
        yield part, "failed", page.url, page.trouble
        return
    if page.trouble:
        yield part, "doubt", page.url, page.trouble
    for item in page.report.items:
        yield from _of_item(part, item, known, zone)
    yield from _of_omissions(part, page.report.omissions)


def _of_item(part: str, item: ItemReport, known: Sequence[Category], zone: ZoneInfo) -> Iterator[_Detail]:
    yield part, "url", item.url, "-"
    for field in item.fields:
        yield part, field.name, cut(field.value, _VALUE), field.origin
    if item.date is not None:
        zoned = "with its zone" if item.date.has_zone else f"in {zone.key}"
        day = ", no time" if item.date.is_day else ""
        origin = f"{item.date.origin}: {cut(item.date.words, _VALUE)} ({zoned}{day})"
        yield part, "date", format_ascii(item.date.at, zone), origin
    for section in item.sections:
        yield part, section.name, section.value, section.origin
    meant = next((section for section in item.sections if category_of([section.value], known)), None)
    if meant is not None and (category := category_of([meant.value], known)) is not None:
        yield part, "category", category.slug, f"section {meant.value}"


def _of_omissions(part: str, omissions: Sequence[Omission]) -> Iterator[_Detail]:
    for omission in omissions:
        yield part, "left out", f"{omission.count} {omission.what}", omission.reason
