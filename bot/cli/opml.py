"""peyk opml: the list of sources from and to other programs (OPML 2.0, opml.org/spec2.opml)."""

from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer
from sqlalchemy.exc import IntegrityError

from bot.cli.context import command, opened_database, print_line, print_records
from bot.clock import now_ms
from bot.errors import PeykError, SourceError
from bot.ingest.fetch.fetcher import checked_url
from bot.ingest.importer import GENERAL, named_category
from storage import audit, categories, sources
from storage.records import SourceKind

app = typer.Typer(no_args_is_help=True)

_LARGEST = 5_000_000


@app.command("import")
@command
async def import_(file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file; an outline around them names their category."""
    if file.stat().st_size > _LARGEST:
        raise PeykError(f"{file} is too large for a list of feeds")
    try:
        # The operator's own file; expat itself stops entities that grow.
        body = ElementTree.parse(file).getroot().find("body")  # noqa: S314
    except ElementTree.ParseError as error:
        raise PeykError(f"{file} is no OPML: {error}") from None
    if body is None:
        raise PeykError(f"{file} is no OPML: it has no body")
    added = []
    async with opened_database() as (_, database):
        for url, title, category in _feeds(body, ""):
            try:
                address = str(checked_url(url))
            except SourceError as error:
                print_records((), [("refused", url, error)])
                continue
            try:
                async with database.write() as tx:
                    section = await named_category(tx, category or GENERAL)
                    await sources.add(
                        tx,
                        address,
                        kind=SourceKind.FEED,
                        category_id=section.id,
                        review=False,
                        now=now_ms(),
                        title=title,
                    )
                    detail = f"{address} · {section.slug} · publish"
                    await audit.note(tx, audit.COMMAND_LINE, "add_source", now=now_ms(), detail=detail)
            except IntegrityError:
                print_records((), [("already there", address, title)])
                continue
            added.append(address)
            print_records((), [("added", address, title)])
    print_line(f"{len(added)} added")


@app.command("export")
@command
async def export(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the feeds to an OPML file, by category."""
    async with opened_database() as (_, database), database.read() as connection:
        known = await sources.all_(connection)
        sections = await categories.all_(connection)
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Peyk"
    body = ElementTree.SubElement(root, "body")
    count = 0
    for section in sections:
        feeds = [one for one in known if one.category_id == section.id and one.kind is SourceKind.FEED]
        if not feeds:
            continue
        group = ElementTree.SubElement(body, "outline", text=section.name_fa, title=section.name_fa)
        for feed in feeds:
            name = feed.title or feed.url
            ElementTree.SubElement(group, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
            count += 1
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    print_line(f"{count} written to {file}")


def _feeds(parent: ElementTree.Element, category: str) -> list[tuple[str, str, str]]:
    """Return (address, title, category) of every feed below an outline."""
    found = []
    for outline in parent.findall("outline"):
        name = outline.get("text") or outline.get("title") or ""
        if url := outline.get("xmlUrl"):
            found.append((url, name, category))
        found += _feeds(outline, name if not outline.get("xmlUrl") else category)
    return found
