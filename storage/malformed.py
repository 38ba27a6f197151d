"""Malformed rows: a row that cannot be read is logged and left out, so that it stops no other row.

A queue that claims such a row parks it; `storage.row_check` finds these rows for the operator.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

import structlog

PARKED_MS = 24 * 3600 * 1000
"""The time (ms) for which a queue leaves a malformed row alone before it reads the row again."""

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
"""The errors that reading a malformed row raises: unknown words, no JSON, JSON of another shape."""

RecordT = TypeVar("RecordT")
EnumT = TypeVar("EnumT", bound=StrEnum)
_log = structlog.get_logger(__name__)


class MalformedRowError(ValueError):
    """A row that cannot be read; the message names its table and id, and the reason."""

    def __init__(self, table: str, row_id: object, reason: object) -> None:
        super().__init__(f"malformed row: {table} {row_id}: {reason}")


@dataclass(frozen=True, slots=True)
class ReadRows(Generic[RecordT]):
    """The records of some rows, and the ids of the rows that are malformed."""

    records: list[RecordT]
    malformed: list[int]


def read_rows(
    table: str, rows: Iterable[Any], parse: Callable[[Any], RecordT], *, key: str = "id"
) -> ReadRows[RecordT]:
    """Parse each row of a table; log the malformed ones. `key` is the column that has a row's id."""
    read: ReadRows[RecordT] = ReadRows([], [])
    for row in rows:
        try:
            read.records.append(parse(row))
        except UNREADABLE as error:
            row_id = getattr(row, key)
            _log_once(table, row_id, str(error))
            read.malformed.append(row_id)
    return read


def readable(table: str, rows: Iterable[Any], parse: Callable[[Any], RecordT], *, key: str = "id") -> list[RecordT]:
    """Return the records of those rows of a table that are not malformed, as `read_rows` parses them."""
    return read_rows(table, rows, parse, key=key).records


def counts_by(table: str, kinds: type[EnumT], rows: Iterable[Any]) -> dict[EnumT, int]:
    """Return counts by their member of `kinds`, from rows of (word, count); a word that is no member is logged."""
    counts: dict[EnumT, int] = {}
    for word, count in rows:
        try:
            counts[kinds(word)] = count
        except ValueError as error:
            _log_once(table, "", str(error))
    return counts


@lru_cache(maxsize=1024)
def _log_once(table: str, row_id: object, reason: str) -> None:
    """Log a malformed row; the cache prevents a second line."""
    _log.error("malformed_row", table=table, row=row_id, reason=reason, hint="peyk doctor lists such rows")
