"""Pictures cost what the official guide says they do."""

import struct

import pytest

from mockserver.simulation.pictures import cost, size_of


@pytest.mark.parametrize(
    ("model", "size", "detail", "tokens"),
    [
        # the examples of the official guide
        ("gpt-4o", (1024, 1024), "high", 765),
        ("gpt-4o", (2048, 4096), "high", 1105),
        ("gpt-4o", (4096, 8192), "low", 85),
        ("gpt-4.1-mini", (1024, 1024), "auto", 1659),
        ("gpt-4.1-mini", (1800, 2400), "auto", 2353),
        # what its tables say of the others
        ("gpt-4o-mini", (1024, 1024), "high", 2833 + 4 * 5667),
        ("o1-2024-12-17", (512, 512), "auto", 75 + 150),
        ("gpt-5", (512, 512), "auto", 70 + 140),
        ("gpt-6-astra", (10, 10), "low", 70),
        ("o4-mini", (32, 32), "auto", 2),
    ],
)
def test_a_picture_costs_what_the_guide_says(model, size, detail, tokens):
    assert tokens == cost(model, size, detail)


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
FRAME = struct.pack(">HBHH", 17, 8, 480, 640) + bytes(9)
JPEG = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14) + b"\xff\xc2" + FRAME
LOSSY = b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 640, 480)
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (639 | 479 << 14).to_bytes(4, "little") + bytes(5)
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")


@pytest.mark.parametrize(
    "data", [PNG, GIF, JPEG, LOSSY, LOSSLESS, EXTENDED], ids=["png", "gif", "jpeg", "vp8", "vp8l", "vp8x"]
)
def test_a_picture_tells_its_size(data):
    assert (640, 480) == size_of(data)


@pytest.mark.parametrize(
    "data", [b"", b"GIF", b"%PDF-1.7", b"\xff\xd8", PNG[:20], b"RIFF\0\0\0\0WEBPxxxx" + bytes(20)]
)
def test_what_is_no_picture_has_no_size(data):
    assert size_of(data) is None
