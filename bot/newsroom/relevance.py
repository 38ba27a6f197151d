"""The ranking of search hits by their headlines and leads (pure)."""

from collections.abc import Sequence

from persian.index_terms import index_text
from persian.matching import phrase_of, standing, terms_of
from persian.query import Query
from storage.records import Article

RANKED = 200
"""The number of newest hits that are ranked. Narrower words find older articles."""


def by_relevance(hits: Sequence[Article], query: Query) -> list[Article]:
    """Return hits, given newest first, by how much of the query stands in their title, then in their lead.

    A title that has the words side by side, as they were written, comes before one that has them apart. Of those
    that are alike the newer come first.
    """
    together = phrase_of(query)

    def closeness(hit: Article) -> tuple[int, bool, int]:
        title, lead = (terms_of(*index_text(text)) for text in (hit.content.title, hit.content.lead))
        return standing(query, title), standing(together, title) > 0, standing(query, lead)

    return sorted(hits, key=closeness, reverse=True)
