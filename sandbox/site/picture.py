"""The pictures of the sample newsroom, drawn from a kind and a number, as PNG (pure)."""

import math
import random
from collections.abc import Callable
from functools import lru_cache

from sandbox.site.canvas import Canvas, Colour, mixed

_WIDE = (720, 405)
_TALL = (480, 600)
_SQUARE = (540, 540)
_LIGHT: Colour = (250, 232, 196)
_WHITE: Colour = (250, 250, 246)
_DARK: Colour = (28, 36, 48)
_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((66, 118, 160), (222, 214, 196)),
    ((118, 82, 108), (240, 178, 128)),
    ((54, 120, 120), (216, 226, 200)),
    ((80, 92, 146), (236, 196, 184)),
)


def picture(kind: str, number: int) -> bytes:
    """Return a picture of a kind; the same number gives the same one. An unknown kind is a landscape."""
    return _drawn(kind if kind in _DRAWERS else "hills", number)


@lru_cache(maxsize=128)
def _drawn(kind: str, number: int) -> bytes:
    dice = random.Random(number)  # noqa: S311 - it must be repeatable
    size, draw = _DRAWERS[kind]
    canvas = Canvas(*size)
    draw(canvas, dice)
    return canvas.png()


def _wave(canvas: Canvas, level: float, swing: float, length: float, shift: float) -> Callable[[int], float]:  # noqa: PLR0917
    def height(x: int) -> float:
        return (
            canvas.height * level + swing * math.sin((x + shift) / length) + swing / 3 * math.sin(x / length * 3.1)
        )

    return height


def _hills(canvas: Canvas, dice: random.Random) -> None:
    top, bottom = dice.choice(_SKIES)
    canvas.sky(top, bottom)
    canvas.disc(dice.uniform(120, canvas.width - 120), dice.uniform(70, 130), 34, _LIGHT)
    for level, shade in ((0.55, 0.35), (0.68, 0.6), (0.82, 0.85)):
        colour = mixed(mixed(top, bottom, 0.4), _DARK, shade)
        canvas.ground(_wave(canvas, level, 34, dice.uniform(60, 110), dice.uniform(0, 900)), colour)


def _sea(canvas: Canvas, dice: random.Random) -> None:
    top, bottom = dice.choice(_SKIES)
    canvas.sky(top, bottom)
    canvas.disc(dice.uniform(160, 560), 120, 40, _LIGHT)
    horizon = canvas.height * 0.52
    for place in range(9):
        colour = mixed((40, 110, 138), (18, 52, 84), place / 8)
        canvas.ground(
            _wave(canvas, (horizon + place * 24) / canvas.height, 3 + place, 30 + 6 * place, place * 71), colour
        )
    x, deck = dice.uniform(180, 460), horizon + 18
    canvas.box(x, deck, x + 130, deck + 22, (150, 62, 46))
    canvas.box(x + 84, deck - 28, x + 118, deck, _WHITE)
    for place in range(3):
        canvas.box(
            x + 8 + place * 24, deck - 16, x + 28 + place * 24, deck, dice.choice(((214, 158, 60), (70, 128, 120)))
        )


def _city(canvas: Canvas, dice: random.Random) -> None:
    top, bottom = dice.choice(_SKIES)
    canvas.sky(top, bottom)
    canvas.ground(_wave(canvas, 0.5, 26, 90, dice.uniform(0, 500)), mixed(top, _DARK, 0.3))
    x = -10
    while x < canvas.width:
        width, height = dice.randrange(46, 92), dice.randrange(90, 250)
        wall = mixed((196, 160, 122), (92, 84, 92), dice.random())
        canvas.box(x, canvas.height - height, x + width, canvas.height, wall)
        for row in range(canvas.height - height + 14, canvas.height - 16, 26):
            for column in range(x + 9, x + width - 12, 18):
                canvas.box(column, row, column + 9, row + 13, dice.choice((_LIGHT, mixed(wall, _DARK, 0.5))))
        x += width + dice.randrange(2, 9)
    canvas.box(0, canvas.height - 14, canvas.width, canvas.height, (64, 62, 66))


