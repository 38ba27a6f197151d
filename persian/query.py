"""What a reader means by the words of a search (pure).

Because half-spaces come and go, neighbouring words of a query may stand joined in the text, and a joined word
of the query may stand apart in it: the index's joined pairs cover the second, whoever searches the first.
"""

import re
from dataclasses import dataclass

from persian.normalise import tokens

MOST_WORDS = 12
"""Words of a query that count; the rest is ignored."""

_PART = re.compile(r'(-?)(?:"([^"]*)"|«([^»]*)»|(\S+))')


@dataclass(frozen=True, slots=True)
class Query:
    """A search: every one of `words` in any order, every one of `phrases`, none of `excluded`.

    `words` are runs of neighbouring words, so that pairs within one run may stand joined. A phrase is its words
    in order. Every word is normalised.
    """

    words: tuple[tuple[str, ...], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for; exclusions alone are nothing."""
        return bool(self.words or self.phrases)


def parse_query(text: str) -> Query:
    """Read what a person typed: words, "phrases" (also «so»), and -exclusions of either kind."""
    runs: list[list[str]] = [[]]
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []
    left = MOST_WORDS
    for sign, quoted, angled, bare in _PART.findall(text):
        words = tuple(tokens(quoted or angled or bare))[:left]
        left -= len(words)
        if not words:
            continue
        if sign:
            excluded.append(words)
            runs.append([])
        elif bare:
            runs[-1].extend(words)
        else:
            phrases.append(words)
            runs.append([])
    return Query(tuple(tuple(run) for run in runs if run), tuple(phrases), tuple(excluded))
