"""Lines in which an article's text names its authors, in a feed as on a page (pure)."""

import re
from collections.abc import Sequence

from bot.ingest.markup.dates import is_date_word
from bot.ingest.markup.sanitise import text_of
from bot.ingest.markup.text import has_letters
from persian.foreign_text import one_line
from persian.normalise import match_key, tokens
from storage.records import Block, BlockKind

LONGEST_BYLINE = 100
"""Characters that the names of all authors have at most."""

_NAME_CHARS = 60
_LABEL_CHARS = 20
# The first and the last blocks of a text, among which its author's name may stand.
_SIGNED = 2
AUTHOR_LABELS = (
    "نویسنده|نویسندگان|خبرنگار|خبرنگاران|گزارشگر|به[\\s\u200c]?قلم|(?:about the )?authors?|written by|reported by"
    "|گزارش(?: و عکس)? از|گفت[\\s\u200c]?و[\\s\u200c]?گو از"
    "|(?:نوشته[\\s\u200c]شده|ارسال(?:[\\s\u200c]شده)?|منتشر[\\s\u200c]شده|تهیه[\\s\u200c]شده)[\\s\u200c]توسط"
    "|نگارنده|نگارش(?: از)?|فرستنده|نویسندهٔ?[\\s\u200c](?:مطلب|خبر|پست)"
)
"""Words that name an author, before a colon or before the name itself."""
PREFIX = re.compile(
    rf"^(?:{AUTHOR_LABELS}|(?:post author |posted |published )?by|von|por|par|di|od|autor(?:in)?"
    r"|(?:(?:view|see|read) )?(?:all |more )?(?:posts|articles|stories) by"
    r"|(?:this )?(?:post|article|story) (?:was )?(?:written )?by"
    r"|نوشته|توسط|بقلم|كتب|بواسطة|إعداد)\b"
    r"\s*:?\s+"
    rf"|^(?:{AUTHOR_LABELS}|autor)\s*:\s*",
    re.IGNORECASE,
)
"""Words before an author's name, which are none of it."""
_LINE = re.compile(
    rf"(?:(?:{AUTHOR_LABELS}|by)\s*+[:：]|به[\s\u200c]?قلم\s|نگارش از\s|بقلم\s*+[:：]?)\s*+(\S.*+)", re.IGNORECASE
)
# A line of capitalised names behind the word for "by": by popular demand, a sentence begins so, too.
_CAPITALISED = (
    r"[A-ZÀ-Þ][\w.'’-]{1,20}(?: (?:(?:de|von|van|der|den|la|al|el|bin|del|da) ){0,2}[A-ZÀ-Þ][\w.'’-]{0,20}){1,3}"
)
_BY_NAMES = re.compile(
    rf"(?:By|(?:Reported|Written|Reporting|Story) by|Von|Par|Por|Di|Door|Av)\s+"
    rf"({_CAPITALISED}(?:(?:, | (?:and|und|et|y|e|en|och|&) ){_CAPITALISED}){{0,4}})"
)
_REPORTER = re.compile(
    r"(?:گزارش|گفت[\s\u200c]?و[\s\u200c]?گو|مصاحبه)(?: و عکس)? از ([^\W\d_]{2,15}(?:[ \u200c][^\W\d_]{2,15}){1,3})"
)
# What a line above a text says of its publication, and the words beside that.
_PUBLISHED = frozenset(
    tokens(
        "published posted updated modified created written read reading veröffentlicht aktualisiert publié mis"
        " lecture publicado actualizado pubblicato aggiornato güncelleme güncellendi yayınlanma опубликовано"
        " обновлено انتشار منتشر بروزرسانی به‌روزرسانی روزرسانی مطالعه نشر تحدیث قراءة"
    )
)
_AROUND_DATES = frozenset(
    tokens(
        "on by at in the and last first originally time date min mins minute minutes a p m am pm est edt et gmt utc"
        " uhr um zuletzt le à jour de temps el il alle"
        " تاریخ شده در توسط نوشته ساعت به زمان خواندن دقیقه آخرین از آخر تم في دقائق دقيقة بواسطة"
    )
)
_FIGURE = re.compile(r"\d+(?:st|nd|rd|th|am|pm|h)?")
_MOST_WORDS = 6
_WORDS_OF_NAMES = range(2, 5)
_SAID = re.compile(r"[.!?؟؛«»…]")
_BEHIND = re.compile(
    r"[|•·(]| [–—-] |,? \d{1,2}[./]|\b\d{4}\b"
    r"| (?i:(?:last )?(?:updated|published|posted|modified)|(?:medically |fact[ -]?)?(?:reviewed|checked|edited) by"
    r"|subscribe|follow|twitter|facebook|(?:see|learn|read) more|view (?:bio|profile|all|more))\b"
)
# The label of a name or of a date, without what it labels, and what a system writes for nothing.
_LABEL_ALONE = re.compile(
    rf"(?:{AUTHOR_LABELS}|the author"
    r"|(?:last |first )?(?:updated|published|posted|modified|reviewed|edited)\b.{0,20}"
    r"|(?:view|see|read|learn) (?:more|all)\b.{0,20}|log ?(?:in|out)?|undefined|null|none)",
    re.IGNORECASE,
)
_AND = re.compile(r" (?:and|und|et|y|og|och|ve|oraz|dan|و|&) ")
_BETWEEN = re.compile(rf"(?:[;،,/&]|{_AND.pattern}) ?")
_COMMA = re.compile(r"[,،] ")
_ADDRESS = re.compile(r"https?:|www\.|/")
_NO_NAME = re.compile(r"https?:|www\.|@|[<>{}→]|\d{3}|^[a-z\d]+(?:[._-][a-z\d]+)+$", re.IGNORECASE)


