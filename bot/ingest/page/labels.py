"""Labels beside the headline of a page, with what they name: «خبرنگار: ...», «القسم: ...» (pure)."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from bot.ingest.markup.dom import texts_in
from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.markup.text import has_letters
from bot.ingest.page.document import PageDocument
from bot.ingest.page.headings import LEAST_HEADING
from persian.normalise import match_key

_NEAR_CHARS = 600
_LABELLED_CHARS = 100


def labelled(page: PageDocument, title: str, label: re.Pattern[str]) -> list[str]:
    """Return the short texts close to the page's title that begin with `label`, each with what it labels.

    Those behind the title come first. A label and what it labels may stand in two elements. Labels of other news,
    in a sidebar, are none.
    """
    if page.tree.body is None or label.search(page.whole_text) is None:
        return []
    key, place, titled = match_key(title), 0, -1
    labels = _Labels(label)
    for node, text in texts_in(page.tree.body):
        place += len(text)
        if _is_of_title(text, title, key):
            titled = place
            continue
        if titled >= 0 and place > titled + _NEAR_CHARS:
            break
        labels.read(node, text, place)
    return [
        *(text for at, text in labels.texts if at > titled >= 0),
        *(text for at, text in labels.texts if titled - _NEAR_CHARS <= at <= titled),
    ]


@dataclass(slots=True)
class _Labels:
    """A reading of texts in their order: `texts` are those behind a label, each with its place on the page."""

    label: re.Pattern[str]
    texts: list[tuple[int, str]] = field(default_factory=list)
    _alone: str = ""  # a label that what it labels has not followed yet

    def read(self, node: LexborNode, text: str, place: int) -> None:
        """Read the next text, that of a node."""
        match = self.label.match(text)
        if self._alone and match is None and has_letters(text):
            self.texts.append((place, f"{self._alone} {text}"))
        self._alone = ""
        if match is None or len(text) > _LABELLED_CHARS or is_beside(node):
            return
        if has_letters(text[match.end() :]):
            self.texts.append((place, text))
        else:
            self._alone = text


def _is_of_title(text: str, title: str, key: str) -> bool:
    """Return whether a text of about the length of the title is a part of it, by its `key`."""
    return LEAST_HEADING < len(text) <= len(title) + LEAST_HEADING and match_key(text) in key
