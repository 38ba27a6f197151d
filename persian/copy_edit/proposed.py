"""The changes that the copy editor only proposes: matters of taste, and what has several remedies (pure)."""

from collections.abc import Iterator, Sequence

from persian.copy_edit.certain import UNJOINED, digit_edits
from persian.copy_edit.edits import CopyRule, TextEdit
from persian.copy_edit.tokens import HALF_SPACE, Span, Token, TokenKind, scanned
from persian.copy_edit.words import NOT_PLURAL, TASTE, TWICE

_PLURAL_ENDINGS = ("ها", "های", "هایی")
_SHORTEST_NOUN = 3
_OPENING = {"«": "»", "(": ")"}
_STOPS = ".،؛؟!:"


def proposed_edits(text: str, left: Sequence[Span] = ()) -> Iterator[TextEdit]:
    """Yield the edits that somebody may want. The spans `left` stay as they are."""
    tokens = scanned(text, left)
    begin = 0
    for at, token in enumerate(tokens):
        if token.kind is TokenKind.WORD:
            yield from _of_word(token)
            yield from _of_pair(tokens[at : at + 3])
        elif token.kind is TokenKind.NUMBER and token.text.count(".") == 1 and "۰" <= token.text[0] <= "۹":
            dot = token.begin + token.text.index(".")
            yield TextEdit(dot, dot + 1, "٫", CopyRule.DIGIT)
        elif token.text == "\n":
            yield from _unbalanced(tokens[begin:at])
            begin = at + 1
    yield from _unbalanced(tokens[begin:])
    yield from _ellipses(tokens)
    yield from digit_edits(text, tokens)


def _of_word(token: Token) -> Iterator[TextEdit]:
    word = token.text
    if word[-1] == "ة" and len(word) > 2:
        yield TextEdit(token.end - 1, token.end, "ه", CopyRule.LETTER)
    if word[-1] == "ۀ":
        yield TextEdit(token.end - 1, token.end, "هٔ", CopyRule.LETTER)
    last = word.rfind(HALF_SPACE) + 1
    part = word[last:]
    for ending in _PLURAL_ENDINGS:
        noun = part.removesuffix(ending)
        if noun != part and len(noun) >= _SHORTEST_NOUN and noun[-1] not in UNJOINED and part not in NOT_PLURAL:
            border = token.begin + last + len(noun)
            yield TextEdit(border, border, HALF_SPACE, CopyRule.HALF_SPACE)


def _of_pair(tokens: Sequence[Token]) -> Iterator[TextEdit]:
    """Yield what may be one word, and a word that stands twice."""
    if len(tokens) < 3 or tokens[1].kind is not TokenKind.SPACE or tokens[2].kind is not TokenKind.WORD:
        return
    first, space, second = tokens
    joined = TASTE.get((first.text, second.text))
    if joined is not None:
        yield TextEdit(first.begin, second.end, joined, CopyRule.WORD)
    elif first.text == second.text and first.text in TWICE:
        yield TextEdit(space.begin, second.end, "", CopyRule.WORD)


def _unbalanced(line: Sequence[Token]) -> Iterator[TextEdit]:
    """Yield a closing mark for each that is missing on a line, and the removal of each that closes nothing."""
    for opening, closing in _OPENING.items():
        waiting = 0
        for token in (token for token in line if token.kind is TokenKind.SIGN):
            if token.text == opening:
                waiting += 1
            elif token.text == closing and waiting:
                waiting -= 1
            elif token.text == closing:
                yield TextEdit(token.begin, token.end, "", CopyRule.QUOTES)
        if waiting:
            end = _end_of_words(line)
            yield TextEdit(end, end, closing, CopyRule.QUOTES)


def _end_of_words(line: Sequence[Token]) -> int:
    """Return where a line ends before its last spaces and stops."""
    last = len(line) - 1
    while last > 0 and (line[last].kind is TokenKind.SPACE or line[last].text in _STOPS):
        last -= 1
    return line[last].end


def _ellipses(tokens: Sequence[Token]) -> Iterator[TextEdit]:
    begin = 0
    for at in range(1, len(tokens) + 1):
        if at < len(tokens) and tokens[at].text == tokens[begin].text == ".":
            continue
        if at - begin == 3 and tokens[begin].text == ".":
            yield TextEdit(tokens[begin].begin, tokens[at - 1].end, "…", CopyRule.PUNCTUATION)
        begin = at
