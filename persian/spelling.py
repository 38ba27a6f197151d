"""The known words that a misspelt word may stand for: one letter wrong, missing, extra, or two exchanged (pure)."""

from collections.abc import Callable, Iterable, Iterator

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


def nearby(word: str) -> list[str]:
    """Return the words that a normalised word may have been meant for, likeliest kinds of mistake first.

    Letters of one sound, exchanged neighbours, a letter too many, a slip to the next key, a letter that is missing.
    Words shorter than three letters, or with digits, are not guessed at.
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return []
    return list(dict.fromkeys(edit for edit in _edits(word) if edit != word))


def _edits(word: str) -> Iterator[str]:
    yield from _with_other_letter(word, _of_one_sound)
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
    yield from _with_other_letter(word, _beside_on_keyboard)
    for letter in _LATIN_LETTERS if word.isascii() else _PERSIAN_LETTERS:
        yield from (word[:at] + letter + word[at:] for at in range(len(word) + 1))


def _with_other_letter(word: str, others_of: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Yield a word with each of its letters replaced by those that `others_of` gives for it."""
    for at, letter in enumerate(word):
        yield from (word[:at] + other + word[at + 1 :] for other in others_of(letter))


def _of_one_sound(letter: str) -> Iterator[str]:
    for group in _SOUNDS:
        if letter in group:
            yield from group


def _beside_on_keyboard(letter: str) -> str:
    return _BESIDE.get(letter, "")
