"""Refusals that lose a chat, and when one that refuses is tried again: the table, row by row."""

import pytest

from bot.delivery.refusals import OF_CHATS, OF_PEOPLE, RefusalLimits, next_try, patience_with

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("patience", "refusals", "since_first", "pause"),
    [
        (OF_CHATS, 1, 0, 5 * _MINUTE),
        (OF_CHATS, 2, 5 * _MINUTE, 20 * _MINUTE),
        (OF_CHATS, 4, 2 * _HOUR, 2 * _HOUR),
        # Many at once prove no more than one.
        (OF_CHATS, 50, 5 * _HOUR, 3 * _HOUR),
        # Nor do few that happen to be far apart.
        (OF_CHATS, 3, 20 * _HOUR, _HOUR),
        (OF_CHATS, 4, 6 * _HOUR, None),
        (OF_CHATS, 1, -_HOUR, 5 * _MINUTE),
        (OF_PEOPLE, 1, 0, 15 * _MINUTE),
        (OF_PEOPLE, 5, 14 * _MINUTE, 15 * _MINUTE),
        (OF_PEOPLE, 2, 15 * _MINUTE, None),
    ],
)
def test_several_refusals_spread_over_time_lose_a_chat(
    patience: RefusalLimits, refusals: int, since_first: int, pause: int | None
) -> None:
    at = next_try(patience, refusals=refusals, since=_NOW - since_first, now=_NOW)
    assert at == (None if pause is None else _NOW + pause)


@pytest.mark.parametrize(
    ("reason", "private", "patience"),
    [
        ("blocked", True, OF_PEOPLE),
        ("deactivated", True, OF_PEOPLE),
        ("never started", True, OF_PEOPLE),
        ("not found", True, OF_CHATS),
        ("blocked", False, OF_CHATS),
        ("kicked", False, OF_CHATS),
        ("rights taken", False, OF_CHATS),
        ("Forbidden: words that nobody knows", True, OF_CHATS),
    ],
)
def test_only_what_a_person_alone_can_do_counts_sooner(reason: str, private: bool, patience: RefusalLimits) -> None:
    assert patience_with(reason, private=private) is patience


@pytest.mark.parametrize("patience", [OF_CHATS, OF_PEOPLE])
def test_a_chat_that_keeps_refusing_is_lost_within_a_day(patience: RefusalLimits) -> None:
    now, refusals = _NOW, 1
    while (at := next_try(patience, refusals=refusals, since=_NOW, now=now)) is not None:
        assert at > now
        now, refusals = at, refusals + 1
    assert now - _NOW < 24 * _HOUR
    assert refusals >= patience.refusals
