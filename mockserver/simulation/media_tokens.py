"""What is in a data URL or in bare base64, and what it costs in tokens as an image, a sound or a file.

Nothing is fetched and nothing is refused: of what cannot be read, the size is unknown. The prices of images are in
`pictures.py`, those of sounds in `sounds.py`; a file costs a token for every four bytes (not verified).
"""

import base64
import binascii
import math

from mockserver.simulation import pictures, sounds
from mockserver.simulation.pictures import Detail

BYTES_PER_TOKEN = 4
#: the size of an image stands within so many of its first bytes; a JPEG may have a thumbnail before
HEAD = 192 * 1024


def image(head: bytes, detail: Detail | None, model: str) -> int:
    """Return what an image costs a base model, by its first bytes."""
    return pictures.cost(model, pictures.size_of(head) or pictures.UNKNOWN, detail or "auto")


def sound(data: bytes) -> int:
    """Return what a sound costs."""
    return sounds.cost(data)


def file(size: int) -> int:
    """Return what a file of so many bytes costs."""
    return math.ceil(size / BYTES_PER_TOKEN)


def decoded(told: str, at_most: int | None = None) -> bytes:
    """Return the bytes, or the first `at_most` of them, of base64 or of a data URL; none of anything else."""
    head, comma, rest = told.partition(",")
    if comma and not head.startswith("data:"):
        return b""
    encoded = (rest if comma else told).rstrip("=")
    if at_most is not None:
        encoded = encoded[: math.ceil(at_most / 3) * 4]
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)[:at_most]
    except (binascii.Error, ValueError):
        return b""
