"""Check that the built site loads everything from itself: `python -m website.check FOLDER`.

A page may link to another site. It may not load a script, a style, a font or a picture from one. Each page names a
policy, by which browsers refuse what a script would load on demand.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_FOREIGN = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)
_LOADING = {"src", "srcset", "poster", "data"}
_LINKING = {"canonical", "alternate", "prev", "next"}
"""The kinds of <link> that load nothing."""


class _Page(HTMLParser):
    """Collects the foreign addresses that a page loads, and whether it names a policy."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.has_policy = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what one element loads."""
        values = {name: value or "" for name, value in attrs}
        if values.get("http-equiv") == "Content-Security-Policy":
            self.has_policy = True
        loaded = [value for name, value in values.items() if name in _LOADING]
        if tag == "link" and values.get("rel") not in _LINKING:
            loaded.append(values.get("href", ""))
        self.foreign += [address for address in loaded if _FOREIGN.match(address)]
        self.foreign += _IN_STYLE.findall(values.get("style", ""))


def faults(site: Path) -> Iterator[str]:
    """Yield one line for each foreign address that a file of the site loads, and for each page without a policy."""
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        yield from (f"{path}: loads {address}" for address in page.foreign)
        if not page.has_policy:
            yield f"{path}: names no Content-Security-Policy"
    for path in sorted(site.rglob("*.css")):
        yield from (f"{path}: loads {address}" for address in _IN_STYLE.findall(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    faults_found = list(faults(Path(sys.argv[1])))
    sys.exit("\n".join(faults_found) if faults_found else 0)
