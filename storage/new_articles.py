"""New articles in bulk: each batch is a few statements, however many articles it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam

from storage import id_allocation, search
from storage.article_rows import INSERT_REVISION, revision_parameters, revision_row
from storage.engine.connection import Connection
from storage.engine.prepared import PreparedStatement
from storage.records import ArticleState, Content
from storage.schema import article
from storage.search_texts import aside, texts_of


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article of a source that is not stored yet; the fields are those of Article.

    `published_at` (ms) is not in the future. `wanted_id` (1 to 10^12) is kept as its news number where it is free.
    `texts` are what search keeps of it, where they were made before (storage.search_texts).
    """

    content: Content
    category_id: int
    state: ArticleState
    published_at: int
    language: str
    url: str
    origin: str
    source_number: str
    source_id: int | None
    wanted_id: int | None = None
    story_id: int | None = None
    texts: tuple[str, str] | None = None


async def insert(tx: Connection, new: Sequence[NewArticle], *, now: int) -> list[int]:
    """Store articles as revision 1 and return their news numbers; what is PUBLISHED is readable at once."""
    ids = await id_allocation.numbers_for(tx, [new_article.wanted_id for new_article in new])
    readable = [place for place, new_article in enumerate(new) if new_article.state is ArticleState.PUBLISHED]
    free_ordinals = await id_allocation.ordinals_for(tx, [new[place].published_at for place in readable])
    ordinals = dict(zip(readable, free_ordinals, strict=True))
    await tx.write_many(
        _ARTICLE, [_row(new_article, ids[place], ordinals.get(place), now) for place, new_article in enumerate(new)]
    )
    revisions = [
        await aside(partial(_revision, new_article, id_, now), new_article.content)
        for id_, new_article in zip(ids, new, strict=True)
    ]
    await tx.write_many(INSERT_REVISION, revisions)
    entries = []
    for place, ordinal in ordinals.items():
        texts = new[place].texts
        if texts is None:
            texts = await aside(texts_of, new[place].content)
        entries.append(search.IndexEntry(ordinal, new[place].category_id, texts))
    await search.add(tx, entries)
    return ids


def _revision(new_article: NewArticle, article_id: int, now: int, content: Content) -> dict[str, Any]:
    return revision_parameters(
        revision_row(article_id, 1, content, None, now=now, category_id=new_article.category_id)
    )


def _row(new_article: NewArticle, article_id: int, ordinal: int | None, now: int) -> dict[str, Any]:
    return _named(
        {
            "id": article_id,
            "state": new_article.state,
            "category_id": new_article.category_id,
            "revision": 1,
            "language": new_article.language,
            "url": new_article.url,
            "origin": new_article.origin,
            "source_number": new_article.source_number,
            "source_id": new_article.source_id,
            "story_id": new_article.story_id,
            "published_at": new_article.published_at,
            "released_at": None if ordinal is None else now,
            "ordinal": ordinal,
            "breaking": False,
            "created_at": now,
            "updated_at": now,
        }
    )


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row under the names that its statement's parameters have."""
    return {f"new_{name}": value for name, value in row.items()}


_GIVEN = (
    "id",
    "state",
    "category_id",
    "revision",
    "language",
    "url",
    "origin",
    "source_number",
    "source_id",
    "story_id",
    "published_at",
    "released_at",
    "ordinal",
    "breaking",
    "created_at",
    "updated_at",
)
_ARTICLE = PreparedStatement(article.insert().values({name: bindparam(f"new_{name}") for name in _GIVEN}))
