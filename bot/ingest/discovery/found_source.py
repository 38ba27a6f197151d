"""Records of a discovery: what a site offers as a source, and how each was found."""

from dataclasses import dataclass
from enum import StrEnum

from bot.ingest.candidate import Candidate
from storage.records import SourceKind


class FoundBy(StrEnum):
    """The way in which a source was found at a site."""

    ADDRESS = "address"
    """The address that was asked about is one itself."""
    LINK = "link"
    """The page declares it, or links to it."""
    COMMON_PATH = "common path"
    """It answers where sites usually have their feed."""
    SITEMAP = "sitemap"
    """robots.txt or a common path leads to a sitemap."""
    LISTING = "listing"
    """The page lists headlines."""


@dataclass(frozen=True, slots=True)
class FoundSource:
    """An address that can be a source, its kind, and its `newest` items, the newest first.

    `selector` is the CSS selector of a listing's links ("" lets the addresses decide), `count` how many items there
    are now, `title` the feed's own name or the page's, "" for none.
    """

    url: str
    kind: SourceKind
    selector: str
    title: str
    found_by: FoundBy
    count: int
    newest: tuple[Candidate, ...]
