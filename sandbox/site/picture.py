"""A picture for each story, drawn from its number: a sky, a sun and hills, as PNG (pure)."""

import math
import struct
import zlib

_WIDTH, _HEIGHT = 480, 270
_SKIES = ((32, 67, 92), (124, 74, 58), (58, 92, 62), (88, 62, 104), (150, 104, 40))


def picture(number: int) -> bytes:
    """Return the story's picture; the same number gives the same one."""
    sky = _SKIES[number // 3 % len(_SKIES)]
    sun_x, sun_y = 60 + number * 37 % (_WIDTH - 120), 50 + number * 13 % 60
    hills = [_HEIGHT * 0.68 + 22 * math.sin((x + number * 29) / 53) + 9 * math.sin(x / 17) for x in range(_WIDTH)]
    rows = []
    for y in range(_HEIGHT):
        light = 0.75 + 0.9 * y / _HEIGHT
        far = bytes(min(255, int(part * light)) for part in sky)
        near = bytes(int(part * 0.45) for part in sky)
        row = bytearray()
        for x in range(_WIDTH):
            if y > hills[x]:
                row += near
            elif (x - sun_x) ** 2 + (y - sun_y) ** 2 < 900:
                row += b"\xf6\xe3\xb4"
            else:
                row += far
        rows.append(b"\0" + row)
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
