"""The headline of a page, without the name of its site (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from bot.ingest.markup.dom import ancestors, attribute, first, node_text
from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.markup.text import has_letters
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from bot.ingest.page.headings import LEAST_HEADING, heading_text
from bot.ingest.page.site_profiles import SiteProfile
from persian.function_words import FUNCTION_WORDS
from persian.normalise import match_key, tokens

# Bars of other scripts: Japanese and Chinese, of boxes, and the Korean letter that looks like one.
_SEPARATOR = re.compile(r" (?:[|–—•·»«›‹:/<>-]|::|\|\|) | ?[|｜│┃∣ㅣ] ?")
_SIGN = re.compile(r" ?[-–—|:] ?")
_LEAST_LABEL = 3
_SITE_CHARS = 60
_MOST_NAME_WORDS = 4
_MOST_HEADINGS = 200
_SECTION_WORDS = 2
_LEAST_SHARED = 2
_MOST_ABOVE = 500
_LEAST_ABOVE = 2
_LONG_PARAGRAPH = 80
_SHOWN_TITLES = "h1, h2, h3, h4, b, strong, [id*=title i], [id*=titr i], [class*=title i], [class*=titr i]"
_MARKED_TITLES = ", ".join(
    f"[{attribute}*={name} i]"
    for attribute in ("class", "id")
    for name in (
        "news-title",
        "newstitle",
        "news_title",
        "post-title",
        "article-title",
        "lbltitle",
        "maintitle",
        "titr",
    )
)
_AGENCY = re.compile(
    r"^(?:خبرگزاری|پایگاه (?:خبری|اطلاع|تحلیلی)|سایت خبری|شبکه خبری|باشگاه خبرنگاران) \S+(?: \S+){0,2}$"
)
_SITE_WORDS = re.compile(
    r"^(?:خبرگزاری|پایگاه (?:خبری|اطلاع|تحلیلی)|روزنامه|وب ?سایت|سایت خبری|شبکه خبری|مجله|هفته ?نامه|تارنما"
    r"|باشگاه خبرنگاران)\b"
    r"|^(?:www\.)?[\w-]+\.(?:ir|com|org|net|news|info|tv|de|co\.uk)$",
    re.IGNORECASE,
)


def title_of(page: PageDocument, profile: SiteProfile) -> str:
    """Return the headline of a page in one line, "" where there is none.

    Where a site's name stands in the h1, the longest heading that the page's own title repeats is the headline, or
    that title. A part of a title behind a dash or a bar is cut off only where something says that it is the site's
    name.
    """
    if headline := _below_trail(page):
        return headline
    tree = page.tree
    document_title = node_text(tree.css_first("title"))
    named = page.meta("og:title") or document_title or page.data.headline
    sites = set(_site_names(page))
    told = (named, page.data.headline, *_around(document_title))
    titles = {key: title for title in told if (key := match_key(title)) and key not in sites}
    if headline := _repeated_heading(page, named, titles, sites):
        return _without_site(headline, sites, page, "")
    heading = first(tree, profile.title)
    marked = heading_text(heading, titles) if heading is not None else ""
    if marked and match_key(marked) not in sites and not _names_site(marked, document_title, sites, page):
        if (headings := _several_headings(page, titles)) is not None:
            fitting = [text for text in headings if not _names_site(text, document_title, sites, page)]
            marked = _agreed_heading(marked, fitting, (named, document_title), sites)
        return _without_site(marked, sites, page, "")
    sites |= {match_key(marked)} - {""}
    headline = _without_site(named, sites, page, document_title) or page.data.headline
    headline = _before_sign(headline, page) or headline
    return _shown_or_marked(headline, page, sites, document_title)


def _below_trail(page: PageDocument) -> str:
    """Return the lesser heading that the metadata names, where the only h1 is that of a path of sections.

    Such an h1 is a title for search engines. "" for any other page.
    """
    headings = page.tree.css("h1")[:_MOST_HEADINGS]
    if not headings or not all(any(map(_is_trail, ancestors(node))) or _is_trail(node) for node in headings):
        return ""
    named = {match_key(title) for title in (page.data.headline, page.meta("og:title"))} - {""}
    lesser = (heading_text(node) for node in page.tree.css("h2")[:_MOST_HEADINGS])
    return next((text for text in lesser if match_key(text) in named), "")


def _is_trail(node: LexborNode) -> bool:
    """Return whether an element is a menu, or holds the path of sections by its class."""
    return node.tag == "nav" or "breadcrumb" in attribute(node, "class").lower()


def _before_sign(headline: str, page: PageDocument) -> str:
    """Return the title in the page's data that a headline begins with, before a sign and more; "" for none."""
    titles = (title for title in (page.data.headline, *page.state_titles) if len(title) >= LEAST_HEADING)
    told = (title for title in titles if headline.startswith(title))
    return next((title for title in told if _SIGN.match(headline[len(title) :])), "")


