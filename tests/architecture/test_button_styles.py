"""A button that says yes has a style: it reaches readers, cannot be undone, or is the next step of a job."""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def _unstyled(tree: ast.AST) -> Iterator[str]:
    """Yield the keys of the texts of yes-buttons that are made without a style."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Button":
            keys = (
                [leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)]
                if node.args
                else []
            )
            styled = any(keyword.arg == "style" for keyword in node.keywords)
            yield from (str(key) for key in keys if _is_yes(str(key)) and not styled)


def _is_yes(key: str) -> bool:
    return key.startswith("button-") and "yes" in key.split("-")


def test_every_yes_has_a_style() -> None:
    modules = [path for folder in ("handlers", "bot/render") for path in (_ROOT / folder).rglob("*.py")]
    unstyled = {
        f"{path.relative_to(_ROOT)}: {key}"
        for path in modules
        for key in _unstyled(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert unstyled == set()


def test_a_yes_without_a_style_is_found() -> None:
    assert list(_unstyled(ast.parse('Button(texts("button-yes-delete"), data)'))) == ["button-yes-delete"]
    assert list(_unstyled(ast.parse('Button(texts("button-yes-delete"), data, style=DANGER)'))) == []
    assert list(_unstyled(ast.parse('Button(texts("button-back"), data)'))) == []
