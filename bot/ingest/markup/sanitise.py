"""The last wall between foreign markup and storage: inline HTML of a few harmless tags."""

import html
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import nh3

from bot.ingest.markup.text import clean

INLINE_TAGS = {"b", "i", "u", "s", "code", "a"}
"""The tags of storage.records.Block."""
_LINK_TO_NOWHERE = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|yclid|igshid|mc_[ce]id)$", re.IGNORECASE)
_MAX_URL = 2048


def inline_html(markup: str) -> str:
    """Return `markup` with nothing but b, i, u, s, code and a[href=http(s)], everything else escaped or gone."""
    cleaned = nh3.clean(
        clean(markup),
        tags=INLINE_TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    return _LINK_TO_NOWHERE.sub(r"\1", cleaned.replace("&nbsp;", " "))


def escape(text: str) -> str:
    """Return plain `text` as inline HTML."""
    return html.escape(clean(text), quote=False)


def text_of(inline: str) -> str:
    """Return the plain text of a block's inline HTML."""
    return html.unescape(re.sub(r"</?[a-z][^<>]*>", "", inline))


def absolute_url(address: str, base: str) -> str:
    """Return `address`, seen from `base`, as an http(s) URL without tracking words; "" where it is none."""
    if not address.strip():
        return ""
    try:
        parts = urlsplit(urljoin(base, clean(address).strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            return ""
        query = parts.query
        if query and any(_TRACKING.match(name) for name, _ in parse_qsl(query, max_num_fields=100)):
            kept = [(n, v) for n, v in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(n)]
            query = urlencode(kept)
        joined = urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
    except ValueError:
        return ""
    return joined.replace(" ", "%20") if len(joined) <= _MAX_URL else ""
