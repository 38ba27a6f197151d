"""Statements of a page about its article in JSON-LD, for machines alone (pure).

The vocabulary is that of schema.org: Article and its subtypes, LiveBlogPosting, BreadcrumbList, Organization.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.identity.addresses import comparable
from bot.ingest.markup.lead_picture import number_in
from bot.ingest.markup.lenient_json import json_of
from bot.ingest.markup.media import DeclaredMedium
from persian.foreign_text import clean, one_line
from persian.normalise import match_key

_ARTICLE = re.compile(r"(?:article|report|blogposting|socialmediaposting|reviewnewsarticle)$")
_PLAYABLE = re.compile(r"(?:video|audio|music|media)object$")
_MEDIA = re.compile(r"(?:imagegallery|mediagallery|videoobject|audioobject|(?:podcast|radio|tv)episode)$")
_WEB_PAGE = re.compile(r"webpage$|itempage$")
_SITES = ("website", "organization", "newsmediaorganization", "newspaper")
_MOST_SCRIPTS = 20
_MOST_NODES = 2_000
_MOST_AUTHORS = 6
_MOST_UPDATES = 300
_MOST_TOLD = 10
_MOST_PIXELS = 100_000
_MOST_UNIX = 10**13
# A long headline may be cut off.
_TELLING_CHARS = 40


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """One entry of a live blog; `published` as written."""

    headline: str
    body: str
    published: str


@dataclass(frozen=True, slots=True)
class StructuredData:
    """The article as JSON-LD has it; text fields are one line each and "" where they are not given.

    `body` keeps its line breaks. `sections` and `breadcrumbs` go from the widest to the narrowest. `sites` are
    the names of the site and its publisher. `image_size` are the width and
    height of the image, 0 where they are unknown; `media` are the videos and sounds that it declares.
    """

    headline: str = ""
    published: str = ""
    changed: str = ""
    body: str = ""
    image: str = ""
    image_size: tuple[int, int] = (0, 0)
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    breadcrumbs: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    updates: tuple[LiveUpdate, ...] = ()
    media: tuple[DeclaredMedium, ...] = ()


def structured_data(
    tree: LexborHTMLParser, *, addresses: Sequence[str] = (), titles: Sequence[str] = ()
) -> StructuredData:
    """Return what the page's JSON-LD says of its article; JSON that cannot be mended is passed over.

    Where several articles are described, as where a list of related ones is, that of one of the page's `addresses`
    or of one of its `titles` counts, else the first. One that names another address and another title is none of
    the page's.
    """
    nodes = [node for data in _documents(tree) for node in _nodes(data)]
    web_page = _first(nodes, _WEB_PAGE)
    article = _own_article(nodes, addresses, titles) or _first(nodes, _MEDIA) or web_page
    by_id = _by_id(nodes)
    author, image, publisher = (_resolved(article.get(name), by_id) for name in ("author", "image", "publisher"))
    return StructuredData(
        headline=_headline(article),
        published=_published(article, web_page),
        changed=_stamp(article, "dateModified") or _stamp(web_page, "dateModified"),
        body=_long_text(article.get("articleBody")),
        image=_text(image, "url", "contentUrl") or _text(article.get("thumbnailUrl")),
        image_size=_image_size(image),
        authors=_names(author) or _names(article.get("creator")),
        sections=_strings(article.get("articleSection")),
        breadcrumbs=_breadcrumbs(nodes),
        sites=_site_names(publisher, nodes),
        updates=_updates(article.get("liveBlogUpdate")),
        media=_media(article, nodes, by_id),
    )


def _by_id(nodes: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the objects that others may name by their @id; one that has nothing else is only such a name."""
    return {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}


