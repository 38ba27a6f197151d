"""Errors of a database as a whole, under the same names on SQLite and PostgreSQL."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# SQLite's primary result codes: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
_PASSING_CODES = {5, 6, 10, 13, 14}
# PostgreSQL's classes of SQLSTATE: connection, serialization and deadlock, resources, locks held, shutting down.
_PASSING_CLASSES = {"08", "40", "53", "55", "57"}

_BROKEN_OFF = "57014"
_INTERRUPTED = 9


class UnusableError(SQLAlchemyError):
    """The database cannot be used; the message is one line that says why.

    `says_all` tells the log that a traceback would add nothing.
    """

    says_all = True


class UnavailableError(UnusableError):
    """The database cannot be used now. Nothing was written; the same act may succeed later."""


class TooLongError(SQLAlchemyError):
    """A search took longer than anybody would wait, and was broken off."""


def passes(error: DBAPIError) -> bool:
    """Tell whether an error of a driver is a passing one: about the moment, not about the statement (pure)."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _PASSING_CODES
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(state, str) and state[:2] in _PASSING_CLASSES and state != _BROKEN_OFF


def took_too_long(error: DBAPIError) -> bool:
    """Tell whether a statement was broken off since it took too long (pure)."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == _INTERRUPTED or getattr(error.orig, "sqlstate", None) == _BROKEN_OFF
