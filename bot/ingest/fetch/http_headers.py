"""Headers of an answer, and what they ask of us (pure)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_VALIDATOR = 500
_LINK = re.compile(r"<([^<>\s]{1,2000})>([^<]{0,500})")
_RELATIONS = re.compile(r";\s{0,9}rel\s{0,9}=\s{0,9}\"?([^\",;<>]{1,100})", re.IGNORECASE)


class Headers:
    """The headers of an answer by name in lower case; a header that comes more than once is one with commas.

    Bytes are kept as Latin-1, so that a validator goes back as it came.
    """

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, bytes] = {}
        for name, value in raw:
            name = name.lower()
            self._values[name] = b"%b, %b" % (self._values[name], value) if name in self._values else value

    def get(self, name: str) -> str:
        """Return a header, "" where there is none."""
        return self._values.get(name.encode("ascii"), b"").decode("latin-1").strip()

    def location(self) -> str:
        """Return the address of a redirect, which sites write in UTF-8 where they do not encode it."""
        raw = self._values.get(b"location", b"").strip()
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    def linked(self, relation: str) -> str:
        """Return the address, as it is written, of the first link with that relation (RFC 8288), "" for none."""
        for address, parameters in _LINK.findall(self.get("link")):
            match = _RELATIONS.search(parameters)
            if match and relation in match[1].lower().split():
                return str(address)
        return ""

    def validator(self, name: str) -> str:
        """Return a validator to hand back at the next fetch, "" for one that `is_validator` refuses."""
        value = self.get(name)
        return value if is_validator(value) else ""

    def max_age(self, now: int) -> int | None:
        """Return for how many seconds the answer stays fresh, None where the site does not say."""
        directives = dict(_directive(part) for part in self.get("cache-control").split(","))
        if "no-cache" in directives or "no-store" in directives:
            return None
        if "max-age" in directives:
            fresh = _seconds_until(directives["max-age"], now)
        else:
            expires = self.get("expires")
            fresh = None if expires.isdecimal() else _seconds_until(expires, self._sent_at(now))
        return None if fresh is None else max(0, fresh - self._age(now))

    def retry_after(self, now: int) -> int | None:
        """Return the seconds for which the site asks us to wait, None where it does not."""
        return _seconds_until(self.get("retry-after"), self._sent_at(now))

    def _sent_at(self, now: int) -> int:
        """Return when the site says that it sent this (ms); its other dates are by the same clock."""
        moment = http_date(self.get("date"))
        return now if moment is None else int(moment.timestamp() * 1000)

    def _age(self, now: int) -> int:
        """Return for how many seconds a cache on the way has had the answer already."""
        age = self.get("age")
        waited = int(age[:9]) if _is_number(age) else 0
        return max(waited, (now - self._sent_at(now)) // 1000)


def is_validator(value: str) -> bool:
    """Return whether a header can hold a validator, as Latin-1, and it is not absurdly long.

    What was stored is asked about again: an older version or another hand may have put it there.
    """
    has_room = 0 < len(value) <= _MAX_VALIDATOR and value == value.strip()
    return has_room and all(" " <= letter <= "\xff" and not "\x7f" <= letter <= "\x9f" for letter in value)


def http_date(value: str) -> datetime | None:
    """Return the moment of an HTTP date, None where it is none or one that no clock shows."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 9110 knows GMT alone; a date whose zone is unknown has none here.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip('" ')


def _seconds_until(value: str, now: int) -> int | None:
    """Read a number of seconds or an HTTP date (`now` in ms); None where it is neither."""
    if _is_number(value):
        return int(value[:9])
    moment = http_date(value)
    return None if moment is None else max(0, int(moment.timestamp() - now / 1000))


def _is_number(value: str) -> bool:
    return value.isdecimal() and value.isascii()
