"""Charts of figures as PNG, drawn with matplotlib: imported only in the process that draws (bot.render.drawing).

Matplotlib shapes and orders Persian by itself. What its font does not have is left out rather than drawn as a box.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.render.chart_spec import Bars, ChartSpec, Columns, Panel
from bot.render.html import cut

# All lengths are inches; a picture is as wide as a telephone shows it well.
_DPI = 160
_WIDTH = 8.0
_MARGIN = 0.3
_GAP = 0.35
_HEAD = 1.6
_ROW = 2.05
_PANEL_TITLE = 0.2
_PANEL_HEAD = 0.42
_PANEL_FOOT = 0.4
_SCALE = 0.45
_NAMES = 1.55
_LONGEST_NAME = 24
_FEW_DAYS = 14
# From the middle of a line of letters down to where they stand, in parts of their size.
_MIDDLE = 0.36 / 72
_LEAST_BARS, _MOST_BARS = 5, 8

# What somebody has set for their own pictures is no part of ours.
matplotlib.rcdefaults()

_INK, _GREY, _LINE, _PAPER = "#1B1F23", "#59636E", "#DDE2E7", "#FFFFFF"
_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
_PLAIN, _BOLD = _FONTS / "DejaVuSans.ttf", _FONTS / "DejaVuSans-Bold.ttf"
_DIRECTION = {"\u200c", "\u200e", "\u200f", "\u2066", "\u2067", "\u2068", "\u2069"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A rectangle on the page: its left and upper edge, from the upper left corner, and its size."""

    left: float
    top: float
    width: float
    height: float


def draw(picture: ChartSpec) -> bytes:
    """Return the picture as PNG, 1280 pixels wide."""
    return _Page(picture).png()


def drawable(text: str) -> str:
    """Return the text without what the font cannot draw, as emoji."""
    return "".join(letter for letter in text if letter in _DIRECTION or ord(letter) in _letters())


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(str(_PLAIN)).get_charmap())


