"""Functions are named by the words of the glossary, never by those that its last table replaces."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("bot", "handlers", "storage", "persian")
_REPLACED = {"ask", "hear", "hold", "keep", "look", "note", "say", "take", "tell", "toast", "told", "turn"}
_STAYING = ("take_over", "take_down", "keep_author", "keep_following", "_hold_app_lock")
"""Functions whose names the glossary keeps, and two named after the labels of their buttons."""


def _replaced(source: str) -> Iterator[str]:
    """Yield the names of functions that begin with a replaced word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_replaced = node.name.strip("_").split("_")[0] in _REPLACED
            if is_replaced and node.name not in _STAYING:
                yield node.name


def test_a_replaced_word_is_noticed() -> None:
    source = "def tell(): ...\nclass A:\n    def _take_row(self): ...\n"
    assert list(_replaced(source)) == ["tell", "_take_row"]
    assert list(_replaced("async def take_over(): ...\ndef takes(): ...\n")) == []


@pytest.mark.parametrize("folder", _FOLDERS)
def test_no_function_is_named_by_a_replaced_word(folder: str) -> None:
    paths = sorted((_ROOT / folder).rglob("*.py"))
    replaced = {str(path.relative_to(_ROOT)): [*_replaced(path.read_text(encoding="utf-8"))] for path in paths}
    assert {path: names for path, names in replaced.items() if names} == {}
