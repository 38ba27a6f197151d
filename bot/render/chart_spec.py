"""The contents of a chart (pure): panels of columns and bars, with every word ready to be drawn."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from bot.subprocesses.job import Job
from persian.digits import Numerals


class Colour(StrEnum):
    """Colours that people tell apart who see few of them (Okabe and Ito's)."""

    BLUE = "#0072B2"
    ORANGE = "#D55E00"
    GREEN = "#009E73"


class Columns(msgspec.Struct, frozen=True, tag=True):
    """A figure for each day, the first day at the left; `minus` hangs below the line.

    `note` stands at the end of the title's line; `ticks` are (place of a day, its words).
    """

    title: str
    note: str
    plus: tuple[int, ...]
    ticks: tuple[tuple[int, str], ...]
    colour: Colour = Colour.BLUE
    minus: tuple[int, ...] = ()
    minus_colour: Colour = Colour.ORANGE


class Bars(msgspec.Struct, frozen=True, tag=True):
    """Named figures, one below the other; `empty` is said where there are none."""

    title: str
    note: str
    rows: tuple[tuple[str, int], ...]
    empty: str
    colour: Colour = Colour.GREEN


Panel = Columns | Bars


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Panels in rows from the top; those of one row share its width, in the order of reading.

    `facts` are the main figures as (figure, its name). `is_rtl` turns the page from right to left. What the
    drawing adds is written in `numerals` and with the words for a thousand and a million.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Panel, ...], ...]
    is_rtl: bool
    numerals: Numerals
    thousand: str
    million: str


# mypy takes a tuple of one for a tuple of any length.
DRAW: Job[ChartSpec, bytes] = Job("draw", tuple[ChartSpec], bytes)  # type: ignore[arg-type]
"""Draws a picture as PNG in a process of its own; see bot.render.chart.draw."""
