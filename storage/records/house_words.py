"""The newsroom's own words, as its copy editor uses them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HouseWord:
    """A word, or a few, and the `spelling` that takes its place; None leaves it as it is."""

    id: int
    word: str
    spelling: str | None
