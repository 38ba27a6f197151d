"""The role of a process: what of the service it runs."""

from enum import StrEnum


class ProcessRole(StrEnum):
    """The work of a process: everything, the receiving of updates, or deliveries and sources."""

    ALL = "all"
    RECEIVE = "receive"
    WORK = "work"
