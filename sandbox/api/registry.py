"""The methods that this Telegram simulates, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.world import Json, World


@dataclass
class Call:
    """One call: the world, its checked parameters and its uploaded files (name, bytes)."""

    world: World
    params: Json
    uploads: dict[str, tuple[str, bytes]]

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, or `default` where it was not given."""
        return self.params.get(name, default)


METHODS: dict[str, Callable[[Call], Any]] = {}
"""The simulated methods by name; a function returns the raw result or raises ApiError."""


def method(name: str) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Register what a method does."""

    def register(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        METHODS[name] = function
        return function

    return register