def _shown_or_marked(headline: str, page: PageDocument, sites: set[str], document_title: str) -> str:
    """Return a headline; where it names the site or nothing shows it, another one that the page marks."""
    if match_key(headline) in sites and match_key(document_title) in ("", match_key(headline)):
        return _marked_headline(page, sites, f"h2, h3, {_MARKED_TITLES}") or headline
    return headline if _is_shown(headline, page) else _marked_headline(page, sites, _MARKED_TITLES) or headline


def _is_shown(headline: str, page: PageDocument) -> bool:
    """Return whether a headline that no heading shows is one: the metadata names it, or it stands on the page."""
    if len(headline) < LEAST_HEADING:
        return False
    key = key_of(headline)
    return bool(page.meta("og:title") or page.data.headline) or any(key in shown for shown in page.block_keys)


def _marked_headline(page: PageDocument, sites: set[str], selector: str) -> str:
    """Return the first text that a page marks as a headline and that leads nowhere, "" for none.

    Portals have no headings, and the h1 of some sites is their name.
    """
    for node in page.tree.css(selector)[:_MOST_HEADINGS]:
        text = heading_text(node)
        if len(text) >= LEAST_HEADING and match_key(text) not in sites and not _is_elsewhere(node):
            return text
    return ""


def _is_elsewhere(node: LexborNode) -> bool:
    """Return whether an element leads to another page or stands beside the article."""
    return node.tag == "a" or node.css_first("a") is not None or is_beside(node)


def _around(title: str) -> Iterator[str]:
    """Yield a document's title, and what stands before and behind each separator in it."""
    yield title
    for separator in _SEPARATOR.finditer(title):
        yield from (title[: separator.start()], title[separator.end() :])


def _repeated_heading(page: PageDocument, named: str, titles: Mapping[str, str], sites: set[str]) -> str:
    """Return the longest heading that the page's own title repeats, "" for none; a site's name is none."""
    headings = ((node.tag, heading_text(node, titles)) for node in page.tree.css("h1, h2")[:_MOST_HEADINGS])
    fitting = [
        (tag, h)
        for tag, h in headings
        if has_letters(h) and len(h) > LEAST_HEADING and match_key(h) in match_key(named)
    ]
    parted = {*titles, *map(match_key, _around(named))}
    whole = (h for tag, h in fitting if tag == "h1" or match_key(h) in parted or len(h) * 2 >= len(named))
    parts = [match_key(part) for part in _SEPARATOR.split(named)]
    others = (h for h in whole if not (_is_only_last(match_key(h), parts) and is_site_name(h, page.url)))
    return max((h for h in others if match_key(h) not in sites), key=len, default="")


def _several_headings(page: PageDocument, titles: Mapping[str, str]) -> list[str] | None:
    """Return the headings of the first order among which the headline may be, None where the page has but one.

    One article has one headline; where several have theirs, some are cards of other news.
    """
    shown = dict.fromkeys(heading_text(node, titles) for node in page.tree.css("h1")[:_MOST_HEADINGS])
    shown.pop("", None)
    if len(shown) < 2:
        return None
    return list(shown) if len(page.tree.css("article h1")) > 1 else []


