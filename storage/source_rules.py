"""Rules of sources, and the names of sections that editors have given a category."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS
from storage.engine.prepared import PreparedStatement
from storage.records import LearnedSection, RuleAction, SectionOffer, SourceRule
from storage.schema import section_name, source_rule
from storage.schema import section_offer as section_offer_table


async def of_source(connection: Connection, source_id: int | None) -> list[SourceRule]:
    """Return the rules that hold for a source: its own in the order in which they were made, then those of all.

    None stands for a source that has none of its own.
    """
    return [_rule(row) for row in await connection.fetch(_RULES, of_source_id=source_id)]


async def counts(connection: Connection, source_id: int) -> tuple[int, int]:
    """Return how many rules a source has of its own, and how many hold for all sources."""
    own, all_sources = source_rule.c.source_id == source_id, source_rule.c.source_id.is_(None)
    row = await connection.execute(select(func.count().filter(own), func.count().filter(all_sources)))
    of_source, of_all = row.one()
    return of_source, of_all


async def get(connection: Connection, rule_id: int) -> SourceRule | None:
    """Return a rule."""
    row = (await connection.execute(select(source_rule).where(source_rule.c.id == rule_id))).one_or_none()
    return _rule(row) if row else None


async def all_(connection: Connection) -> list[SourceRule]:
    """Return every rule in the order in which they were made."""
    return [_rule(row) for row in await connection.execute(select(source_rule).order_by(source_rule.c.id))]


async def add(
    tx: Connection, source_id: int | None, query: str, action: RuleAction, *, argument: str, now: int
) -> SourceRule:
    """Store a rule of a source, or of all (None)."""
    values = {"source_id": source_id, "query": query, "action": action, "argument": argument, "created_at": now}
    row = await tx.execute(source_rule.insert().values(values).returning(*source_rule.c))
    return _rule(row.one())


async def remove(tx: Connection, rule_id: int) -> bool:
    """Remove a rule; False where there is none."""
    return (await tx.execute(delete(source_rule).where(source_rule.c.id == rule_id))).rowcount == 1


async def learned(connection: Connection, source_id: int) -> Mapping[str, int]:
    """Return the categories (ids) that editors have given this source's names of sections, by match key."""
    return {section.key: section.category_id for section in await sections(connection, source_id)}


async def sections(connection: Connection, source_id: int) -> list[LearnedSection]:
    """Return the names of sections that a source has learned, in the order of their keys."""
    rows = await connection.fetch(_SECTIONS, of_source_id=source_id)
    return [LearnedSection(row.name, row.label or row.name, row.category_id) for row in rows]


async def learn(tx: Connection, source_id: int, section: LearnedSection) -> None:
    """Map a source's name of a section to a category."""
    values = {"category_id": section.category_id, "label": section.name}
    insert = INSERTS[tx.dialect.name](section_name).values(source_id=source_id, name=section.key, **values)
    await tx.execute(insert.on_conflict_do_update(index_elements=("source_id", "name"), set_=values))


async def forget(tx: Connection, source_id: int, key: str) -> bool:
    """Remove the mapping of a source's name of a section; False where there is none."""
    learned_key = and_(section_name.c.source_id == source_id, section_name.c.name == key)
    return (await tx.execute(delete(section_name).where(learned_key))).rowcount == 1


async def offer(tx: Connection, source_id: int, section: LearnedSection, *, now: int) -> SectionOffer | None:
    """Store that a category was offered for a name of a section; None where it was offered before."""
    values = {"name": section.key, "category_id": section.category_id, "label": section.name, "created_at": now}
    insert = INSERTS[tx.dialect.name](section_offer_table).values(source_id=source_id, **values)
    stored = insert.on_conflict_do_nothing().returning(section_offer_table.c.id)
    offer_id = (await tx.execute(stored)).scalar()
    return None if offer_id is None else SectionOffer(offer_id, source_id, section.name, section.category_id)


async def section_offer(connection: Connection, offer_id: int) -> SectionOffer | None:
    """Return an offer."""
    table = section_offer_table
    row = (await connection.execute(select(table).where(table.c.id == offer_id))).one_or_none()
    return SectionOffer(row.id, row.source_id, row.label, row.category_id) if row else None


def _rule(row: Any) -> SourceRule:
    return SourceRule(row.id, row.source_id, row.query, RuleAction(row.action), row.argument)


_OWN = bindparam("of_source_id", type_=source_rule.c.source_id.type)
_RULES = PreparedStatement(
    select(source_rule)
    .where(or_(source_rule.c.source_id == _OWN, source_rule.c.source_id.is_(None)))
    .order_by(source_rule.c.source_id.is_(None), source_rule.c.id)
)
_SECTIONS = PreparedStatement(
    select(section_name).where(section_name.c.source_id == _OWN).order_by(section_name.c.name)
)
