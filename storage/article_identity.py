"""Identity of articles that were read somewhere: their addresses and the numbers that sites give them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, literal_column, select, tuple_

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.records import SiteNumber
from storage.schema import article, article_address, article_number


async def by_addresses(connection: Connection, addresses: Collection[str]) -> dict[str, list[int]]:
    """Return the articles at comparable addresses, the oldest first."""
    ids: dict[str, list[int]] = {}
    for row in await connection.fetch(_AT, addresses=json_list(addresses)) if addresses else ():
        ids.setdefault(row.address, []).append(row.article_id)
    return ids


async def by_urls(connection: Connection, urls: Collection[str]) -> dict[str, list[int]]:
    """Return the articles that were read from exactly these addresses."""
    ids: dict[str, list[int]] = {}
    for row in await connection.fetch(_READ_FROM, urls=json_list(urls)) if urls else ():
        ids.setdefault(row.url, []).append(row.id)
    return ids


async def by_numbers(connection: Connection, numbers: Collection[SiteNumber]) -> dict[SiteNumber, list[int]]:
    """Return the articles that bear these numbers of their sites."""
    if not numbers:
        return {}
    conditions = [
        (site_number.number, site_number.host, site_number.kind, site_number.language) for site_number in numbers
    ]
    columns = (article_number.c.number, article_number.c.host, article_number.c.kind, article_number.c.language)
    query = select(article_number).where(tuple_(*columns).in_(conditions)).order_by(article_number.c.article_id)
    ids: dict[SiteNumber, list[int]] = {}
    for row in await connection.execute(query):
        ids.setdefault(SiteNumber(row.host, row.kind, row.language, row.number), []).append(row.article_id)
    return ids


async def addresses_of(connection: Connection, article_id: int) -> list[str]:
    """Return the comparable addresses by which an article is known."""
    query = select(article_address.c.address).where(article_address.c.article_id == article_id)
    return list((await connection.execute(query.order_by(article_address.c.address))).scalars())


async def add_addresses(tx: Connection, pairs: Sequence[tuple[str, int]]) -> None:
    """Store addresses of articles: pairs of (comparable address, article id); an empty address is passed over."""
    await tx.write_many(
        _ADDRESS,
        [{"new_address": address, "new_article_id": article_id} for address, article_id in pairs if address],
    )


async def add_numbers(tx: Connection, pairs: Sequence[tuple[SiteNumber, int]]) -> None:
    """Store the numbers that sites give articles: pairs of (number, article id)."""
    rows = [
        {
            "new_number": number.number,
            "new_host": number.host,
            "new_kind": number.kind,
            "new_language": number.language,
            "new_article_id": article_id,
        }
        for number, article_id in pairs
    ]
    await tx.write_many(_NUMBER, rows)


def _address(kind: str) -> Any:
    statement = INSERTS[kind](article_address).values(
        address=bindparam("new_address"), article_id=bindparam("new_article_id")
    )
    return statement.on_conflict_do_nothing()


def _number(kind: str) -> Any:
    statement = INSERTS[kind](article_number).values(
        number=bindparam("new_number"),
        host=bindparam("new_host"),
        kind=bindparam("new_kind"),
        language=bindparam("new_language"),
        article_id=bindparam("new_article_id"),
    )
    return statement.on_conflict_do_nothing()


def _at(kind: str) -> Any:
    return (
        select(article_address)
        .where(among(kind, article_address.c.address, "addresses"))
        .order_by(article_address.c.article_id)
    )


def _read_from(kind: str) -> Any:
    # The index leaves out what has no address, and is used where the statement says so in its own words.
    has_url = article.c.url != literal_column("''")
    query = select(article.c.url, article.c.id).where(among(kind, article.c.url, "urls"), has_url)
    return query.order_by(article.c.id)


_AT = PreparedStatement({kind: _at(kind) for kind in INSERTS})
_READ_FROM = PreparedStatement({kind: _read_from(kind) for kind in INSERTS})
_ADDRESS = PreparedStatement({kind: _address(kind) for kind in INSERTS})
_NUMBER = PreparedStatement({kind: _number(kind) for kind in INSERTS})
