"""Near-duplicates: signatures of texts, by which two texts of one story are recognised (pure).

Sites retell one agency's text under other titles, cut or extend it, or rewrite its lead; templates (rates,
forecasts, results) tell other events in the same words. So the words of both texts are compared as sets, and then
laid beside each other: where the same words enclose other words or numbers, a template names another event.

Candidates are found by MinHash: texts that share a band may be one story. See A. Broder, On the resemblance and
containment of documents (1997).
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import cached_property
from itertools import pairwise

from rensa import RMinHash

from persian.digits import to_ascii
from persian.function_words import FUNCTION_WORDS
from persian.normalise import tokens
from persian.number_words import UNITS

BANDS = 10
_READ_CHARS = 2000
"""The number of characters that are read. News begins with the event; many texts share the background."""
_MOST_WORDS = 200
_OPENING_PAIRS = 25
"""The pairs of words from which half of the bands are made: as many as an item of a feed has."""
_LEAST_WORDS = 8
"""The least number of content words. A shorter text is not compared."""
_LONGEST_BYTES = 64_000

_SHARED_WORDS = 0.5
_LEAST_SHARED = int(_LEAST_WORDS * _SHARED_WORDS)
"""The least number of telling words that two texts of one story share."""
_SHARED_NUMBERS = 0.8
_LONE_NUMBER_WORDS = 0.75
"""The share of words that a story needs where one number agrees: a person's age is in all that is told of them."""
_VERBATIM_WORDS = 0.85
"""The share of the shorter text that the other one needs if the numbers do not all agree."""
_VERBATIM_NUMBERS = 0.6
_RETOLD_ORDER = 0.7
"""The share of a text's words below which the order of the other text is told to be another one."""
_UNNUMBERED_WORDS = 0.75
"""The share of words that a story needs where a text has no numbers; no substitution is forgiven then."""
_BRIEF_TEXT = 12
"""The number of telling words below which a text is held against the beginning of the other alone.

So few words lie about in any long text.
"""
_BRIEF_WORDS = 0.9
"""The share of a brief text's words that a story needs where a text has no numbers and the lead is another one."""
_BEGINNING = 40
_RETOLD_WORDS, _TEMPLATE_WORDS = 0.75, 0.9
"""The shares of words between which a text is retold in other words; a template with other names has more."""
_MOST_FORGIVEN = 3
_FORGIVING_NUMBERS = 2
"""The number of shared numbers that outweigh one substitution, for example a synonym."""
_MANY_NUMBERS = 4
"""The number of shared numbers that no template repeats with other names."""
_LONGEST_SUBSTITUTION = 4
_LEAST_BESIDE = 2
"""The number of equal words on either side of a substitution; in a title, one is enough."""
_SAME_WORDS = 0.9
"""The share of a text's words that it has in the order of another text from which on their words are the same."""
_LEAST_RESPELLED = 5
"""The number of letters from which on a word is one spelling of another that has a long vowel more."""
_VOWELS, _LONG_A = "اوی", "ا"
_LEAST_STEM = 3
"""The number of letters from which on a word counts as named where it is a part of another."""
_LEAD_WORDS = 25
_LEAST_NEW = 2
"""The number of words in a lead that tell a later event where two texts share one number at most."""
_NEWS_LEAD = 20
"""The number of words in which a text says what is new."""
_NEWS_WORDS = 5
"""The least number of words in the lead of a later event that the report of the earlier one has in no form."""
_NEWS = 0.4, 0.5
"""The parts of the title's and of the lead's words that are new in a report of a later event."""
_SOME_NEWS = 0.25, 0.25
"""The parts that are new in a report that may be of a later event."""
_PASSAGE = 8
"""The least number of words of a passage. Forms fill in something sooner."""
_PASSAGE_WORDS, _PASSAGE_SHARED, _PASSAGE_NUMBERS = 30, 0.6, 0.5
"""The number of words in shared passages, and the parts of all words and numbers, that tell one agency's text."""
_FIRM_NUMBERS, _FIRM_WORDS = 3, 0.8
"""The number of shared numbers, and the part of the words, that outweigh what two titles name alone."""
_STEM = 4
"""The number of letters that two forms of a word begin with: لرزاند and لرزش."""
_GAPS = "\na", "\nb"
"""Marks in the place of words that were left out, in one text and in the other."""
_EDGE = ("",) * _LEAST_BESIDE
"""Two texts are equal where they begin: what a template names stands there often."""

