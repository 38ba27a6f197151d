"""Every act that the audit writes down can be read: its word of code has a text, and no text is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_KEY = re.compile(r"^act-([a-z-]+) =", re.MULTILINE)
_HANDS_ON = {"_audit"}
"""Functions that only hand an act's word on to the audit; what they are called with is looked at."""


def _words(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body, assigned)
        yield from _words(node.orelse, assigned)
    elif isinstance(node, ast.Name) and node.id in assigned:
        for value in assigned[node.id]:
            yield from _words(value, assigned)
    else:
        raise AssertionError(f"which act is this? {ast.unparse(node)}")


def _acts(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.AsyncFunctionDef) or function.name in _HANDS_ON:
            continue
        assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.note", "self._audit", "_audit"):
                yield from _words(node.args[2], assigned)


def test_acts_and_texts_are_the_same() -> None:
    written = {
        act for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py") for act in _acts(path)
    }
    texts = (ROOT / "bot" / "locales" / "fa.ftl").read_text()
    assert {act.replace("_", "-") for act in written} == set(_KEY.findall(texts))