def _site_names(publisher: Any, nodes: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return the names of the article's publisher and of the sites that are described, each once."""
    sites = [_text(node.get("name")) for node in nodes if any(kind in _SITES for kind in _kinds(node))]
    return tuple(dict.fromkeys(name for name in (_text(publisher, "name"), *sites) if name))


def _published(article: dict[str, Any], web_page: dict[str, Any]) -> str:
    """Return the date of an article, else that of its page; "" for none."""
    return _stamp(article, "datePublished", "uploadDate", "dateCreated") or _stamp(web_page, "datePublished")


def _first_text(node: dict[str, Any], *names: str) -> str:
    """Return the first text that one of an object's properties has, "" for none."""
    return next(filter(None, (_text(node.get(name)) for name in names)), "")


def _stamp(node: dict[str, Any], *names: str) -> str:
    """Return the first date that an object has, one in Unix time as its digits; "" for none."""
    return next(filter(None, (_date(node.get(name)) for name in names)), "")


def _date(value: Any) -> str:
    is_unix = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_UNIX
    return str(int(value)) if is_unix else _text(value)


def _headline(node: dict[str, Any]) -> str:
    return _first_text(node, "headline", "name")


def _documents(tree: LexborHTMLParser) -> Iterator[Any]:
    for script in tree.css('script[type="application/ld+json" i]')[:_MOST_SCRIPTS]:
        yield json_of(script.text())


def _nodes(data: Any) -> list[dict[str, Any]]:
    """Return the objects of a document in order: itself, those of lists and of an @graph, then what they hold."""
    nodes: list[dict[str, Any]] = []
    waiting = [data]
    for current in waiting:  # grows while it is walked
        if len(waiting) > _MOST_NODES:
            break
        if isinstance(current, list):
            waiting += current
        elif isinstance(current, dict):
            nodes.append(current)
            waiting += [current.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage", "publisher")]
            waiting += [current.get(name) for name in ("breadcrumb", "isPartOf", "hasPart")]
    return nodes


def _own_article(nodes: list[dict[str, Any]], addresses: Sequence[str], titles: Sequence[str]) -> dict[str, Any]:
    """Return the page's own among the articles that are described, {} for none."""
    articles = [node for node in nodes if any(map(_ARTICLE.search, _kinds(node)))]
    own = frozenset(comparable(address) for address in addresses) - {""}
    page = _PageNames(own, [match_key(title) for title in titles])
    others = []
    for node in articles:
        named = {comparable(text) for text in _addresses(node)} - {""}
        headline = match_key(_headline(node))[:_TELLING_CHARS]
        if page.names(named, headline):
            return node
        if page.contradicts(named, headline):
            others.append(node)
    return next((node for node in articles if node not in others), {})


@dataclass(frozen=True, slots=True)
class _PageNames:
    """The names of a page's article: its comparable addresses, and the keys of its titles."""

    addresses: frozenset[str]
    titles: Sequence[str]

    def names(self, addresses: set[str], headline: str) -> bool:
        """Return whether an article with these addresses and this headline is the page's own."""
        is_titled = headline != "" and any(headline in title for title in self.titles)
        return is_titled or not self.addresses.isdisjoint(addresses)

    def contradicts(self, addresses: set[str], headline: str) -> bool:
        """Return whether address and headline are both told of an article that is not the page's own."""
        return all((self.addresses, addresses, headline, self.titles))


def _addresses(node: dict[str, Any]) -> Iterator[str]:
    """Yield the addresses that an object gives as those of the page that it is about."""
    page = node.get("mainEntityOfPage")
    yield from (_text(node.get("url")), _text(node.get("@id")), _text(page, "@id", "url"))


def _first(nodes: list[dict[str, Any]], kind: re.Pattern[str]) -> dict[str, Any]:
    return next((node for node in nodes if any(map(kind.search, _kinds(node)))), {})


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """Return a value with what only names another object of the document by its @id replaced by that object."""
    if isinstance(value, list):
        return [_resolved(item, by_id) if isinstance(item, dict) else item for item in value[:20]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return by_id.get(value["@id"], value)
    return value


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])[:10]]


