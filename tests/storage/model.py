"""The promises of storage, in plain Python: the yardstick of the tests that make up their own cases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from persian.query import Query
from storage.records import Admission, ChatKind


def found_by(query: Query, words: Sequence[str]) -> bool:
    """Return whether a text of these normalised words is a hit: persian.query.Query, checked word by word."""
    joined = {left + right for left, right in pairwise(words)}
    single = {*words, *joined}

    def stands(run: Sequence[str], at: int) -> bool:
        neighbours = {run[at - 1] + run[at]} if at else set()
        neighbours |= {run[at] + run[at + 1]} if at + 1 < len(run) else set()
        return bool({run[at], *neighbours} & single)

    def in_order(phrase: Sequence[str]) -> bool:
        if len(phrase) == 1:
            return phrase[0] in single
        written = [list(phrase), ["".join(phrase)]]
        written += [[*phrase[:at], phrase[at] + phrase[at + 1], *phrase[at + 2 :]] for at in range(len(phrase) - 1)]
        return any(list(words[start : start + len(way)]) == way for way in written for start in range(len(words)))

    return (
        all(stands(run, at) for run in query.words for at in range(len(run)))
        and all(map(in_order, query.phrases))
        and not any(map(in_order, query.excluded))
    )


@dataclass
class ModelArticle:
    """An article; `place` is (date, how many were released before), None while it is unpublished."""

    title: str
    category_id: int
    published_at: int
    created_at: int
    updated_at: int
    revision: int = 1
    place: tuple[int, int] | None = None


@dataclass
class ModelChat:
    """A chat and what it follows: category (None: everything) to the instant since when."""

    kind: ChatKind
    title: str
    admission: Admission = Admission.ADMITTED
    lost_at: int | None = None
    wait_until: int = 0
    follows: dict[int | None, int] = field(default_factory=dict)


@dataclass
class ModelSource:
    """A source and what it brought: key to (article's number, digest)."""

    id: int
    due_at: int
    failures: int = 0
    items: dict[str, tuple[int | None, str]] = field(default_factory=dict)


@dataclass
class ModelUpdate:
    """An update of the inbox, whose message id is its own number."""

    place: int
    received_at: int
    open: bool = True
    attempts: int = 0
