"""One record as one line: bounded, redacted, and free of whatever could feign another line."""

import logging
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal, TypeVar

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from bot.logs.redaction import REDACTED, Redactor

Form = Literal["console", "json"]
T = TypeVar("T")

MOST_LETTERS = 24_000
"""The most characters that the values of one line have together."""

_MOST_OF_A_VALUE = 4_000
_MOST_OF_A_TRACEBACK = 12_000
_MOST_FIELDS = 50
_DEEPEST = 8
_LONGEST_PLACE = 1_024  # letters within which the user of an address ends
_HUGE = 2**63  # JSON knows no infinity, and Python prints no integer of many thousand digits
_JOINERS = "\u200c\u200d"  # Persian is written with the first, emoji with the second
_SECRET_FIELDS = frozenset(("password", "secret", "token", "authorization", "cookie"))


def formatter(form: Form, redactor: Redactor, *, colors: bool = False) -> logging.Formatter:
    """Return what makes one line of a record, structlog's or the standard library's; a traceback adds lines.

    On the console every line of a traceback is indented, so that none of them looks like a record of its own.
    Local variables are in neither form.
    """
    last: list[Any] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before(),
        processors=[
            _repetitions,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _bounded_traceback if form == "console" else _mapped_traceback,
            _Tidy(redactor, plain=form == "console"),
            *last,
        ],
    )


def before() -> list[Any]:
    """Return the processors that every record passes first."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _repetitions(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Add how often a folded record was held back."""
    if times := getattr(event["_record"], "repeated", 0):
        event["repeated"] = times
    return event


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an exception and of what caused it, without local variables."""
    return "".join(traceback.format_exception(error))


def _exception(event: structlog.typing.EventDict) -> BaseException | None:
    """Remove the exception from a record and return it, None where it has none.

    Of one whose message says all (`storage.errors.UnusableError`), only that stays, as the record's `reason`.
    """
    exception = event.pop("exc_info", None)
    if exception is True:
        exception = sys.exception()
    elif isinstance(exception, tuple):
        exception = exception[1]
    if getattr(exception, "says_all", False):
        event.setdefault("reason", str(exception))
        return None
    return exception if isinstance(exception, BaseException) else None


def _bounded_traceback(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (error := _exception(event)) is not None:
        event["exception"] = traceback_of(error).rstrip("\n")
    return event


_transform = ExceptionDictTransformer(show_locals=False, max_frames=_MOST_FIELDS)


def _mapped_traceback(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (error := _exception(event)) is not None:
        event["exception"] = _transform((type(error), error, error.__traceback__))
    return event


class _Tidy:
    """Processor that bounds, redacts and escapes every value of a record, and makes text of foreign objects.

    `plain` records are read as they are, so that line breaks within a value are escaped as well.
    """

    def __init__(self, redactor: Redactor, *, plain: bool) -> None:
        self._redactor = redactor
        self._plain = plain

    def __call__(self, _logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        left = _Budget(MOST_LETTERS)
        blocks = {name: str(event.pop(name)) for name in ("exception", "stack") if self._plain and name in event}
        fields = self._fields(event, left, _DEEPEST)
        return fields | {name: self._block(text, left) for name, text in blocks.items()}

    def _fields(self, fields: Mapping[Any, object], left: "_Budget", deeper: int) -> dict[str, Any]:
        return {
            self._text(str(name), left): REDACTED
            if str(name).lower() in _SECRET_FIELDS
            else self._value(value, left, deeper)
            for name, value in left.bound(fields.items())
        }

    def _value(self, value: object, left: "_Budget", deeper: int) -> object:
        if value is None or (isinstance(value, bool | int | float) and abs(value) < _HUGE):
            return value
        if isinstance(value, str):
            return self._text(value, left)
        if not deeper:
            return self._text(_printed(value), left)
        if isinstance(value, Mapping):
            return self._fields(value, left, deeper - 1)
        if isinstance(value, list | tuple):
            return [self._value(inner, left, deeper - 1) for inner in left.bound(value)]
        return self._text(_printed(value), left)

    def _text(self, text: str, left: "_Budget") -> str:
        cut, dropped = self._redacted(text, left.consume(min(len(text), _MOST_OF_A_VALUE)))
        shown = escaped(cut, keep=_JOINERS if self._plain else _JOINERS + "\n\r\t")
        return f"{shown}... ({dropped} letters more)" if dropped else shown

    def _block(self, text: str, left: "_Budget") -> str:
        """Return the lines of a traceback, indented; of a long one its beginning and its end."""
        most = left.consume(min(len(text), _MOST_OF_A_TRACEBACK))
        head, dropped = self._redacted(text, most if most == len(text) else most // 2)
        if dropped:
            # Cut at a line, so that no secret is cut in two.
            tail = text[-(most // 2) :].partition("\n")[2]
            head += f"\n... ({dropped - len(tail)} letters more)\n{self._redactor.redact(tail)}"
        return "\n".join("    " + escaped(line, keep=_JOINERS) for line in head.splitlines())

    def _redacted(self, text: str, most: int) -> tuple[str, int]:
        """Return `text` redacted and cut after `most` letters, and the number of those that are left out.

        A secret that is cut in two would not be known again: so many letters more are looked at, and dropped.
        """
        if len(text) <= most:
            return self._redactor.redact(text), 0
        more = max(self._redactor.longest, _LONGEST_PLACE)
        cut = self._redactor.redact(text[: most + more])[:-more][:most]
        return cut, len(text) - len(cut)


class _Budget:
    """Letters that a record may still have."""

    def __init__(self, letters: int) -> None:
        self._left = letters

    def consume(self, letters: int) -> int:
        """Consume up to so many letters, and return how many."""
        granted = min(letters, self._left)
        self._left -= granted
        return granted

    def bound(self, values: Iterable[T]) -> Iterator[T]:
        """Yield the first values, each for a letter, while there are letters."""
        for value in islice(values, _MOST_FIELDS):
            if not self.consume(1):
                return
            yield value


def escaped(text: str, *, keep: str) -> str:
    """Return `text` with control characters, direction marks and line separators written as escapes (pure)."""
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter in keep or letter.isprintable() or unicodedata.category(letter) == "Zs"
        else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in text
    )


def _printed(value: object) -> str:
    try:
        return str(value) if isinstance(value, BaseException) else repr(value)
    except Exception as error:  # noqa: BLE001 - a record is written whatever is in it
        return f"<{type(value).__name__} that cannot be printed: {type(error).__name__}>"