def _text(value: Any, *names: str) -> str:
    """Return a value that may be text, an object that holds it under one of `names`, or a list of either."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = next((value[name] for name in names if value.get(name)), "")
    return one_line(html.unescape(value)) if isinstance(value, str) else ""


def _long_text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(part for part in value if isinstance(part, str))
    return clean(value).strip() if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for item in values[:10] if (text := _text(item, "name")))


def _names(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names = (_text(author, "name") or _joined_name(author) for author in values[:_MOST_AUTHORS])
    return tuple(dict.fromkeys(name for name in names if name))


def _joined_name(author: Any) -> str:
    """Return the name of a person that is told in parts, "" for none."""
    if not isinstance(author, dict):
        return ""
    return " ".join(filter(None, (_text(author.get("givenName")), _text(author.get("familyName")))))


def _breadcrumbs(nodes: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return the names of the first list of breadcrumbs, in their order."""
    trail: dict[str, Any] = next((node for node in nodes if "breadcrumblist" in _kinds(node)), {})
    items = trail.get("itemListElement")
    items = [item for item in items[:20] if isinstance(item, dict)] if isinstance(items, list) else []
    items.sort(key=_position)
    names = (_text(item.get("name")) or _text(item.get("item"), "name") for item in items)
    return tuple(name for name in names if name)


def _position(item: dict[str, Any]) -> int:
    position = item.get("position")
    return position if isinstance(position, int) else 0


def _media(
    article: dict[str, Any], nodes: list[dict[str, Any]], by_id: dict[str, dict[str, Any]]
) -> tuple[DeclaredMedium, ...]:
    """Return the declared media of the article: of those it names, else of the first that the page has."""
    named = [_resolved(article.get(name), by_id) for name in ("video", "audio", "associatedMedia")]
    own = [item for value in named for item in (value if isinstance(value, list) else [value])[:_MOST_TOLD]]
    objects = [item for item in own if isinstance(item, dict)] or [_first(nodes, _PLAYABLE)]
    return tuple(evidence for node in objects for evidence in _files_of(node))


def _files_of(node: dict[str, Any]) -> Iterator[DeclaredMedium]:
    """Yield what an object declares of its file, and of the page that plays it."""
    kinds = " ".join(_kinds(node))
    medium = next((word for word in ("video", "audio") if word in kinds), "")
    for name in ("contentUrl", "embedUrl"):
        if address := _text(node.get(name), "url", "contentUrl"):
            yield DeclaredMedium(
                address,
                _text(node.get("encodingFormat")) or _text(node.get("fileFormat")),
                medium if name == "contentUrl" else "",
                size=_text(node.get("contentSize")),
                duration=_text(node.get("duration")),
                width=_size(node.get("width")),
                height=_size(node.get("height")),
                poster=_text(node.get("thumbnailUrl")) or _text(node.get("thumbnail"), "url", "contentUrl"),
                title=_text(node.get("name")),
            )


def _image_size(image: Any) -> tuple[int, int]:
    image = image[0] if isinstance(image, list) and image else image
    if not isinstance(image, dict):
        return 0, 0
    return number_in(_size(image.get("width"))), number_in(_size(image.get("height")))


def _size(value: Any) -> str:
    """Return a size in pixels as it is written: a number, a text, or a QuantitativeValue."""
    value = value.get("value") if isinstance(value, dict) else value
    return str(int(value)) if isinstance(value, int | float) and 0 <= value < _MOST_PIXELS else _text(value)


def _updates(value: Any) -> tuple[LiveUpdate, ...]:
    entries = (
        [entry for entry in value[:_MOST_UPDATES] if isinstance(entry, dict)] if isinstance(value, list) else []
    )
    return tuple(
        LiveUpdate(
            _text(entry.get("headline")), _long_text(entry.get("articleBody")), _text(entry.get("datePublished"))
        )
        for entry in entries
    )
