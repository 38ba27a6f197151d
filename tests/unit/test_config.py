"""A wrong schedule stops the start; what is let through is what chats understand later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_settings
from bot.errors import ConfigError
from persian.schedule import Schedule, parse_schedule


def _schedule(value: str) -> Schedule:
    return load_settings({"DEFAULT_SCHEDULE": value}, env_file=None).default_schedule


@pytest.mark.parametrize(
    "wrong",
    ["every 0m", "every 9999h", "every 25h", "at 99:99", "at 24:00", "at 8", "at 08:00,", "often", "every -1m"],
)
def test_a_schedule_that_no_chat_could_keep_is_refused_in_one_line(wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"^DEFAULT_SCHEDULE: .*is expected$"):
        _schedule(wrong)


@pytest.mark.parametrize(
    "right", ["instant", "every 1m", "every 24h", "at 8:00", "at 08:00,20:00", "every ۳۰m", "AT 23:59"]
)
def test_a_schedule_is_taken_in_any_digits(right: str) -> None:
    assert _schedule(right) == parse_schedule(right)


@given(st.from_regex(r"(every [0-9]{1,5}[mh]|at [0-9]{1,2}:[0-9]{2}(,[0-9]{1,2}:[0-9]{2})?)", fullmatch=True))
def test_what_the_start_takes_is_what_chats_understand(value: str) -> None:
    if parse_schedule(value) is None:
        with pytest.raises(ConfigError):
            _schedule(value)
    else:
        assert _schedule(value) == parse_schedule(value)
