"""A check for malformed rows, for the operator: the rows that `storage.malformed` leaves out while Peyk runs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, or_, select

from storage.article_rows import FULL, article_of
from storage.engine.connection import Connection
from storage.malformed import UNREADABLE
from storage.notices import parse_notice
from storage.records import (
    Admission,
    AmendmentState,
    ArticleState,
    CardKind,
    ChangePolicy,
    ChatKind,
    CommentState,
    DeliveryKind,
    DeliveryState,
    FanOutKind,
    Form,
    HubState,
    MessageState,
    ReviewState,
    Role,
    SourceKind,
    SourceState,
    SubscriptionKind,
    TipState,
)
from storage.schema import (
    amendment,
    article,
    card,
    chat,
    comment,
    delivery,
    fan_out,
    hub_subscription,
    message,
    notice,
    review,
    source,
    staff,
    subscription,
    tip,
)
from storage.sources import parse_source

_WORDS: tuple[tuple[Column[str], type[StrEnum]], ...] = (
    (article.c.state, ArticleState),
    (chat.c.kind, ChatKind),
    (chat.c.admission, Admission),
    (subscription.c.kind, SubscriptionKind),
    (source.c.kind, SourceKind),
    (source.c.state, SourceState),
    (source.c.changes, ChangePolicy),
    (hub_subscription.c.state, HubState),
    (fan_out.c.kind, FanOutKind),
    (delivery.c.kind, DeliveryKind),
    (delivery.c.state, DeliveryState),
    (message.c.state, MessageState),
    (message.c.form, Form),
    (amendment.c.state, AmendmentState),
    (staff.c.role, Role),
    (review.c.state, ReviewState),
    (card.c.kind, CardKind),
    (comment.c.state, CommentState),
    (tip.c.state, TipState),
)
"""Columns that hold one word of a set."""


@dataclass(frozen=True, slots=True)
class MalformedRow:
    """A row that cannot be read, by its table and its id."""

    table: str
    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class TextChecks:
    """Functions that tell whether a text is a value of its kind."""

    is_time_zone: Callable[[str], bool]
    is_schedule: Callable[[str], bool]


async def malformed_rows(connection: Connection, checks: TextChecks, *, limit: int) -> list[MalformedRow]:
    """Return up to `limit` malformed rows.

    Of articles that are neither scheduled nor in a fan-out, only the state is checked: there are too many texts.
    """
    malformed: list[MalformedRow] = []
    for column, words in _WORDS:
        malformed += await _rows_where(connection, column, column.not_in(list(words)), limit)
    for column, is_valid in (
        (chat.c.timezone, checks.is_time_zone),
        (chat.c.schedule, checks.is_schedule),
        (subscription.c.schedule, lambda stored: not stored or checks.is_schedule(stored)),
    ):
        values = (await connection.execute(select(column).distinct())).scalars()
        wrong = [value for value in values if not is_valid(value)]
        if wrong:
            malformed += await _rows_where(connection, column, column.in_(wrong), limit)
    malformed += _unreadable("notice", await connection.execute(select(notice)), parse_notice)
    with_requests = select(source).where(source.c.requests != "[]")
    malformed += _unreadable("source", await connection.execute(with_requests), parse_source)
    in_work = select(fan_out.c.article_id).where(fan_out.c.done_at.is_(None))
    articles = FULL.where(or_(article.c.scheduled_at.is_not(None), article.c.id.in_(in_work)))
    malformed += _unreadable("article", await connection.execute(articles), article_of)
    return malformed[:limit]


async def _rows_where(
    connection: Connection, column: Column[str], is_wrong: ColumnElement[bool], limit: int
) -> list[MalformedRow]:
    row_id = next(iter(column.table.primary_key))
    rows = await connection.execute(select(row_id, column).where(is_wrong).order_by(row_id).limit(limit))
    return [MalformedRow(str(column.table), wrong_id, f"{column.name} {value!r}") for wrong_id, value in rows]


def _unreadable(table: str, rows: Iterable[Any], parse: Callable[[Any], object]) -> Iterator[MalformedRow]:
    for row in rows:
        try:
            parse(row)
        except UNREADABLE as error:
            yield MalformedRow(table, row.id, str(error))
