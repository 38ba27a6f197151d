"""A cache of compiled statements that all engines of a process share.

SQLAlchemy keeps what it has compiled for each engine by itself. Here the writer, the readers and the others have an
engine each over one database, and they run the same statements.
"""

import contextlib
from collections import OrderedDict
from typing import Any

_MOST_STATEMENTS = 2_000

_Key = tuple[Any, ...]


class StatementCache(OrderedDict[_Key, Any]):
    """Compiled statements by what SQLAlchemy knows them by; of too many, the oldest leave.

    It serves as the execution option `compiled_cache`. SQLAlchemy's keys begin with the engine's own dialect: two
    dialects of one kind of database and one version of its server compile a statement to the same SQL.
    """

    def get(self, key: _Key, default: Any = None) -> Any:
        """Return the compiled statement of a key."""
        return super().get(_shared(key), default)

    def __setitem__(self, key: _Key, compiled: Any) -> None:
        """Store a compiled statement. Engines use the cache from their threads: each step is atomic."""
        super().__setitem__(_shared(key), compiled)
        if len(self) > _MOST_STATEMENTS:
            with contextlib.suppress(KeyError):  # another thread has made room
                self.popitem(last=False)


def _shared(key: _Key) -> _Key:
    dialect, *rest = key
    return (dialect.name, dialect.server_version_info, *rest)


STATEMENTS = StatementCache()
"""The statements of this process."""
