"""A wrong setting stops the start; what is let through is what those understand who use it later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_settings
from bot.errors import ConfigError
from bot.ingest.fetch.ssrf_guard import AllowList
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


@pytest.mark.parametrize("entry", ["10.0.0.0/8", "proxy.local", "127.0.0.1:1080", "[::1]:1080", "::1"])
def test_a_private_host_may_have_a_port(entry: str) -> None:
    settings = load_settings({"ALLOW_PRIVATE_HOSTS": entry}, env_file=None)
    assert AllowList(settings.allow_private_hosts)


@pytest.mark.parametrize("entry", ["a b", "http://x", "10.0.0.0/99", "x:port", "x:1:2"])
def test_what_is_no_private_host_is_refused(entry: str) -> None:
    with pytest.raises(ConfigError, match="ALLOW_PRIVATE_HOSTS"):
        load_settings({"ALLOW_PRIVATE_HOSTS": entry}, env_file=None)