def _field(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((112, 164, 196), (244, 232, 200))
    canvas.ground(_wave(canvas, 0.42, 20, 80, dice.uniform(0, 400)), (110, 128, 118))
    canvas.box(0, canvas.height * 0.52, canvas.width, canvas.height, (146, 128, 72))
    crop = dice.choice(((112, 74, 140), (186, 150, 50), (84, 132, 70)))
    for row in range(14):
        y = canvas.height * 0.53 + row * row * 0.95
        for x in range(-20, canvas.width + 20, 12 + 2 * row):
            canvas.disc(x + dice.uniform(0, 8), y, 2 + row * 0.55, mixed(crop, _DARK, 0.3 * dice.randrange(3) / 2))


def _rain(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((58, 66, 78), (148, 154, 158))
    canvas.ground(_wave(canvas, 0.5, 60, 70, dice.uniform(0, 400)), (62, 72, 76))
    canvas.ground(_wave(canvas, 0.72, 22, 120, dice.uniform(0, 400)), (44, 52, 50))
    middle, floor = canvas.width / 2, canvas.height
    for y in range(int(floor * 0.74), floor):
        half = 12 + (y - floor * 0.74) * 1.3
        canvas.box(middle - half, y, middle + half, y + 1, (82, 84, 88))
    for y in range(int(floor * 0.77), floor, 26):
        canvas.box(middle - 3, y, middle + 3, y + 13, _LIGHT)
    for _ in range(240):
        x, top = dice.uniform(0, canvas.width), dice.uniform(0, floor)
        canvas.line([(x, top), (x - 4, top + 16)], 1, (196, 204, 210))


def _night(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((10, 14, 36), (58, 56, 96))
    for _ in range(260):
        canvas.disc(
            dice.uniform(0, canvas.width), dice.uniform(0, canvas.height * 0.8), dice.choice((0.7, 1, 1.6)), _WHITE
        )
    x, y = dice.uniform(420, 560), dice.uniform(80, 130)
    for place in range(60, 0, -1):
        canvas.disc(
            x - place * 4.2, y + place * 1.5, 8 - place * 0.11, mixed((190, 214, 236), (40, 42, 82), place / 60)
        )
    canvas.disc(x, y, 9, _WHITE)
    canvas.ground(_wave(canvas, 0.84, 24, 80, dice.uniform(0, 400)), (8, 10, 20))
    dome = dice.uniform(150, 300)
    canvas.disc(dome, canvas.height * 0.8, 44, (30, 34, 52))
    canvas.box(dome - 4, canvas.height * 0.8 - 44, dome + 5, canvas.height * 0.8 - 8, (92, 98, 130))


def _chart(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((250, 248, 240), (240, 236, 224))
    left, floor = 70, canvas.height - 60
    for place in range(5):
        canvas.box(left, floor - place * 66, canvas.width - 50, floor - place * 66 + 2, (216, 210, 198))
    heights = [dice.uniform(60, 120)]
    for _ in range(7):
        heights.append(min(270, max(40, heights[-1] + dice.uniform(-26, 54))))
    for place, height in enumerate(heights):
        x = left + 26 + place * 72
        canvas.box(x, floor - height, x + 44, floor, (31, 122, 140) if place < 7 else (190, 92, 52))
    points = [(left + 48 + place * 72, floor - height - 24) for place, height in enumerate(heights)]
    canvas.line(points, 4, (84, 76, 96))
    for x, y in points:
        canvas.disc(x, y, 7, (84, 76, 96))


def _hall(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((96, 58, 50), (176, 118, 82))
    for place in range(6):
        canvas.box(place * 130 - 8, 0, place * 130 + 14, canvas.height, (122, 78, 62))
    canvas.oval(canvas.width / 2, 60, 190, 44, (238, 206, 140))
    canvas.box(0, 210, canvas.width, canvas.height, (74, 48, 46))
    canvas.box(200, 180, 520, 216, (150, 104, 70))
    canvas.box(340, 120, 380, 180, _DARK)
    canvas.disc(360, 108, 20, (206, 160, 126))
    for row in range(5):
        for place in range(15):
            x, y = place * 52 + (row % 2) * 26, 254 + row * 38
            canvas.oval(x, y + 26, 22, 20, mixed((60, 70, 92), (140, 72, 70), dice.random() // 0.25 / 4))
            canvas.disc(x, y, 12, mixed((214, 170, 136), (70, 52, 46), dice.random() // 0.25 / 4))


def _portrait(canvas: Canvas, dice: random.Random) -> None:
    top, bottom = dice.choice(_SKIES)
    canvas.sky(mixed(top, _WHITE, 0.35), mixed(bottom, _WHITE, 0.2))
    middle, skin = canvas.width / 2, mixed((226, 182, 148), (150, 104, 76), dice.random())
    cloth = dice.choice(((52, 84, 112), (128, 66, 62), (60, 104, 84), (106, 84, 124)))
    canvas.oval(middle, canvas.height + 20, 190, 190, cloth)
    canvas.box(middle - 34, 330, middle + 34, 430, mixed(skin, _DARK, 0.12))
    canvas.oval(middle, 250, 106, 132, _DARK)
    canvas.oval(middle, 266, 84, 106, skin)
    for side in (-32, 32):
        canvas.oval(middle + side, 256, 10, 6, _DARK)
        canvas.box(middle + side - 16, 236, middle + side + 16, 241, _DARK)
    canvas.oval(middle, 318, 26, 7, (150, 78, 74))


def _track(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((88, 148, 190), (214, 226, 226))
    for place in range(200):
        colour = mixed((214, 86, 70), (70, 92, 150), place % 7 / 6)
        canvas.disc(dice.uniform(0, canvas.width), dice.uniform(90, 190), 4, colour)
    canvas.box(0, 196, canvas.width, canvas.height, (74, 138, 78))
    for lane in range(8):
        y = 236 + lane * (10 + lane * 1.6)
        canvas.box(0, y, canvas.width, y + 10 + lane * 3, (182, 84, 58))
        canvas.box(0, y, canvas.width, y + 2, _WHITE)
    for place in range(4):
        x, y = 110 + place * 150 + dice.uniform(-24, 24), 214 + place * 22
        shirt = dice.choice(((236, 196, 60), (54, 92, 160), (230, 230, 226)))
        canvas.disc(x, y, 11, (120, 84, 62))
        canvas.box(x - 11, y + 10, x + 11, y + 46, shirt)
        canvas.line([(x, y + 44), (x - 20, y + 84)], 9, _DARK)
        canvas.line([(x, y + 44), (x + 24, y + 74)], 9, _DARK)
        canvas.line([(x, y + 16), (x + 26, y + 32)], 7, (120, 84, 62))


def _pool(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((96, 190, 206), (28, 116, 160))
    canvas.box(0, 0, canvas.width, 70, (226, 222, 208))
    for _ in range(60):
        canvas.disc(
            dice.uniform(0, canvas.width), dice.uniform(12, 54), 6, dice.choice(((196, 92, 80), (70, 92, 150)))
        )
    for lane in range(5):
        y = 104 + lane * 66
        for left in range(0, canvas.width, 26):
            canvas.box(left, y, left + 18, y + 6, (214, 64, 52) if lane % 2 else _WHITE)
        x = dice.uniform(160, 560)
        canvas.oval(x - 46, y + 34, 62, 9, _WHITE)
        canvas.oval(x - 10, y + 32, 40, 12, (196, 150, 116))
        canvas.line([(x + 14, y + 32), (x + 46, y + 16), (x + 70, y + 34)], 9, (196, 150, 116))
        canvas.disc(x + 34, y + 32, 12, dice.choice(((236, 196, 60), (54, 92, 160), (150, 46, 60))))


def _map(canvas: Canvas, dice: random.Random) -> None:
    canvas.sky((176, 206, 214), (164, 196, 208))
    for _ in range(26):
        canvas.oval(
            dice.uniform(90, 450),
            dice.uniform(80, 470),
            dice.uniform(50, 120),
            dice.uniform(40, 90),
            (226, 216, 186),
        )
    for _ in range(12):
        canvas.oval(
            dice.uniform(130, 400),
            dice.uniform(120, 420),
            dice.uniform(20, 60),
            dice.uniform(14, 40),
            (196, 204, 156),
        )
    x = dice.uniform(180, 340)
    river = [(x + 46 * math.sin(y / 62) + y / 9, y) for y in range(40, 500, 6)]
    canvas.line(river, 8, (96, 152, 184))
    canvas.line([(60, 380), (200, 300), (330, 320), (500, 190)], 4, (168, 92, 76))
    for point in ((200, 300), (330, 320), (430, 240)):
        canvas.disc(*point, 11, (168, 48, 48))
        canvas.disc(*point, 5, _WHITE)


_DRAWERS: dict[str, tuple[tuple[int, int], Callable[[Canvas, random.Random], None]]] = {
    "hills": (_WIDE, _hills),
    "sea": (_WIDE, _sea),
    "city": (_WIDE, _city),
    "field": (_WIDE, _field),
    "rain": (_WIDE, _rain),
    "night": (_WIDE, _night),
    "chart": (_WIDE, _chart),
    "hall": (_WIDE, _hall),
    "portrait": (_TALL, _portrait),
    "track": (_WIDE, _track),
    "map": (_SQUARE, _map),
    "pool": (_WIDE, _pool),
}
