"""Names of an article's authors, as its page gives them (pure)."""

import re
from collections.abc import Iterator

from bot.ingest.markup.dom import node_text
from bot.ingest.markup.text import cut, has_letters, is_nobody
from bot.ingest.page.document import LITTLE_TEXT, PageDocument
from bot.ingest.page.labels import labelled
from bot.ingest.page.site_profiles import SiteProfile
from bot.ingest.page.title import site_name_of
from persian.direction import is_rtl
from persian.foreign_text import one_line
from persian.normalise import match_key, tokens

_BYLINE_CHARS = 100
_NAME_CHARS = 60
_MOST_NAMES = 5
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
_LABELS = (
    "نویسنده|نویسندگان|خبرنگار|خبرنگاران|گزارشگر|به[\\s\u200c]?قلم|author|written by|reported by"
    "|گزارش(?: و عکس)? از|گفت[\\s\u200c]?و[\\s\u200c]?گو از"
    "|(?:نوشته[\\s\u200c]شده|ارسال(?:[\\s\u200c]شده)?|منتشر[\\s\u200c]شده|تهیه[\\s\u200c]شده)[\\s\u200c]توسط"
    "|فرستنده|نویسندهٔ?[\\s\u200c](?:مطلب|خبر|پست)"
)
"""Words that name an author, before a colon or before the name itself."""
_PREFIX = re.compile(
    rf"^(?:{_LABELS}|(?:post author |posted )?by|von|por|par|di|od|autor(?:in)?|نوشته|توسط|بقلم|كتب|بواسطة|إعداد)\b"
    r"\s*:?\s+"
    rf"|^(?:{_LABELS}|autor)\s*:\s*",
    re.IGNORECASE,
)
_LINE = re.compile(rf"(?:(?:{_LABELS}|by)\s*+[:：]|به[\s\u200c]?قلم\s|بقلم\s*+[:：]?)\s*+(\S.*+)", re.IGNORECASE)
# A line of capitalised names behind the word for "by": by popular demand, a sentence begins so, too.
_CAPITALISED = (
    r"[A-ZÀ-Þ][\w.'’-]{1,20}(?: (?:(?:de|von|van|der|den|la|al|el|bin|del|da) ){0,2}[A-ZÀ-Þ][\w.'’-]{0,20}){1,3}"
)
_BY_NAMES = re.compile(
    rf"(?:By|Von|Par|Por|Di|Door|Av)\s+"
    rf"({_CAPITALISED}(?:(?:, | (?:and|und|et|y|e|en|och|&) ){_CAPITALISED}){{0,4}})"
)
# The foot of a post in the weblogs of Blogfa, Mihanblog and others.
_WRITTEN_BY = re.compile(r"نوشته[\s\u200c]شده[\s\u200c]در .{5,60}? توسط (.{2,40}?) ?[|•]")
_REPORTER = re.compile(
    r"(?:گزارش|گفت[\s\u200c]?و[\s\u200c]?گو|مصاحبه)(?: و عکس)? از ([^\W\d_]{2,15}(?:[ \u200c][^\W\d_]{2,15}){1,3})"
)
_LABELLED = re.compile(
    rf"(?:{_LABELS}|by)\s?[:：]|به[\s\u200c]?قلم\s|بقلم"
    r"|(?:گزارش|گفت[\s\u200c]?و[\s\u200c]?گو|مصاحبه)(?: و عکس)? از\s",
    re.IGNORECASE,
)
_PHOTOGRAPHER = re.compile(r"(?:عکاس|عکس|عکس‌ها|photographer|photos? by|تصوير)\s?[:：]\s*", re.IGNORECASE)
_LABEL = re.compile(rf"(?:{_LABELS})\s?:?", re.IGNORECASE)
_MOST_WORDS = 6
_SAID = re.compile(r"[.!?؟؛«»…]")
_BEHIND = re.compile(r"[|•·(]| [–—-] |,? \d{1,2}[./]|\b\d{4}\b")
_BETWEEN = re.compile(r"(?:[;،,/&]| (?:and|und|et|y|و) ) ?")
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
_NO_NAME = re.compile(r"https?:|www\.|@|[<>{}→]|\d{3}|^[a-z\d]+(?:[._-][a-z\d]+)+$", re.IGNORECASE)
_HANDLE = re.compile(r"[a-z\d]+")


