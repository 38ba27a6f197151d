"""Every act that the audit writes down can be read: its word of code has a text, and no text is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.newsroom.source_changes import Question

ROOT = Path(__file__).parents[2]
_KEY = re.compile(r"^act-([a-z-]+) =", re.MULTILINE)
_HANDS_ON = {"_audit"}
"""Functions that only hand an act's word on to the audit; what they are called with is looked at."""
_PLACES = {"audit.note": 2, "self._audit": 2, "_audit": 2, "audit.Act": 1}
"""Which argument of a call is an act's word."""


def _words(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, assigned)
        yield from _words(node.orelse, assigned)
    elif isinstance(node, ast.Name) and node.id in assigned:
        for value in assigned[node.id]:
            yield from _words(value, assigned)
    elif ast.unparse(node) == "f'source_{question}'":
        yield from (f"source_{question}" for question in Question)
    else:
        raise AssertionError(f"which act is this? {ast.unparse(node)}")


def _acts(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef) or function.name in _HANDS_ON:
            continue
        assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (place := _PLACES.get(ast.unparse(node.func))) is not None:
                yield from _words(node.args[place], assigned)


def test_acts_and_texts_are_the_same() -> None:
    written = {
        act
        for folder in ("bot", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for act in _acts(path)
    }
    texts = (ROOT / "bot" / "locales" / "fa.ftl").read_text()
    assert {act.replace("_", "-") for act in written} == set(_KEY.findall(texts))
