"""Sounds: how long one is, what it costs in tokens, and the silence that the mock speaks with.

What is heard costs 10 tokens a second (the official guide to realtime costs). Only WAV tells its length; for the rest
it is guessed from 128 kbit/s (not verified).
"""

import math
import struct

TOKENS_PER_SECOND = 10
#: bytes per second of a sound that does not say
USUAL_RATE = 16_000
#: samples per second of what is spoken, of 16 bits each (official guide to speech: pcm)
SAMPLES = 24_000
#: an MPEG-1 layer III frame without sound: 1,152 samples at 44,100 Hz, 128 kbit/s
_SILENT_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)
_FRAME_SECONDS = 1152 / 44_100


def cost(data: bytes) -> int:
    """Return what a sound costs in tokens."""
    return math.ceil(seconds(data) * TOKENS_PER_SECOND)


def seconds(data: bytes) -> float:
    """Return how long a sound is."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE" and len(data) >= 44:  # noqa: PLR2004 - the whole head
        rate = int.from_bytes(data[28:32], "little")
        return (len(data) - 44) / rate if rate else 0.0
    return len(data) / USUAL_RATE


def silence(form: str, length: float) -> bytes:
    """Return silence of so many seconds as wav, pcm16 or mp3; raises KeyError for another form."""
    return FORMS[form](length)


def _pcm16(length: float) -> bytes:
    return bytes(2 * int(length * SAMPLES))


def _wav(length: float) -> bytes:
    samples = _pcm16(length)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLES, 2 * SAMPLES, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _mp3(length: float) -> bytes:
    return _SILENT_FRAME * max(1, math.ceil(length / _FRAME_SECONDS))


#: the forms of sound that can be made
FORMS = {"wav": _wav, "pcm16": _pcm16, "mp3": _mp3}
