"""Sources over time: the same articles in other clothes are neither new nor revised for nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest

from storage.engine.database import Database
from tests.storage.feeding import SITE, Entry, Newsroom
from tests.variations import first_and_long

_TITLES = ("باران در شمال کشور", "برف در غرب کشور", "گرما در جنوب کشور")
_DAY = 24 * 60
_RANDOM = Random(7)


@dataclass(frozen=True)
class _Sequence:
    """Feeds one after the other, and what the newsroom has in the end."""

    feeds: Sequence[Sequence[Entry]]
    articles: int
    revisions: Sequence[int]


def _entries(*, minutes: int | None = 0) -> list[Entry]:
    return [
        Entry(
            title,
            f"{SITE}/news/{7001 + n}/story-{n}",
            f"tag:khabar,2026:{7001 + n}",
            minutes=minutes + n if minutes is not None else None,
        )
        for n, title in enumerate(_TITLES)
    ]


def _each(entries: Sequence[Entry], change: Callable[[Entry], Entry]) -> list[Entry]:
    return [change(entry) for entry in entries]


_FIRST = _entries()
_STILL = (1, 1, 1)
_MONTH = 30 * _DAY
_WORDPRESS = [replace(e, guid=f"{SITE}/?p={n}", link=f"{SITE}/?p={n}") for n, e in enumerate(_FIRST, 501)]
_UNNAMED = [replace(e, guid="") for e in _FIRST]

_SEQUENCES = {
    "title edited": _Sequence(
        [_FIRST, [replace(_FIRST[0], title="باران تند در شمال کشور"), *_FIRST[1:]]], 3, (2, 1, 1)
    ),
    "title edited, no guid": _Sequence(
        [_UNNAMED, [replace(_UNNAMED[0], title="فوری: باران در شمال کشور"), *_UNNAMED[1:]]], 3, (2, 1, 1)
    ),
    "dates bumped": _Sequence([_FIRST, _each(_FIRST, lambda e: replace(e, minutes=-60))], 3, _STILL),
    "dates of another zone": _Sequence(
        [_FIRST, _each(_FIRST, lambda e: replace(e, minutes=(e.minutes or 0) + 210))], 3, _STILL
    ),
    "dates dropped": _Sequence([_FIRST, _entries(minutes=None)], 3, _STILL),
    "dates come late": _Sequence([_entries(minutes=None), _FIRST], 3, _STILL),
    "order turned round": _Sequence([_FIRST, _FIRST[::-1], _FIRST], 3, _STILL),
    "emptied and back": _Sequence([_FIRST, [], [], _FIRST], 3, _STILL),
    "one gone and back": _Sequence([_FIRST, _FIRST[1:], _FIRST], 3, _STILL),
    "nodes that lag": _Sequence([_FIRST[:2], _FIRST, _FIRST[:2], _FIRST, _FIRST[1:], _FIRST], 3, _STILL),
    "again after a month": _Sequence([_entries(minutes=_MONTH), [], _FIRST], 3, _STILL),
    "guids of another scheme": _Sequence([_FIRST, _each(_FIRST, lambda e: replace(e, guid=e.link))], 3, _STILL),
    "guids dropped": _Sequence([_FIRST, _UNNAMED], 3, _STILL),
    "guids come late": _Sequence([_UNNAMED, _FIRST], 3, _STILL),
    "guids at random": _Sequence(
        [_each(_FIRST, lambda e: replace(e, guid=f"{_RANDOM.getrandbits(64):016x}")) for _ in range(5)], 3, _STILL
    ),
    "guids at random, one title edited": _Sequence(
        [
            _each(_FIRST, lambda e: replace(e, guid=f"{_RANDOM.getrandbits(64):016x}")),
            _each(
                [replace(_FIRST[0], title="باران تند در شمال کشور"), *_FIRST[1:]],
                lambda e: replace(e, guid=f"{_RANDOM.getrandbits(64):016x}"),
            ),
        ],
        3,
        (2, 1, 1),
    ),
    "guids of https": _Sequence(
        [
            _each(_FIRST, lambda e: replace(e, guid=e.link.replace("https", "http"))),
            _each(_FIRST, lambda e: replace(e, guid=e.link.replace("https://", "https://www."))),
        ],
        3,
        _STILL,
    ),
    "links of another slug": _Sequence(
        [_FIRST, _each(_FIRST, lambda e: replace(e, link=f"{e.link}-more"))], 3, _STILL
    ),
    "links of another slug, no guid": _Sequence(
        [_UNNAMED, _each(_UNNAMED, lambda e: replace(e, link=f"{e.link}-more"))], 3, _STILL
    ),
    "links of another host": _Sequence(
        [_FIRST, _each(_FIRST, lambda e: replace(e, link=e.link.replace("khabar.example", "news.khabar.example")))],
        3,
        _STILL,
    ),
    "another host for links and guids": _Sequence(
        [
            _each(_FIRST, lambda e: replace(e, guid=e.link)),
            _each(
                _FIRST,
                lambda e: replace(
                    e, guid=e.link.replace("khabar", "akhbar"), link=e.link.replace("khabar", "akhbar")
                ),
            ),
        ],
        3,
        _STILL,
    ),
    "links with counters": _Sequence(
        [[replace(e, link=f"{e.link}?utm_term={n}&_={1_795_842_000 + n}") for e in _FIRST] for n in range(4)],
        3,
        _STILL,
    ),
    "links for phones": _Sequence(
        [_UNNAMED, _each(_UNNAMED, lambda e: replace(e, link=e.link.replace(f"{SITE}/", f"{SITE}/m/")))], 3, _STILL
    ),
    "short links become long": _Sequence(
        [_WORDPRESS, [replace(e, link=f"{SITE}/2026/11/story-{n}/") for n, e in enumerate(_WORDPRESS)]], 3, _STILL
    ),
    "titles, links and guids of another slug": _Sequence(
        [
            _each(_FIRST, lambda e: replace(e, guid=e.link)),
            [
                replace(
                    _FIRST[0], title="توفان در شمال", link=f"{SITE}/news/7001/storm", guid=f"{SITE}/news/7001/storm"
                ),
                *_each(_FIRST[1:], lambda e: replace(e, guid=e.link)),
            ],
        ],
        3,
        (2, 1, 1),
    ),
    "another host with slugs of its own": _Sequence(
        [
            _each(_FIRST, lambda e: replace(e, guid=e.link)),
            _each(
                _FIRST,
                lambda e: replace(
                    e,
                    guid=f"{e.link}-more".replace("khabar", "akhbar"),
                    link=f"{e.link}-more".replace("khabar", "akhbar"),
                ),
            ),
        ],
        3,
        _STILL,
    ),
    "again after a month with other guids": _Sequence(
        [_entries(minutes=_MONTH), _each(_FIRST, lambda e: replace(e, guid=f"again-{e.guid}"))], 3, _STILL
    ),
    "each entry twice": _Sequence(
        [[replace(e, guid=f"{e.guid}-{list_}") for e in _FIRST for list_ in "ab"]] * 2, 3, _STILL
    ),
    "titles change places": _Sequence(
        [_FIRST, [replace(_FIRST[0], title=_TITLES[1]), replace(_FIRST[1], title=_TITLES[0]), _FIRST[2]]],
        3,
        (2, 2, 1),
    ),
    "a daily headline": _Sequence(
        [
            [
                Entry(
                    "قیمت سکه امروز چند شد؟",
                    f"{SITE}/news/{8000 + n}/coins",
                    f"tag:khabar,2026:{8000 + n}",
                    minutes=(3 - n) * _DAY,
                )
            ]
            for n in range(3)
        ],
        3,
        _STILL,
    ),
    "a daily headline at one address": _Sequence(
        [
            [Entry("قیمت سکه امروز چند شد؟", f"{SITE}/coins", f"tag:khabar,2026:coins-{n}", minutes=(3 - n) * _DAY)]
            for n in range(3)
        ],
        3,
        _STILL,
    ),
    "daily headlines at addresses of their own": _Sequence(
        [
            [
                Entry(
                    f"قیمت {thing} امروز چند شد؟",
                    f"{SITE}/{thing}",
                    f"tag:khabar,2026:{thing}-{n}",
                    minutes=(3 - n) * 60,
                )
                for thing in ("coins", "gold", "cars")
            ]
            for n in range(3)
        ],
        9,
        (1,) * 9,
    ),
    "half of the guids shared": _Sequence(
        [_each(_FIRST, lambda e: replace(e, guid="feed-1")), _each(_FIRST, lambda e: replace(e, guid="feed-2"))],
        3,
        _STILL,
    ),
}


@pytest.mark.parametrize("name", first_and_long(_SEQUENCES))
async def test_a_source_over_time(database: Database, name: str) -> None:
    newsroom, sequence = Newsroom(database), _SEQUENCES[name]
    source = await newsroom.source()
    for feed in sequence.feeds:
        await newsroom.read(source, *feed)
    articles = await newsroom.articles()
    assert sorted((article.revision for article in articles), reverse=True) == list(sequence.revisions)
    assert len(articles) == sequence.articles
    assert len(set(await newsroom.pushed())) == len(await newsroom.pushed()) <= sequence.articles
