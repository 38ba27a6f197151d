"""Labels beside the headline of a page, with what they name: «خبرنگار: ...», «القسم: ...» (pure)."""

import re

from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.markup.text import has_letters
from bot.ingest.page.document import PageDocument
from bot.ingest.page.headings import LEAST_HEADING
from persian.foreign_text import one_line
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
    key, place, titled, begun = match_key(title), 0, -1, ""
    found: list[tuple[int, str]] = []
    for node in page.tree.body.traverse(include_text=True):
        text = one_line(node.text_content or "") if node.tag == "-text" else ""
        if not text:
            continue
        place += len(text)
        if LEAST_HEADING < len(text) <= len(title) + LEAST_HEADING and match_key(text) in key:
            titled = place
            continue
        if titled >= 0 and place > titled + _NEAR_CHARS:
            break
        match = label.match(text)
        if begun and match is None and has_letters(text):
            found.append((place, f"{begun} {text}"))
        begun = ""
        if match is None or len(text) > _LABELLED_CHARS or is_beside(node):
            continue
        if has_letters(text[match.end() :]):
            found.append((place, text))
        else:
            begun = text
    return [
        *(text for at, text in found if at > titled >= 0),
        *(text for at, text in found if titled - _NEAR_CHARS <= at <= titled),
    ]