def _agreed_heading(marked: str, headings: Sequence[str], named: tuple[str, str], sites: set[str]) -> str:
    """Return a heading of several; where it has no word of the page's titles, the one of `headings` with most.

    A word or two of the titles are a label where both titles are about the same: the first of them is the headline.
    """
    of_sites = {word for site in sites for word in tokens(site)}
    words, (told, document) = _words(marked), (_words(title) - of_sites for title in named)
    if told and not words & (told | document):
        shared = {heading: len(_words(heading) & told) for heading in headings}
        fitting = max(shared, key=lambda heading: shared[heading], default="")
        return fitting if shared.get(fitting, 0) >= _LEAST_SHARED else marked
    is_part = match_key(marked) in map(match_key, _SEPARATOR.split(named[0]))
    is_label = len(marked) < LEAST_HEADING and words <= told & document and not is_part
    return named[0] if is_label and len(told & document) > max(len(words), _LEAST_SHARED) else marked


def _names_site(marked: str, document_title: str, sites: set[str], page: PageDocument) -> bool:
    """Return whether a heading is the name of the site or of a section, while the metadata names the headline.

    Both have no word in common then, and something else tells which is which: the heading leads home or is a part
    of the document's title, or another heading is the headline. Below the text, a heading is trusted less.
    """
    is_below = _stands_below_text(page, marked)
    whole = page.meta("og:title")
    named = _before_site(whole, sites) if is_below else whole
    key, named_key = match_key(marked), match_key(named)
    parts = [match_key(part) for part in _SEPARATOR.split(document_title)]
    if _is_only_last(key, parts):
        return True
    if not named_key or named_key in sites or _is_site(named, sites, page):
        return False
    if len(_words(marked) & _words(named)) > (1 if is_below else 0):
        return False
    if _is_site(marked, sites, page) or key in (*parts, match_key(document_title)):
        return True
    agreed = _is_told_again(match_key(whole), page, document_title) or (is_below and named_key in parts)
    return agreed or page.tree.css_first('h1 a[href="/"]') is not None


def _stands_below_text(page: PageDocument, heading: str) -> bool:
    """Return whether paragraphs of an article stand above a heading of the first order."""
    paragraphs = 0
    for node in page.tree.css("h1, p")[:_MOST_ABOVE]:
        if node.tag == "h1" and node_text(node) == heading:
            return paragraphs >= _LEAST_ABOVE
        paragraphs += node.tag == "p" and len(node.text(strip=True)) >= _LONG_PARAGRAPH
    return False


def _is_only_last(key: str, parts: list[str]) -> bool:
    """Return whether a text is the last of a title's parts and not the first."""
    return len(parts) > 1 and key == parts[-1] and key != parts[0]


def _is_told_again(headline_key: str, page: PageDocument, document_title: str) -> bool:
    """Return whether a lesser heading, JSON-LD or the title of the document bears a headline, too."""
    headings = {match_key(node_text(node)) for node in page.tree.css("h2, h3")[:_MOST_HEADINGS]}
    return (
        headline_key in headings
        or headline_key == match_key(page.data.headline)
        or headline_key == match_key(document_title)
    )


def _words(text: str) -> set[str]:
    return {word for word in tokens(text) if word not in FUNCTION_WORDS}


def is_site_name(title: str, url: str) -> bool:
    """Return whether the title of a page at `url` is the name of a site and nothing else."""
    return 0 < len(tokens(title)) <= _MOST_NAME_WORDS and (
        _SITE_WORDS.search(title) is not None or _names_host(title, url)
    )


def site_name_of(page: PageDocument) -> str:
    """Return the name of the site as its page gives it, "" where it gives none."""
    return page.meta("og:site_name") or next(iter(page.data.sites), "")


def _site_names(page: PageDocument) -> Iterator[str]:
    """Yield keys of the names that the page gives its site."""
    tree = page.tree
    names = [page.meta("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")]
    names += [page.meta("dc.publisher", "publisher", "twitter:site", "al:android:app_name").lstrip("@")]
    names += page.data.sites
    for link in tree.css('a[href="/"], a[rel~=home], a[class*=logo i], [class*=logo i] a')[:10]:
        names += [node_text(link), attribute(link, "title")]
        names += [attribute(image, "alt") for image in link.css("img")[:2]]
    yield from (key for name in names if len(name) <= _SITE_CHARS and (key := match_key(name)))


