"""Docstrings begin with a noun phrase or a verb in the imperative, never with a question word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("benchmarks", "bot", "handlers", "persian", "sandbox", "storage", "tests")
_QUESTION = re.compile(r"(?:What|Whether|Who|Whose|Which|How|When|Where|Why|Of)\b")


def _first_lines(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the first words of each docstring, those of constants and fields included."""
    body: list[ast.stmt] = getattr(node, "body", [])
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield statement.lineno, text.strip().partition("\n")[0]
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _first_lines(statement)


def _questions(source: str) -> list[tuple[int, str]]:
    return [(line, text) for line, text in _first_lines(ast.parse(source)) if _QUESTION.match(text)]


@pytest.mark.parametrize(
    "source",
    [
        '"""What a module has."""',
        'class Reply:\n    """How a reply ends."""',
        'class Reply:\n    def is_late(self):\n        """Whether it is late."""',
        'async def reply():\n    """\n    Who gets it.\n    """',
        'LIMIT = 3\n"""Of how many one is chosen."""',
    ],
)
def test_a_question_is_noticed(source: str) -> None:
    assert _questions(source)


def test_a_noun_phrase_and_an_imperative_are_not() -> None:
    assert not _questions('"""The offset of updates."""\ndef read():\n    """Whatever happens, return."""\n')


@pytest.mark.parametrize("folder", _FOLDERS)
def test_docstrings_begin_with_a_noun_or_a_verb(folder: str) -> None:
    paths = sorted((_ROOT / folder).rglob("*.py"))
    assert paths
    questions = {str(path.relative_to(_ROOT)): _questions(path.read_text(encoding="utf-8")) for path in paths}
    assert {path: lines for path, lines in questions.items() if lines} == {}
