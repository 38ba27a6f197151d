"""The names of an article's sections, as its page gives them (pure)."""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.boilerplate import is_tool
from bot.ingest.markup.dom import attribute, node_text, texts_in
from bot.ingest.markup.metadata_labels import labelled_number
from bot.ingest.markup.own_blocks import linked_share
from bot.ingest.markup.sanitise import text_of
from bot.ingest.markup.text import cut, has_letters
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument, is_front_page
from bot.ingest.page.labels import labelled
from bot.ingest.page.site_profiles import SiteProfile
from bot.ingest.page.title import site_name_of
from persian.normalise import match_key
from storage.records import Block

TRAILS = (
    "[itemtype*=BreadcrumbList]",
    "nav[aria-label*=breadcrumb i]",
    "[class*=breadcrumb i]",
    "[id*=breadcrumb i]",
    "[typeof*=BreadcrumbList]",
)
"""CSS selectors of the elements that hold the path from a site's first page to a page."""
_MOST_SECTIONS = 6
_MENU_LINKS = 4
_SECTION_CHARS = 40
_NAME_CHARS = 60
_MENU_WITHIN = 6
_MOST_TRAILS = 3
# Names of the section of articles that nobody has put into one.
_NONE = frozenset(map(match_key, ("دسته‌بندی نشده", "بدون دسته‌بندی", "uncategorized", "uncategorised", "غير مصنف")))
_HOME = frozenset(
    ("خانه", "صفحه اصلی", "صفحهٔ اصلی", "صفحه نخست", "صفحهٔ نخست", "home", "الرئيسية", "الصفحة الرئيسية")
)
_LABEL = re.compile(
    r"(?:سرو[یي]س|گروه|دسته[\s\u200c]?بندی|القسم|التصنيف|الفئة|section|category)\s?[:：]\s?", re.IGNORECASE
)
_LINK = re.compile(r'<a href="([^"<>]*)">([^<>]*)</a>')
_PATH_SIGN = re.compile(r"[/»«›‹>\\]")
_TO_SECTION = re.compile(r"/(?:services?|category|categories|sections?)/[^/?#]+/?$")
_PATH_CHARS = 150
_MOST_LINKS = 300
_BLOCKS_ABOVE, _MOST_ABOVE, _LINKED = 3, 2, 0.75
_MENUS = frozenset(("nav", "header", "menu", "footer"))


def sections_of(page: PageDocument, profile: SiteProfile, title: str) -> tuple[str, ...]:
    """Return the names of an article's sections, from the widest to the narrowest.

    They stand where the site's system puts them, in a path of sections, in the page's metadata, or right above the
    news number. A menu of the whole site is no path.
    """
    words = _words(page, profile, title)
    kept = (cut(word.strip(" /›»>:|"), _NAME_CHARS) for word in words if not is_tool(word))
    others = (match_key(title), match_key(site_name_of(page)), *_NONE)
    return tuple(dict.fromkeys(word for word in kept if has_letters(word) and match_key(word) not in others))


def _words(page: PageDocument, profile: SiteProfile, title: str) -> list[str]:
    """Return what stands where sections do, "" among it for nothing."""
    words = _labelled_sections(page.tree, profile) or list(page.data.breadcrumbs)
    words = words or _trail(page.tree) or _path_from_home(page)
    words += [page.meta("article:section", "og:article:section"), *page.data.sections]
    if not any(words) and page.number_label is not None:
        words.append(_above_number(page.tree))
    if not any(words):
        words += [_LABEL.sub("", text) for text in labelled(page, title, _LABEL)[:1]] or _above_title(page, title)
    return words


def _labelled_sections(tree: LexborHTMLParser, profile: SiteProfile) -> list[str]:
    for selector in profile.category:
        nodes = tree.css(selector)[: _MOST_SECTIONS + 1]
        if 0 < len(nodes) <= _MOST_SECTIONS and any(words := [node_text(node) for node in nodes]):
            return words
    return []


