"""The corrections that the copy editor makes by itself: each is right wherever its rule applies (pure)."""

import re
from collections.abc import Iterator, Sequence

from persian.copy_edit.edits import CopyRule, TextEdit
from persian.copy_edit.tokens import HALF_SPACE, Span, Token, TokenKind, scanned
from persian.copy_edit.words import (
    AFTER_MI,
    CLITICS_OF_PARTICIPLES,
    CODE_WORDS,
    COMPARABLE,
    COMPARISONS,
    FOREIGN_AFTER_HAY,
    JOINED_COMPARABLE,
    JOINED_NOUNS,
    JOINED_OTHERWISE,
    NEVER_BEFORE_PLURAL,
    NOT_PLURAL,
    PARTICIPLES,
    PLURALS,
    SPOKEN_AFTER_MI,
    SUFFIXES_AFTER_QUOTE,
    VOCATIVES,
)

UNJOINED = "اآأإدذرزژوؤة"
"""Letters that the next letter does not join: no half-space is seen behind them."""

_LINE_END = "\n"
_STOPS = "،؛؟.:!,;?"
_PERSIAN_STOPS = "،؛؟"
_PERSIAN_FOR = {",": "،", ";": "؛", "?": "؟"}
_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_THOUSANDS = re.compile(r"[0-9۰-۹٠-٩]{1,3}(?:,[0-9۰-۹٠-٩]{3})+")
_LONGEST_NUMBER = 7
_BETWEEN = '«»()"-،,;؛:%٪.'
_FARTHEST = 4
_CODE_SIGNS = "+#*@_=/\\$~^&"
_PLURAL = re.compile(r"ها(?:یم|یت|یش|یمان|یتان|یشان|یی|ی)?\Z")
_COMPARISON = re.compile(r"تر(?:ین|ی)?\Z")
_PERFECT = re.compile(r"(?:اند|ایم|اید)\Z")
_STICKING = (TokenKind.LATIN, TokenKind.NUMBER, TokenKind.LEFT)
_WHAT_DRY = frozenset(["خشک", "تازه", "تمیز", "فرز"])


def certain_edits(text: str, left: Sequence[Span] = ()) -> Iterator[TextEdit]:
    """Yield the edits that need nobody's consent. The spans `left` stay as they are."""
    tokens = scanned(text, left)
    row = _Row(tokens)
    for at, token in enumerate(tokens):
        match token.kind:
            case TokenKind.WORD:
                yield from _of_word(text, row, at)
            case TokenKind.NUMBER:
                yield from _in_digits(text, token, token.text.translate(_ARABIC_DIGITS))
            case TokenKind.SPACE:
                yield from _of_space(row, at)
            case TokenKind.SIGN:
                yield from _of_sign(row, at)
            case _:
                pass