def byline_of(page: PageDocument, profile: SiteProfile, title: str) -> str:
    """Return the names of an article's authors in one line, "" where its page names none."""
    site = match_key(site_name_of(page))
    for names in _candidates(page, profile, title):
        people = [
            name
            for name in dict.fromkeys(map(_name, names))
            if name and match_key(name) != site and not is_nobody(name)
        ]
        if people:
            return cut(("، " if is_rtl(people[0]) else ", ").join(people[:_MOST_NAMES]), _BYLINE_CHARS)
    return ""


def name_in_line(line: str, byline: str = "", title: str = "") -> str:
    """Return the name in a line that labels one and says nothing else («خبرنگار: ...»), "" for any other line.

    A question of an interview is none, whoever is said to ask it. A line with the names of `byline` needs no label.
    «گزارش از ...» may name the place that a report is about: the `title` has it then.
    """
    if byline and len(line) <= _BYLINE_CHARS and match_key(_PREFIX.sub("", one_line(line))) == match_key(byline):
        return byline
    if named := _BY_NAMES.fullmatch(one_line(line[:_BYLINE_CHARS])):
        return ", ".join(_parted(named[1]))
    if (reporter := _REPORTER.fullmatch(one_line(line))) and set(tokens(reporter[1])).isdisjoint(tokens(title)):
        return _name(reporter[1])
    labelled = _LINE.fullmatch(one_line(line))
    if labelled is None or _SAID.search(labelled[1]) or len(labelled[1].split()) > _MOST_WORDS:
        return ""
    return _name(labelled[1])


def _candidates(page: PageDocument, profile: SiteProfile, title: str) -> Iterator[list[str]]:
    """Yield the names that each place on the page gives, from the most to the least exact."""
    yield list(page.data.authors)
    for name in AUTHOR_META:
        yield [part for part in _parted(page.meta(name)) if not _HANDLE.fullmatch(part)]
    # What a card of the page shows beside its title.
    if _LABEL.fullmatch(page.meta("twitter:label1")):
        yield _parted(page.meta("twitter:data1"))
    if (hidden := page.hidden_article(title)) is not None:
        yield list(hidden.authors)
    for selector in profile.byline:
        yield _parted(_PREFIX.sub("", node_text(page.tree.css_first(selector))))
    lines = [line.partition("|")[0] for line in labelled(page, title, _LABELLED)]
    yield [name for line in lines if (name := name_in_line(line, title=title))][:1]
    yield _WRITTEN_BY.findall(page.text)[:1]
    if not profile.body:
        yield _parted(_extracted(page))
    if page.paragraph_letters < LITTLE_TEXT:
        yield [_PHOTOGRAPHER.sub("", line) for line in labelled(page, title, _PHOTOGRAPHER)][:1]


def _parted(names: str) -> list[str]:
    """Return each of the names that a text lists."""
    return [part.strip() for part in _BETWEEN.split(one_line(names))]


def _name(text: str) -> str:
    """Return a person's or a section's name without words around it, "" where the text is none."""
    name = _BEHIND.split(_PREFIX.sub("", one_line(text)), maxsplit=1)[0].strip(" .:-–—|")
    return name if 1 < len(name) <= _NAME_CHARS and has_letters(name) and not _NO_NAME.search(text) else ""


def _extracted(page: PageDocument) -> str:
    """Return the author that trafilatura finds by class names, "" for none."""
    if page.tree.css_first(_PERHAPS_NAMED) is None or page.lxml_tree is None:
        return ""

    from trafilatura.metadata import extract_author  # loads slowly, and few pages need it

    return extract_author(page.lxml_tree) or ""