_NUMBER = re.compile(r"[0-9]+(?:[.,٫٬/:][0-9]+)*")
_SPOKEN_CLOCK = re.compile(r"(?<![0-9])([0-9]{1,2}) و ([0-9]{1,2})(?= دقیقه)")
_WEEKDAY = re.compile("\\b(یک|دو|سه|چهار|پنج)[ \u200c]شنبه")
_SPELLINGS = (
    ("هیات", "هییت"),
    ("مسوول", "مسیول"),
    *(
        (f"{first}{between}{second}", f"{first}{second}")
        for first, second in (("گفت", "گو"), ("جست", "جو"), ("شست", "شو"))
        for between in (" و ", " و")
    ),
)
"""Parts of normalised texts that houses spell in two ways: IRNA writes هیات and مسوول, and گفت‌وگو is گفتگو."""
_IN_DIGITS = {word: str(number) for number, word in enumerate(UNITS, start=1)}
_CLOCK = re.compile(r"(?<![0-9.,:/])0?([0-9]{1,2}):([0-9]{1,2})(?![0-9:])")
_THOUSANDS = re.compile("[,٬]")
_FRACTION = re.compile("[.٫/:]")


@dataclass(frozen=True)
class Fingerprint:
    """The words by which a text is compared: those of its title, and those of the beginning of lead and text.

    A number is one word: 12٬500 is 12500, both 5/2 and 5٫2 are 5d2.
    """

    title: tuple[str, ...]
    opening: tuple[str, ...]

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that say what the text is about."""
        words = {*self.title, *self.opening} - FUNCTION_WORDS
        return frozenset([word for word in words if len(word) > 1 and not word[0].isdigit()])

    @cached_property
    def beginning(self) -> frozenset[str]:
        """The telling words of the title and of the first words of the opening."""
        return self.telling.intersection((*self.title, *self.opening[:_BEGINNING]))

    @cached_property
    def telling_lead(self) -> tuple[str, ...]:
        """The telling words of the lead, or where the text begins without one."""
        return tuple(dict.fromkeys(word for word in self.opening[:_NEWS_LEAD] if word in self.telling))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the words of the title and the opening."""
        return frozenset([word[:_STEM] for word in (*self.title, *self.opening)])

    @cached_property
    def letters(self) -> str:
        """The letters of the title and the opening, in which parts of compounds are found."""
        return "".join((*self.title, *self.opening))

    @cached_property
    def telling_title(self) -> frozenset[str]:
        """The telling words of the title."""
        return self.telling.intersection(self.title)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The words that are written in digits."""
        return frozenset([word for word in (*self.title, *self.opening) if word[0].isdigit()])

    def to_bytes(self) -> bytes:
        """Return a form for a database, about 250 bytes for a feed's item and 1 kB for an article."""
        return zlib.compress("\n".join((" ".join(self.title), " ".join(self.opening))).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Fingerprint":
        """Read what `to_bytes` wrote. Raises ValueError where it is something else."""
        reader = zlib.decompressobj()
        try:
            plain = reader.decompress(data, _LONGEST_BYTES).decode()
        except (zlib.error, UnicodeDecodeError) as error:
            raise ValueError("not a fingerprint of a text") from error
        if not reader.eof:
            raise ValueError("not a whole fingerprint of a text")
        title, _, opening = plain.partition("\n")
        return cls(tuple(title.split()), tuple(opening.split()))


@dataclass(frozen=True, slots=True)
class Signature:
    """A text's fingerprint and its bands: ten signed integers of 64 bits, none for a text that is too short."""

    fingerprint: Fingerprint
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The overlap of two texts as sets of words and numbers.

    `words` and `numbers` are the parts of the smaller set that the other text has, from 0 to 1; `numbers` is None
    where one text has none. `size` is the number of telling words of the shorter text.
    """

    size: int
    words: float
    numbers: float | None
    shared_numbers: int


@dataclass(frozen=True, slots=True)
class Substitutions:
    """Parts that the same words enclose and only one of two texts has: telling words, and places with numbers.

    `words` fill in the same form, as names do; the `reworded` stand among other function words. `in_order` is the
    part of the shorter text's words, from 0 to 1, that both have in the same order.
    """

    words: int
    reworded: int
    numbers: int
    in_order: float


def signature(title: str, lead: str, text: str) -> Signature:
    """Return the signature of an article; `lead` and `text` are plain text and may be ""."""
    fingerprint = Fingerprint(
        tuple(_words(title[:_READ_CHARS])),
        tuple(_words(f"{lead}\n{text}"[:_READ_CHARS])),
    )
    words = [word for word in (*fingerprint.title, *fingerprint.opening) if word not in FUNCTION_WORDS]
    return Signature(fingerprint, _bands(words) if len(fingerprint.telling) >= _LEAST_WORDS else ())


def overlap(fingerprint: Fingerprint, other: Fingerprint) -> Overlap:
    """Measure what two texts share."""
    words = [text.telling for text in (fingerprint, other)]
    numbers = [text.numbers for text in (fingerprint, other)]
    size = min(map(len, words))
    compared = words if size >= _BRIEF_TEXT else [text.beginning for text in (fingerprint, other)]
    return Overlap(
        size=size,
        words=_contained(*compared),
        numbers=_contained(*numbers) if all(numbers) else None,
        shared_numbers=len(numbers[0] & numbers[1]),
    )


def substitutions(fingerprint: Fingerprint, other: Fingerprint) -> Substitutions:
    """Lay two texts beside each other and count what stands in the place of something else."""
    fingerprint, other = _in_one_order(fingerprint, other)
    beside, besides = (*_EDGE, *fingerprint.opening), (*_EDGE, *other.opening)
    runs = _equal_runs(beside, besides, least=_LEAST_BESIDE)
    in_order = _in_order(runs, beside, besides)
    openings = list(_differing(beside, besides, runs))
    if in_order < _SAME_WORDS:
        openings += _differing_elsewhere(beside, besides, runs)
    titles = _differing_in_titles(fingerprint, other)
    words, numbers = (fingerprint.telling, other.telling), (fingerprint.numbers, other.numbers)
    # Where all is told in other words, a title names what its text repeats.
    named = words if in_order >= _RETOLD_ORDER else (words[0].intersection(beside), words[1].intersection(besides))
    filled = [pair for pair in openings if _fills_a_form(pair)]
    reworded = [pair for pair in openings if not _fills_a_form(pair)]
    return Substitutions(
        words=sum(map(min, _foreign(filled, *words))) + sum(map(min, _foreign(titles, *named))),
        reworded=sum(map(min, _foreign(reworded, *words))),
        # A title may count the dead where another counts the injured.
        numbers=sum(map(any, _foreign(openings, *numbers))) + sum(map(all, _foreign(titles, *numbers))),
        in_order=in_order,
    )


def same_story(fingerprint: Fingerprint, other: Fingerprint) -> bool:
    """Return whether two texts report one event; where little speaks for it, they do not."""
    # Of many articles, some share a pair of words by chance, and so a band: they are turned away cheaply.
    if len(fingerprint.telling.intersection((*other.title, *other.opening))) < _LEAST_SHARED:
        return False
    if _are_unrelated_titles(fingerprint, other):
        return False
    fingerprint, other = _in_one_spelling(*_in_one_order(fingerprint, other))
    shared = overlap(fingerprint, other)
    speaks_for_one = _speaks_for_one_event(shared)
    if not speaks_for_one and not _share_passages(fingerprint, other, shared):
        return False
    if _brings_news(fingerprint, other, _NEWS):
        return False
    is_firm = not _brings_news(fingerprint, other, _SOME_NEWS)
    if not speaks_for_one and not is_firm:
        return False
    replaced = substitutions(fingerprint, other)
    if _are_brief_forms(shared, replaced):
        return False
    # Whoever tells in other words leaves no text verbatim, or not in its order.
    is_verbatim = shared.words >= _VERBATIM_WORDS and replaced.in_order >= _RETOLD_ORDER
    reworded = replaced.reworded if is_verbatim else 0
    if replaced.numbers or replaced.words + reworded > _forgiven(shared):
        return False
    if is_firm and not replaced.words and _agree_firmly(shared):
        return True
    return not _are_two_events(shared, _named_alone(fingerprint, other), _named_alone(other, fingerprint))


def _are_brief_forms(shared: Overlap, replaced: Substitutions) -> bool:
    """Return whether two texts share so few words that they may be two events in the words of one form."""
    is_brief = shared.size < _BRIEF_TEXT and shared.numbers is None
    return is_brief and shared.words < _BRIEF_WORDS and replaced.in_order < _SAME_WORDS


def _forgiven(shared: Overlap) -> int:
    """Return how many substitutions of words the agreement of two texts outweighs."""
    if not _numbers_agree(shared) or shared.shared_numbers < _FORGIVING_NUMBERS:
        return 0
    if shared.numbers != 1 or shared.shared_numbers == _FORGIVING_NUMBERS:
        return 1
    is_retold = _RETOLD_WORDS <= shared.words < _TEMPLATE_WORDS
    return _MOST_FORGIVEN if is_retold or shared.shared_numbers >= _MANY_NUMBERS else 1


def _are_two_events(shared: Overlap, *alone: Sequence[int]) -> bool:
    """Return whether what each of two titles names alone, by its places in the text, tells two events.

    Two texts of one event differ so on one side at most, two events of one kind on both. A later event repeats the
    earlier one as its background, and its lead says what is new.
    """
    if all(alone):
        return True
    new = max(sum(place < _LEAD_WORDS for place in places) for places in alone)
    return new >= _LEAST_NEW and shared.shared_numbers < _FORGIVING_NUMBERS


def _brings_news(fingerprint: Fingerprint, other: Fingerprint, parts: tuple[float, float]) -> bool:
    """Return whether title and lead of one text tell what the other lacks, at least these parts of their words.

    A later event has the report of the earlier one as its background, whose words and numbers both share.
    """
    return any(
        len(lead) >= max(_NEWS_WORDS, parts[1] * len(text.telling_lead))
        and len(title) >= max(1, parts[0] * len(text.telling_title))
        for text, title, lead in (
            (text, _new(text.telling_title, beside), _new(text.telling_lead, beside))
            for text, beside in ((fingerprint, other), (other, fingerprint))
        )
    )


def _new(words: Iterable[str], other: Fingerprint) -> list[str]:
    """Return those of the words that the other text has in no form."""
    return [
        word
        for word in words
        if word[:_STEM] not in other.stems and (len(word) < _LEAST_STEM or word not in other.letters)
    ]


def _share_passages(fingerprint: Fingerprint, other: Fingerprint, shared: Overlap) -> bool:
    """Return whether two texts have whole sentences in common, though each has left out numbers of the other."""
    if shared.words < _PASSAGE_SHARED or shared.numbers is None or shared.numbers < _PASSAGE_NUMBERS:
        return False
    passages = _equal_runs(fingerprint.opening, other.opening, least=_PASSAGE)
    return sum(passage.size for passage in passages) >= _PASSAGE_WORDS


def _agree_firmly(shared: Overlap) -> bool:
    return shared.numbers == 1 and shared.shared_numbers >= _FIRM_NUMBERS and shared.words >= _FIRM_WORDS


def _named_alone(fingerprint: Fingerprint, other: Fingerprint) -> list[int]:
    """Return where a text repeats what its title names and the other text lacks: the place, the day, the work."""
    words, joined = {*other.title, *other.opening}, "".join((*other.title, *other.opening))
    named = fingerprint.telling_title.intersection(fingerprint.opening)
    return [
        fingerprint.opening.index(word)
        for word in named
        if words.isdisjoint(_forms(word)) and (len(word) < _LEAST_STEM or word not in joined)
    ]


def _forms(word: str) -> tuple[str, ...]:
    """Return the forms of a word that name the same: هفت and 7, آماده and آمادگی."""
    if word.endswith("گی"):
        return word, f"{word.removesuffix('گی')}ه"
    if word.endswith("ه"):
        return word, f"{word.removesuffix('ه')}گی"
    return word, _IN_DIGITS.get(word, word)


def _speaks_for_one_event(shared: Overlap) -> bool:
    if shared.size < _LEAST_WORDS:
        return False
    least_words = _LONE_NUMBER_WORDS if shared.shared_numbers == 1 else _SHARED_WORDS
    if _numbers_agree(shared) and shared.words >= least_words:
        return True
    if shared.numbers is None:
        return shared.words >= _UNNUMBERED_WORDS
    return shared.words >= _VERBATIM_WORDS and shared.numbers >= _VERBATIM_NUMBERS


def _numbers_agree(shared: Overlap) -> bool:
    return shared.numbers is not None and shared.numbers >= _SHARED_NUMBERS


def _are_unrelated_titles(fingerprint: Fingerprint, other: Fingerprint) -> bool:
    """Return whether neither title says anything that the other text does: what they share is a site's template."""
    titles = fingerprint.telling_title, other.telling_title
    return all(titles) and titles[0].isdisjoint(other.telling) and titles[1].isdisjoint(fingerprint.telling)


def _in_one_order(fingerprint: Fingerprint, other: Fingerprint) -> tuple[Fingerprint, Fingerprint]:
    """Return two texts in one order, whichever is given first: what is found must not depend on that."""
    one, another = sorted((fingerprint, other), key=lambda text: (text.opening, text.title))
    return one, another


def _in_one_spelling(fingerprint: Fingerprint, other: Fingerprint) -> tuple[Fingerprint, Fingerprint]:
    """Return two texts with one spelling of the words that each has in another: ویتکاف and ویتکف."""
    spellings = _spellings(fingerprint, other, _VOWELS)
    # In the same words, محمدی and محمودی are two persons.
    if spellings and _are_same_words(fingerprint.opening, other.opening):
        spellings = _spellings(fingerprint, other, _LONG_A)
    if not spellings:
        return fingerprint, other
    title, opening = (tuple(spellings.get(word, word) for word in words) for words in (other.title, other.opening))
    return fingerprint, Fingerprint(title, opening)


def _are_same_words(words: Sequence[str], other: Sequence[str]) -> bool:
    return _in_order(_equal_runs(words, other, least=_LEAST_BESIDE), words, other) >= _SAME_WORDS


def _spellings(fingerprint: Fingerprint, other: Fingerprint, vowels: str) -> dict[str, str]:
    """Return for words of the other text their spelling in the first one, where only one of `vowels` differs."""
    by_consonants: dict[str, list[str]] = {}
    for word in _long_words(fingerprint.telling - other.telling):
        by_consonants.setdefault(_consonants(word), []).append(word)
    return {
        word: ours
        for word in _long_words(other.telling - fingerprint.telling)
        for ours in sorted(by_consonants.get(_consonants(word), ()))
        if _is_respelled(word, ours, vowels)
    }


def _long_words(words: frozenset[str]) -> list[str]:
    return [word for word in words if len(word) >= _LEAST_RESPELLED]


def _consonants(word: str) -> str:
    rest = word[1:]
    for vowel in _VOWELS:
        rest = rest.replace(vowel, "")
    return word[0] + rest


def _is_respelled(word: str, other: str, vowels: str) -> bool:
    """Return whether one of two long words is the other with one of `vowels` more, as foreign names are spelled."""
    short, long = sorted((word, other), key=len)
    if len(long) != len(short) + 1:
        return False
    # A last ی is an ending of another word.
    places = [at for at in range(1, len(long)) if long[at] in vowels and (long[at] != "ی" or at + 1 < len(long))]
    return any(long[:at] + long[at + 1 :] == short for at in places)


def _in_order(runs: Sequence[Match], words: Sequence[str], other: Sequence[str]) -> float:
    """Return the part of the shorter text, from 0 to 1, that is equal `runs`."""
    return sum(run.size for run in runs) / max(1, min(len(words), len(other)))


def _words(text: str) -> list[str]:
    """Return the normalised words of a text, each number as one."""
    text = _WEEKDAY.sub(r"\1شنبه", text)
    clocked = _CLOCK.sub(_as_clock, _SPOKEN_CLOCK.sub(r"\1:\2", to_ascii(text)))
    normalised = " ".join(tokens(_NUMBER.sub(_as_word, clocked))[:_MOST_WORDS])
    for part, instead in _SPELLINGS:
        normalised = normalised.replace(part, instead)
    return normalised.split(" ") if normalised else []


def _as_clock(clock: re.Match[str]) -> str:
    """Return a time of day in one spelling: 05:04 is 5:04, and so is 5 و 4 دقیقه."""
    return f"{clock[1]}:{clock[2]:0>2}"


def _as_word(number: re.Match[str]) -> str:
    return f" {_FRACTION.sub('d', _THOUSANDS.sub('', number[0]))} "


def _contained(words: frozenset[str], other: frozenset[str]) -> float:
    """Return the part of the smaller set that the other holds."""
    return len(words & other) / max(1, min(len(words), len(other)))


def _equal_runs(words: Sequence[str], other: Sequence[str], *, least: int) -> list[Match]:
    """Return the runs of at least `least` words that two texts share in their order."""
    blocks = SequenceMatcher(None, words, other, autojunk=False).get_matching_blocks()
    return [block for block in blocks if block.size >= least]


def _differing(
    words: Sequence[str], other: Sequence[str], blocks: Sequence[Match]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the short runs that differ between the equal ones."""
    for before, after in pairwise(blocks):
        run, instead = words[before.a + before.size : after.a], other[before.b + before.size : after.b]
        # A half-space may part one word into two.
        if max(len(run), len(instead)) <= _LONGEST_SUBSTITUTION and "".join(run) != "".join(instead):
            yield run, instead


def _differing_elsewhere(
    words: Sequence[str], other: Sequence[str], runs: Sequence[Match]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the short runs that differ within what two texts say at different places, outside of equal runs."""
    rest = _outside(words, [(run.a, run.size) for run in runs], _GAPS[0])
    instead = _outside(other, [(run.b, run.size) for run in runs], _GAPS[1])
    for pair in _differing(rest, instead, _equal_runs(rest, instead, least=_LEAST_BESIDE)):
        if _GAPS[0] not in pair[0] and _GAPS[1] not in pair[1]:
            yield pair


def _outside(words: Sequence[str], spans: Sequence[tuple[int, int]], gap: str) -> list[str]:
    """Return the words outside of spans of a start and a length, and a gap in the place of each."""
    outside: list[str] = []
    end = 0
    for start, length in (*spans, (len(words), 0)):
        outside += [*words[end:start], gap]
        end = start + length
    return outside


def _fills_a_form(runs: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Return whether two runs have the same function words: what is told in other words seldom has."""
    forms = [[word for word in run if word in FUNCTION_WORDS] for run in runs]
    return forms[0] == forms[1]


def _foreign(
    runs: Sequence[tuple[Sequence[str], Sequence[str]]], words: frozenset[str], other: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Yield for each place where both sides have something of these sets, how much of it the other text lacks."""
    for run, instead in runs:
        if not words.isdisjoint(run) and not other.isdisjoint(instead):
            yield len((words - other).intersection(run)), len((other - words).intersection(instead))


def _differing_in_titles(fingerprint: Fingerprint, other: Fingerprint) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Return the runs that differ in two titles of one wording, nothing for titles of different wordings."""
    alike = _equal_runs(fingerprint.title, other.title, least=1)
    if sum(block.size for block in alike) * 2 < min(len(fingerprint.title), len(other.title)):
        return []
    title, instead = ((*_EDGE, *text.title, *_EDGE) for text in (fingerprint, other))
    return list(_differing(title, instead, _equal_runs(title, instead, least=1)))


def _bands(words: Sequence[str]) -> tuple[int, ...]:
    """Return the bands: half of the text's opening, half of all that is read."""
    half = BANDS // 2
    # Whoever tells in other words turns them round.
    pairs = [" ".join(sorted(pair)) for pair in pairwise(words)]
    # Under one seed both halves would fail together.
    minima = [*_minima(pairs[:_OPENING_PAIRS], half, seed=1), *_minima(pairs, half, seed=2)]
    return tuple(_band(place, minimum) for place, minimum in enumerate(minima))


def _minima(features: list[str], count: int, *, seed: int) -> list[int]:
    sketch = RMinHash(num_perm=16, seed=seed)
    sketch.update(features)
    return list(sketch.digest()[:count])


def _band(place: int, minimum: int) -> int:
    # Another version of the algorithm has other minima: its bands must never meet these.
    upper = zlib.crc32(f"{RMinHash.ALGORITHM_VERSION} {place}".encode())
    return int.from_bytes(struct.pack("<II", minimum, upper), "little", signed=True)
