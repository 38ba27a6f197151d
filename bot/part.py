"""Which part of the desk a process runs."""

from enum import StrEnum


class Part(StrEnum):
    """What of the desk this process runs: everything, the readers' side, or pushes and sources."""

    ALL = "all"
    RECEIVE = "receive"
    WORK = "work"
