"""The methods that this Telegram simulates, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.state import Json, TelegramState


@dataclass
class Call:
    """One call: the simulated Telegram, the call's checked parameters and its uploaded files (name, bytes)."""

    state: TelegramState
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
    """Register the function that implements a method."""

    def register(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        METHODS[name] = function
        return function

    return register
