"""Settings: the only reader of the environment. Every variable is explained in .env.example."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.clock import ClockTime
from bot.door_settings import ApiToken, WebhookTarget, api_tokens_of, webhook_targets_of
from bot.errors import ConfigError
from persian.digits import to_ascii
from persian.schedule import INSTANT, Schedule, parse_schedule

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_BEARER = re.compile(r"(?=.{16,256}$)[A-Za-z0-9._~+/-]+=*")
_LAST_PORT = 65_535
_SHORTEST_KEY = 32


def _list(value: Any) -> Any:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _numbers(value: Any) -> Any:
    return _list(to_ascii(value)) if isinstance(value, str) else value


def _schedule(value: Any) -> Schedule:
    schedule = value if isinstance(value, Schedule) else parse_schedule(str(value))
    if schedule is None:
        raise ValueError("instant, every 30m (1m to 24h) or at 08:00,20:00 is expected")
    return schedule


def _clock_time(value: Any) -> ClockTime:
    return value if isinstance(value, ClockTime) else ClockTime.of(to_ascii(str(value)))


def _tokens(value: Any) -> Any:
    return api_tokens_of(value) if isinstance(value, str) else value


def _targets(value: Any) -> Any:
    return webhook_targets_of(value) if isinstance(value, str) else value


def _secrets_of(address: str) -> list[str]:
    """Return the passwords in an address, as they are written and as they are meant."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return [address]
    password = parts.password or ""
    parameters = parse_qsl(parts.query)
    return [password, unquote(password), *(value for name, value in parameters if "password" in name.lower())]


