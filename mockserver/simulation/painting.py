"""Pictures made here: one even grey, in the size that was asked for, as a PNG."""

import struct
import zlib

GREY = 128
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def grey(width: int, height: int) -> bytes:
    """Return a PNG of that size in pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    row = b"\0" + bytes([GREY]) * width
    return SIGNATURE + b"".join(
        _chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(row * height, 9)), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
