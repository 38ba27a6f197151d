"""Names of an article's authors, as its page gives them (pure)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.ingest.markup.dates import is_date_word
from bot.ingest.markup.dom import node_text
from bot.ingest.markup.excluded_markup import is_beside, is_hidden_or_junk
from bot.ingest.markup.signature import (
    AUTHOR_LABELS,
    LONGEST_BYLINE,
    PREFIX,
    name_in_line,
    name_of,
    names_in,
    people_in,
)
from bot.ingest.markup.text import cut, is_nobody
from bot.ingest.page.document import LITTLE_TEXT, PageDocument
from bot.ingest.page.headings import elements_around
from bot.ingest.page.labels import labelled
from bot.ingest.page.site_profiles import SiteProfile
from bot.ingest.page.title import site_name_of
from persian.direction import is_rtl
from persian.normalise import match_key

_MOST_NAMES = 5
_NAME_AND_MONTH = 3
_MOST_BUTTONS = 50
AUTHOR_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
)
"""The names of the <meta> elements in which pages name authors, the most exact first."""
# The foot of a post in the weblogs of Blogfa, Mihanblog and others.
_WRITTEN_BY = re.compile(r"نوشته[\s\u200c]شده[\s\u200c]در .{5,60}? توسط (.{2,40}?) ?[|•]")
_LABEL = re.compile(rf"(?:{AUTHOR_LABELS})\s?:?", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:{AUTHOR_LABELS}|by)\s?[:：]|به[\s\u200c]?قلم(?:\s|$)|نگارش از(?:\s|$)|بقلم"
    r"|(?:گزارش|گفت[\s\u200c]?و[\s\u200c]?گو|مصاحبه)(?: و عکس)? از(?:\s|$)",
    re.IGNORECASE,
)
_PHOTOGRAPHER = re.compile(r"(?:عکاس|عکس|عکس‌ها|photographer|photos? by|تصوير)\s?[:：]\s*", re.IGNORECASE)
# Wherever trafilatura finds an author, one of these matches: its own search copies the whole page.
_PERHAPS_NAMED = ", ".join(
    (
        "author",
        "[rel=author]",
        "[data-testid^=Author]",
        "[data-component*=Byline]",
        "[itemprop*=author]:not(meta)",
        *(f'[id*="{word}" i]' for word in ("author", "zuozhe", "bianji", "xiaobian")),
        *(f'[class*="{word}" i]' for word in ("author", "byl", "username", "bbl", "screenname", "writer")),
        *(f'[class*="{word}" i]' for word in ("channel-name", "submitted-by", "posted-by", "journalist-name")),
        *(f'[class*="{word}" i]' for word in ("zuozhe", "bianji", "xiaobian")),
    )
)
_TO_AUTHORS = ", ".join(
    f'a[href*="/{word}/"]'
    for word in ("author", "authors", "writer", "reporter", "journalist", "autor", "autoren", "auteur", "yazar")
)

_POINTS_OF_BYLINE = '[aria-labelledby*="byline" i] li'
_WORDS_OF_NAMES = range(2, 5)
_HANDLE = re.compile(r"[a-z\d]+")


def byline_of(page: PageDocument, profile: SiteProfile, title: str) -> str:
    """Return the names of an article's authors in one line, "" where its page names none."""
    site, hosts = match_key(site_name_of(page)), _host_keys(page)
    named_as_host: list[str] = []
    for names in _candidates(page, profile, title):
        people = [
            name
            for name in dict.fromkeys(map(name_of, names))
            if name and match_key(name) != site and not is_nobody(name) and not all(map(_is_of_date, name.split()))
        ]
        # It may be that of the site, or of a person with a site of their own.
        if people and all(match_key(name) in hosts for name in people):
            named_as_host = named_as_host or people
        elif people:
            return _joined(people)
    return _joined(named_as_host)


def _joined(people: list[str]) -> str:
    between = "، " if people and is_rtl(people[0]) else ", "
    return cut(between.join(people[:_MOST_NAMES]), LONGEST_BYLINE)


def _host_keys(page: PageDocument) -> set[str]:
    """Return the keys of the words in the name of the page's host."""
    labels = (urlsplit(page.url).hostname or "").split(".")[:-1]
    return {match_key(label) for label in labels if len(label) > 2}


def _candidates(page: PageDocument, profile: SiteProfile, title: str) -> Iterator[list[str]]:
    """Yield the names that each place on the page gives, from the most to the least exact."""
    yield [person for name in page.data.authors for person in people_in(name)]
    for name in AUTHOR_META:
        parts = (part for content in page.metas(name) for part in names_in(content))
        yield [part for part in parts if not _HANDLE.fullmatch(part)]
    # What a card of the page shows beside its title.
    if _LABEL.fullmatch(page.meta("twitter:label1")):
        yield names_in(page.meta("twitter:data1"))
    if (hidden := page.hidden_article(title)) is not None:
        yield list(hidden.authors)
    for selector in profile.byline:
        node = page.tree.css_first(selector)
        # What stands beside a link to an author's page is the author's work or town.
        yield [node_text(link) for link in node.css(_TO_AUTHORS)[:_MOST_NAMES]] if node is not None else []
        yield names_in(PREFIX.sub("", node_text(node)))
    # A list of its own, the labels of which are for readers who hear them.
    yield [node_text(node, is_hidden_or_junk) for node in page.tree.css(_POINTS_OF_BYLINE)[:1]]
    yield _linked_beside(page, title)
    yield _labelled_names(page, title)[:1]
    yield _WRITTEN_BY.findall(page.text)[:1]
    if not profile.body:
        yield names_in(_extracted(page))
    if page.paragraph_letters < LITTLE_TEXT:
        yield [_PHOTOGRAPHER.sub("", line) for line in labelled(page, title, _PHOTOGRAPHER)][:1]


def _labelled_names(page: PageDocument, title: str) -> list[str]:
    """Return the names behind labels beside the title."""
    lines = (line.partition("|")[0] for line in labelled(page, title, _LABELLED))
    return [name for line in lines if (name := name_in_line(line, title=title))]


def _linked_beside(page: PageDocument, title: str) -> list[str]:
    """Return the names that lead to pages of authors from the element in which the title stands."""
    for around in elements_around(page.tree, title):
        if links := [node for node in around.css(_TO_AUTHORS)[:_MOST_NAMES] if not is_beside(node)]:
            names = (node_text(link) for link in links)
            return [name for name in names if len(name.split()) in _WORDS_OF_NAMES]
    return []


def _extracted(page: PageDocument) -> str:
    """Return the author that trafilatura finds by class names, "" for none."""
    if page.tree.css_first(_PERHAPS_NAMED) is None or page.lxml_tree is None:
        return ""

    from trafilatura.metadata import extract_author  # loads slowly, and few pages need it

    return _without_date(page, extract_author(page.lxml_tree) or "")


def _without_date(page: PageDocument, names: str) -> str:
    """Return names without the date behind them; "" for what is nothing but a date, or the words of a button."""
    words = names.split()
    while words and (len(words) == 1 or len(words) >= _NAME_AND_MONTH) and _is_of_date(words[-1]):
        words.pop()
    name = " ".join(words)
    return "" if any(node_text(button) == name for button in page.tree.css("button")[:_MOST_BUTTONS]) else name


def _is_of_date(word: str) -> bool:
    return word.isdecimal() or is_date_word(match_key(word))
