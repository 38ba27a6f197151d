"""peyk import, and peyk articles except its list."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.bounds import FILE_BYTES
from bot.cli.context import (
    command,
    complain,
    in_one_line,
    in_words,
    opened_database,
    print_line,
    print_records,
    wakes_nobody,
)
from bot.cli.destination import Destination
from bot.cli.provenance import provenance
from bot.cli.source_access import importer_of, sources_of
from bot.clock import now_ms
from bot.errors import PeykError
from bot.ingest.sources.sealing import sealer_of
from bot.ingest.sources.source_requests import SourceRequests
from bot.ingest.storing.upsert import Outcome
from bot.newsroom.story_joining import StoryJoining
from bot.render.html import strip_tags
from persian.digits import to_ascii
from persian.jalali import format_ascii
from storage import articles, audit
from storage.engine.database import Database
from storage.records import Article, Block, BlockKind, Media

_OUTCOMES = {
    Outcome.NEW: "new",
    Outcome.REVISED: "revised",
    Outcome.CORRECTED: "revised",
    Outcome.SAME: "already there",
}


@command
async def import_(
    what: Annotated[
        list[str], typer.Argument(metavar="FILE|URL...", help="Files or addresses. `-` reads standard input.")
    ],
    category: Annotated[str, typer.Option(help="The category. Peyk creates an unknown category.")] = "",
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish and push the articles. Without it, they become drafts.")
    ] = False,
) -> None:
    """Import article pages, as HTML or as text copied from a browser: id, outcome, state, title."""
    failed = False
    async with (
        opened_database() as (settings, database),
        sources_of(settings) as site,
        importer_of(database, site) as importer,
    ):
        requests = SourceRequests(database, sealer_of(settings), now_ms)
        for place in what:
            try:
                if re.match(r"https?://", place, re.IGNORECASE):
                    candidate = await importer.read_address(place, profile=await requests.profile_for(place))
                else:
                    candidate = await importer.read_file(_read(place))
                upserted = await importer.store(candidate, category=category, publish=publish)
            except (PeykError, OSError) as error:
                failed = True
                reason = error.strerror if isinstance(error, OSError) else in_words(error)
                complain(f"{place}: {reason}")
                continue
            async with database.read() as connection:
                stored = await articles.get(connection, upserted.article_id)
            assert stored is not None, "stored a moment ago"
            print_records((), [(stored.id, _OUTCOMES[upserted.outcome], stored.state, stored.content.title)])
    if failed:
        raise typer.Exit(1)


@command
async def show(
    number: Annotated[str, typer.Argument(metavar="ID", help="The news number of the article.")],
) -> None:
    """Show an article: every field, how it came in, and the whole body."""
    article_id = _number(number)
    async with opened_database() as (settings, database), database.read() as connection:
        article = await articles.get(connection, article_id)
        if article is None:
            raise PeykError(f"there is no article {article_id}")
        came = await provenance(connection, article, settings.zone)
    content = article.content
    fields = [
        ("id", article.id),
        ("state", article.state),
        ("category", f"{article.category.slug} ({article.category.name_fa})"),
        ("date", format_ascii(_date(article), settings.zone)),
        ("revision", article.revision),
        ("language", article.language),
        ("source", article.origin),
        ("source number", article.source_number),
        ("url", article.url),
        *came,
        ("link", content.link),
        ("photo", content.photo),
        *([("media", _medium(medium)) for medium in content.media] or [("media", "")]),
        ("section", content.section),
        ("byline", content.byline),
        ("tags", ", ".join(content.tags)),
        ("note", content.note),
        ("title", content.title),
        ("lead", content.lead),
    ]
    for name, value in fields:
        print_line(f"{name}: {in_one_line(value)}")
    print_line("")
    for block in content.body:
        print_line(_plain(block))


@command
async def join(
    number: Annotated[str, typer.Argument(metavar="ID", help="The news number of the article.")],
    first: Annotated[
        str,
        typer.Argument(
            metavar="FIRST",
            help="The news number of a published article. If it tells the story of another one again, that "
            "one counts.",
        ),
    ],
) -> None:
    """Make an article part of another one's story: id, state, number of the story's first article.

    A published article stays published; any other becomes folded.
    """
    async with opened_database() as (_, database):
        joined = await _joining(database).join(_number(number), _number(first), actor_id=audit.COMMAND_LINE)
    print_records(("id", "state", "story"), [(joined.id, joined.state, joined.story_id)])


@command
async def separate(
    number: Annotated[str, typer.Argument(metavar="ID", help="The news number of the article.")],
    to: Annotated[
        Destination,
        typer.Option(
            help="What becomes of a folded article: `review` has it wait at the gate, `publish` publishes "
            "and pushes it. An article in another state keeps it with `review`."
        ),
    ] = Destination.REVIEW,
) -> None:
    """Separate an article from the story that it tells again: id, state."""
    async with opened_database() as (_, database):
        separated = await _joining(database).separate(
            _number(number), actor_id=audit.COMMAND_LINE, publish=to is Destination.PUBLISH
        )
    print_records(("id", "state"), [(separated.id, separated.state)])


def _joining(database: Database) -> StoryJoining:
    return StoryJoining(database, now_ms, wakes_nobody)


def _number(written: str) -> int:
    """Return the number of an article. Raises PeykError for any other text."""
    digits = to_ascii(written)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 13):
        raise PeykError(f"{written} is no article's number")
    return int(digits)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(FILE_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(FILE_BYTES + 1)


def _date(article: Article) -> int:
    return article.published_at or article.created_at


def _medium(media: Media) -> str:
    """Return an attachment in one line: its kind, a source's address and what is known of it, its name or title."""
    facts = (
        media.mime,
        f"{media.width}x{media.height}" if media.width and media.height else "",
        f"{media.duration} s" if media.duration else "",
        f"{media.size} bytes" if media.size else "",
    )
    facts_line = ", ".join(filter(None, facts))
    parts = (
        media.kind,
        media.file if media.is_foreign else "",
        f"({facts_line})" if facts_line else "",
        media.name,
        media.title,
    )
    return " ".join(filter(None, parts))


def _plain(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return f"\n## {strip_tags(block.html)}\n"
        case BlockKind.LIST:
            return "\n".join(_points(block))
        case BlockKind.TABLE:
            return "\n".join(" | ".join(map(strip_tags, row)) for row in block.rows)
        case BlockKind.IMAGE:
            return f"[{block.url}] {strip_tags(block.html)}".rstrip()
        case BlockKind.QUOTE:
            return "\n".join(f"> {line}" for line in strip_tags(block.html).splitlines())
        case _:
            return strip_tags(block.html)


def _points(block: Block) -> Iterator[str]:
    """Yield the points of a list, each behind its number or a dash."""
    for number, item in enumerate(block.items, 1):
        yield f"{number}. {strip_tags(item)}" if block.ordered else f"- {strip_tags(item)}"
