"""The sanitising of foreign markup before it is stored: inline HTML of a few harmless tags (pure)."""

import html
import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import nh3

from persian.foreign_text import clean

INLINE_TAGS = {"b", "i", "u", "s", "code", "a"}
"""The tags of storage.records.Block."""
_TAG = re.compile(r"</?[a-z][^<>]*>")
_LINK_BORDER = re.compile("<a[ >]|</a>")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|yclid|igshid|mc_[ce]id)(?:=|$)", re.IGNORECASE)
# Some write the scheme before an address that has one.
_SCHEME = re.compile(
    r"(?:(?:feed:|https?:)(?://)?(?=https?:/))?+(?:feed:(?://)?)?(https?):?[/\\]{1,4}(?=[^/\\])", re.IGNORECASE
)
_AROUND = " \t\r\n\u00a0\u200c\u200d\u200e\u200f"
_BREAK = re.compile(r"[\r\n\t]")
_BARE_HOST = re.compile(r"www\d?(?:\.[\w-]+){2,}(?::\d+)?")
_NO_ADDRESS = frozenset(("n/a", "na", "none", "null", "undefined", "nil", "false", "-", "about:blank"))
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
    return _without_links_to_nowhere(cleaned.replace("&nbsp;", " "))


def escape(text: str) -> str:
    """Return plain `text` as inline HTML."""
    return html.escape(clean(text), quote=False)


def text_of(inline: str) -> str:
    """Return the plain text of a block's inline HTML."""
    bare = _TAG.sub("", inline) if "<" in inline else inline
    return html.unescape(bare) if "&" in bare else bare


def absolute_url(address: str, base: str) -> str:
    """Return `address`, seen from `base`, as an http(s) URL without tracking words; "" where it is none.

    An address without a scheme that begins with www, or with the host of `base`, is one of its own. What stands for
    no address, such as "N/A" or a mere "#", is none.
    """
    address = clean(address).strip(_AROUND).replace("&amp;", "&")
    if _BREAK.search(address):
        address = "".join(part.strip() for part in _BREAK.split(address))
    if not address or address.startswith("#") or address.lower() in _NO_ADDRESS:
        return ""
    try:
        parts = urlsplit(_whole(address, base))
        if not _is_public(parts):
            return ""
        query = _without_tracking(parts.query)
        joined = urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
    except ValueError:
        return ""
    return joined.replace(" ", "%20") if len(joined) <= _MAX_URL else ""


def _without_tracking(query: str) -> str:
    """Return a query without the parameters that tell where a reader comes from."""
    return "&".join(part for part in query.split("&") if not _TRACKING.match(part))


def _is_public(parts: SplitResult) -> bool:
    """Return whether an address is that of a host on the web, without a login."""
    if parts.scheme not in ("http", "https"):
        return False
    return bool(parts.hostname) and not parts.username and not parts.password


def _without_links_to_nowhere(markup: str) -> str:
    """Return well-formed inline HTML without the links that have no address; their text stays."""
    open_links: list[bool] = []

    def stay(match: re.Match[str]) -> str:
        if match[0] == "</a>":
            return match[0] if not open_links or open_links.pop() else ""
        open_links.append(match[0] == "<a ")
        return match[0] if open_links[-1] else ""

    return _LINK_BORDER.sub(stay, markup)


def _whole(address: str, base: str) -> str:
    """Return `address` with scheme and host: its own where it has them, however they are written, else `base`'s."""
    if match := _SCHEME.match(address):
        return f"{match[1].lower()}://{address[match.end() :]}"
    parts = urlsplit(base)
    own = (parts.hostname or "").removeprefix("www.")
    first = re.split("[/?#]", address, maxsplit=1)[0].lower()
    if ("." in own and first == own) or _BARE_HOST.fullmatch(first):
        return f"{parts.scheme or 'https'}://{address}"
    return urljoin(base, address)
