"""Every file, folder and module that the documentation, a docstring or a comment names is there.

So is every name that the pages of the architecture mention as code.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("benchmarks", "bot", "handlers", "persian", "sandbox", "storage", "tests", "website")
_PAGES = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md"), _ROOT / ".env.example", _ROOT / "Makefile"])
_ARCHITECTURE = sorted([_ROOT / "docs/ARCHITECTURE.md", *(_ROOT / "docs/architecture").glob("*.md")])
_PRODUCT = ("bot", "handlers", "persian", "sandbox", "storage")
_PATH = re.compile(rf"(?<![\w./@-])(?:deploy|{'|'.join(_FOLDERS)})/[\w./*@-]*\w")
_DOTTED = re.compile(rf"(?<![\w./@\"'-])(?:{'|'.join(_FOLDERS)})(?:\.[A-Za-z_]\w*)+(?!\w*[-.]\w)")
_CODE = re.compile(r"`@?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(\))?`")
_EXAMPLES = {
    "bot/locales/tr.ftl",
    "handlers/readers/newest.py",
    "storage/migrations/versions/0042_archive.py",
    "tests/flows/test_newest.py",
}
"""Files that somebody makes who follows the examples of CONTRIBUTING.md."""
_WRITTEN = {"benchmarks/results.json"}
"""Files that a program writes."""
_PYTHON = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SUFFIXES = {"ftl", "json", "md", "py", "toml", "txt"}


def _missing(text: str) -> list[str]:
    """Return the names in a text that are those of nothing."""
    paths = [path for path in _PATH.findall(text) if path not in _EXAMPLES | _WRITTEN and not _is_path(path)]
    dotted = [name for name in _DOTTED.findall(text) if name.split(".")[1] not in _SUFFIXES]
    return paths + [name for name in dotted if not _is_module(name)]


def _is_path(path: str) -> bool:
    return (_ROOT / path).exists() or any(_ROOT.glob(path))


def _is_module(name: str) -> bool:
    """Return whether a dotted name is that of a module or package, or of something that one of these defines."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = _ROOT.joinpath(*parts[:length])
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if path.is_dir() or file.exists():
            inner = parts[length:]
            return not inner or (file.exists() and inner[0] in _names_in(file))
    return False


def _names_in(file: Path) -> set[str]:
    """Return the names in a module, and its texts that are one word, such as an event of the log."""
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
    return {token.string.strip('"') for token in tokens if token.type in (tokenize.NAME, tokenize.STRING)}


def _prose(source: str) -> Iterator[str]:
    """Yield the docstrings and comments of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(_ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    assert _missing(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("folder", _FOLDERS)
def test_what_docstrings_and_comments_name_is_there(folder: str) -> None:
    missing = {
        str(path.relative_to(_ROOT)): _missing("\n".join(_prose(path.read_text(encoding="utf-8"))))
        for path in sorted((_ROOT / folder).rglob("*.py"))
    }
    assert {path: names for path, names in missing.items() if names} == {}


@pytest.fixture(scope="module")
def product_names() -> set[str]:
    """Every name in the code of the product, with the names of its modules and of its settings."""
    paths = [path for folder in _PRODUCT for path in (_ROOT / folder).rglob("*.py")]
    settings = re.findall(r"\w+", (_ROOT / ".env.example").read_text(encoding="utf-8"))
    return {"py", *settings, *(path.stem for path in paths)}.union(*(_names_in(path) for path in paths))


@pytest.mark.parametrize("page", _ARCHITECTURE, ids=lambda page: page.stem)
def test_the_code_of_an_architecture_page_is_there(page: Path, product_names: set[str]) -> None:
    mentioned = _CODE.findall(page.read_text(encoding="utf-8"))
    assert mentioned
    names = [name.split(".") for name in mentioned]
    assert [
        name for name in names if name[-1] not in _SUFFIXES - {"py"} and not product_names.issuperset(name)
    ] == []


def test_the_examples_for_contributors_name_what_is_there(product_names: set[str]) -> None:
    blocks = _PYTHON.findall((_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert blocks
    code = re.sub(r"\".*?\"", "", "\n".join(blocks))
    made = set(re.findall(r"^ *(?:class )?([A-Z]\w+)(?:\(| = )", code, re.MULTILINE))
    fixtures = {"PeykApp", "Telegram"}
    assert set(re.findall(r"\b[A-Z]\w+\b", code)) - product_names - made - fixtures == set()


def test_what_is_not_there_is_found() -> None:
    there = "`bot/app.py`, `bot/locales/`, `bot/locales/*.ftl`, bot.delivery.policy.verdict, storage.records"
    assert _missing(there) == []
    gone = ["bot/gone.py", "handlers/gone/", "bot.delivery.gone", "storage.records.Gone"]
    assert _missing(", ".join(gone)) == [
        "bot/gone.py",
        "handlers/gone",
        "bot.delivery.gone",
        "storage.records.Gone",
    ]