class _Page:
    """One picture while it is being drawn."""

    def __init__(self, picture: ChartSpec) -> None:
        self._picture = picture
        self._height = _HEAD + _ROW * len(picture.rows)
        self._figure = Figure(figsize=(_WIDTH, self._height), dpi=_DPI, facecolor=_PAPER)
        FigureCanvasAgg(self._figure)

    def png(self) -> bytes:
        self._head()
        for number, row in enumerate(self._picture.rows):
            width = (_WIDTH - 2 * _MARGIN - _GAP * (len(row) - 1)) / len(row)
            # The first panel of a row is where reading begins.
            for place, panel in enumerate(row[::-1] if self._picture.is_rtl else row):
                left = _MARGIN + place * (width + _GAP)
                self._panel(panel, _Place(left, _HEAD + _ROW * number, width, _ROW))
        out = io.BytesIO()
        self._figure.savefig(out, format="png", dpi=_DPI, facecolor=_PAPER)
        return out.getvalue()

    def _head(self) -> None:
        picture = self._picture
        whole = _Place(_MARGIN, 0, _WIDTH - 2 * _MARGIN, _HEAD)
        self._write(whole, 0.34, picture.title, 15, bold=True)
        self._write(whole, 0.64, picture.subtitle, 9, colour=_GREY)
        facts = picture.facts[::-1] if picture.is_rtl else picture.facts
        width = whole.width / max(1, len(facts))
        for number, (amount, name) in enumerate(facts):
            middle = whole.left + width * (number + 0.5)
            self._text(middle, 1.08, amount, 16, side="center", bold=True)
            self._text(middle, 1.36, name, 8, side="center", colour=_GREY)

    def _panel(self, panel: Panel, place: _Place) -> None:
        self._write(place, _PANEL_TITLE, panel.title, 9.5, bold=True)
        self._write(place, _PANEL_TITLE, panel.note, 8.5, colour=_GREY, at_end=True)
        room = _Place(place.left, place.top + _PANEL_HEAD, place.width, place.height - _PANEL_HEAD - _PANEL_FOOT)
        if isinstance(panel, Columns):
            self._columns(panel, room)
        elif panel.rows:
            self._bars(panel, room)
        else:
            self._text(
                place.left + place.width / 2,
                place.top + place.height / 2,
                panel.empty,
                9,
                side="center",
                colour=_GREY,
            )

    def _columns(self, panel: Columns, room: _Place) -> None:
        axes = self._axes(_Place(room.left + _SCALE, room.top, room.width - _SCALE, room.height))
        days = range(len(panel.plus))
        # Thin columns touch each other; a gap between them would swallow them.
        width = 0.8 if len(days) <= 100 else 1.0
        axes.bar(days, panel.plus, width, color=panel.colour)
        lowest = 0
        if panel.minus:
            axes.bar(days, [-figure for figure in panel.minus], width, color=panel.minus_colour)
            lowest = max(panel.minus)
        axes.set_xlim(-0.7, len(days) - 0.3)
        highest = max((*panel.plus, 1))
        unit, word = self._unit(highest)
        axes.set_ylim(-lowest * 1.1, highest * 1.1)
        axes.set_xticks([day for day, _ in panel.ticks], [drawable(words) for _, words in panel.ticks])
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(
            FuncFormatter(
                lambda figure, _: drawable(self._amount(round(abs(figure)) // unit) + word * bool(figure))
            )
        )
        axes.grid(axis="y", color=_LINE, linewidth=0.7)
        axes.axhline(0, color=_GREY, linewidth=0.8)
        axes.tick_params(axis="x", pad=10)
        for label in axes.get_xticklabels():
            # Letters differ in height: they stand on one line. The last day ends where the panel does.
            label.set_verticalalignment("baseline")
        if len(days) > _FEW_DAYS:
            axes.get_xticklabels()[-1].set_horizontalalignment("right")
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_fontproperties(self._font(7.5))

    def _bars(self, panel: Bars, room: _Place) -> None:
        rtl = self._picture.is_rtl
        rows = panel.rows[:_MOST_BARS]
        left = room.left if rtl else room.left + _NAMES
        # Nothing is written below bars.
        height = room.height + _PANEL_FOOT - 0.1
        axes = self._axes(_Place(left, room.top, room.width - _NAMES, height))
        axes.spines["bottom"].set_visible(False)
        highest, slots = max(1, *(figure for _, figure in rows)), max(len(rows), _LEAST_BARS)
        axes.barh(range(len(rows)), [figure for _, figure in rows], 0.66, color=panel.colour)
        axes.set_ylim(slots - 0.4, -0.6)
        # Beyond the longest bar there is room for its figure.
        axes.set_xlim((highest * 1.3, 0) if rtl else (0, highest * 1.3))
        axes.set_xticks([])
        axes.set_yticks([])
        for number, (name, figure) in enumerate(rows):
            y = room.top + height * (number + 0.6) / (slots + 0.2)
            edge = left + (room.width - _NAMES if rtl else 0)
            self._text(
                edge + (0.08 if rtl else -0.08), y, cut(name, _LONGEST_NAME), 8, side="left" if rtl else "right"
            )
            tip = (room.width - _NAMES) * figure / (highest * 1.3) + 0.06
            self._text(
                edge - tip if rtl else edge + tip,
                y,
                self._amount(figure),
                8,
                side="right" if rtl else "left",
                colour=_GREY,
            )

    def _axes(self, place: _Place) -> Axes:
        axes = self._figure.add_axes(
            (
                place.left / _WIDTH,
                1 - (place.top + place.height) / self._height,
                place.width / _WIDTH,
                place.height / self._height,
            )
        )
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(_LINE)
        axes.tick_params(length=0, labelcolor=_GREY)
        axes.set_axisbelow(True)
        return axes

    def _unit(self, highest: int) -> tuple[int, str]:
        """Return in what a scale counts: ones, thousands or millions, and the word for it."""
        for size, word in ((1_000_000, self._picture.million), (1_000, self._picture.thousand)):
            # Five steps at most, each one, two or five of something: from here on none is less than one of it.
            if highest >= 2.5 * size:
                return size, word
        return 1, ""

    def _amount(self, number: int) -> str:
        return self._picture.numerals.grouped(number)

    def _write(
        self,
        place: _Place,
        down: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = _INK,
        at_end: bool = False,
    ) -> None:
        """Write a line where a line of this picture begins, or ends, within `place`."""
        at_right = self._picture.is_rtl != at_end
        x = place.left + (place.width if at_right else 0)
        self._text(x, place.top + down, text, size, side="right" if at_right else "left", bold=bold, colour=colour)

    def _text(
        self, x: float, y: float, text: str, size: float, *, side: str, bold: bool = False, colour: str = _INK
    ) -> None:
        self._figure.text(
            x / _WIDTH,
            1 - (y + size * _MIDDLE) / self._height,
            drawable(text),
            font=self._font(size, bold=bold),
            color=colour,
            ha=side,
            va="baseline",
            parse_math=False,
        )

    def _font(self, size: float, *, bold: bool = False) -> FontProperties:
        return FontProperties(fname=str(_BOLD if bold else _PLAIN), size=size)