class _Row:
    """Tokens, with empty ones before the first and after the last, and what is known of the lines."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._nothing = Token(TokenKind.SIGN, 0, 0, _LINE_END)
        self.paired = paired_quotes(tokens)
        self.straight = _straight_quotes(tokens)

    def __getitem__(self, at: int) -> Token:
        return self._tokens[at] if 0 <= at < len(self._tokens) else self._nothing

    def word(self, at: int) -> str:
        """Return the word at a place, "" where there is none."""
        token = self[at]
        return token.text if token.kind is TokenKind.WORD else ""

    def beside(self, at: int, step: int) -> Token:
        """Return what stands before (`step` -1) or after (1) a token, behind a few spaces and signs."""
        for distance in range(1, _FARTHEST):
            token = self[at + step * distance]
            if token.kind is not TokenKind.SPACE and token.text not in _BETWEEN:
                return token
        return self._nothing


def paired_quotes(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the places of the marks « and » on lines where each opening one is closed before the next."""
    paired: set[int] = set()
    line: list[int] = []
    for at, token in enumerate([*tokens, Token(TokenKind.SIGN, 0, 0, _LINE_END)]):
        if token.text == _LINE_END:
            marks = "".join(tokens[place].text for place in line)
            if marks == "«»" * (len(marks) // 2):
                paired |= set(line)
            line = []
        elif token.kind is TokenKind.SIGN and token.text in "«»":
            line.append(at)
    return frozenset(paired)


def _straight_quotes(tokens: Sequence[Token]) -> dict[int, str]:
    """Return the places of straight quotation marks around Persian words, each with the mark that it means."""
    meant: dict[int, str] = {}
    line: list[int] = []
    curved = False
    for at, token in enumerate([*tokens, Token(TokenKind.SIGN, 0, 0, _LINE_END)]):
        if token.text == _LINE_END:
            if line and len(line) % 2 == 0 and not curved:
                for opening, closing in zip(line[::2], line[1::2], strict=True):
                    if _encloses(tokens, opening, closing):
                        meant |= {opening: "«", closing: "»"}
            line, curved = [], False
        elif token.text == '"':
            line.append(at)
        elif token.text in "«»“”":
            curved = True
    return meant


def _encloses(tokens: Sequence[Token], opening: int, closing: int) -> bool:
    before = tokens[opening - 1] if opening else None
    after = tokens[closing + 1] if closing + 1 < len(tokens) else None
    return (
        closing > opening + 1
        and tokens[opening + 1].kind is TokenKind.WORD
        and tokens[closing - 1].kind is not TokenKind.SPACE
        and _is_apart(before, "(\n")
        and _is_apart(after, ").،,؛;؟?!:\n")
    )


def _is_apart(token: Token | None, signs: str) -> bool:
    """Return whether what stands beside a pair of quotes is nothing, a space or one of these signs."""
    return token is None or token.kind is TokenKind.SPACE or token.text in signs


def _of_word(text: str, row: _Row, at: int) -> Iterator[TextEdit]:
    token = row[at]
    written = text[token.begin : token.end]
    for place, (old, new) in enumerate(zip(written, token.text, strict=True), token.begin):
        if old != new:
            yield TextEdit(place, place + 1, new, CopyRule.LETTER)
    yield from _needless(row, at)
    border = joined_border(token.text)
    if border:
        yield TextEdit(token.begin + border, token.begin + border, HALF_SPACE, CopyRule.HALF_SPACE)


def _needless(row: _Row, at: int) -> Iterator[TextEdit]:
    """Yield the removal of half-spaces at the ends of a word and behind another, and of letters drawn long."""
    token, last = row[at], len(row[at].text) - 1
    for place, letter in enumerate(token.text):
        if letter == HALF_SPACE:
            if _parts_nothing(row, at, place):
                yield TextEdit(token.begin + place, token.begin + place + 1, "", CopyRule.HALF_SPACE)
        elif letter == "ـ" and 0 < place < last and HALF_SPACE not in token.text[place - 1 : place + 2 : 2]:
            yield TextEdit(token.begin + place, token.begin + place + 1, "", CopyRule.LETTER)


def _parts_nothing(row: _Row, at: int, place: int) -> bool:
    """Return whether a half-space in a word stands behind another, or at an end that nothing is joined to."""
    text = row[at].text
    if place > 0 and text[place - 1] == HALF_SPACE:
        return True
    at_begin = place == 0 and row[at - 1].kind not in _STICKING
    return at_begin or (place == len(text) - 1 and row[at + 1].kind not in _STICKING)


def joined_border(word: str) -> int:
    """Return where a half-space is missing within a word, 0 where none is for certain."""
    participle = _PERFECT.sub("", word)
    if participle != word and participle in PARTICIPLES:
        return len(participle)
    for prefix in ("نمی", "می"):
        if word.startswith(prefix) and word[len(prefix) :] in AFTER_MI and word not in JOINED_OTHERWISE:
            return len(prefix)
    last = word.rfind(HALF_SPACE) + 1
    ending = _ending_of_noun(word[last:]) or _ending_of_adjective(word[last:])
    return last + ending if ending else 0


def _ending_of_noun(part: str) -> int:
    """Return where the ending of a plural is joined to a noun, 0 for nowhere."""
    plural = _PLURAL.search(part)
    if plural and part not in NOT_PLURAL and _takes_plural(part[: plural.start()], plural.group()):
        return plural.start()
    return 0


def _ending_of_adjective(part: str) -> int:
    """Return where the ending of a comparison is joined to an adjective, 0 for nowhere."""
    comparison = _COMPARISON.search(part)
    adjective = part[: comparison.start()] if comparison else ""
    return len(adjective) if adjective in JOINED_COMPARABLE and adjective[-1] not in UNJOINED else 0


def _takes_plural(noun: str, ending: str) -> bool:
    if not noun or noun[-1] in UNJOINED:
        return False
    many = len(noun) > 3
    return noun in JOINED_NOUNS or (many and noun[-1] == "ه") or (many and noun[-1] == "ی" and ending == "ها")


def digit_edits(text: str, tokens: Sequence[Token]) -> Iterator[TextEdit]:
    """Yield the edits that give the numbers among Persian words Persian digits."""
    row = _Row(tokens)
    for at, token in enumerate(tokens):
        if token.kind is TokenKind.NUMBER and _is_among_words(row, at):
            meant = token.text.translate(_DIGITS)
            yield from _in_digits(
                text, token, meant.replace(",", "٬") if _THOUSANDS.fullmatch(token.text) else meant
            )


def _in_digits(text: str, token: Token, meant: str) -> Iterator[TextEdit]:
    if meant != text[token.begin : token.end]:
        yield TextEdit(token.begin, token.end, meant, CopyRule.DIGIT)


def _is_among_words(row: _Row, at: int) -> bool:
    """Return whether a number belongs to Persian words: not to a name in Latin letters, a code or a version."""
    before, after = row[at - 1], row[at + 1]
    if _is_no_amount(row[at].text):
        return False
    if before.kind is TokenKind.SIGN and (before.text in _CODE_SIGNS or _is_stuck(row, at)):
        return False
    left, right = row.beside(at, -1), row.beside(at, 1)
    kinds = {left.kind, right.kind}
    if TokenKind.LATIN in {*kinds, before.kind, after.kind} or _is_code(row, at) or after.text in _CODE_SIGNS:
        return False
    return TokenKind.WORD in kinds or any("۰" <= neighbour.text[-1:] <= "۹" for neighbour in (left, right))


def _is_no_amount(number: str) -> bool:
    """Return whether a number is so long, or so written, that it is a code, a version or a telephone's."""
    longest_run = max(map(len, re.split(r"[^0-9۰-۹٠-٩]+", number)))
    digits = sum(letter.isdigit() for letter in number)
    return longest_run > _LONGEST_NUMBER or number.count(".") > 1 or ("-" in number and digits > _LONGEST_NUMBER)


def _is_code(row: _Row, at: int) -> bool:
    """Return whether one of the two words before a number says that it is a code."""
    before = [row[place].text for place in range(at - 1, max(-1, at - _FARTHEST - 1), -1)]
    return not CODE_WORDS.isdisjoint(before)


def _is_stuck(row: _Row, at: int) -> bool:
    """Return whether the number goes on from another by a sign, as in an address of a machine."""
    return row[at - 1].text in ".:" and row[at - 2].kind in (TokenKind.NUMBER, TokenKind.LATIN)


def _of_space(row: _Row, at: int) -> Iterator[TextEdit]:
    token, before, after = row[at], row[at - 1], row[at + 1]
    if _LINE_END in (before.text, after.text):
        return
    if before.kind is after.kind is TokenKind.WORD and _is_half(row, at):
        joined = before.text[-1] in UNJOINED and after.text in PLURALS | COMPARISONS
        yield TextEdit(token.begin, token.end, "" if joined else HALF_SPACE, CopyRule.HALF_SPACE)
    elif _is_before_stop(row, at) or _is_within_marks(row, at):
        yield TextEdit(token.begin, token.end, "", CopyRule.PUNCTUATION)
    elif len(token.text) > 1:
        yield TextEdit(token.begin, token.end, " ", CopyRule.SPACE)


def _is_half(row: _Row, at: int) -> bool:
    """Return whether the space between two words is to be a half-space."""
    first, second = row.word(at - 1), row.word(at + 1)
    following = row.word(at + 3) if row[at + 2].kind is TokenKind.SPACE else ""
    if first in ("می", "نمی"):
        return _begins_verb(row, at, first, second)
    if second in PLURALS:
        return _may_be_plural(first) and not _is_foreign_hay(second, following)
    if second in COMPARISONS:
        return _ends_comparison(first, second, is_dry=_goes_on_with_dry(row, at, following))
    if first in PARTICIPLES and second in CLITICS_OF_PARTICIPLES:
        return not _belongs_to_following(second, following)
    return second == "ای" and _takes_article(first) and following not in VOCATIVES


def _begins_verb(row: _Row, at: int, prefix: str, verb: str) -> bool:
    """Return whether «می» or «نمی» is the prefix of a verb, and not the month of May."""
    is_month = prefix == "می" and (row.word(at - 3) == "ماه" or row[at - 3].kind is TokenKind.NUMBER)
    return (verb in AFTER_MI or verb in SPOKEN_AFTER_MI) and not is_month


def _ends_comparison(adjective: str, ending: str, *, is_dry: bool) -> bool:
    """Return whether «تر» or «ترین» compares the word before it; `is_dry`: it is the «تر» of «تر و خشک»."""
    if adjective in COMPARABLE and not is_dry:
        return True
    return ending == "ترین" and adjective not in NEVER_BEFORE_PLURAL


def _is_foreign_hay(word: str, following: str) -> bool:
    """Return whether «های» is the foreign word, as in «های تک»."""
    return word == "های" and following in FOREIGN_AFTER_HAY


def _goes_on_with_dry(row: _Row, at: int, following: str) -> bool:
    """Return whether «تر» is the first word of a pair such as «تر و خشک»."""
    return following == "و" and row.word(at + 5) in _WHAT_DRY


def _belongs_to_following(clitic: str, following: str) -> bool:
    """Return whether what looks like the ending of a participle begins the next word, as in «ام اس» and «ای دل»."""
    return (clitic == "ام" and following == "اس") or (clitic == "ای" and following in VOCATIVES)


def _may_be_plural(word: str) -> bool:
    """Return whether «ها» or «های» behind a word is the word's ending."""
    return len(word) > 1 and word not in NEVER_BEFORE_PLURAL and not _PLURAL.search(word)


def _takes_article(word: str) -> bool:
    """Return whether a word ends with a silent «ه», behind which «ای» makes it indefinite."""
    return len(word) > 2 and word != "همه" and word[-1] == "ه" and word[-2] not in "اوآ"


def _is_before_stop(row: _Row, at: int) -> bool:
    before, after, behind = row[at - 1], row[at + 1], row[at + 2]
    if before.kind is TokenKind.SIGN and before.text not in "»)؟!":
        return False
    if after.text in _PERSIAN_FOR and before.kind is TokenKind.LATIN:
        return False
    if after.kind is not TokenKind.SIGN or after.text not in _STOPS or behind.text == after.text:
        return False
    return _may_follow_stop(behind, after)


def _may_follow_stop(behind: Token, stop: Token) -> bool:
    """Return whether a stop ends what is before it; between a Persian one and a word the space is missing."""
    ends = behind.kind is TokenKind.SPACE or behind.text in "\n»"
    return ends or (stop.text in _PERSIAN_STOPS and behind.kind is TokenKind.WORD)


def _is_within_marks(row: _Row, at: int) -> bool:
    if row[at - 1].text == "«" or row[at + 1].text == "»":
        return at - 1 in row.paired or at + 1 in row.paired
    opens = row[at - 1].text == "(" and row[at - 2].text != ":"
    closes = row[at + 1].text == ")" and row[at - 1].text not in ":;"
    return (opens and row[at + 1].kind is TokenKind.WORD) or (closes and row[at - 1].kind is TokenKind.WORD)


def _of_sign(row: _Row, at: int) -> Iterator[TextEdit]:
    token, before, after = row[at], row[at - 1], row[at + 1]
    if at in row.straight:
        yield TextEdit(token.begin, token.end, row.straight[at], CopyRule.QUOTES)
    elif token.text in _PERSIAN_FOR and _ends_words(row, at):
        yield TextEdit(token.begin, token.end, _PERSIAN_FOR[token.text], CopyRule.PUNCTUATION)
    elif token.text == "%" and _is_persian_number(before):
        yield TextEdit(token.begin, token.end, "٪", CopyRule.PUNCTUATION)
    elif _lacks_space(row, at):
        yield TextEdit(token.end, token.end, " ", CopyRule.SPACE)
    elif token.text == "«" and at in row.paired and _sticks_to_word(before, after):
        yield TextEdit(token.begin, token.begin, " ", CopyRule.SPACE)


def _sticks_to_word(before: Token, after: Token) -> bool:
    """Return whether no space stands before a quotation that begins between these two."""
    return before.kind is TokenKind.WORD and after.text != "»"


def _is_persian_number(token: Token) -> bool:
    return token.kind is TokenKind.NUMBER and "۰" <= token.text[-1] <= "۹"


def _ends_words(row: _Row, at: int) -> bool:
    """Return whether a sign of Latin punctuation ends Persian words."""
    before, after = row[at - 1], row[at + 1]
    persian = before.kind is TokenKind.WORD or before.text == "»" or "۰" <= before.text[-1] <= "۹"
    return persian and (after.kind in (TokenKind.SPACE, TokenKind.WORD) or after.text in "\n»)!?")


def _lacks_space(row: _Row, at: int) -> bool:
    token, before, after = row[at], row[at - 1], row[at + 1]
    if after.kind is not TokenKind.WORD:
        return False
    if token.text in _PERSIAN_STOPS:
        return True
    if token.text == "»":
        return at in row.paired and after.text.strip(HALF_SPACE).split(HALF_SPACE)[0] not in SUFFIXES_AFTER_QUOTE
    if before.kind is not TokenKind.WORD:
        return False
    return token.text in ":!" or (token.text == "." and len(before.text) > 2 and len(after.text) > 2)
