"""What a person asks to follow or to keep away, read from their words (pure).

A request is names of categories, #tags and, at its end, words in quotes: `ورزشی، #بورس «نفت ایران» -اوپک`. Words
are asked for as in a search: some in any order, "phrases", and -exclusions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.bounds import REQUEST
from bot.errors import UserError
from persian.matching import canonical
from persian.normalise import match_key, tokens
from persian.query import MOST_WORDS, parse_query
from storage import categories
from storage.records import Category, Subscription, SubscriptionKind

LONGEST = 200
"""Letters of words, of a tag or of a desk that are taken."""

_LABEL = 80
_BORDERS = re.compile(r"[\s,،;؛]+")
_NAMES = re.compile(r"[#,،;؛\n]+")
_QUOTE = re.compile(r'["«“]')


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to follow, or to mute; the fields are as in records.Subscription."""

    kind: SubscriptionKind
    category_id: int | None = None
    subject: str = ""
    label: str = ""

    def is_of(self, one: Subscription) -> bool:
        """Tell whether a subscription is to just this."""
        return (self.kind, self.category_id, self.subject) == (one.kind, one.category_id, one.subject)


EVERYTHING = Wish(SubscriptionKind.CATEGORY)


def category_wish(category: Category) -> Wish:
    """Return the wish for a category."""
    return Wish(SubscriptionKind.CATEGORY, category.id)


def wishes_in(text: str, known: Sequence[Category], called: Mapping[str, str] = categories.NO_NAMES) -> list[Wish]:
    """Return what a request asks for; nothing named is no wish.

    Names of categories may have several words and stand with or without commas; the longest name wins. `called` are
    those in the language of whoever asks, by slug. Raises UserError `category-unknown` with the first word that
    begins no name, `text-too-long`, and as `words_wish` does.
    """
    REQUEST.check(text)
    quote = _QUOTE.search(text)
    head, tail = (text[: quote.start()], text[quote.start() :]) if quote else (text, "")
    words = [word for word in _BORDERS.split(head) if word]
    if tail and not words and (named := categories.match(list(known), tail, called)):
        return [category_wish(named)]
    found: list[Wish] = []
    names, place = categories.by_key(known, called), 0
    while place < len(words):
        taken, wish = _first(words, place, names)
        found.append(wish)
        place += taken
    if tail:
        found.append(words_wish(tail))
    return list(dict.fromkeys(found))


def wishes_among(text: str, followed: Sequence[Subscription]) -> list[Wish]:
    """Return those of what is followed that `text` names as a whole: its tag, desk or words, however written.

    Raises UserError `text-too-long`.
    """
    REQUEST.check(text)
    subjects = {match_key(text), canonical(parse_query(text))} - {""}
    named = [one for one in followed if one.subject in subjects and one.kind is not SubscriptionKind.MUTED]
    return [Wish(one.kind, one.category_id, one.subject, one.label) for one in named]


def words_wish(text: str, kind: SubscriptionKind = SubscriptionKind.WORDS) -> Wish:
    """Return the wish for words, or to mute them.

    Raises UserError where there are none, only exclusions, or too many; or where they name a category.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST or len(tokens(text)) > MOST_WORDS:
        raise UserError("follow-words-many", most=MOST_WORDS)
    query = parse_query(text)
    if query.category:
        raise UserError("follow-words-category")
    if not query:
        raise UserError("follow-words-none")
    return Wish(kind, subject=canonical(query), label=text[:_LABEL])


def tag_wishes(text: str) -> list[Wish]:
    """Return the wishes for tags, written with # or commas between them. Raises UserError where there is none."""
    return _named(SubscriptionKind.TAG, _NAMES.split(text))


def desk_wishes(text: str) -> list[Wish]:
    """Return the wish for a desk. Raises UserError where it has no letter."""
    return _named(SubscriptionKind.DESK, [text])


def _first(words: Sequence[str], place: int, names: Mapping[str, Category]) -> tuple[int, Wish]:
    """Return what the words from `place` on ask for first, and how many of them do."""
    longest = max(map(len, names), default=0)
    key, named = "", (0, EVERYTHING)
    for taken, word in enumerate(words[place : place + longest], 1):
        key += match_key(word)
        if len(key) > longest:
            break
        if key in names and key:
            named = taken, category_wish(names[key])
    if named[0]:
        return named
    first = words[place]
    if first.startswith("#") and match_key(first):
        return 1, tag_wishes(first)[0]
    raise UserError("category-unknown", name=first[:60])


def _named(kind: SubscriptionKind, names: Sequence[str]) -> list[Wish]:
    found = {key: " ".join(name.split()) for name in names if (key := match_key(name[:LONGEST]))}
    if not found:
        raise UserError("follow-names-none")
    return [Wish(kind, subject=key, label=label[:_LABEL]) for key, label in found.items()]
