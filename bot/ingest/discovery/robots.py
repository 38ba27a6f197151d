"""The sitemaps that a robots.txt names (pure). https://www.rfc-editor.org/rfc/rfc9309"""

import re

from bot.ingest.markup.sanitise import absolute_url

_MOST_BYTES = 500_000
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)


def sitemaps_in(body: bytes, url: str) -> list[str]:
    """Return the addresses of sitemaps in a robots.txt that was fetched from `url`, each once."""
    text = body[:_MOST_BYTES].decode(errors="replace")
    addresses = (absolute_url(match[1], url) for match in _SITEMAP.finditer(text))
    return list(dict.fromkeys(filter(None, addresses)))
