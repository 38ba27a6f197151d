"""Categories: the fixed subjects, of which each article has one."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import bindparam, select

from persian.normalise import match_key
from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.records import Category
from storage.schema import category

SEED = (
    ("politics", "سیاسی", "Politics"),
    ("international", "بین‌الملل", "International"),
    ("economy", "اقتصادی", "Economy"),
    ("society", "اجتماعی", "Society"),
    ("culture", "فرهنگی", "Culture"),
    ("sports", "ورزشی", "Sports"),
    ("science", "علم و فناوری", "Science"),
    ("general", "عمومی", "General"),
)
"""The categories of a new database: slug, Persian name, English name."""
NO_NAMES: Mapping[str, str] = MappingProxyType({})

_ALL = PreparedStatement(select(category).order_by(category.c.id))
_ONE = PreparedStatement(select(category).where(category.c.id == bindparam("category_id")))


async def all_(connection: Connection) -> list[Category]:
    """Return every category in the order in which they were made."""
    return [Category(*row) for row in await connection.fetch(_ALL)]


async def get(connection: Connection, category_id: int) -> Category | None:
    """Return the category of that id."""
    rows = await connection.fetch(_ONE, category_id=category_id)
    return Category(*rows[0]) if rows else None


async def find(connection: Connection, name: str, called: Mapping[str, str] = NO_NAMES) -> Category | None:
    """Return the category whose slug or name this is, in any spelling, with or without a # (see `match`)."""
    return match(await all_(connection), name, called)


def match(categories: list[Category], name: str, called: Mapping[str, str] = NO_NAMES) -> Category | None:
    """Return the one of `categories` that `name` names in any spelling.

    `called` are names in the language of whoever asks, by slug, on top of those that the database has.
    """
    key = _key(name)
    return by_key(categories, called).get(key) if key else None


def by_key(categories: Sequence[Category], called: Mapping[str, str] = NO_NAMES) -> dict[str, Category]:
    """Return the categories by the match keys of their names; of two that share one, the first."""
    by_name: dict[str, Category] = {}
    for candidate in categories:
        for name in (candidate.slug, candidate.name_fa, candidate.name_en, called.get(candidate.slug, "")):
            by_name.setdefault(_key(name), candidate)
    return by_name


async def add(connection: Connection, slug: str, name_fa: str, name_en: str) -> Category:
    """Make a category. Raises sqlalchemy.exc.IntegrityError where the slug is taken."""
    row = await connection.execute(
        category.insert().values(slug=slug, name_fa=name_fa, name_en=name_en).returning(category)
    )
    return Category(*row.one())


async def seed(connection: Connection) -> None:
    """Insert the seed where the database has no category yet."""
    if (await connection.execute(select(category.c.id).limit(1))).first() is None:
        values = [{"slug": slug, "name_fa": name_fa, "name_en": name_en} for slug, name_fa, name_en in SEED]
        await connection.execute(insert(connection, category).on_conflict_do_nothing(), values)


@lru_cache(maxsize=2_048)
def _key(name: str) -> str:
    """Return the match key of a name; sources bring the same few again and again."""
    return match_key(name)
