"""Records and tables have one address: every module imports them from their package, never from its parts."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PACKAGES = ("storage.records", "storage.schema")


def _addresses(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if not any(f"{package}." in source for package in _PACKAGES):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_records_and_tables_are_imported_from_their_packages() -> None:
    inside = tuple(ROOT / package.replace(".", "/") for package in _PACKAGES)
    parts = [
        f"{path.relative_to(ROOT)}: {address}"
        for folder in ("bot", "handlers", "storage", "benchmarks", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path.parent not in inside
        for address in _addresses(path)
        if address.startswith(tuple(f"{package}." for package in _PACKAGES))
    ]
    assert parts == []


def test_packages_export_every_public_name_of_their_parts() -> None:
    for package in _PACKAGES:
        folder = ROOT / package.replace(".", "/")
        exported = _exported(folder / "__init__.py")
        for path in folder.glob("*.py"):
            if path.stem not in {"__init__", "base"}:
                assert _public_names(path) <= exported, path


def _exported(path: Path) -> set[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError(f"{path} exports nothing")


def _public_names(path: Path) -> set[str]:
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")}
