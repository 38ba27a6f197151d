"""The meaning of the words of a search (pure).

Because half-spaces come and go, neighbouring words of a query may stand joined in the text, and a joined word
of the query may stand apart in it: the index's joined pairs cover the second, whoever searches the first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from itertools import islice, pairwise, takewhile

from persian.normalise import match_key, tokens
from persian.period import LONGEST, Period, read_period

MOST_WORDS = 12
"""Words of a query that count; the rest is ignored."""

_QUOTED = r'"(?P<a>[^"]{0,400})"|«(?P<b>[^»]{0,400})»|“(?P<c>[^”]{0,400})”'
"""The pattern of a quotation: up to more letters than its words that count may have. An open quotation is none."""
_PIECE = re.compile(rf"(?P<sign>[-−]?)(?:{_QUOTED}|(?P<bare>\S+))")
_NAMED = re.compile(
    r'(?P<sign>[-−]?)(?P<key>[^\W\d_][^\s:"«»“”]*) ?:(?P<gap> ?)' rf'(?:{_QUOTED}|(?P<bare>[^\s"«»“”]+))'
)
_WORD = re.compile(r"\S+")


class PieceKind(Enum):
    """The kind of a piece of a query."""

    WORD = auto()
    PHRASE = auto()
    EXCLUDED = auto()
    CATEGORY = auto()
    PERIOD = auto()


_OPERATORS = {
    "دسته": PieceKind.CATEGORY,
    "category": PieceKind.CATEGORY,
    "تاریخ": PieceKind.PERIOD,
    "date": PieceKind.PERIOD,
}
_OPERATORS |= {"القسم": PieceKind.CATEGORY, "التاریخ": PieceKind.PERIOD}


class Unclear(Enum):
    """The reason why a part of a query means nothing: no such date, an end before the start, a second category."""

    DATE = auto()
    ORDER = auto()
    CATEGORY = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a query, which stands at `begin` to `end` of its text; every one of its `words` is normalised.

    `name` is a CATEGORY's. A PERIOD without a `period` is written like one, but there are no such days. `signed`
    tells of the minus before it.
    """

    kind: PieceKind
    begin: int
    end: int
    words: tuple[str, ...] = ()
    name: str = ""
    period: Period | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search: every one of `words` in any order, every one of `phrases`, none of `excluded`.

    `words` are runs of neighbouring words, so that pairs within one run may stand joined. A phrase is its words
    in order. Every word is normalised. `category` is a category's name as it was typed, "" for none; `period`
    are the days of which the articles are. `unclear` says what was asked for and cannot be, each with its words.
    """

    words: tuple[tuple[str, ...], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    category: str = ""
    period: Period | None = None
    unclear: tuple[tuple[Unclear, str], ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything to look for; exclusions alone are nothing."""
        return bool(self.words or self.phrases or self.category or self.period)

    @property
    def is_impossible(self) -> bool:
        """Return whether it wants and excludes the same word or phrase: nothing is ever found by it."""
        needed = {*self.phrases, *(run for run in self.words if len(run) == 1)}
        return not needed.isdisjoint(self.excluded)


def parse_query(text: str, today: date | None = None) -> Query:
    """Read what a person typed: words, "phrases" (also «so»), -exclusions of either kind, a category and days.

    `today` is the reader's day; without it dates are ordinary words.
    """
    parts = _QueryParts()
    left = MOST_WORDS
    for piece in pieces(text, today):
        words = piece.words[:left]
        left -= len(words)
        parts.add(piece, words, text[piece.begin : piece.end])
    return parts.query()


@dataclass(slots=True)
class _QueryParts:
    """The parts of a query, as its pieces are read one after the other."""

    runs: list[list[str]] = field(default_factory=lambda: [[]])
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    excluded: list[tuple[str, ...]] = field(default_factory=list)
    category: str = ""
    period: Period | None = None
    unclear: list[tuple[Unclear, str]] = field(default_factory=list)

    def add(self, piece: Piece, words: tuple[str, ...], written: str) -> None:
        """Add a piece with those of its words that count; `written` is the piece as it was typed."""
        if piece.kind is PieceKind.WORD:
            self.runs[-1].extend(words)
            return
        self.runs.append([])
        if piece.kind is PieceKind.CATEGORY:
            self._add_category(piece, written)
        elif piece.kind is PieceKind.PERIOD:
            self._add_period(piece, written)
        elif words:
            (self.excluded if piece.kind is PieceKind.EXCLUDED else self.phrases).append(words)

    def _add_category(self, piece: Piece, written: str) -> None:
        if self.category or piece.signed:
            self.unclear.append((Unclear.CATEGORY, written))
        self.category = self.category or piece.name

    def _add_period(self, piece: Piece, written: str) -> None:
        if piece.period is None or piece.signed:
            self.unclear.append((Unclear.DATE, written))
            return
        self.period = piece.period.within(self.period) if self.period else piece.period
        if self.period.backwards:
            self.unclear.append((Unclear.ORDER, written))

    def query(self) -> Query:
        """Return the query of all parts."""
        runs = tuple(tuple(run) for run in self.runs if run)
        unclear = tuple(self.unclear)
        return Query(runs, tuple(self.phrases), tuple(self.excluded), self.category, self.period, unclear)