class Settings(BaseSettings):
    """One field for each variable of the environment, in lower case. Times are in the units of .env.example."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_proxy: str | None = None
    fetch_proxy: str | None = None
    database_url: str = "sqlite:///data/peyk.db"
    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    backup_dir: Path | None = None
    backup_at: Annotated[ClockTime, NoDecode, PlainValidator(_clock_time)] = ClockTime(3, 30)
    backup_keep: int = Field(7, ge=1)
    owner_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)] = ()
    desk_chat: int | None = None
    timezone: str = "Asia/Tehran"
    default_language: str = "fa"
    fetch_interval: float = Field(300, ge=1, le=86_400)
    broadcast_interval: float = Field(5, ge=0.1, le=3600)
    default_schedule: Annotated[Schedule, NoDecode, PlainValidator(_schedule)] = INSTANT
    page_rate: float = Field(1, gt=0, le=20)
    same_story: Literal["fold", "push", "ask"] = "fold"
    max_push_age: float = Field(48, gt=0)
    channel_approval: Literal["owner", "open"] = "owner"
    bulk_rate: float = Field(30, gt=0, le=1000)
    paid_lanes: Literal["none", "breaking", "all"] = "none"
    paid_rate: float = Field(1000, gt=0, le=1000)
    paid_daily_stars: int = Field(0, ge=0)
    lease_seconds: float = Field(30, ge=25)
    ledger_days: int = Field(90, ge=3)
    review_required: bool = False
    allow_private_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list)] = ()
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str | None = None
    metrics_listen: str | None = None
    metrics_token: SecretStr | None = None
    api_tokens: Annotated[tuple[ApiToken, ...], NoDecode, PlainValidator(_tokens)] = ()
    webhooks_out: Annotated[tuple[WebhookTarget, ...], NoDecode, PlainValidator(_targets)] = ()
    feeds: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("telegram_api_url", "webhook_url")
    @classmethod
    def _root(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise ValueError("an address such as https://example.org is expected")
        return value.rstrip("/") if value else value

    @field_validator("telegram_proxy", "fetch_proxy")
    @classmethod
    def _proxy(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("http", "socks5"):
            raise ValueError("http://HOST:PORT or socks5://HOST:PORT is expected")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.fullmatch(r"sqlite:///.+|postgresql://[^/?#]*/[^/?#]+(\?.*)?", value):
            raise ValueError("sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME is expected")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone such as Asia/Tehran is expected") from None
        return value

    @field_validator("default_language")
    @classmethod
    def _language(cls, value: str) -> str:
        known = sorted(path.stem for path in (Path(__file__).parent / "locales").glob("*.ftl"))
        if value not in known:
            raise ValueError(f"one of {', '.join(known)} is expected")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("allow_private_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            try:
                ip_network(host, strict=False)
            except ValueError:
                if not re.fullmatch(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", host, re.ASCII):
                    raise ValueError(f"{host!r} is no host and no network") from None
        return value

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _listen(cls, value: str | None) -> str | None:
        found = None if value is None else re.fullmatch(r"(?:[^:]+|\[.+\]):(\d{1,5})", value, re.ASCII)
        if value is not None and (found is None or int(found[1]) > _LAST_PORT):
            raise ValueError("HOST:PORT is expected")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _metrics_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _BEARER.fullmatch(value.get_secret_value()):
            raise ValueError("16 to 256 of A-Z, a-z, 0-9, - . _ ~ + / and = at the end are expected")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("1 to 256 of A-Z, a-z, 0-9, _ and - are expected")
        return value

    @model_validator(mode="after")
    def _token(self) -> "Settings":
        if self.bot_token_file is not None:
            if self.bot_token is not None:
                raise ValueError("BOT_TOKEN: set it or BOT_TOKEN_FILE, not both")
            try:
                self.bot_token = SecretStr(self.bot_token_file.read_text(encoding="utf-8").strip())
            except OSError as error:
                raise ValueError(f"BOT_TOKEN_FILE: cannot be read ({error.strerror})") from None
        self._read_secret_key()
        if self.bot_token is not None and not _TOKEN.fullmatch(self.bot_token.get_secret_value()):
            raise ValueError("BOT_TOKEN: a token of BotFather such as 123456:ABC... is expected")
        if self.webhook_url and not (self.webhook_secret and self.listen):
            raise ValueError("WEBHOOK_URL: needs WEBHOOK_SECRET and LISTEN too")
        if self.listen and self.listen == self.metrics_listen:
            raise ValueError("METRICS_LISTEN: another address than that of LISTEN is expected")
        if self.backup_dir is not None and not self.database_url.startswith("sqlite:"):
            raise ValueError("BACKUP_DIR: on PostgreSQL its own programs make backups (pg_dump, pg_basebackup)")
        if (self.api_tokens or self.feeds) and not self.listen:
            raise ValueError(f"{'API_TOKENS' if self.api_tokens else 'FEEDS'}: needs LISTEN too")
        return self

    def _read_secret_key(self) -> None:
        if self.secret_key_file is not None:
            if self.secret_key is not None:
                raise ValueError("SECRET_KEY: set it or SECRET_KEY_FILE, not both")
            try:
                self.secret_key = SecretStr(self.secret_key_file.read_text(encoding="utf-8").strip())
            except OSError as error:
                raise ValueError(f"SECRET_KEY_FILE: cannot be read ({error.strerror})") from None
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < _SHORTEST_KEY:
            raise ValueError(
                "SECRET_KEY: at least 32 characters are expected, such as `openssl rand -base64 32` makes"
            )

    @property
    def token(self) -> str:
        """The bot's token. Raises ConfigError where none is set."""
        if self.bot_token is None:
            raise ConfigError("BOT_TOKEN: not set; get one from @BotFather, or run without it to try the sandbox")
        return self.bot_token.get_secret_value()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret among the settings, to be kept out of logs and messages."""
        held = (self.bot_token, self.webhook_secret, self.metrics_token, self.secret_key)
        values = [one.get_secret_value() for one in held if one is not None]
        values += [one.secret for one in self.api_tokens] + [one.secret for one in self.webhooks_out]
        # An address reader that stumbles over a token tells of its second half.
        values += [one.partition(":")[2] for one in values if ":" in one]
        addresses = (
            self.database_url,
            self.telegram_api_url,
            self.telegram_proxy,
            self.fetch_proxy,
            self.webhook_url,
        )
        for address in filter(None, addresses):
            values += _secrets_of(address)
        return tuple(filter(None, values))

    @property
    def desk(self) -> int | None:
        """The chat of the desk's own messages: DESK_CHAT, else the first owner."""
        return self.desk_chat if self.desk_chat is not None else next(iter(self.owner_ids), None)

    @property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.timezone)


def load_settings(environment: Mapping[str, str] | None = None, env_file: str | None = ".env") -> Settings:
    """Read the environment (or `environment` in its place) and `env_file`.

    Raises ConfigError with one line that names the first wrong variable; a secret's value is never in it.
    """

    class _Source(Settings):
        @classmethod
        def settings_customise_sources(  # noqa: PLR0917 - the interface is pydantic's
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            if environment is None:
                return (env_settings, dotenv_settings)
            given = EnvSettingsSource(settings_cls)
            given.env_vars = {key.lower(): value for key, value in environment.items() if value}
            return (given, dotenv_settings)

    try:
        return _Source(_env_file=env_file)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        words = str(first["msg"]).removeprefix("Value error, ")
        if not first["loc"]:
            raise ConfigError(words) from None
        raise ConfigError(f"{str(first['loc'][0]).upper()}: {words}") from None
