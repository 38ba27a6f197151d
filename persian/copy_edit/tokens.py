"""A text cut into words, numbers, spaces and signs, with the parts that the copy editor leaves alone (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from persian.copy_edit.words import ARABIC_EVIDENCE, PERSIAN_EVIDENCE

HALF_SPACE = "\u200c"
"""The zero width non-joiner."""

Span = tuple[int, int]
"""The begin and end of a part of a text, in characters."""

LETTERS = str.maketrans("يىك", "ییک")
"""Arabic letters, each with the one that Persian writes in its place."""


class TokenKind(StrEnum):
    """The kind of a token. LEFT is a part that stays as it is, LATIN a word or address in Latin letters."""

    WORD = "word"
    NUMBER = "number"
    SPACE = "space"
    SIGN = "sign"
    LATIN = "latin"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a text from `begin` up to `end`; `text` has Persian letters for Arabic ones."""

    kind: TokenKind
    begin: int
    end: int
    text: str


_WORD = "\u0621-\u065f\u0670-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u200c"
_NUMBER = "[0-9]+(?:[.,/:-][0-9]+)*"
_SCAN = re.compile(
    rf"(?P<latin>(?:https?://|www\.)[^\s،؛«»<>]+|[@#][\w\u200c]+)"
    rf"|(?P<space>[ \t\u00a0]+)"
    rf"|(?P<word>[{_WORD}]+)"
    rf"|(?P<number>[۰-۹٠-٩]+(?:[.,/:٬٫-][۰-۹٠-٩]+)*)"
    rf"|(?P<sign>[(\[\"'`])"
    rf"|(?P<ascii>[!-~]+)"
    rf"|(?P<other>.)",
    re.DOTALL,
)
_IN_ASCII = re.compile(rf"(?P<number>{_NUMBER})|(?P<sign>.)", re.DOTALL)
_LATIN_LETTER = re.compile("[A-Za-z]")
_CLOSING = ".,;:!?)]}\"'`"
_QUOTATION = re.compile("[^\n«»]+")
_WORDS = re.compile(rf"[{_WORD}]+")
_ARABIC_LETTERS = set("أإةٱ")
_PERSIAN_LETTERS = set("پچژگ")
_OTHER_LANGUAGES = set("ەێۆڕڵڤٹڈڑںےۃھېډړښڼټ")


def scanned(text: str, left: Sequence[Span] = ()) -> list[Token]:
    """Return the tokens of a text; the spans `left`, and quotations in other languages, are tokens of kind LEFT."""
    view = text.translate(LETTERS)
    tokens: list[Token] = []
    at = 0
    for begin, end in merged([*left, *_foreign(view, text)]):
        tokens += tokens_between(view, at, begin)
        tokens.append(Token(TokenKind.LEFT, begin, end, view[begin:end]))
        at = end
    return [*tokens, *tokens_between(view, at, len(view))]


def merged(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order; those that touch or overlap are one."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif begin < end:
            joined.append((begin, end))
    return joined


def tokens_between(view: str, begin: int, end: int) -> Iterator[Token]:
    """Yield the tokens of a part of a text, whatever its language; `view` is the text with Persian letters."""
    for match in _SCAN.finditer(view, begin, end):
        kind = match.lastgroup or "other"
        if kind == "ascii":
            yield from _of_ascii(view, match.start(), match.end())
        else:
            yield Token(_KINDS[kind], match.start(), match.end(), match.group())


_KINDS = {
    "latin": TokenKind.LATIN,
    "space": TokenKind.SPACE,
    "word": TokenKind.WORD,
    "number": TokenKind.NUMBER,
    "sign": TokenKind.SIGN,
    "other": TokenKind.SIGN,
}


def _of_ascii(view: str, begin: int, end: int) -> Iterator[Token]:
    """Yield a run of ASCII: with a letter in it, it is Latin up to its closing signs."""
    run = view[begin:end]
    if _LATIN_LETTER.search(run):
        letters = len(run.rstrip(_CLOSING))
        yield Token(TokenKind.LATIN, begin, begin + letters, run[:letters])
        begin += letters
    for match in _IN_ASCII.finditer(view, begin, end):
        kind = TokenKind.NUMBER if match.lastgroup == "number" else TokenKind.SIGN
        yield Token(kind, match.start(), match.end(), match.group())


def _foreign(view: str, text: str) -> Iterator[Span]:
    """Yield the quotations, and what stands between them on a line, that are in another language of this script."""
    for part in _QUOTATION.finditer(view):
        if is_foreign(part.group(), text[part.start() : part.end()]):
            yield part.span()


def is_foreign(view: str, text: str) -> bool:
    """Return whether a piece is Arabic, Kurdish, Urdu or Pashto; `view` is the `text` with Persian letters."""
    if any(letter in _OTHER_LANGUAGES for letter in text):
        return True
    words = _WORDS.findall(view)
    if any(letter in _PERSIAN_LETTERS for letter in text) or any(word in PERSIAN_EVIDENCE for word in words):
        return False
    evidence = sum(map(_is_arabic, words))
    return evidence >= 2 and evidence * 3 >= len(words)


def _is_arabic(word: str) -> bool:
    return (
        word in ARABIC_EVIDENCE
        or (word.startswith(("ال", "وال", "بال", "لل")) and len(word) > 4)
        or any(letter in _ARABIC_LETTERS for letter in word)
    )