def without_signature(blocks: Sequence[Block], byline: str, title: str) -> tuple[tuple[Block, ...], str]:
    """Return the blocks without the lines above and below the text that only name its author, and that name.

    A line above the text that says when it was published goes as well.
    """
    edges = (*range(min(_SIGNED, len(blocks))), *range(max(0, len(blocks) - _SIGNED), len(blocks)))
    lines = {at: text_of(blocks[at].html) for at in edges if blocks[at].kind is not BlockKind.IMAGE}
    names = {at: name for at, line in lines.items() if (name := name_in_line(line, byline, title))}
    dates = {at for at, line in lines.items() if at < _SIGNED and _is_about_publication(line, byline)}
    kept = tuple(block for at, block in enumerate(blocks) if at not in names and at not in dates)
    return kept, next(iter(names.values()), "")


def _is_about_publication(line: str, byline: str) -> bool:
    """Return whether a line tells when and by whom a text was published, or how long reading takes, alone."""
    if len(line) > LONGEST_BYLINE + _LABEL_CHARS:
        return False
    words, names = tokens(line), set(tokens(byline))
    told = [word for word in words if word in _PUBLISHED or word in names]
    # A single word may be a heading: «مطالعه».
    return (
        bool(told)
        and len(words) > 1
        and all(
            word in _PUBLISHED
            or word in names
            or word in _AROUND_DATES
            or _FIGURE.fullmatch(word)
            or is_date_word(word)
            for word in words
        )
    )


def name_in_line(line: str, byline: str = "", title: str = "") -> str:
    """Return the name in a line that labels one and says nothing else («خبرنگار: ...»), "" for any other line.

    A question of an interview is none, whoever is said to ask it. A line with the names of `byline` needs no label.
    «گزارش از ...» may name the place that a report is about: the `title` has it then.
    """
    if len(line) > LONGEST_BYLINE + _LABEL_CHARS:
        return ""
    if byline and len(line) <= LONGEST_BYLINE and match_key(PREFIX.sub("", one_line(line))) == match_key(byline):
        return byline
    if named := _BY_NAMES.fullmatch(one_line(line[:LONGEST_BYLINE])):
        return ", ".join(names_in(named[1]))
    if (reporter := _REPORTER.fullmatch(one_line(line))) and set(tokens(reporter[1])).isdisjoint(tokens(title)):
        return name_of(reporter[1])
    labelled = _LINE.fullmatch(one_line(line))
    if labelled is None or _SAID.search(labelled[1]) or len(labelled[1].split()) > _MOST_WORDS:
        return ""
    return name_of(labelled[1])


def names_in(names: str) -> list[str]:
    """Return each of the names that a text lists; an address lists none."""
    line = one_line(names)
    return [part.strip() for part in _BETWEEN.split(line)] if not _ADDRESS.match(line) else []


def people_in(name: str) -> list[str]:
    """Return the names of the people that a name joins by "and", each of a few words; else the name."""
    people = _AND.split(one_line(name))
    are_people = all(len(person.split()) in _WORDS_OF_NAMES and not _COMMA.search(person) for person in people)
    return people if are_people else [name]


def name_of(text: str) -> str:
    """Return a person's or a section's name without words around it, "" where the text is none."""
    name = _BEHIND.split(PREFIX.sub("", one_line(text)), maxsplit=1)[0].strip(" .:-–—|")
    if len(name) > _NAME_CHARS:
        name = _COMMA.split(name, maxsplit=1)[0]  # an office stands behind it
    if _NO_NAME.search(text) or _LABEL_ALONE.fullmatch(name):
        return ""
    return name if 1 < len(name) <= _NAME_CHARS and has_letters(name) else ""
