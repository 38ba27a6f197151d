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
_LONGEST_CHAIN = 6
"""The most modules that the longest chain of imports may have, from the registration of all down to the context."""


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


@cache
def _longest_chain(module: str) -> tuple[str, ...]:
    """Return the longest chain of imports among the handlers that begins with a module."""
    imported = {name if name in _MODULES else name.rpartition(".")[0] for name in _imports(module)}
    chains = [_longest_chain(other) for other in imported if other in _MODULES and other != module]
    return (module, *max(chains, key=len, default=()))


def test_no_chain_of_imports_among_the_handlers_is_long() -> None:
    chains = {module: _longest_chain(module) for module in _MODULES}
    assert len(chains["handlers.register"]) > 3
    assert [chain for chain in chains.values() if len(chain) > _LONGEST_CHAIN] == []
