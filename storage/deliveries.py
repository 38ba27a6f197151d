"""Deliveries as people see them: counted, listed, one by one. Nothing is changed here."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from storage.engine.connection import Connection
from storage.malformed import counts_by, readable
from storage.records import Delivery, DeliveryKind, DeliveryState
from storage.schema import delivery

_COLUMNS = [column for column in delivery.c if column.name != "settled_at"]


async def counts(connection: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries there are in each state."""
    rows = await connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
    return counts_by("delivery", DeliveryState, rows)


async def troubled(connection: Connection, *, limit: int, offset: int = 0) -> list[Delivery]:
    """Return deliveries that were refused or are uncertain, the newest first."""
    states = [DeliveryState.REFUSED, DeliveryState.UNCERTAIN]
    query = select(*_COLUMNS).where(delivery.c.state.in_(states)).order_by(delivery.c.id.desc())
    return readable("delivery", await connection.execute(query.limit(limit).offset(offset)), _delivery)


async def get_many(connection: Connection, delivery_ids: Collection[int]) -> list[Delivery]:
    """Return those of the deliveries that exist, in whatever state, the newest first."""
    query = select(*_COLUMNS).where(delivery.c.id.in_(delivery_ids)).order_by(delivery.c.id.desc())
    return readable("delivery", await connection.execute(query), _delivery)


async def of_state(connection: Connection, state: DeliveryState, *, limit: int) -> list[Delivery]:
    """Return deliveries in that state, the most urgent first."""
    query = select(*_COLUMNS).where(delivery.c.state == state).order_by(delivery.c.priority, delivery.c.id)
    return readable("delivery", await connection.execute(query.limit(limit)), _delivery)


async def newest(connection: Connection, *, limit: int) -> list[Delivery]:
    """Return the newest deliveries in whatever state, the newest first."""
    query = select(*_COLUMNS).order_by(delivery.c.id.desc()).limit(limit)
    return readable("delivery", await connection.execute(query), _delivery)


async def of_message(connection: Connection, message_id: int) -> list[Delivery]:
    """Return the deliveries that a message carries, of a digest several, the oldest first."""
    query = select(*_COLUMNS).where(delivery.c.message_id == message_id).order_by(delivery.c.id)
    return readable("delivery", await connection.execute(query), _delivery)


async def get(connection: Connection, delivery_id: int) -> Delivery | None:
    """Return the delivery of that id."""
    row = (await connection.execute(select(*_COLUMNS).where(delivery.c.id == delivery_id))).one_or_none()
    return _delivery(row) if row else None


def _delivery(row: Any) -> Delivery:
    values = {**row._mapping, "kind": DeliveryKind(row.kind), "state": DeliveryState(row.state)}
    return Delivery(**values | {"ready": bool(row.ready), "doubt": bool(row.doubt)})
