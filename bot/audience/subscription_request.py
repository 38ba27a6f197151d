"""Requests to follow or mute something, parsed from the words of a person (pure).

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
"""The most letters of words, of a tag or of a section."""

_LABEL = 80
_BORDERS = re.compile(r"[\s,،;؛]+")
_NAMES = re.compile(r"[#,،;؛\n]+")
_QUOTE = re.compile(r'["«“]')


@dataclass(frozen=True, slots=True)
class SubscriptionRequest:
    """Something to follow, or to mute; the fields are as in records.Subscription."""

    kind: SubscriptionKind
    category_id: int | None = None
    subject: str = ""
    label: str = ""

    def is_of(self, subscription: Subscription) -> bool:
        """Return whether a subscription is to just this."""
        return (self.kind, self.category_id, self.subject) == (
            subscription.kind,
            subscription.category_id,
            subscription.subject,
        )


EVERYTHING = SubscriptionRequest(SubscriptionKind.CATEGORY)


def category_request(category: Category) -> SubscriptionRequest:
    """Return the request for a category."""
    return SubscriptionRequest(SubscriptionKind.CATEGORY, category.id)


def requests_in(
    text: str, known: Sequence[Category], called: Mapping[str, str] = categories.NO_NAMES
) -> list[SubscriptionRequest]:
    """Parse what a person asks to follow; a text that names nothing makes an empty list.

    Names of categories may have several words and stand with or without commas; the longest name wins. `called` are
    those in the language of whoever asks, by slug. Raises UserError `category-unknown` with the first word that
    begins no name, `text-too-long`, and as `words_request` does.
    """
    REQUEST.check(text)
    quote = _QUOTE.search(text)
    head, tail = (text[: quote.start()], text[quote.start() :]) if quote else (text, "")
    words = [word for word in _BORDERS.split(head) if word]
    if tail and not words and (named := categories.match(list(known), tail, called)):
        return [category_request(named)]
    requests: list[SubscriptionRequest] = []
    names, place = categories.by_key(known, called), 0
    while place < len(words):
        used, request = _first(words, place, names)
        requests.append(request)
        place += used
    if tail:
        requests.append(words_request(tail))
    return list(dict.fromkeys(requests))


def requests_among(text: str, followed: Sequence[Subscription]) -> list[SubscriptionRequest]:
    """Return those of what is followed that `text` names as a whole: its tag, section or words, however written.

    Raises UserError `text-too-long`.
    """
    REQUEST.check(text)
    subjects = {match_key(text), canonical(parse_query(text))} - {""}
    named = [
        subscription
        for subscription in followed
        if subscription.subject in subjects and subscription.kind is not SubscriptionKind.MUTED
    ]
    return [
        SubscriptionRequest(subscription.kind, subscription.category_id, subscription.subject, subscription.label)
        for subscription in named
    ]


def words_request(text: str, kind: SubscriptionKind = SubscriptionKind.WORDS) -> SubscriptionRequest:
    """Return the request for words, or to mute them.

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
    return SubscriptionRequest(kind, subject=canonical(query), label=text[:_LABEL])


def tag_requests(text: str) -> list[SubscriptionRequest]:
    """Return the requests for tags, written with # or commas between them. Raises UserError where there is none."""
    return _requests_for(SubscriptionKind.TAG, _NAMES.split(text))


def section_requests(text: str) -> list[SubscriptionRequest]:
    """Return the request for a section. Raises UserError where it has no letter."""
    return _requests_for(SubscriptionKind.SECTION, [text])


def _first(words: Sequence[str], place: int, names: Mapping[str, Category]) -> tuple[int, SubscriptionRequest]:
    """Return what the words from `place` on ask for first, and how many of them do."""
    longest = max(map(len, names), default=0)
    key, named = "", (0, EVERYTHING)
    for used, word in enumerate(words[place : place + longest], 1):
        key += match_key(word)
        if len(key) > longest:
            break
        if key in names and key:
            named = used, category_request(names[key])
    if named[0]:
        return named
    first = words[place]
    if first.startswith("#") and match_key(first):
        return 1, tag_requests(first)[0]
    raise UserError("category-unknown", name=first[:60])


def _requests_for(kind: SubscriptionKind, names: Sequence[str]) -> list[SubscriptionRequest]:
    labels = {key: " ".join(name.split()) for name in names if (key := match_key(name[:LONGEST]))}
    if not labels:
        raise UserError("follow-names-none")
    return [SubscriptionRequest(kind, subject=key, label=label[:_LABEL]) for key, label in labels.items()]
