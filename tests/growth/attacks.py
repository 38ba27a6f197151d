"""Texts on which a regular expression works hardest, derived from its own structure.

A pattern is slow where a repeat can begin at many places, or can share its text with another: so each repeat gets
long runs of what it matches, behind what leads to it and before what makes the rest fail.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

Make = Callable[[int], str]
"""Makes an attack of about so many characters."""

_LETTERS = " \n\t<>&\"'.-/:;,()[]{}=_#@!?0aZ\u06f5\u0627\u06cc\u200c\u060c\u00ab\u00bb\u00e9\u0301\x00\u2026"
_BAD = ("", "\x00", "!", "\n", "a", "<")
_MOST_SAMPLES = 4
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_LONG = 64
"""A repeat that may come so often is one that an attack can make long."""


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A repeat in a pattern: texts that lead to it, texts of its body."""

    before: Sequence[str]
    bodies: Sequence[str]


def attacks_on(pattern: "re.Pattern[Any]") -> Iterator[Make]:
    """Yield attacks on a pattern; those on one of bytes are texts whose letters are below 256."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~(0 if isinstance(pattern.pattern, str) else re.UNICODE)
    tree = _parser.parse(source, flags)
    reader = _Reader(tree, flags & ~re.DEBUG)
    seen: set[tuple[str, str, str]] = set()
    for repeat in reader.repeats(tree):
        for before in repeat.before:
            for body in repeat.bodies:
                seen |= {(before, body, bad) for bad in _BAD}
                seen |= {("", before + body, bad) for bad in _BAD[:2]}
                seen |= {("", before, bad) for bad in _BAD[:2]}
    for sample in reader.samples(tree):
        seen |= {("", sample[:cut], bad) for cut in range(1, len(sample) + 1) for bad in _BAD[:2]}
    for before, body, bad in sorted(seen):
        if body:
            yield _maker(before, body, bad)


def _maker(before: str, body: str, bad: str) -> Make:
    def make(size: int) -> str:
        return before + body * max(1, size // len(body)) + bad

    make.__doc__ = f"{before!r} + {body!r} * n + {bad!r}"
    return make


class _Reader:
    """Reads the tree of a pattern, as the standard library parses it."""

    def __init__(self, tree: Any, flags: int) -> None:
        self._state, self._flags = tree.state, flags
        self._classes: dict[str, re.Pattern[str]] = {}
        self._letters = self._representatives(tree)

    def samples(self, nodes: Any) -> list[str]:
        """Return some texts that a sequence of nodes matches, the empty one among them where it does."""
        texts = [""]
        for node in nodes:
            more = self._samples_of(node)
            # Not every combination: the first of each, and each with the first of the others.
            texts = list(dict.fromkeys([*(text + more[0] for text in texts), *(texts[0] + text for text in more)]))
            texts = texts[:_MOST_SAMPLES]
        return texts

    def repeats(self, nodes: Any, before: Sequence[str] = ("",)) -> Iterator[_Repeat]:
        """Yield every repeat that may be long, within others too."""
        lead = list(before)
        for node in nodes:
            kind, value = node
            if kind in _REPEATS:
                _, most, body = value
                if most >= _LONG:
                    bodies = self.samples(body)
                    if len(body) == 1 and self._is_single(body[0]):
                        bodies = self._matching(body[0])
                    yield _Repeat(tuple(lead), tuple(body_text for body_text in bodies if body_text))
                yield from self.repeats(body, lead)
            else:
                for inner in _inner(node):
                    yield from self.repeats(inner, lead)
            ways = self._samples_of(node)
            lead = list(dict.fromkeys(text + way for way in ways for text in lead))[:_MOST_SAMPLES]

    def _samples_of(self, node: Any) -> list[str]:
        kind, value = node
        if self._is_single(node):
            return self._matching(node)[:_MOST_SAMPLES] or [""]
        if kind in _REPEATS:
            least, _, body = value
            once = self.samples(body)
            repeated = [text * least for text in once] if least else ["", *once]
            return list(dict.fromkeys(repeated))[:_MOST_SAMPLES]
        if kind is _constants.BRANCH:
            return list(
                islice(dict.fromkeys(sample for way in value[1] for sample in self.samples(way)), _MOST_SAMPLES)
            )
        if kind in (_constants.SUBPATTERN, _constants.ATOMIC_GROUP):
            return self.samples(_inner(node)[0])
        return [""]

    @staticmethod
    def _is_single(node: Any) -> bool:
        return node[0] in (_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY)

    def _matching(self, node: Any) -> list[str]:
        """Return letters that a node of one character matches, one of each kind that the pattern tells apart."""
        if node[0] is _constants.LITERAL:
            return [chr(node[1])]
        pattern = self._compiled(node)
        return [letter for letter in self._letters if pattern.match(letter)]

    def _compiled(self, node: Any) -> "re.Pattern[str]":
        key = repr(node)
        if key not in self._classes:
            self._classes[key] = _compiler.compile(_parser.SubPattern(self._state, [node]), self._flags)
        return self._classes[key]

    def _representatives(self, tree: Any) -> str:
        singles = [self._compiled(node) for node in _singles(tree)]
        literals = "".join(dict.fromkeys(_literals(tree)))
        kinds: dict[tuple[str, *tuple[bool, ...]], str] = {}
        for letter in _LETTERS + literals:
            # A letter that the pattern names is of a kind of its own, also where a class before it takes it.
            named = letter if letter in literals else ""
            kinds.setdefault((named, *(bool(pattern.match(letter)) for pattern in singles)), letter)
        return "".join(kinds.values())


def _inner(node: Any) -> list[Any]:
    kind, value = node
    if kind is _constants.BRANCH:
        return list(value[1])
    if kind is _constants.SUBPATTERN:
        return [value[3]]
    if kind is _constants.ATOMIC_GROUP:
        return [value]
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [value[1]]
    if kind in _REPEATS:
        return [value[2]]
    return []


def _singles(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        if node[0] in (_constants.NOT_LITERAL, _constants.IN, _constants.ANY):
            yield node
        for inner in _inner(node):
            yield from _singles(inner)


def _literals(nodes: Any) -> Iterator[str]:
    for node in nodes:
        if node[0] is _constants.LITERAL:
            yield chr(node[1])
        for inner in _inner(node):
            yield from _literals(inner)
