"""Every regular expression of the project, and in which ways its code uses it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import bot
import handlers
import persian
import storage

_ANCHORED = {"match", "fullmatch"}
_RUN_AS_PROGRAMS = ("__main__", "drawing", "parser_process", "text_process")
_INLINE = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern of a module, by its name there; `ways` are the methods that the code calls on it."""

    module: str
    name: str
    pattern: "re.Pattern[Any]"
    ways: frozenset[str]

    @property
    def is_searched(self) -> bool:
        """Return whether it is tried at every place of a text."""
        return not self.ways or bool(self.ways - _ANCHORED)


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return all modules of the project but migrations and those that run as programs."""
    names = [
        module.name
        for package in (bot, handlers, persian, storage)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if ".migrations" not in module.name and not module.name.endswith(_RUN_AS_PROGRAMS)
    ]
    return tuple(importlib.import_module(name) for name in names)


def patterns_of(module: ModuleType) -> list[Used]:
    """Return the patterns that a module holds or writes out, each once."""
    tree = _tree(module)
    ways = _ways(tree)
    used = [
        Used(module.__name__, name, pattern, ways.get(name, frozenset()))
        for name, value in vars(module).items()
        if _is_own(module, name, tree)
        for pattern in _within(value)
    ]
    return used + [Used(module.__name__, text, re.compile(text), frozenset({way})) for way, text in _inline(tree)]


def unread(module: ModuleType) -> list[str]:
    """Return the calls of `re` in a module whose pattern is made as the program runs."""
    functions = (
        node for node in ast.walk(_tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    calls = (call for function in functions for _, call in _calls(function))
    return list(dict.fromkeys(ast.unparse(call) for call in calls if _written_out(call.args[0]) is None))


def _within(value: Any, depth: int = 3) -> Iterator["re.Pattern[Any]"]:
    """Yield the patterns in a value: by itself, or in containers and dataclasses."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth == 0:
        return
    elif isinstance(value, dict):
        for inner in (*value, *value.values()):
            yield from _within(inner, depth - 1)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _within(inner, depth - 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name), depth - 1)


def _is_own(module: ModuleType, name: str, tree: ast.Module) -> bool:
    """Return whether a module's name is assigned there, and not only imported."""
    return any(
        isinstance(target, ast.Name) and target.id == name
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )


def _ways(tree: ast.Module) -> dict[str, frozenset[str]]:
    """Return for each name the methods that are called on it; none for one that is also handed on."""
    ways: dict[str, set[str]] = {}
    called: dict[str, int] = {}
    read: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            ways.setdefault(node.value.id, set()).add(node.attr)
            called[node.value.id] = called.get(node.value.id, 0) + 1
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read[node.id] = read.get(node.id, 0) + 1
    private = {name for name in ways if name.startswith("_") and called[name] == read[name]}
    return {name: frozenset(ways[name]) for name in private}


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "re" and function.attr in _INLINE:
            assert isinstance(node, ast.Call)
            yield function.attr, node


def _inline(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (way, written)
        for way, call in _calls(tree)
        if way != "compile" and (written := _written_out(call.args[0])) is not None
    ]


def _written_out(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _tree(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text())
