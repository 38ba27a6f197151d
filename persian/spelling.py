"""The known words that a misspelt word may stand for: one letter wrong, missing, extra, or two exchanged (pure)."""

from collections.abc import Iterator, Mapping

_ROWS = ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = ("تط", "سصث", "زذضظژ", "قغ", "حه", "اع", "کگ", "بپ", "جچ", "رز", "فق", "یء", "cks", "iey", "sz", "uo")
_PERSIAN_LETTERS = "ایورنهمدتسلبشکزقفجخحپگصعطچضذثژغظ"
_LATIN_LETTERS = "etaoinsrhldcumfpgwybvkxjqz"
_SHORTEST = 3
_LONGEST = 24


def _beside() -> dict[str, str]:
    """Return for each letter those that lie beside it on the keyboard, or below and above it."""
    neighbours: dict[str, str] = {}
    for rows in (_ROWS[:3], _ROWS[3:]):
        for number, row in enumerate(rows):
            near = [*rows[max(0, number - 1) : number], *rows[number + 1 : number + 2]]
            for at, letter in enumerate(row):
                neighbours[letter] = (
                    row[max(0, at - 1) : at]
                    + row[at + 1 : at + 2]
                    + "".join(other_row[at : at + 1] for other_row in near)
                )
    return neighbours


_BESIDE = _beside()
_OF_ONE_SOUND = {letter: "".join(group for group in _SOUNDS if letter in group) for letter in set("".join(_SOUNDS))}


def nearby(word: str) -> list[str]:
    """Return the words that a normalised word may have been meant for, likeliest kinds of mistake first.

    Letters of one sound, exchanged neighbours, a letter too many, a slip to the next key, a letter that is missing.
    Words shorter than three letters, or with digits, are not guessed at.
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return []
    return list(dict.fromkeys(edit for edit in _edits(word) if edit != word))


def _edits(word: str) -> Iterator[str]:
    yield from _with_other_letter(word, _OF_ONE_SOUND)
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
    yield from _with_other_letter(word, _BESIDE)
    for letter in _LATIN_LETTERS if word.isascii() else _PERSIAN_LETTERS:
        yield from (word[:at] + letter + word[at:] for at in range(len(word) + 1))


def _with_other_letter(word: str, others: Mapping[str, str]) -> list[str]:
    """Return a word with each of its letters replaced by each of the `others` for it."""
    places = enumerate(word)
    return [word[:at] + other + word[at + 1 :] for at, letter in places for other in others.get(letter, "")]
