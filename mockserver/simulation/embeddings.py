"""Embeddings: texts as points on a sphere, the closer together the more words they share.

Every word has a direction of its own, made of its hash; a text lies where the directions of its words add up to, the
long ones weighing more, since the shortest words stand in every text. The text as a whole has a direction too, a faint
one, so that the same words in another order lie near and not in the same place. Each model has a sphere of its own.

A direction is held as one long integer, 32 bits for each of its numbers: adding the integers adds all the numbers
beside each other, which is how a language without vectors adds vectors quickly. What comes out is packed as the API
packs it, in numbers of 32 bits.
"""

import math
import re
import struct
from collections import Counter
from functools import lru_cache
from hashlib import shake_128
from operator import mul

#: the length of a vector by family: https://platform.openai.com/docs/guides/embeddings, and of 2022's models
#: https://openai.com/index/introducing-text-and-code-embeddings
_FAMILIES = (
    (r"text-embedding-3-large", 3072),
    (r"text-embedding-.*", 1536),
    (r"(.*-)?ada(-.*)?", 1024),
    (r"(.*-)?babbage(-.*)?", 2048),
    (r"(.*-)?curie(-.*)?", 4096),
    (r"(.*-)?davinci(-.*)?", 12288),
)
_USUAL_SIZE = 1536
_SHORTENING = "text-embedding-3"

# Scripts without spaces between words count character by character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
# Models of 2022 that come in pairs, for what is sought and where it is sought, share a sphere.
_SIDE = re.compile(r"-(query|doc|document|code|text)(?=(-001)?$)")

_HEAVIEST = 8
# Odd, as the weights of words are even: so no number is ever zero, and no vector without a length.
_WHOLE = 3
_LANE = 4
_MIDDLE = 255 / 2
# Texts of so many characters are remembered with their vectors.
_SHORT = 2048


@lru_cache
def size(model: str) -> int:
    """Return how many numbers a model's vectors have; a model of no known family has 1536."""
    return next((length for family, length in _FAMILIES if re.fullmatch(family, model)), _USUAL_SIZE)


def shortens(model: str) -> bool:
    """Whether a model can be asked for fewer dimensions."""
    return model.startswith(_SHORTENING)


def embed(text: str, model: str, dimensions: int | None = None) -> bytes:
    """Return the unit vector of a text: little-endian floats of 32 bits, as many as the model has.

    With `dimensions`, from 1 to that many: the first ones, brought back to length 1, as text-embedding-3 does it
    (https://platform.openai.com/docs/guides/embeddings).
    """
    length = size(model)
    wanted = length if dimensions is None else dimensions
    make = _remembered if len(text) <= _SHORT else _embedded
    return make(text, _SIDE.sub("", model), length, wanted)


def floats(vector: bytes) -> list[float]:
    """Return the numbers of a packed vector."""
    return list(struct.unpack(f"<{len(vector) // _LANE}f", vector))


def pack(numbers: list[float]) -> bytes:
    """Return numbers packed as a vector. Raises OverflowError for one that 32 bits cannot hold."""
    return struct.pack(f"<{len(numbers)}f", *numbers)


def _embedded(text: str, sphere: str, length: int, wanted: int) -> bytes:
    words = Counter(_WORD.findall(text.lower()))
    weights = _WHOLE
    total = weights * _direction(text, "text", sphere, length)
    for word, count in words.items():
        weight = 2 * min(len(word), _HEAVIEST) * count.bit_length()
        total += weight * _word(word, sphere, length)
        weights += weight
    lanes = struct.unpack(f"<{length}I", total.to_bytes(_LANE * length, "little"))
    centre = _MIDDLE * weights
    numbers = [lane - centre for lane in lanes[:wanted]]
    shrink = 1 / math.sqrt(sum(map(mul, numbers, numbers)))
    return pack([number * shrink for number in numbers])


_remembered = lru_cache(maxsize=1024)(_embedded)


@lru_cache(maxsize=1024)
def _word(word: str, sphere: str, length: int) -> int:
    return _direction(word, "word", sphere, length)


def _direction(name: str, kind: str, sphere: str, length: int) -> int:
    """Return a direction, packed: a byte in each lane, whose middle stands for zero."""
    seed = f"{sphere}\0{kind}\0{name}".encode(errors="replace")
    lanes = bytearray(_LANE * length)
    lanes[::_LANE] = shake_128(seed).digest(length)
    return int.from_bytes(lanes, "little")
