"""The quick list of articles tells the same as the usual way, and leaves to that what it cannot read."""

from pathlib import Path

from sqlalchemy import text

from storage import articles
from storage.article_listing import newest
from storage.bootstrap import opened
from storage.records import Content

_NOW = 1_766_576_760_000


async def test_the_quick_list_is_the_usual_one(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with opened(sqlite_url) as database:
        async with database.write() as tx:
            ids = [
                await articles.insert(tx, Content(f"تیتر {n}"), category_id=n, now=_NOW + n, published_at=_NOW - n)
                for n in range(1, 6)
            ]
            assert await articles.release(tx, ids[2], published_at=_NOW + 99, now=_NOW)
            await articles.revise(
                tx, ids[0], articles.NewRevision(Content("تیتر دیگر"), None), expected=1, now=_NOW
            )
        async with database.read() as connection:
            usual = await articles.newest(connection, 4)
        # The database is in use meanwhile, as beside a running Peyk.
        quick = newest(path, 4)
        assert quick is not None
        assert [(line.id, line.state, line.at, line.category, line.title) for line in quick] == [
            (
                article.id,
                article.state,
                article.published_at or article.created_at,
                article.category.slug,
                article.content.title,
            )
            for article in usual
        ]
        async with database.write() as tx:
            await tx.execute(text("UPDATE article SET published_at = 'yesterday' WHERE id = :id"), {"id": ids[4]})
        left = newest(path, 9)
        assert left is not None
        assert {line.id for line in left} == {*ids} - {ids[4]}


async def test_a_file_of_another_schema_or_of_no_database_is_opened_in_the_usual_way(
    tmp_path: Path, sqlite_url: str
) -> None:
    assert newest(tmp_path / "missing.db", 1) is None
    assert not (tmp_path / "missing.db").exists()
    (tmp_path / "junk.db").write_bytes(b"junk" * 1000)
    assert newest(tmp_path / "junk.db", 1) is None
    async with opened(sqlite_url) as database, database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert newest(Path(sqlite_url.removeprefix("sqlite:///")), 1) is None
