"""One module reads the words of Telegram's refusals: everywhere else a cause is asked for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_READER = ROOT / "bot" / "telegram" / "errors.py"
_FOLDERS = ("bot", "handlers", "storage")
_ERRORS = {"error", "refusal", "exc", "err"}
_STORED = {"reason"}


def _is_words(node: ast.expr) -> bool:
    """Return whether an expression is an error's message, or the reason that is stored of one."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "str" and node.args:
        return isinstance(node.args[0], ast.Name) and node.args[0].id in _ERRORS
    if not isinstance(node, ast.Attribute):
        return False
    of_error = isinstance(node.value, ast.Name) and node.value.id in _ERRORS
    return (node.attr == "message" and of_error) or node.attr in _STORED


def _readings(tree: ast.AST) -> Iterator[str]:
    """Yield the places that look into words, or at the private attribute of a flood wait."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="_retry_after"):
                yield ast.unparse(node)
            case ast.Attribute(value=words, attr="lower" | "casefold" | "find" | "count") if _is_words(words):
                yield ast.unparse(node)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[words]) if _is_words(words):
                yield ast.unparse(node)


@pytest.mark.parametrize(
    "code",
    [
        "error._retry_after.total_seconds()",
        "words = error.message.lower()",
        "'not found' in error.message",
        "'rights' not in str(error)",
        "delivery.reason.lower()",
    ],
)
def test_a_reading_is_noticed(code: str) -> None:
    assert list(_readings(ast.parse(code)))


def test_nobody_else_reads_the_words_of_an_error() -> None:
    assert list(_readings(ast.parse(_READER.read_text())))
    paths = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.py") if path != _READER]
    by_path = {str(path.relative_to(ROOT)): list(_readings(ast.parse(path.read_text()))) for path in paths}
    assert {path: readings for path, readings in by_path.items() if readings} == {}
