"""The mapping of an article and its newest revision to their rows."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal_column, select

from storage.engine.connection import Connection
from storage.engine.prepared import PreparedStatement
from storage.long_texts import letters_of, without_blocking
from storage.malformed import UNREADABLE, MalformedRowError, readable
from storage.records import Article, ArticleState, Block, BlockKind, Category, Content, Media, MediaKind
from storage.schema import article, category, revision

_REVISION = [column for column in revision.c if column.name != "body"]
_REST: tuple[Any, ...] = (
    article,
    category,
    *_REVISION,
    category.c.id.label("joined_category_id"),
    revision.c.created_at.label("revised_at"),
)
_ROWS: Select[Any] = select(*_REST, revision.c.body)
_NEWEST = article.join(category, article.c.category_id == category.c.id).join(
    revision, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
)
FULL = _ROWS.select_from(_NEWEST)
"""Selects articles as `article_of` reads them."""

BODILESS: Select[Any] = select(*_REST, literal_column("'[]'").label("body")).select_from(_NEWEST)
"""Selects articles for lists: without their bodies, which are long."""

AS_IT_WAS = _ROWS.select_from(
    article.join(revision, revision.c.article_id == article.c.id).join(
        category, category.c.id == revision.c.category_id
    )
)
"""Selects each revision that an article ever had, in the same form."""


async def insert_revision(
    tx: Connection,
    article_id: int,
    number: int,
    content: Content,
    *,
    editor_id: int | None,
    now: int,
    category_id: int,
) -> None:
    """Add a revision; whether it is the newest says the article's own row."""
    row = await without_blocking(
        letters_of(content),
        lambda: revision_row(article_id, number, content, editor_id, now=now, category_id=category_id),
    )
    await tx.write_many(INSERT_REVISION, [revision_parameters(row)])


def revision_row(
    article_id: int, number: int, content: Content, editor_id: int | None, *, now: int, category_id: int
) -> dict[str, Any]:
    """Return a revision as its row holds it. The column of the section is called desk."""
    blocks = [_given(block) for block in content.body]
    return {
        "article_id": article_id,
        "number": number,
        "category_id": category_id,
        "title": content.title,
        "lead": content.lead,
        "body": json.dumps(blocks, ensure_ascii=False, separators=(",", ":")),
        "photo": content.photo,
        "media": stored_media(content.media),
        "desk": content.section,
        "byline": content.byline,
        "link": content.link,
        "tags": json.dumps(content.tags, ensure_ascii=False),
        "note": content.note,
        "editor_id": editor_id,
        "created_at": now,
    }


def revision_parameters(row: dict[str, Any]) -> dict[str, Any]:
    """Return a revision's row under the names of INSERT_REVISION's parameters."""
    return {f"new_{name}": value for name, value in row.items()}


INSERT_REVISION = PreparedStatement(
    revision.insert().values({column.name: bindparam(f"new_{column.name}") for column in revision.c})
)
"""Inserts a revision."""


def article_of(row: Any) -> Article:
    """Return the article of a row of FULL. Raises MalformedRowError."""
    try:
        return _article_of(row)
    except UNREADABLE as error:
        raise MalformedRowError("article", row.id, error) from error


def articles_of(rows: Iterable[Any]) -> list[Article]:
    """Return the articles of rows of FULL; a malformed one is logged and left out."""
    return readable("article", rows, article_of)


def _article_of(row: Any) -> Article:
    return Article(
        id=row.id,
        state=ArticleState(row.state),
        category=Category(row.joined_category_id, row.slug, row.name_fa, row.name_en),
        content=content_of(row),
        revision=row.revision,
        language=row.language,
        url=row.url,
        origin=row.origin,
        source_number=row.source_number,
        author_id=row.author_id,
        published_at=row.published_at,
        released_at=row.released_at,
        ordinal=row.ordinal,
        scheduled_at=row.scheduled_at,
        breaking=row.breaking,
        created_at=row.created_at,
        updated_at=row.updated_at,
        source_id=row.source_id,
        story_id=row.story_id,
        scheduled_by=row.scheduled_by,
        follows_id=row.follows_id,
    )


def content_of(row: Any) -> Content:
    """Return what the revision in a row says."""
    return Content(
        title=row.title,
        lead=row.lead,
        body=tuple(_block(block) for block in _listed(row.body)),
        photo=row.photo,
        media=read_media(row.media),
        section=row.desk,
        byline=row.byline,
        link=row.link,
        tags=tuple(_listed(row.tags)),
        note=row.note,
    )


def stored_media(media: Iterable[Media]) -> str:
    """Return media as a column holds them."""
    return json.dumps([_given(medium) for medium in media], ensure_ascii=False)


def read_media(stored: str) -> tuple[Media, ...]:
    """Return the media of a column. Raises one of `storage.malformed.UNREADABLE`."""
    return tuple(Media(**{**fields, "kind": MediaKind(fields["kind"])}) for fields in _listed(stored))


def _given(part: Block | Media) -> dict[str, Any]:
    """Return the fields of a block or a medium that are not empty."""
    return {key: value for key, value in asdict(part).items() if value}


def _listed(stored: str) -> list[Any]:
    return [] if stored == "[]" else list(json.loads(stored))


def _block(data: dict[str, Any]) -> Block:
    return Block(**{**data, "kind": BlockKind(data["kind"]), "items": tuple(data.get("items", ()))})
