"""Time zones by the names of the IANA database (pure but for reading it)."""

from zoneinfo import ZoneInfo

_SHOWN = 60
"""The most letters of a wrong name that an error shows."""


def time_zone(name: str) -> ZoneInfo:
    """Return the time zone of that name. Raises ValueError where the name is no zone's."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError, RecursionError) as error:
        # A name is a path to zoneinfo, and a package within others: what its search raises depends on the name.
        raise ValueError(f"{name[:_SHOWN]!r} is no time zone") from error
