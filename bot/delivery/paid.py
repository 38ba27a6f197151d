"""Paid broadcasts: when pushes may pass the free limit, and what that has cost.

Bot API: `allow_paid_broadcast` lets a bot send up to 1000 messages a second; each above the free 30 costs 0.1 Star.
Sends only: edits and deletions stay within the free limit.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

from bot.config import Settings
from storage import key_value
from storage.engine.connection import Connection
from storage.records import Lane, Priority

FREE_PER_SECOND = 30
TENTHS = 10
"""Messages for one Star."""

_BORDERS = {"none": Priority(0), "breaking": Priority.behind(Lane.BREAKING), "all": Priority.behind(Lane.DIGEST)}


@dataclass(frozen=True, slots=True)
class PaidTerms:
    """The terms of paid sending: the lanes, the messages a second, and the most Stars a day."""

    lanes: Literal["none", "breaking", "all"] = "none"
    rate: float = 1000.0
    daily_stars: int = 0


def terms_of(settings: Settings) -> PaidTerms:
    """Return what the settings say about paying."""
    return PaidTerms(settings.paid_lanes, settings.paid_rate, settings.paid_daily_stars)


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how long (seconds) a broadcast takes, and how many Stars it costs at most."""

    seconds: float
    stars: int


def estimate(messages: int, rate: float, terms: PaidTerms, spent: int) -> Estimate:
    """Return what it takes to send so many headlines (pure).

    `rate` is that of what is free, `spent` what was paid today, in tenths of a Star: the day's cap ends the paying.
    """
    if terms.lanes != "all":
        return Estimate(messages / rate, 0)
    dear = max(0.0, 1 - FREE_PER_SECOND / terms.rate)  # which part of what goes at that rate is paid for
    left = max(0, terms.daily_stars * TENTHS - spent)
    quick = messages if dear == 0 else min(messages, int(left / dear))
    return Estimate(quick / terms.rate + (messages - quick) / rate, ceil(quick * dear / TENTHS))


async def spent_today(connection: Connection, zone: ZoneInfo, now: int) -> int:
    """Return what was paid on the day of `now` (ms) in `zone`, by every process, in tenths of a Star."""
    return await key_value.number(connection, _key(_day(zone, now)))


class PaidLanes:
    """Counts what is spent, in tenths of a Star; a day is one of `zone`.

    Where others send at the same time (`shared`), nobody knows which messages of a second were the free ones: all
    are counted, and the day's Stars are never passed.
    """

    def __init__(self, terms: PaidTerms, zone: ZoneInfo, *, shared: bool = False) -> None:
        self._free = 0 if shared else FREE_PER_SECOND
        self.rate = terms.rate
        self._border = _BORDERS[terms.lanes]
        self._most = terms.daily_stars * TENTHS
        self._zone = zone
        self._day = ""
        self._spent = 0
        self._second = 0
        self._in_second = 0

    async def load(self, connection: Connection, now: int) -> None:
        """Read what was spent today, by this process and by others."""
        self._day = _day(self._zone, now)
        self._spent = await spent_today(connection, self._zone, now)

    def border(self, now: int) -> tuple[int, int] | None:
        """Return the key below which deliveries are paid for, None where nothing is, or nothing more today."""
        if (day := _day(self._zone, now)) != self._day:
            self._day, self._spent = day, 0
        return (self._border, 0) if self._border and self._spent < self._most else None

    async def count(self, tx: Connection, messages: int, now: int) -> None:
        """Record the cost of `messages` that start now."""
        if now // 1000 != self._second:
            self._second, self._in_second = now // 1000, 0
        free = max(0, self._free - self._in_second)
        self._in_second += messages
        if (cost := max(0, messages - free)) == 0:
            return
        self._spent = await key_value.increment(tx, _key(self._day), cost)


def _day(zone: ZoneInfo, now: int) -> str:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date().isoformat()


def _key(day: str) -> str:
    return f"stars:{day}"
