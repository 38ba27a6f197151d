"""Every relative link of the documentation leads to a file, and to a heading or anchor of it, that exists."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PAGES = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")])
_CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+?) *$", re.MULTILINE)
_NAMED = re.compile(r'<a id="([^"]+)">')


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page: named ones, and those that GitHub makes of headings."""
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    anchors = set(_NAMED.findall(prose))
    for heading in _HEADING.findall(prose):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        copies = sum(1 for known in anchors if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", known))
        anchors.add(f"{anchor}-{copies}" if copies else anchor)
    return anchors


def _broken(page: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and (target.suffix != ".md" or anchor not in _anchors(target))):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(_ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert _broken(page) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `b` (c)\n\n[1](#a-b-c) [2](#gone) [3](gone.md) [4](page.md) `[5](x.md)` [6](https://a.b)\n"
    )
    assert _broken(page) == ["#gone", "gone.md"]


def test_the_readme_leads_to_the_same_places_in_both_languages() -> None:
    def targets(name: str) -> set[str]:
        return set(_LINK.findall((_ROOT / name).read_text(encoding="utf-8"))) - {"README.md", "README.fa.md"}

    assert targets("README.md") == targets("README.fa.md")
