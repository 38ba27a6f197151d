"""The handbook for editors names only buttons, texts and commands that the bot has, in good Persian letters.

The buttons that the English pages name by their picture and Persian label are those of the bot, too.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from handlers import register
from persian.copy_edit.editor import corrections

_ROOT = Path(__file__).parents[2]
_PAGES = sorted((_ROOT / "docs" / "fa").glob("*.md"))
_ENGLISH = [_ROOT / "README.md", *sorted(set((_ROOT / "docs").rglob("*.md")) - set(_PAGES))]
_TEXTS = _ROOT / "bot" / "locales" / "fa.ftl"
_QUOTED = re.compile(r"\*\*«(.+?)»\*\*", re.DOTALL)
_PICTURED = re.compile(r"«((?=[^\x00-\u2000])[^»]+)»")
_COMMAND = re.compile(r"(?<![\w/.:])/([a-z]+)\b")
_CODE = re.compile(r"^```.*?^```|`[^`]*`", re.MULTILINE | re.DOTALL)
_ANY = ".+"
_FEW_LETTERS = 3
_ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]*>")


def _form_of(placeable: ast.Placeable) -> str:
    """Return what an argument looks like: a number, or any words."""
    argument = placeable.expression
    is_number = isinstance(argument, ast.VariableReference) and re.fullmatch(r"id|\w+_text", argument.id.name)
    return "[۰-۹٬]+" if is_number else _ANY


def _patterns(node: ast.Pattern) -> Iterator[re.Pattern[str]]:
    """Yield what a text may look like: itself, or each of its variants."""
    words, form = "", ""
    for element in node.elements:
        if isinstance(element, ast.TextElement):
            text = re.sub(r"</?[a-z]+>", "", element.value)
            words, form = words + text, form + re.escape(text)
            continue
        form += _form_of(element)
        if isinstance(element.expression, ast.SelectExpression):
            for variant in element.expression.variants:
                yield from _patterns(variant.value)
    # Any words with hardly a letter beside them would match everything.
    if _ANY not in form or len(re.findall(r"[^\W_]", words)) > _FEW_LETTERS:
        yield re.compile(form)


@cache
def _said() -> list[re.Pattern[str]]:
    resource = FluentParser().parse(_TEXTS.read_text(encoding="utf-8"))
    messages = [entry for entry in resource.body if isinstance(entry, ast.Message) and entry.value]
    return [pattern for message in messages if message.value for pattern in _patterns(message.value)]


def _is_said(words: str) -> bool:
    return any(pattern.fullmatch(words) for pattern in _said())


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_every_quoted_label_is_a_text_of_the_bot(page: Path) -> None:
    quoted = [" ".join(words.split()) for words in _QUOTED.findall(page.read_text(encoding="utf-8"))]
    assert [words for words in quoted if not _is_said(words)] == []


def test_most_pages_quote_labels() -> None:
    quoting = [page for page in _PAGES if _QUOTED.search(page.read_text(encoding="utf-8"))]
    assert len(quoting) >= 9


def test_a_label_that_the_bot_does_not_have_is_found() -> None:
    assert _is_said("📣 انتشار")
    assert _is_said("📝 بازبینی (۲)")
    assert not _is_said("📣 انتشار خبر")
    assert not _is_said("تغییر همه‌چیز")


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_every_command_is_real(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = "\n".join(_CODE.findall(text))
    real = {command.name for command in register.declared_commands()}
    assert {name for name in _COMMAND.findall(code) if name not in real} == set()
    assert _COMMAND.findall(_ADDRESS.sub("", _CODE.sub("", text))) == [], "a command stands outside of code"


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_is_right_to_left_and_written_in_persian_letters(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith('<div dir="rtl" markdown>\n\n# ')
    assert text.endswith("\n</div>\n")
    prose = _ADDRESS.sub("", _CODE.sub("", text))
    assert re.findall(r"^.*[يكةىإ٠-٩].*$", prose, re.MULTILINE) == []
    assert re.findall(r"^(?![0-9]\. | *[0-9]\. ).*[0-9].*$", prose, re.MULTILINE) == []
    assert re.findall(r"^.*[\u0600-\u06ff][?,;].*$", prose, re.MULTILINE) == []
    spoken = re.sub(r"\*\*|^[ |#-]+|[ |]+$", "", _ADDRESS.sub("", _CODE.sub("X", text)), flags=re.MULTILINE)
    assert [edit for line in spoken.splitlines() for edit in corrections(line)] == [], "the copy editor corrects it"


@pytest.mark.parametrize("page", _ENGLISH, ids=lambda page: str(page.relative_to(_ROOT)))
def test_every_label_with_a_picture_is_a_text_of_the_bot(page: Path) -> None:
    labels = [" ".join(words.split()) for words in _PICTURED.findall(page.read_text(encoding="utf-8"))]
    # English pages leave the count at the end of a label out.
    assert [words for words in labels if not _is_said(words) and not _is_said(f"{words} (۱)")] == []
