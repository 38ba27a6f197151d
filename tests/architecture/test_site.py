"""The site of the documentation leads to every page, and loads nothing from elsewhere."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from website import check

_ROOT = Path(__file__).parents[2]
_DOCS = _ROOT / "docs"
_HANDBOOK = _DOCS / "fa"
_CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


def _listed(nav: list[Any]) -> Iterator[str]:
    """Yield the pages of a navigation: addresses, and tables from titles to an address or a list."""
    for entry in nav:
        for value in [entry] if isinstance(entry, str) else entry.values():
            yield from [value] if isinstance(value, str) else _listed(value)


def _navigation(name: str) -> list[str]:
    configuration = tomllib.loads((_ROOT / name).read_text(encoding="utf-8"))
    return list(_listed(configuration["project"]["nav"]))


def test_the_navigation_leads_to_every_page_once() -> None:
    written = [path for path in _DOCS.rglob("*.md") if not path.is_relative_to(_HANDBOOK)]
    expected = [*(str(path.relative_to(_DOCS)) for path in written), "fa/index.md"]
    assert sorted(_navigation("zensical.toml")) == sorted(expected)


def test_the_navigation_of_the_handbook_leads_to_every_page_once() -> None:
    expected = [str(path.relative_to(_HANDBOOK)) for path in _HANDBOOK.rglob("*.md")]
    assert sorted(_navigation("zensical.fa.toml")) == sorted(expected)


def test_a_site_that_loads_from_itself_has_no_faults(tmp_path: Path) -> None:
    page = f'{_POLICY}<link rel="canonical" href="https://a.example/"><img src="x.png"><a href="https://b.example">b</a>'
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "style.css").write_text("a { background: url(x.png) }")
    assert list(check.faults(tmp_path)) == []


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://a.example/x.js"></script>',
        '<link rel="stylesheet" href="https://a.example/x.css">',
        '<link rel="preconnect" href="//a.example">',
        '<img src="//a.example/x.png">',
        '<p style="background: url(https://a.example/x.png)">',
    ],
)
def test_a_page_that_loads_from_elsewhere_is_found(tmp_path: Path, element: str) -> None:
    (tmp_path / "index.html").write_text(_POLICY + element)
    (fault,) = check.faults(tmp_path)
    assert "a.example" in fault


def test_a_style_that_loads_from_elsewhere_and_a_page_without_a_policy_are_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / "style.css").write_text('@import "https://a.example/font.css";')
    assert len(list(check.faults(tmp_path))) == 2


@pytest.mark.parametrize("page", sorted(_DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(_DOCS)))
def test_a_page_links_to_nothing_that_the_site_does_not_have(page: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))]
    targets = [(page.parent / link).resolve() for link in links if link and not re.match("[a-z]+:", link)]
    assert [str(target) for target in targets if not target.is_relative_to(_DOCS)] == []
