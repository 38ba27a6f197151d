"""No regular expression over foreign text is worse than linear, whatever the text."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from handlers.register import ROUTERS
from tests.growth.attacks import Make, attacks_on
from tests.growth.measure import cost, steepest
from tests.growth.patterns import Used, modules, patterns_of, unread

_LARGEST = 8_192
_QUICK = (16, 20, 24, 1_024)
_QUICK_SECONDS = 0.000_2
"""CPU within which nothing of a square is done to so short a text."""

_MISREAD = r"re.compile(f'<(/?)({prefix}:)(content|title|description)\\b([^<>]*)>', re.IGNORECASE)"
MADE_AS_THE_PROGRAM_RUNS = {
    "bot.ingest.feed.misread": {_MISREAD},
    "bot.ingest.feed.xml_document": {r"re.search(f'</{re.escape(opening[1])}\\s*>', around[-1])"},
    "bot.locales.catalog": {"re.fullmatch(CODE, code)"},
    "bot.logs.redaction": {"re.compile(joined)"},
    "bot.render.callback_data": {r"re.compile(''.join(parts), re.ASCII)"},
    "bot.render.snippet": {"re.finditer(f'{pattern}{MARK}*(?![^ ])', folds)"},
    "persian.foreign_text": {
        r"re.compile(f'( |^)[ \u200c\u200d{_marks(wide)}]+')",
        r"re.compile(f'((?:{mark}[\u200c\u200d]?){{{_MARKS_IN_A_ROW}}})(?:[\u200c\u200d]?{mark})+')",
    },
    "persian.moment": {
        "re.search(pattern, written)",
        r"re.search(f'(?<![^\\W\\d])(?:{pattern})(?![^\\W\\d])', written)",
    },
    "persian.schedule": {"re.findall(_CLOCK, match[1])"},
}
"""Patterns that no walk over the modules can see: the functions of these modules are tried whole."""

_MODULES = [module for module in modules() if patterns_of(module)]


@pytest.mark.parametrize("module", _MODULES, ids=lambda module: module.__name__)
def test_the_work_of_a_pattern_grows_no_faster_than_its_text(module: Any) -> None:
    slow = [line for used in patterns_of(module) if (line := _slowest(used))]
    assert not slow, "\n".join(slow)


def test_the_work_of_a_buttons_pattern_grows_no_faster_than_its_text() -> None:
    patterns = [
        Used("handlers", route.kind.__name__, re.compile(route.kind.pattern(), re.ASCII), frozenset({"match"}))
        for router in ROUTERS
        for route in router.callbacks
    ]
    assert patterns
    assert not [line for used in patterns if (line := _slowest(used))]


def test_every_pattern_is_seen_or_named() -> None:
    assert {
        module.__name__: set(made) for module in modules() if (made := unread(module))
    } == MADE_AS_THE_PROGRAM_RUNS


@pytest.mark.parametrize(
    ("pattern", "is_searched"),
    [(r"\s*[|]\s*", True), (r"<a>(.*?)</a>", True), (r"(?:a|b)+\d+\w+!", False), (r"x(?:\d*[/]*)+$", False)],
)
def test_an_attack_is_found_where_there_is_one(pattern: str, is_searched: bool) -> None:
    ways = frozenset({"search" if is_searched else "match"})
    assert _slowest(Used("tests", "example", re.compile(pattern), ways))


def _in_bytes(attack: Make, size: int) -> bytes:
    return attack(size).encode("latin-1", "replace")


def _slowest(used: Used) -> str:
    pattern = used.pattern

    def find_all(text: Any) -> int:
        return sum(1 for _ in pattern.finditer(text))

    work: Callable[[Any], object] = find_all
    if not used.is_searched:
        work = pattern.fullmatch if used.ways == {"fullmatch"} else pattern.match
    for attack in attacks_on(pattern):
        make: Callable[[int], Any] = attack
        if isinstance(pattern.pattern, bytes):
            make = partial(_in_bytes, attack)
        is_quick = all(cost(work, make(size)) <= _QUICK_SECONDS for size in _QUICK)
        if not is_quick and (grown := steepest(work, make, _LARGEST)):
            return f"{used.module} {used.name} {pattern.pattern!r}\n  on {attack.__doc__}: {grown}"
    return ""