def pieces(text: str, today: date | None = None) -> list[Piece]:
    """Return what a query is made of, in its order; what holds no letter or digit is left out."""
    read = list(_pieces(text, today))
    if today is None:
        return read
    joined: list[Piece] = []
    place = 0
    sought = _count_sought(read)
    while place < len(read):
        run = list(takewhile(_is_word, read[place : place + LONGEST]))
        days = read_period([text[piece.begin : piece.end] for piece in run], today)
        # Dates without a year, «امروز» and the like are ordinary words too: they count where they are all that is
        # sought.
        if days is not None and (days.certain or days.used == sought):
            begin, end = run[0].begin, run[days.used - 1].end
            joined.append(Piece(PieceKind.PERIOD, begin, end, period=days.period))
            place += days.used
        else:
            joined.append(read[place])
            place += 1
    return joined


def _is_word(piece: Piece) -> bool:
    return piece.kind is PieceKind.WORD


def _count_sought(read: Sequence[Piece]) -> int | None:
    """Return how many words are sought, None where phrases are, too."""
    if any(piece.kind is PieceKind.PHRASE for piece in read):
        return None
    return sum(map(_is_word, read))


def without(text: str, kind: PieceKind, today: date | None = None) -> str:
    """Return the text of a query with every piece of a kind taken out; of a PHRASE only its quotes."""
    kept, place = [], 0
    for piece in pieces(text, today):
        kept.append(text[place : piece.begin])
        if piece.kind is not kind:
            kept.append(text[piece.begin : piece.end])
        elif kind is PieceKind.PHRASE:
            kept.append(" ".join(piece.words))
        place = piece.end
    return " ".join("".join((*kept, text[place:])).split())


def corrected(text: str, instead: Mapping[str, str], today: date | None = None) -> str:
    """Return the text of a query with other words in the place of some of its own, both of them normalised."""
    kept, place = [], 0
    for piece in pieces(text, today):
        kept.append(text[place : piece.begin])
        place = piece.end
        words = [instead.get(word, word) for word in piece.words]
        if piece.kind in (PieceKind.WORD, PieceKind.PHRASE) and tuple(words) != piece.words:
            kept.append(f'"{" ".join(words)}"' if piece.kind is PieceKind.PHRASE else "\u200c".join(words))
        else:
            kept.append(text[piece.begin : piece.end])
    return "".join((*kept, text[place:]))


def spellings(run: tuple[str, ...]) -> list[list[str]]:
    """Return for each word of a run what may stand for it: itself, or joined with a neighbour."""
    joined = ["", *(left + right for left, right in pairwise(run)), ""]
    return [[term for term in (word, joined[at], joined[at + 1]) if term] for at, word in enumerate(run)]


def ways(phrase: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return in which ways a phrase may be written: all of its words, or any two neighbours, may stand joined."""
    written = [phrase, ("".join(phrase),)]
    for at, pair in enumerate(pairwise(phrase)):
        written.append((*phrase[:at], "".join(pair), *phrase[at + 2 :]))
    return list(dict.fromkeys(written))


def _pieces(text: str, today: date | None) -> Iterator[Piece]:
    place = 0
    while match := _PIECE.search(text, place):
        piece = _operator(text, match.start(), today) or _plain(match)
        place = piece.end
        if piece.words or piece.name or piece.kind is PieceKind.PERIOD:
            yield piece


def _plain(match: re.Match[str]) -> Piece:
    words = tuple(tokens(_value(match)))
    kind = PieceKind.EXCLUDED if match["sign"] else PieceKind.PHRASE if match["bare"] is None else PieceKind.WORD
    return Piece(kind, match.start(), match.end(), words, signed=bool(match["sign"]))


def _operator(text: str, begin: int, today: date | None) -> Piece | None:
    """Return the category or the days that are named at `begin`, None for ordinary words."""
    match = _NAMED.match(text, begin)
    kind = _OPERATORS.get(match_key(match["key"])) if match else None
    if match is None or kind is None:
        return None
    if kind is PieceKind.CATEGORY:
        name = _value(match)
        return Piece(kind, begin, match.end(), name=name, signed=bool(match["sign"])) if match_key(name) else None
    return _days_named(text, match, today) if today is not None else None


def _days_named(text: str, match: re.Match[str], today: date) -> Piece | None:
    """Return the days behind their name, without a period where they cannot be read; None for ordinary words.

    What is quoted must be days as a whole; otherwise as many words as are some.
    """
    begin, is_signed = match.start(), bool(match["sign"])
    rest = _WORD.finditer(text, match.start("bare")) if match["bare"] else _WORD.finditer(_value(match))
    words = list(islice(rest, LONGEST))
    days = read_period([word[0] for word in words], today)
    if days is None or not (match["bare"] or days.used == len(words)):
        # «تاریخ: آینهٔ عبرت» is an ordinary headline.
        return None if match["gap"] else Piece(PieceKind.PERIOD, begin, match.end(), signed=is_signed)
    end = words[days.used - 1].end() if match["bare"] else match.end()
    return Piece(PieceKind.PERIOD, begin, end, period=days.period, signed=is_signed)


def _value(match: re.Match[str]) -> str:
    return match["bare"] or match["a"] or match["b"] or match["c"] or ""
