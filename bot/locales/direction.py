"""Marks of direction in the texts of a right-to-left language: set once, when its file is loaded.

A line that begins with a name, a Latin word or a /command would run from left to right, whatever follows; RLM
before it keeps the line as the language is. A /command, and what is to be copied, is isolated, so that its slash
stands before it; what is put into a text is isolated by the library itself. What is copied holds no mark: the marks
stand around `<code>`.
"""

import re
import unicodedata
from typing import Any

from fluent.syntax import ast

from persian.direction import FSI, PDI, RLM

_TAG = re.compile(r"<[^<>]*>")
_BEGIN, _END = "<code>", "</code>"
_CODE = re.compile(f"({_BEGIN}|{_END})")
_COMMAND = re.compile(r"(?<![<\w/])/[a-z]+\b")
_NUMBER = "_text"  # what a whole number is shown as has no strong letter


def mark(pattern: ast.Pattern) -> None:
    """Put RLM before each line of a pattern that may begin with a left-to-right letter, and isolate commands."""
    marked: list[Any] = []
    begin, decided, in_code = 0, False, False
    for element in pattern.elements:
        if not isinstance(element, ast.TextElement):
            if not decided:
                decided = _decides(element, marked, begin)
            marked.append(element)
            continue
        for number, line in enumerate(element.value.split("\n")):
            if number:
                marked.append(ast.TextElement("\n"))
                begin, decided = len(marked), False
            if not decided and (direction := _first_strong(line)):
                if direction == "L":
                    marked.insert(begin, ast.TextElement(RLM))
                decided = True
            isolated, in_code = _isolated(line, in_code=in_code)
            marked.append(ast.TextElement(isolated))
    pattern.elements = _joined(marked)


def _isolated(line: str, *, in_code: bool) -> tuple[str, bool]:
    """Return part of a line with its code and its commands isolated, and whether code is open at its end."""
    pieces = []
    for piece in _CODE.split(line):
        if piece == _BEGIN:
            pieces.append(FSI + piece)
            in_code = True
        elif piece == _END:
            pieces.append(piece + PDI)
            in_code = False
        else:
            pieces.append(piece if in_code else _COMMAND.sub(rf"{FSI}\g<0>{PDI}", piece))
    return "".join(pieces), in_code


def _decides(element: Any, line: list[Any], begin: int) -> bool:
    """Return whether a placeable settles how its line runs; where it may run from the left the line is marked."""
    inner = element.expression
    if isinstance(inner, ast.SelectExpression):
        for variant in inner.variants:
            mark(variant.value)
        return True
    if isinstance(inner, ast.StringLiteral):
        return False
    if isinstance(inner, ast.VariableReference):
        if inner.id.name.endswith(_NUMBER):
            return False
        line.insert(begin, ast.TextElement(RLM))
    return True


def _first_strong(text: str) -> str:
    for letter in _TAG.sub("", text):
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction
    return ""


def _joined(elements: list[Any]) -> list[Any]:
    """Return the elements with neighbouring texts made one: the library forms them faster."""
    joined: list[Any] = []
    for element in elements:
        if isinstance(element, ast.TextElement) and joined and isinstance(joined[-1], ast.TextElement):
            joined[-1] = ast.TextElement(joined[-1].value + element.value)
        elif not isinstance(element, ast.TextElement) or element.value:
            joined.append(element)
    return joined
