"""A small indexed-colour canvas that becomes a PNG (pure)."""

import math
import struct
import zlib
from collections.abc import Callable, Sequence
from itertools import chain, pairwise

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


class Canvas:
    """An image of up to 256 colours. It is kept by columns: what fills an area downwards is one slice of each."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._columns = [bytearray(height) for _ in range(width)]
        self._colours: dict[Colour, int] = {}

    def sky(self, top: Colour, bottom: Colour, *, steps: int = 48) -> None:
        """Fill the whole with a gradient from `top` to `bottom` in so many steps."""
        column = bytearray()
        for y in range(self.height):
            part = (y * steps // self.height) / (steps - 1)
            column.append(self._index(mixed(top, bottom, part)))
        for x in range(self.width):
            self._columns[x][:] = column

    def ground(self, height_at: Callable[[int], float], colour: Colour) -> None:
        """Fill each column from `height_at(x)`, counted from the top, down to the bottom."""
        for x in range(self.width):
            self.box(x, height_at(x), x + 1, self.height, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:  # noqa: PLR0917
        """Fill a rectangle; what lies outside of the canvas is left out."""
        first, last = self._within(top, self.height), self._within(bottom, self.height)
        fill = bytes([self._index(colour)]) * (last - first)
        for x in range(self._within(left, self.width), self._within(right, self.width)):
            self._columns[x][first:last] = fill

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, along: float, colour: Colour) -> None:  # noqa: PLR0917
        """Fill an ellipse of these half axes."""
        for column in range(self._within(x - across, self.width), self._within(x + across + 1, self.width)):
            rest = 1 - ((column - x) / across) ** 2
            if rest > 0:
                half = along * math.sqrt(rest)
                self.box(column, y - half, column + 1, y + half, colour)

    def line(self, points: Sequence[tuple[float, float]], thickness: float, colour: Colour) -> None:
        """Draw lines between neighbouring points."""
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0))))
            for step in range(steps + 1):
                x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
                self.box(x - thickness / 2, y - thickness / 2, x + thickness / 2, y + thickness / 2, colour)

    def png(self) -> bytes:
        """Return the image as a PNG."""
        pixels = bytes(chain.from_iterable(zip(*self._columns, strict=True)))
        lines = b"".join(b"\0" + pixels[start : start + self.width] for start in range(0, len(pixels), self.width))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        palette = b"".join(bytes(colour) for colour in self._colours)
        chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)

    def _index(self, colour: Colour) -> int:
        return self._colours.setdefault(colour, len(self._colours))

    @staticmethod
    def _within(value: float, limit: int) -> int:
        return min(max(round(value), 0), limit)


def mixed(colour: Colour, other: Colour, part: float) -> Colour:
    """Return the colour that is `part` (0 to 1) of the way from `colour` to `other`."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
