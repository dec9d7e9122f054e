"""What pictures cost in tokens, by their size and the model that looks at them (official guides to images and pricing).

Most models see tiles: the picture is made to fit into 2048 by 2048 pixels, its shorter side into 768, and every
begun square of 512 costs. The small ones see patches of 32 by 32 pixels, at most 1,536 of them, and multiply. A
picture whose size is not known, such as one behind a URL, counts as one of 1024 by 1024.
"""

import math
import re
import struct
from typing import Literal

Detail = Literal["auto", "low", "high", "original"]
Size = tuple[int, int]

UNKNOWN: Size = (1024, 1024)
PATCH, MOST_PATCHES = 32, 1536
TILE, LONGEST, SHORTEST = 512, 2048, 768

#: base models that see patches, with what each patch is multiplied by
_PATCHES = (
    (r"gpt-(5|4\.1)-nano.*", 2.46),
    (r"gpt-(5|4\.1)-mini.*", 1.62),
    (r"o4-mini.*", 1.72),
)
#: base models that see tiles: what a picture costs, and each of its tiles
_TILES = (
    (r"gpt-4o-mini.*", 2833, 5667),
    (r"gpt-4(o|\.1|\.5|-turbo|-vision|-1106-vision).*|chatgpt-4o.*", 85, 170),
    (r"o\d.*", 75, 150),
    (r"computer-use.*", 65, 129),
)
#: what is not in the table costs as for gpt-5 (for models after it not verified)
_NEWEST = (70, 140)

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def cost(model: str, size: Size, detail: Detail) -> int:
    """Return what a picture of a size in pixels costs a base model, in tokens."""
    for family, factor in _PATCHES:
        if re.fullmatch(family, model):
            return math.ceil(_patches(*size) * factor)
    own = next(((base, tile) for family, base, tile in _TILES if re.fullmatch(family, model)), _NEWEST)
    return own[0] + (0 if detail == "low" else own[1] * _tiles(*size))


def size_of(data: bytes) -> Size | None:
    """Return the width and height of a PNG, GIF, JPEG or WebP picture; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 - where PNG tells its size
        return struct.unpack(">II", data[16:24])
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:  # noqa: PLR2004 - where GIF tells its size
        return struct.unpack("<HH", data[6:10])
    if data.startswith(b"\xff\xd8"):
        return _size_of_jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:  # noqa: PLR2004 - the longest head
        return _size_of_webp(data)
    return None


def _patches(width: float, height: float) -> int:
    across, down = width / PATCH, height / PATCH
    if math.ceil(across) * math.ceil(down) > MOST_PATCHES:
        shrink = math.sqrt(MOST_PATCHES / (across * down))
        across, down = across * shrink, down * shrink
        whole = min(max(1, math.floor(side)) / side for side in (across, down))
        across, down = across * whole, down * whole
    return min(MOST_PATCHES, math.ceil(round(across, 6)) * math.ceil(round(down, 6)))


def _tiles(width: int, height: int) -> int:
    shrink = min(1, LONGEST / max(width, height))
    shrink *= min(1, SHORTEST / (min(width, height) * shrink))
    return max(1, math.ceil(width * shrink / TILE)) * max(1, math.ceil(height * shrink / TILE))


def _size_of_jpeg(data: bytes) -> Size | None:
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004 - every segment begins with it
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def _size_of_webp(data: bytes) -> Size | None:
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = data[24:27], data[27:30]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
        case _:
            return None
