"""The locks on a SQLite file: a process holds them until its last connection closes, whatever else it does."""

import subprocess
import sys
from pathlib import Path

from storage import key_value
from storage.bootstrap import opened
from tests.storage.conftest import Addresses

_READ_AND_LEAVE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM article").fetchone()
connection.close()
"""


async def test_another_process_that_leaves_deletes_no_log_of_a_file_that_is_opened_twice(
    addresses: Addresses,
) -> None:
    async with addresses("sqlite") as address, opened(address) as database:
        path = database.path
        assert path is not None
        async with opened(address):
            pass
        async with database.write() as tx:
            await key_value.store(tx, "before", "1")
        log = path.with_name(f"{path.name}-wal")
        number = log.stat().st_ino

        _read_and_leave(path)

        assert log.stat().st_ino == number
        async with database.write() as tx:
            await key_value.store(tx, "after", "1")
        async with opened(address) as other, other.read() as connection:
            assert [await key_value.value(connection, key) for key in ("before", "after")] == ["1", "1"]


def _read_and_leave(path: Path) -> None:
    """Let another process read the file and close it, as `peyk articles list` does beside a running Peyk."""
    subprocess.run([sys.executable, "-c", _READ_AND_LEAVE, str(path)], check=True, timeout=60)
