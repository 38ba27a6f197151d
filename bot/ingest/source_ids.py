"""The number that a site itself gives an article, read from its address or guid (pure).

Forms: Nastooh `/news/6983317/...` and `/photo/...`, SepehrFeed and Nour News `/fa/news/1399497/...`, a date
between (`/news/1405/03/29/3620901/`), WordPress `?p=1981009`.
"""

import re
from urllib.parse import parse_qs, urlsplit

_KINDS = (
    "news|photo|photos|video|videos|media|multimedia|gallery|film|sound|audio|podcast|live|report|reports|note|"
    "interview|article|articles|story|infographic|cartoon|graphic|picture|newspaper|content|amp/news|n|archives"
)
_PATH = re.compile(rf"/(?:{_KINDS})/(?:1[34]\d\d/\d\d?/\d\d?/)?(\d{{1,15}})(?=[/.\-_?#]|$)", re.IGNORECASE)
_QUERY = ("p", "newsid", "news_id", "nid")


def number_of(*addresses: str) -> str:
    """Return the news number in the first of `addresses` that has one, in ASCII digits; "" where none has."""
    for address in addresses:
        try:
            parts = urlsplit(address.strip()[:4096])
            query = parse_qs(parts.query, max_num_fields=50)
        except ValueError:
            continue
        named = next((query[name][0] for name in _QUERY if name in query), "")
        if found := _PATH.search(parts.path):
            named = found[1]
        if named.isascii() and named.isdigit() and len(named) <= 15 and int(named) > 0:
            return str(int(named))
    return ""


def origin_of(address: str) -> str:
    """Return the host of an address without www, "" where it has none: with the number it names an article."""
    return (urlsplit(address).hostname or "").removeprefix("www.").lower()
