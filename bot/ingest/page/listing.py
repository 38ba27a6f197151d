"""The links of a page that lists articles (pure)."""

from urllib.parse import urlsplit

from selectolax.lexbor import SelectolaxError

from bot.errors import SourceError
from bot.ingest.items import Link
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dom import node_text, parse_html
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import cut, has_letters
from bot.ingest.source_ids import number_of

MAX_LINKS = 300
_TEXT_CHARS = 500


def parse_listing(body: bytes, content_type: str, url: str, selector: str = "") -> tuple[Link, ...]:
    """Return the links of a page in its order, absolute, each once, on the page's own host.

    `selector` is a CSS selector of the links, or of elements that hold them; "" takes every link whose address
    bears a news number. A link's text is the longest of those that lead to the same address. Raises SourceError
    for a broken selector and where no link is found.
    """
    tree = parse_html(decode(body, content_type))
    try:
        nodes = tree.css(selector) if selector else tree.css("a[href]")
    except SelectolaxError as error:
        raise SourceError(f"{selector[:80]!r} is not a CSS selector") from error
    links = [link for node in nodes for link in ([node] if node.tag == "a" else node.css("a[href]"))]
    host = _host(url)
    found: dict[str, str] = {}
    for link in links:
        address = absolute_url(link.attributes.get("href") or "", url).partition("#")[0]
        if not address or _host(address) != host or address == url.partition("#")[0]:
            continue
        if not selector and not number_of(address):
            continue
        text = cut(node_text(link) or (link.attributes.get("title") or ""), _TEXT_CHARS)
        if address in found or len(found) < MAX_LINKS:
            found[address] = max(found.get(address, ""), text if has_letters(text) else "", key=len)
    if not found:
        raise SourceError("no links to articles found on the page")
    return tuple(Link(address, text) for address, text in found.items())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
