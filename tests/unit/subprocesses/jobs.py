"""The jobs of the side processes that are tested."""

from dataclasses import dataclass
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from bot.subprocesses.job import Job


class Trick(StrEnum):
    """The words of a process that was taken over, in the place of an answer."""

    HONEST = auto()
    PICKLE = auto()
    PICKLE_IN_A_RESULT = auto()
    GARBAGE = auto()
    EMPTY = auto()
    OTHER_TYPE = auto()
    DEEP = auto()
    HUGE_LENGTH = auto()
    HALF = auto()
    NOTHING = auto()
    TWICE = auto()


@dataclass(frozen=True, slots=True)
class Echo:
    """A text and a number that came back."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Everything:
    """A value of each type that messages have."""

    data: bytes
    mark: int
    names: tuple[str, ...]
    marks: frozenset[int]
    trick: Trick | None
    zone: ZoneInfo
    echo: Echo
    pairs: tuple[tuple[str, int], ...] = ()


SAY = Job("say", tuple[Trick, str], Echo)
RETURN = Job("return", tuple[Everything, str], Everything)
FAIL = Job("fail", tuple[str, int], str)
ATTEMPT = Job("attempt", tuple[str, str], str)