def _without_site(title: str, sites: set[str], page: PageDocument, document_title: str) -> str:
    """Return a title without the parts at its ends that name the site, and what stands behind such a part."""
    if document_title:  # a heading seldom holds more than its headline
        title, document_title = (_before_site(text, sites) for text in (title, document_title))
    for _ in range(3):
        separators = list(_SEPARATOR.finditer(title))
        if not separators:
            break
        head, tail = title[: separators[0].start()], title[separators[-1].end() :]
        if _is_site(tail, sites, page):
            title = title[: separators[-1].start()]
        elif _is_site(head, sites, page):
            title = title[separators[0].end() :]
        else:
            part = _headline_alone(page, title, separators) if title == document_title else ""
            return part or title
    return title


def _before_site(title: str, sites: set[str]) -> str:
    """Return what stands before the first part that is sure to name the site; slogans and other names follow it.

    Where bars part a title, a short part right before the site's name is that of a section.
    """
    separators = list(_SEPARATOR.finditer(title))
    if not separators:
        return title
    ends = [separator.start() for separator in separators[1:]] + [len(title)]
    for at, (separator, end) in enumerate(zip(separators, ends, strict=True)):
        part = title[separator.end() : end]
        if match_key(part) not in sites and not _AGENCY.search(part):
            continue
        return title[: separators[at - 1].start() if _follows_section(title, separators, at) else separator.start()]
    return title


def _follows_section(title: str, separators: list[re.Match[str]], at: int) -> bool:
    """Return whether the name of a section stands between bars right before a separator."""
    if at == 0 or not all("|" in separator[0] for separator in separators[at - 1 : at + 1]):
        return False
    section = title[separators[at - 1].end() : separators[at].start()]
    return 0 < len(section.split()) <= _SECTION_WORDS and not any(map(str.isdigit, section))


def _is_site(part: str, sites: set[str], page: PageDocument) -> bool:
    key = match_key(part)
    if not key or len(part) > _SITE_CHARS:
        return False
    return key in sites or _SITE_WORDS.search(part) is not None or _names_host(part, page.url)


def _names_host(part: str, url: str) -> bool:
    """Return whether a text names a host: with one of its words, with all together or with their initials."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    words = [word for word in re.split(r"[\W_]+", part.casefold()) if word]
    labels = (label.replace("-", "") for label in host.split(".")[:-1])
    return any(_name_label(words, label) for label in labels if len(label) >= _LEAST_LABEL)


def _name_label(words: list[str], label: str) -> bool:
    """Return whether words name a label of a host."""
    together, initials = "".join(words), "".join(word[0] for word in words)
    # A score has the names of countries in it, and a host may have one, too.
    has_number = any(map(str.isdigit, words))
    single = () if has_number else words
    return (
        label in (together, initials, *single)
        or (len(together) > _LEAST_LABEL and label.startswith(together))
        or (len(label) > _LEAST_LABEL and together.startswith(label) and not has_number)
    )


def _headline_alone(page: PageDocument, title: str, separators: list[re.Match[str]]) -> str:
    """Return the part of a title that stands on the page as a text of its own, where the whole does not.

    A page that shows no headline may have it in the state that it hands to its scripts.
    """
    parts = (title[: separators[-1].start()], title[separators[0].end() :], title[: separators[0].start()])
    headings = (node_text(node) for node in page.tree.css(_SHOWN_TITLES)[:_MOST_HEADINGS])
    # Both the page and its state may name the site, each in its way.
    stated = (part for text in page.state_titles for part in _around(text))
    for texts in (headings, stated):
        keys = {match_key(text) for text in texts}
        if match_key(title) in keys:
            return title
        if part := next((part for part in parts if len(part) > LEAST_HEADING and match_key(part) in keys), ""):
            return part
    return ""
