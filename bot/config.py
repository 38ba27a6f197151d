"""Settings: the only reader of the environment. Every variable is explained in .env.example.

A short command takes less CPU than the import of a library for settings would: these are dataclasses.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from dotenv.main import dotenv_values

from bot import setting_forms as forms
from bot.clock import ClockTime
from bot.door_settings import ApiToken, WebhookTarget, api_tokens_of, webhook_targets_of
from bot.errors import ConfigError
from bot.setting_forms import Number, Secret, WordChoice, setting
from bot.time_zones import time_zone
from persian.schedule import INSTANT, Schedule

_ALIKE = 0.85
_LETTERS_MORE = 2
_SECRET_SEGMENT = 12
"""Letters from which a segment of a path may be a secret: a shorter one is a word, such as "telegram"."""


def _secrets_of(address: str) -> list[str]:
    """Return the passwords in an address, as they are written and as they are meant."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return [address]
    password = parts.password or ""
    parameters = parse_qsl(parts.query)
    return [password, unquote(password), *(value for name, value in parameters if "password" in name.lower())]


def _secret_segments(address: str) -> list[str]:
    """Return the segments of a path by which a mirror of the Bot API may know who is let in."""
    return [segment for segment in urlsplit(address).path.split("/") if len(segment) >= _SECRET_SEGMENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One field for each variable of the environment, in lower case. Times are in the units of .env.example."""

    bot_token: Secret | None = setting(forms.bot_token, None)
    bot_token_file: Path | None = setting(Path, None)
    telegram_api_url: tuple[str, ...] = setting(forms.root_addresses, ("https://api.telegram.org",))
    telegram_proxy: tuple[str, ...] = setting(forms.proxies, ())
    fetch_proxy: tuple[str, ...] = setting(forms.proxies, ())
    database_url: str = setting(forms.database, "sqlite:///data/peyk.db")
    secret_key: Secret | None = setting(forms.secret_key, None)
    secret_key_file: Path | None = setting(Path, None)
    old_secret_key: Secret | None = setting(forms.secret_key, None)
    old_secret_key_file: Path | None = setting(Path, None)
    backup_dir: Path | None = setting(Path, None)
    backup_at: ClockTime = setting(ClockTime.of, ClockTime(3, 30))
    backup_keep: int = setting(Number(int, ge=1), 7)
    owner_ids: tuple[int, ...] = setting(forms.numbers, ())
    desk_chat: int | None = setting(Number(int), None)
    timezone: str = setting(forms.zone, "Asia/Tehran")
    default_language: str = setting(forms.language, "fa")
    fetch_interval: float = setting(Number(float, ge=1, le=86_400), 300.0)
    broadcast_interval: float = setting(Number(float, ge=0.1, le=3600), 5.0)
    default_schedule: Schedule = setting(forms.schedule, INSTANT)
    page_rate: float = setting(Number(float, gt=0, le=20), 1.0)
    same_story: Literal["fold", "push", "ask"] = setting(WordChoice(("fold", "push", "ask")), "fold")
    max_push_age: float = setting(Number(float, gt=0), 48.0)
    channel_approval: Literal["owner", "open"] = setting(WordChoice(("owner", "open")), "owner")
    bulk_rate: float = setting(Number(float, gt=0, le=1000), 30.0)
    paid_lanes: Literal["none", "breaking", "all"] = setting(WordChoice(("none", "breaking", "all")), "none")
    paid_rate: float = setting(Number(float, gt=0, le=1000), 1000.0)
    paid_daily_stars: int = setting(Number(int, ge=0), 0)
    lease_seconds: float = setting(Number(float, ge=25), 30.0)
    ledger_days: int = setting(Number(int, ge=3), 90)
    review_required: bool = setting(forms.flag, False)
    allow_private_hosts: tuple[str, ...] = setting(forms.hosts, ())
    webhook_url: str | None = setting(forms.root_address, None)
    webhook_secret: Secret | None = setting(forms.webhook_secret, None)
    listen: str | None = setting(forms.listen_address, None)
    metrics_listen: str | None = setting(forms.listen_address, None)
    metrics_token: Secret | None = setting(forms.bearer_token, None)
    api_tokens: tuple[ApiToken, ...] = setting(api_tokens_of, ())
    webhooks_out: tuple[WebhookTarget, ...] = setting(webhook_targets_of, ())
    feeds: bool = setting(forms.flag, False)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        WordChoice(("DEBUG", "INFO", "WARNING", "ERROR"), folds=True), "INFO"
    )
    log_format: Literal["console", "json"] = setting(WordChoice(("console", "json")), "console")

    @property
    def token(self) -> str:
        """The bot's token. Raises ConfigError where none is set."""
        if self.bot_token is None:
            raise ConfigError("BOT_TOKEN: not set; get one from @BotFather, or run without it to try the sandbox")
        return self.bot_token.get_secret_value()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret among the settings, to be kept out of logs and messages."""
        settings = (getattr(self, option.name) for option in fields(self))
        values = [value.get_secret_value() for value in settings if isinstance(value, Secret)]
        values += [token.secret for token in self.api_tokens] + [target.secret for target in self.webhooks_out]
        # An address reader that stumbles over a token tells of its second half.
        values += [value.partition(":")[2] for value in values if ":" in value]
        addresses = (
            self.database_url,
            *self.telegram_api_url,
            *self.telegram_proxy,
            *self.fetch_proxy,
            self.webhook_url,
        )
        for address in filter(None, addresses):
            values += _secrets_of(address)
        for address in self.telegram_api_url:
            values += _secret_segments(address)
        return tuple(filter(None, values))

    @property
    def desk_chat_or_owner(self) -> int | None:
        """The chat for messages about the whole newsroom: DESK_CHAT, else the first owner's private chat."""
        return self.desk_chat if self.desk_chat is not None else next(iter(self.owner_ids), None)

    @property
    def zone(self) -> ZoneInfo:
        """The newsroom's time zone."""
        return time_zone(self.timezone)


FORMS: Mapping[str, Callable[[str], object]] = {option.name: option.metadata["form"] for option in fields(Settings)}
"""The form of each setting, by its name in lower case."""

DEFAULTS: Mapping[str, object] = {option.name: option.default for option in fields(Settings)}
"""The default of each setting, by its name in lower case."""


def given_values(environment: Mapping[str, str] | None = None, env_file: str | None = ".env") -> dict[str, str]:
    """Return the variables that are set and not empty, by their names in lower case.

    They come from the environment (or from `environment` in its place), and below it from `env_file`.
    """
    variables: dict[str, str] = {}
    written = dotenv_values(env_file, encoding="utf-8") if env_file is not None else {}
    for values in (written, os.environ if environment is None else environment):
        variables |= {name.lower(): value for name, value in values.items() if value}
    return variables


def load_settings(
    environment: Mapping[str, str] | None = None,
    env_file: str | None = ".env",
    *,
    overrides: Mapping[str, str] | None = None,
) -> Settings:
    """Read the settings from `given_values`. Those in `overrides` win; an empty one counts as not set.

    Raises ConfigError with one line for each wrong variable; a secret's value is never in it.
    """
    variables = given_values(environment, env_file)
    variables |= {name.lower(): value for name, value in (overrides or {}).items()}
    wrong: list[str] = []
    for name in ("bot_token", "secret_key", "old_secret_key"):
        wrong += _read_file(variables, name)
    values: dict[str, Any] = {}
    for name, form in FORMS.items():
        if text := variables.get(name):
            try:
                values[name] = form(text)
            except ValueError as error:
                wrong.append(f"{name.upper()}: {error}")
    wrong += _contradictions(variables)
    if wrong:
        raise ConfigError("\n".join(wrong))
    return Settings(**values)


def misspelt_names(variables: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the variables that look like a misspelt setting which is not set, each with that setting."""
    absent = [name for name in FORMS if name not in variables]
    misspelt = []
    for name in sorted(variables.keys() - FORMS.keys()):
        near = [option for option in absent if abs(len(option) - len(name)) <= _LETTERS_MORE]
        misspelt += [(name.upper(), option.upper()) for option in get_close_matches(name, near, n=1, cutoff=_ALIKE)]
    return misspelt


def _read_file(variables: dict[str, str], name: str) -> Iterator[str]:
    """Read a secret from its file where a file is set. Yield the errors."""
    path = variables.get(f"{name}_file")
    if not path:
        return
    if variables.get(name):
        yield f"{name.upper()}: set it or {name.upper()}_FILE, not both"
        return
    try:
        variables[name] = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        yield f"{name.upper()}_FILE: cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        yield f"{name.upper()}_FILE: is no text in UTF-8"
    else:
        if not variables[name]:
            yield f"{name.upper()}_FILE: is empty"


def _contradictions(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with settings beside each other."""
    if variables.get("webhook_url") and not (variables.get("webhook_secret") and variables.get("listen")):
        yield "WEBHOOK_URL: needs WEBHOOK_SECRET and LISTEN too"
    if variables.get("listen") and variables.get("listen") == variables.get("metrics_listen"):
        yield "METRICS_LISTEN: another address than that of LISTEN is expected"
    if variables.get("backup_dir") and variables.get("database_url", "sqlite:").partition(":")[0] != "sqlite":
        yield "BACKUP_DIR: on PostgreSQL its own programs make backups (pg_dump, pg_basebackup)"
    for name in ("api_tokens", "feeds"):
        if not variables.get("listen") and _is_on(name, variables.get(name, "")):
            yield f"{name.upper()}: needs LISTEN too"


def _is_on(name: str, text: str) -> bool:
    """Return whether a setting has a value that turns something on; a wrong value is reported elsewhere."""
    try:
        return bool(text and FORMS[name](text))
    except ValueError:
        return False
