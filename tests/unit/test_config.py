"""A wrong setting stops the start; what is let through is what those understand who use it later."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_settings, misspelt_names
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


def test_every_wrong_setting_has_a_line_of_its_own(tmp_path: Path) -> None:
    wrong = {
        "FETCH_INTERVAL": "soon",
        "LEDGER_DAYS": "1",
        "SAME_STORY": "perhaps",
        "WEBHOOK_URL": "https://news.example.org",
        "BOT_TOKEN": "123456:not-a-token",
        "SECRET_KEY_FILE": str(tmp_path / "missing"),
    }
    with pytest.raises(ConfigError) as raised:
        load_settings(wrong, env_file=None)
    lines = str(raised.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(wrong)
    assert "not-a-token" not in str(raised.value)
    assert "FETCH_INTERVAL: a number of at least 1 and of at most 86400 is expected" in lines


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("ledger_days", "90.0", 90),
        ("desk_chat", "-1001234567890", -1001234567890),
        ("owner_ids", " ۱۲, 7,", (12, 7)),
        ("review_required", "Yes", True),
        ("log_level", "debug", "DEBUG"),
        (
            "telegram_api_url",
            "http://127.0.0.1:8081/, https://b.example",
            ("http://127.0.0.1:8081", "https://b.example"),
        ),
        ("telegram_proxy", "socks5://p:1 , direct", ("socks5://p:1", "direct")),
        ("database_url", "", "sqlite:///data/peyk.db"),
    ],
)
def test_a_setting_is_read_in_the_forms_that_people_write(name: str, text: str, value: object) -> None:
    assert getattr(load_settings({name.upper(): text}, env_file=None), name) == value


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("MAX_PUSH_AGE", "inf"),
        ("MAX_PUSH_AGE", "nan"),
        ("LEDGER_DAYS", "3.5"),
        ("PAGE_RATE", "0"),
        ("REVIEW_REQUIRED", "perhaps"),
        ("TELEGRAM_PROXY", "http://peyk:s3cret@[x"),
        ("DATABASE_URL", "mysql://x/y"),
    ],
)
def test_a_value_of_another_form_is_refused_and_no_password_told(name: str, wrong: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: .*is expected$") as raised:
        load_settings({name: wrong}, env_file=None)
    assert "s3cret" not in str(raised.value)


def test_the_environment_wins_over_the_file_and_an_override_over_both(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("TIMEZONE=Asia/Kabul\nFETCH_INTERVAL=60\nLISTEN=127.0.0.1:1\n")
    settings = load_settings({"TIMEZONE": "Asia/Baku", "FETCH_INTERVAL": ""}, str(file), overrides={"listen": ""})
    assert (settings.timezone, settings.fetch_interval, settings.listen) == ("Asia/Baku", 60, None)


def test_a_misspelt_name_is_known_again_and_foreign_names_are_left_alone() -> None:
    foreign = {
        "PATH",
        "LANG",
        "TELEGRAM_API_ID",
        "TELEGRAM_API_HASH",
        "LISTEN_FDS",
        "LISTEN_PID",
        "HTTP_PROXY",
        "TZ",
    }
    given = dict.fromkeys((name.lower() for name in foreign), "x")
    assert misspelt_names(given) == []
    misspelt = {"bot_tokn": "BOT_TOKEN", "owner_id": "OWNER_IDS", "time_zone": "TIMEZONE", "deskchat": "DESK_CHAT"}
    assert dict(misspelt_names(given | misspelt)) == {name.upper(): meant for name, meant in misspelt.items()}
    # Where the setting itself is set, the other name is somebody else's.
    assert misspelt_names({"timezone": "Asia/Tehran", "time_zone": "x"}) == []


def test_settings_show_no_secret() -> None:
    token = "123456:" + "x" * 30
    settings = load_settings({"BOT_TOKEN": token, "METRICS_TOKEN": "y" * 20}, env_file=None)
    assert token not in repr(settings)
    assert "y" * 20 not in repr(settings)
    assert {token, "x" * 30, "y" * 20} <= set(settings.secrets)


def test_the_path_to_a_mirror_of_telegram_is_a_secret_and_a_word_of_it_is_none() -> None:
    mirror = {"TELEGRAM_API_URL": "https://a.example/telegram/Mark1Xq7Lm2Zt9Rw4"}
    assert load_settings(mirror, env_file=None).secrets == ("Mark1Xq7Lm2Zt9Rw4",)


def test_the_address_of_a_webhook_may_hold_a_secret_in_its_path_and_in_its_query() -> None:
    target = f"site:{'s' * 32}@https://a.example/hooks/Mark1Xq7Lm2Zt9Rw4?format=json&key=Mark2Xq7Lm2Zt9Rw4"
    secrets = load_settings({"WEBHOOKS_OUT": target}, env_file=None).secrets
    assert secrets == ("s" * 32, "Mark1Xq7Lm2Zt9Rw4", "Mark2Xq7Lm2Zt9Rw4")


@pytest.mark.parametrize(
    "name", ["TELEGRAM_API_URL", "TELEGRAM_PROXY", "FETCH_PROXY", "WEBHOOK_URL", "WEBHOOKS_OUT"]
)
@pytest.mark.parametrize(
    "host",
    [
        "\u0430pi.telegram.org",  # its first letter is Cyrillic
        "api\uff0etelegram.org",
        "127\uff0e0\uff0e0\uff0e1",
        "api.telegram.org@\u0430pi.telegram.org",
        "me:s3cret@",
        ":8080",
        "api.telegram.org:0x50",
        "api.telegram.org:70000",
    ],
)
def test_an_address_whose_host_is_not_what_it_looks_like_is_refused(name: str, host: str) -> None:
    value = f"site:{'s' * 32}@https://{host}/hook" if name == "WEBHOOKS_OUT" else f"http://{host}"
    with pytest.raises(ConfigError, match=rf"^{name}: .*expected") as refused:
        load_settings({name: value, "WEBHOOK_SECRET": "x", "LISTEN": "127.0.0.1:1"}, env_file=None)
    assert "s3cret" not in str(refused.value)
    assert host not in str(refused.value)


@pytest.mark.parametrize(
    "host", ["xn--pi-7kc.telegram.org", "127.0.0.1:8081", "[::1]:8081", "me:p%40s@a.example:80"]
)
def test_any_other_host_of_an_address_is_taken(host: str) -> None:
    assert load_settings({"TELEGRAM_PROXY": f"http://{host}"}, env_file=None).telegram_proxy == (f"http://{host}",)
