"""The links of a page that lists articles (pure)."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from bot.errors import SourceError
from bot.ingest.feed.sitemap import is_sitemap, parse_sitemap
from bot.ingest.identity.addresses import host_of, same_site
from bot.ingest.identity.source_ids import names_article, site_number
from bot.ingest.items import Link
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dom import attribute, node_text, parse_html
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import cut, has_letters
from bot.ingest.page.document import base_of, is_front_page
from bot.ingest.raw_document import RawDocument
from storage.records import SiteNumber

MAX_LINKS = 300
_TEXT_CHARS = 500
_UTC = ZoneInfo("UTC")


def parse_listing(document: RawDocument, selector: str = "") -> tuple[Link, ...]:
    """Return the links of a page in its order, absolute, each once, on the page's own host.

    Relative links are seen from the page's <base> where it has one; its host then counts as the page's own, too.

    `selector` is a CSS selector of the links, or of elements that hold them; "" takes every link whose address
    looks like an article's: it bears a number, a date or an id. A link's text is the longest of those that lead to
    the same address. Raises SourceError for a broken selector and where no link is found.

    A sitemap is a list of links without texts: first those whose pages it says to have changed last.
    """
    markup = decode(document.body, document.content_type)
    if is_sitemap(markup):
        return _of_sitemap(document)
    tree = parse_html(markup)
    texts: dict[str, str] = {}
    for address, link in _own_links(tree, document.url, selector):
        if address in texts or len(texts) < MAX_LINKS:
            # A link to a part of the page, such as its comments, is named after that.
            text = "" if "#" in _target(link) else _text_of(link)
            texts[address] = max(texts.get(address, ""), text, key=len)
    if not texts:
        raise SourceError("no links to articles found on the page")
    return tuple(Link(address, text) for address, text in _each_once(texts).items())


def _each_once(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of links by address, without the address of a number alone beside that with its slug.

    Such is the link of a time or of a picture; of the two addresses that with the longer text stays.
    """
    by_number: dict[SiteNumber, list[str]] = {}
    for address in texts:
        if (number := site_number(address)) is not None:
            by_number.setdefault(number, []).append(address)
    dropped: set[str] = set()
    for addresses in by_number.values():
        bare = [address for address in addresses if _is_bare(address, addresses)]
        others = [address for address in addresses if address not in bare]
        if bare and len(others) == 1:
            dropped |= {*addresses} - {max((*others, *bare), key=lambda address: len(texts[address]))}
    return {address: text for address, text in texts.items() if address not in dropped}


def _is_bare(address: str, addresses: Sequence[str]) -> bool:
    """Return whether an address is a short link, or the beginning of another one of the same number."""
    begin = address.rstrip("/") + "/"
    return "/tiny/" in address or any(other.startswith(begin) and len(other) > len(begin) for other in addresses)


def _links_in(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the links that a selector finds, or that what it finds holds; all for "". Raises SourceError."""
    try:
        nodes = tree.css(selector) if selector else tree.css("a[href]")
    except SelectolaxError as error:
        raise SourceError(f"{selector[:80]!r} is not a CSS selector") from error
    return [link for node in nodes for link in ([node] if node.tag == "a" else node.css("a[href]"))]


def _own_links(tree: LexborHTMLParser, url: str, selector: str) -> Iterator[tuple[str, LexborNode]]:
    """Yield the links of a page to others of its site, each behind its address."""
    base = base_of(tree, url)
    hosts = {host_of(url), host_of(base)}
    for link in _links_in(tree, selector):
        address = absolute_url(_target(link), base).partition("#")[0]
        if _is_other_page(address, url, hosts) and (selector or names_article(address)):
            yield address, link


def _is_other_page(address: str, url: str, hosts: set[str]) -> bool:
    """Return whether an address leads from the page at `url` to another one of its site, at one of its `hosts`."""
    if not address or host_of(address) not in hosts or address == url.partition("#")[0]:
        return False
    # A host may be shared by many, each of which has a site of its own.
    return host_of(address) != host_of(url) or same_site(address, url)


def _target(link: LexborNode) -> str:
    return attribute(link, "href")


def _text_of(link: LexborNode) -> str:
    """Return the text of a link, else its title; "" for one without letters."""
    text = cut(node_text(link) or attribute(link, "title"), _TEXT_CHARS)
    return text if has_letters(text) else ""


def _of_sitemap(document: RawDocument) -> tuple[Link, ...]:
    """Return the links of a sitemap on its own host: those that bear a number or a date where any do, else all."""
    sitemap = parse_sitemap(document, _UTC)
    if sitemap.is_index:
        raise SourceError("this sitemap names other sitemaps, no pages")
    own = [address for address in sitemap.addresses if host_of(address) == host_of(document.url)]
    chosen = _of_articles(own)
    if not chosen:
        raise SourceError("no links to articles found in the sitemap")
    return tuple(Link(address, "") for address in chosen[:MAX_LINKS])


def _of_articles(addresses: Sequence[str]) -> list[str]:
    """Return the addresses that look like articles', where none does all but that of the front page."""
    numbered = [address for address in addresses if names_article(address)]
    return numbered or [address for address in addresses if not is_front_page(address)]
