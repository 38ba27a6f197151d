"""Setting the log up: one way to standard error for records, warnings and whatever nobody caught."""

import faulthandler
import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO

import structlog

from bot.logs.folding import Folding
from bot.logs.redaction import Redactor
from bot.logs.rendering import Form, before, formatter, traceback_of

_QUIET = ("httpx", "httpcore", "aiohttp", "aiosqlite", "apscheduler", "alembic", "telegram", "hpack", "asyncio")

_log = structlog.get_logger(__name__)
_redactor = Redactor()


def redact(text: str) -> str:
    """Return `text` without secrets: those that `set_up` got, and all that stands where secrets stand."""
    return _redactor.redact(text)


def set_up(level: str, form: Form, secrets: Iterable[str] = ()) -> None:
    """Send every record, structlog's and the standard library's, to standard error in one form without `secrets`.

    Warnings of Python and exceptions that nobody caught, in any thread, become records as well.
    """
    global _redactor
    _redactor = Redactor(secrets)
    handler = _Stream(sys.stderr)
    handler.setFormatter(formatter(form, _redactor, colors=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [Folding(handler)]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda raised: _uncaught(raised.exc_type, raised.exc_value, raised.exc_traceback)
    sys.unraisablehook = _ignored
    # It writes where a crash happened, and no values.
    faulthandler.enable()


def report_uncaught(error: BaseException) -> None:
    """Write the traceback of an error that ends the process, as it stands before the log is set up."""
    sys.stderr.write(redact(traceback_of(error)))


class _Stream(logging.StreamHandler[TextIO]):
    """Writes to a stream; a record that cannot be formatted is reported without its content."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        error = sys.exception()
        kind = type(error).__name__ if error else "error"
        try:
            self.stream.write(f"log record of {record.name} lost ({kind}, {record.pathname}:{record.lineno})\n")
        except (OSError, ValueError):
            return  # standard error itself is gone


def _uncaught(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    _log.critical("uncaught_exception", exc_info=(kind, error, where))


def _ignored(raised: Any) -> None:
    _log.error(
        "exception_ignored",
        where=repr(raised.object),
        exc_info=(raised.exc_type, raised.exc_value, raised.exc_traceback),
    )
