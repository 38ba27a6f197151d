"""Errors of a database as a whole, under the same names on SQLite and PostgreSQL."""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# SQLite's primary result codes: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
_PASSING_CODES = {5, 6, 10, 13, 14}
# PostgreSQL's classes of SQLSTATE: connection, serialization and deadlock, resources, locks held, shutting down.
_PASSING_CLASSES = {"08", "40", "53", "55", "57"}

_BROKEN_OFF = "57014"
_INTERRUPTED = 9
_SQLITE_TROUBLE = {5: "locked", 6: "locked", 11: "damaged", 13: "full"}
# lock_not_available and the like; disk_full; data_corrupted and index_corrupted.
_POSTGRESQL_TROUBLE = {"55": "locked", "40": "locked", "53100": "full", "XX001": "damaged", "XX002": "damaged"}


class DatabaseTrouble(StrEnum):
    """The kinds of trouble with a database, by what there is to do about them."""

    LOCKED = "locked"
    """Another process held it for too long."""
    FULL = "full"
    """No room is left on its disk."""
    DAMAGED = "damaged"
    """Its files hold what it did not write: a backup is to be restored."""
    AWAY = "away"
    """It cannot be reached, or its disk cannot be read or written."""


class UnusableError(SQLAlchemyError):
    """The database cannot be used; the message is one line that says why, `trouble` of what kind it is.

    `says_all` tells the log that a traceback would add nothing.
    """

    says_all = True

    def __init__(self, message: str, trouble: DatabaseTrouble = DatabaseTrouble.AWAY) -> None:
        super().__init__(message)
        self.trouble = trouble


class UnavailableError(UnusableError):
    """The database cannot be used now. Nothing was written; the same act may succeed later."""


class DamagedError(UnusableError):
    """A part of the database is damaged. Nothing was written; what needs no such part goes on."""


class TooLongError(SQLAlchemyError):
    """A search took longer than anybody would wait, and was broken off."""


def passes(error: DBAPIError) -> bool:
    """Return whether a driver's error is transient: caused by the moment, not by the statement (pure)."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _PASSING_CODES
    return is_passing_state(getattr(error.orig, "sqlstate", None))


def is_passing_state(state: object) -> bool:
    """Return whether PostgreSQL's SQLSTATE is about the moment; False where there is none (pure)."""
    return isinstance(state, str) and state[:2] in _PASSING_CLASSES and state != _BROKEN_OFF


def trouble_of(error: DBAPIError) -> DatabaseTrouble:
    """Return the kind of trouble that an error of a driver tells of (pure)."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return DatabaseTrouble(_SQLITE_TROUBLE.get(code & 0xFF, "away"))
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return DatabaseTrouble(_POSTGRESQL_TROUBLE.get(state) or _POSTGRESQL_TROUBLE.get(state[:2], "away"))


def is_statement_timeout(error: DBAPIError) -> bool:
    """Return whether a statement was broken off since it took too long (pure)."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == _INTERRUPTED or getattr(error.orig, "sqlstate", None) == _BROKEN_OFF
