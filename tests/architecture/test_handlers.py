"""The handlers leave every write to a service, and no chain of imports among them is long."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_type_hints

from handlers.core.context import Services
from storage.engine.database import Database, ReadOnlyDatabase

ROOT = Path(__file__).parents[2]
_MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "handlers").rglob("*.py")
}
_FROM_ENGINE = {"storage.engine.connection.Connection", "storage.engine.database.ReadOnlyDatabase"}
"""The names of storage.engine that handlers may import."""


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_MODULES[module].read_text(encoding="utf-8"))


def _imports(module: str) -> Iterator[str]:
    """Yield every name that a module imports, with the module that it comes from."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_handlers_get_only_the_reading_side_of_the_database() -> None:
    given = get_type_hints(Services)
    assert given["database"] is ReadOnlyDatabase
    assert Database not in given.values()
    assert not {"write", "probe", "session"} & set(dir(ReadOnlyDatabase))


def test_handlers_import_only_the_reading_side_of_the_database() -> None:
    known = {name for module in _MODULES for name in _imports(module) if name.startswith("storage.engine")}
    assert known <= _FROM_ENGINE
