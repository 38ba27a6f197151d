"""The raw document: what was fetched from an address, before anything is read in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A feed, page or sitemap as bytes, decompressed.

    `content_type` is what the site declares, "" where it declares nothing. `url` is the address that answered.
    """

    body: bytes
    content_type: str
    url: str
