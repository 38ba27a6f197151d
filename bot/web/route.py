"""Routes of the server: which handler answers a path."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.web.answer import Handler


@dataclass(frozen=True, slots=True)
class Route:
    """The answer to one path, and the methods that it accepts."""

    methods: tuple[str, ...]
    handle: Handler


Routes = Mapping[str, Route]
"""Routes by path; a path that ends in a slash stands for every path that is one step longer."""
