"""A page that is being read: its tree, and what several parts of the reading need of it (pure)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.blocks import IsDropped, PlacedBlock, placed_blocks
from bot.ingest.markup.dom import attribute, node_text, parse_html
from bot.ingest.markup.excluded_markup import (
    is_junk_by_name,
    is_never_text,
    is_outside_article,
    letters_in_paragraphs,
)
from bot.ingest.markup.media import media_in
from bot.ingest.markup.metadata_labels import labelled_number
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.markup.text import unescaped_once
from bot.ingest.page.alignment import key_of
from bot.ingest.page.boundaries import drop_comments, drop_offers, drop_other_articles, drop_polls, unwrap_forms
from bot.ingest.page.client_state import client_states, state_of
from bot.ingest.page.json_ld import StructuredData, structured_data
from bot.ingest.page.state_article import StateArticle, state_article, state_titles
from persian.foreign_text import one_line

LITTLE_TEXT = 300
"""Characters below which a page may hold its text elsewhere than where readers see it."""

_FRONT_PAGES = ("", "index.html", "index.htm", "index.php", "default.aspx", "home")
_LANGUAGE_CHARS = 2
_MOST_METAS = 500
_MOST_TITLES = 5
_MOST_MEASURED = 200
_MOST_TAGS = 50_000
_TEXT_CHARS = 20_000
_UNREAD_TAGS = ["script", "style", "template", "svg", "iframe", "object", "embed", "canvas"]


class PageDocument:
    """A page fetched from `url`, "" for a file. Raises SourceError for one that nests absurdly deep.

    `tree` loses its comments and its scripts before the text is looked for; JSON-LD is read before that.
    `comments` is how many elements with comments it had.
    """

    def __init__(self, markup: str, url: str) -> None:
        self.markup = markup = unescaped_once(markup)
        self.tree = parse_html(markup)
        self._metadata = _metadata(self.tree)
        self.base = base_of(self.tree, url)
        self.canonical = self._canonical_address()
        self.url = url or self.canonical
        self.base = self.base or self.url
        addresses = (self.url, self.canonical)
        self.data: StructuredData = structured_data(self.tree, addresses=addresses, titles=self._titles())
        self._states = client_states(self.tree)
        self._hidden: dict[str, StateArticle | None] = {}
        self._measured = 0
        self._blocks: dict[IsDropped | None, tuple[PlacedBlock, ...]] = {}
        unwrap_forms(self.tree)
        # Players stand in frames and scripts.
        self.played = media_in(self.tree, self.base)
        self.tree.strip_tags(_UNREAD_TAGS)
        self.comments = drop_comments(self.tree)
        document_title = node_text(self.tree.css_first("title"))
        self._others = drop_other_articles(self.tree, (self.meta("og:title"), document_title))
        drop_offers(self.tree)
        drop_polls(self.tree)

    def meta(self, *names: str) -> str:
        """Return the content of the meta element that bears the first of `names` that has any, "" for none.

        A name is that of the element's property, name or itemprop, in small letters.
        """
        return next((contents[0] for name in names if (contents := self._metadata.get(name))), "")

    def metas(self, name: str) -> tuple[str, ...]:
        """Return the contents of all meta elements that bear a name in one and the same way."""
        return tuple(self._metadata.get(name, ()))

    @cached_property
    def whole_text(self) -> str:
        """Return the page's text without its comments, with the line breaks and spaces of its markup."""
        return self.tree.body.text(separator=" ") if self.tree.body is not None else ""

    @cached_property
    def text(self) -> str:
        """Return the beginning of the page's text in one line, without its comments."""
        return one_line(self.whole_text[: _TEXT_CHARS * 4])[:_TEXT_CHARS]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of the page's blocks, whatever the names of their classes."""
        texts = (
            " ".join((text_of(placed.block.html), *map(text_of, placed.block.items)))
            for placed in self.blocks(is_never_text)
        )
        return tuple(line for text in texts for part in text.split("\n") if (line := one_line(part)))

    @cached_property
    def number_label(self) -> str | None:
        """Return what stands behind «شناسه خبر» in the page's text, None without such a label."""
        return labelled_number(self.text)

    def _titles(self) -> list[str]:
        """Return the titles that the page shows, its own among them."""
        headings = (node_text(node) for node in self.tree.css("title, h1")[:_MOST_TITLES])
        return [title for title in (self.meta("og:title"), *headings) if title]

    def _canonical_address(self) -> str:
        """Return the absolute address that the page gives as its own, "" for none or a front page."""
        link = self.tree.css_first('link[rel~="canonical" i]')
        named = (attribute(link, "href"), self.meta("og:url"))
        addresses = (absolute_url(address, self.base) for address in named)
        return next((address for address in addresses if address and not is_front_page(address)), "")

    def _is_outside(self, node: LexborNode) -> bool:
        """Return whether an element of the page is none of its article's: a menu, an ad, a sidebar.

        One that holds most of the page's text is neither, whatever its class names say.
        """
        return is_outside_article(node) and not (is_junk_by_name(node) and self._holds_most_text(node))

    def _holds_most_text(self, node: LexborNode) -> bool:
        # Elements within each other are measured again and again.
        self._measured += 1
        if self._measured > _MOST_MEASURED:
            return False
        return letters_in_paragraphs(node) * 2 >= max(LITTLE_TEXT, self.paragraph_letters)

    def blocks(self, dropped: IsDropped | None = None) -> tuple[PlacedBlock, ...]:
        """Return the blocks of the whole page; what is `dropped`, or else outside of the article, is left out."""
        if dropped not in self._blocks:
            body, left_out = self.tree.body, dropped or self._is_outside
            self._blocks[dropped] = placed_blocks(body, self.base, left_out) if body is not None else ()
        return self._blocks[dropped]

    @cached_property
    def block_keys(self) -> tuple[str, ...]:
        """Return the keys of the texts of the page's blocks (see `alignment.key_of`), "" for those without."""
        return tuple(key_of(text_of(placed.block.html)) for placed in self.blocks())

    @cached_property
    def state(self) -> Any:
        """Return the states that the page hands to its scripts."""
        return [state_of(script) for script in self._states]

    @cached_property
    def paragraph_letters(self) -> int:
        """Return how many characters the page has in long paragraphs."""
        return letters_in_paragraphs(self.tree)

    @property
    def state_titles(self) -> Iterator[str]:
        """Return the titles in the states that the page hands to its scripts."""
        return state_titles(self.state) if self._states else iter(())

    def hidden_article(self, title: str) -> StateArticle | None:
        """Return the article in the state of a page that shows hardly any text itself; None for any other page."""
        if not self._states or self.paragraph_letters >= LITTLE_TEXT:
            return None
        if title not in self._hidden:
            self._hidden[title] = state_article(self.state, title)
        return self._hidden[title]

    @cached_property
    def lxml_tree(self) -> Any:
        """Return the page's lxml tree, which trafilatura and htmldate read.

        None where lxml finds no page, or one of so many elements that their time, which grows with the square, ends
        in no sensible time.
        """
        if self.markup.count("<") > _MOST_TAGS:
            return None

        from trafilatura.utils import load_html  # loads slowly, and pages of known sites need none of it

        tree = load_html(self.markup)
        # trafilatura passes over forms, in which ASP.NET has the whole page.
        for form in tree.iter("form") if tree is not None else ():
            if form.find(".//h1") is not None or form.find(".//input[@name='__VIEWSTATE']") is not None:
                form.tag = "div"
        if tree is not None and self._others:
            self._drop_others(tree)
        return tree

    def _drop_others(self, tree: Any) -> None:
        """Remove from an lxml tree the articles that the other tree has lost."""
        for article in list(tree.iter("article")):
            heading = article.find(".//h1")
            if heading is not None and key_of(heading.text_content()) in self._others:
                article.drop_tree()


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Return the address that a page's links are relative to: that of its <base>, else `url`."""
    node = tree.css_first("base[href]")
    named = absolute_url(attribute(node, "href"), url)
    return named or url


def is_front_page(url: str) -> bool:
    """Return whether an address is that of a site's front page, in one language or all."""
    parts = urlsplit(url)
    path = parts.path.strip("/").lower()
    return not parts.query and (path in _FRONT_PAGES or (len(path) == _LANGUAGE_CHARS and path.isalpha()))


def _metadata(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Return the contents of a page's meta elements by name: those of properties, else of names, else of items."""
    contents: dict[str, list[str]] = {}
    nodes = [node.attributes for node in tree.css("meta[content]")[:_MOST_METAS]]
    for key in ("property", "name", "itemprop"):
        named: dict[str, list[str]] = {}
        for attributes in nodes:
            name, content = (attributes.get(key) or "").lower(), one_line(attributes.get("content") or "")
            if name and content:
                named.setdefault(name, []).append(content)
        contents = named | contents
    return contents