def _trail(tree: LexborHTMLParser) -> list[str]:
    """Return the names of the path of sections that the page marks as such."""
    for selector in TRAILS:
        for node in tree.css(selector)[:_MOST_TRAILS]:
            links = node.css("a") or node.css("[itemprop=name], li, span")
            if 0 < len(links) <= _MOST_SECTIONS and any(words := [node_text(link) for link in links]):
                return words
    return []


def _path_from_home(page: PageDocument) -> list[str]:
    """Return the names behind the first page in a row of links that signs part, or whose addresses grow."""
    links = page.tree.css("a[href]")[:_MOST_LINKS]
    for home in [link for link in links if link.text(strip=True).casefold() in _HOME][:_MOST_TRAILS]:
        row = _row_around(home)
        links = row.css("a") if row is not None else []
        is_first = 1 < len(links) <= _MOST_SECTIONS and links[0].mem_id == home.mem_id
        if is_first and _is_path(node_text(row), links[1:]):
            return [node_text(link) for link in links[1:]]
    return []


def _row_around(link: LexborNode) -> LexborNode | None:
    """Return the element that holds a link with those beside it: that around its parent where this is a point."""
    parent = link.parent
    return parent.parent if parent is not None and parent.tag == "li" else parent


def _is_path(text: str, links: Sequence[LexborNode]) -> bool:
    """Return whether a row of links behind the first page is short, and parted by signs or of growing addresses."""
    if len(text) > _PATH_CHARS:
        return False
    paths = [urlsplit(attribute(link, "href")).path.rstrip("/") + "/" for link in links]
    grows = len(paths) > 1 and all(longer.startswith(path) for path, longer in pairwise(paths))
    return grows or len(_PATH_SIGN.findall(text)) >= len(links)


def _above_title(page: PageDocument, title: str) -> list[str]:
    """Return the names of the one or two links that alone stand right above the title, in the same element."""
    key = key_of(title)
    if key not in page.block_keys:
        return []
    at = page.block_keys.index(key)
    within = page.blocks()[at].holder
    for placed in reversed(page.blocks()[max(0, at - _BLOCKS_ABOVE) : at]):
        if within not in (placed.holder, placed.element):
            continue
        links = _LINK.findall(placed.block.html)
        if 0 < len(links) <= _MOST_ABOVE and _names_sections(placed.block, links):
            return (
                [] if any(is_front_page(address) for address, _ in links) else [text_of(name) for _, name in links]
            )
    return []


def _names_sections(block: Block, links: Sequence[tuple[str, str]]) -> bool:
    """Return whether a line is short and little but links, or all its links lead to sections by their addresses."""
    if len(text_of(block.html)) > _NAME_CHARS:
        return False
    return linked_share(block) >= _LINKED or all(_TO_SECTION.search(address) for address, _ in links)


def _above_number(tree: LexborHTMLParser) -> str:
    """Return the short line right above the label of the news number, where agencies write the section.

    A line with digits is a date, a time or a count.
    """
    previous: LexborNode | None = None
    line = ""
    for node, text in texts_in(tree.body) if tree.body is not None else ():
        if labelled_number(text) is not None:
            is_name = len(line) <= _SECTION_CHARS and not any(map(str.isdigit, line))
            return line if is_name and previous is not None and not _in_menu(previous) else ""
        if has_letters(text):
            previous, line = node, text
    return ""


def _in_menu(node: LexborNode) -> bool:
    """Return whether a text stands in a menu: in an element that only menus are, or beside many other links."""
    current = node.parent
    for _ in range(_MENU_WITHIN):
        if current is None or current.tag in ("body", "main", "article"):
            return False
        if current.tag in _MENUS:
            return True
        links = current.css("a")
        linked = sum(len(node_text(link)) for link in links[:20])
        if len(links) > _MENU_LINKS and linked * 2 > len(node_text(current)):
            return True
        current = current.parent
    return False
