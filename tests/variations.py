"""Values of a parametrised test of which `make test` tries the first, and `make test-long` the others."""

from collections.abc import Iterable
from typing import Any

import pytest


def first_and_long(values: Iterable[Any]) -> list[Any]:
    """Return the values, all but the first marked `long`; a tuple is one value for each name of the test."""
    first, *others = values
    return [first, *(pytest.param(*_parts(value), marks=pytest.mark.long) for value in others)]


def _parts(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
