"""The number of files that the process may have open, and how many of them connections from outside may take."""

import resource

import structlog

_ENOUGH = 65_536
"""More than a process ever opens; some systems refuse the limit that they call the highest."""

_OWN_FILES = 600
"""Files for everything else: 256 connections to Telegram, 110 to sources, the database, side processes, and 128
connections that the event loop accepts before anybody may refuse them."""

_LEAST = 16
_MOST = 1_024

_log = structlog.get_logger(__name__)


def raise_file_limit() -> None:
    """Raise the soft limit to the hard one. Where the system refuses, it stays as it was, and the log says so."""
    if file_limit() >= highest_file_limit():
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest_file_limit(), hard))
    except (OSError, ValueError) as error:
        _log.warning("file_limit_not_raised", limit=file_limit(), reason=str(error))


def file_limit() -> int:
    """Return how many files the process may have open now."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _ENOUGH if soft == resource.RLIM_INFINITY else soft


def highest_file_limit() -> int:
    """Return how many files the process may have open once it has raised its limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)


def connections_within(files: int) -> int:
    """Return how many connections from outside a process with so many files may hold (pure)."""
    return max(_LEAST, min(_MOST, files - _OWN_FILES))
