"""The part of `peyk doctor` that mends: only what cannot do harm, whether or not Peyk runs."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import text

from storage.engine.database import Database
from storage.engine.private_files import is_open_to_others, tighten

_LEFT_SECONDS = 24 * 3600
"""The age from which a file that was being written is one that nobody writes any more."""


def file_findings(secret: Iterable[Path], database: Path | None, *, fix: bool) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with files, or with `fix` how it was mended.

    These are files that others can read, and copies that were begun beside the database and never ended.
    """
    for path in secret:
        if not is_open_to_others(path):
            continue
        if fix:
            tighten(path)
        if is_open_to_others(path):
            yield "warning", "files", f"others on this machine can read {path}: chmod go-rwx {path}"
        else:
            yield "fixed", "files", f"{path}: its owner alone can read it now"
    for path in _begun(database) if database is not None else ():
        if fix:
            path.unlink(missing_ok=True)
            yield "fixed", "files", f"{path}: a copy that was never completed is removed"
        else:
            yield "warning", "files", f"{path} is a copy that was never completed: remove it"


async def refreshed_statistics(database: Database) -> tuple[str, str, str]:
    """Run ANALYZE on PostgreSQL, so that it plans well after a move or a large import."""
    async with database.write() as tx:
        await tx.execute(text("ANALYZE"))
    return "fixed", "statistics", "PostgreSQL plans by the tables as they are now"


def _begun(database: Path) -> list[Path]:
    """Return the files beside a database that `private_files.unnamed` made long ago."""
    old = time.time() - _LEFT_SECONDS
    parts = database.parent.glob(f".{database.name}*.part")
    return sorted(path for path in parts if path.is_file() and path.stat().st_mtime < old)
