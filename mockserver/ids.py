"""Ids in the official shapes, drawn from the world's chance.

The n-th id of a kind depends on the seed, the kind and n alone. `generation` counts the starts of a kept world,
so that a restarted server never hands out an id twice.
"""

import string
from collections import Counter
from typing import Literal

from mockserver.chance import Chance

BASE62 = string.digits + string.ascii_letters
HEX = "0123456789abcdef"

#: kind -> (prefix, length, alphabet), as seen on the wire
SHAPES = {
    "file": ("file-", 24, BASE62),
    "ft": ("ft-", 24, BASE62),
    "ftjob": ("ftjob-", 24, BASE62),
    "ftevent": ("ftevent-", 24, BASE62),
    "ftckpt": ("ftckpt_", 24, BASE62),
    "cp": ("cp_", 24, BASE62),
    "cmpl": ("cmpl-", 29, BASE62),
    "chatcmpl": ("chatcmpl-", 29, BASE62),
    "call": ("call_", 24, BASE62),
    "resp": ("resp_", 48, HEX),
    "msg": ("msg_", 48, HEX),
    "fc": ("fc_", 48, HEX),
    "rs": ("rs_", 48, HEX),
    "conv": ("conv_", 48, HEX),
    "modr": ("modr-", 29, BASE62),
    "snapperm": ("snapperm-", 24, BASE62),
    "modelperm": ("modelperm-", 24, BASE62),
    "model": ("", 8, BASE62),
    "req": ("req_", 32, HEX),
    "world": ("world-", 12, string.ascii_lowercase + string.digits),
}

Kind = Literal[
    "file",
    "ft",
    "ftjob",
    "ftevent",
    "ftckpt",
    "cp",
    "cmpl",
    "chatcmpl",
    "call",
    "resp",
    "msg",
    "fc",
    "rs",
    "conv",
    "modr",
    "snapperm",
    "modelperm",
    "model",
    "req",
    "world",
]


class Ids:
    """The id makers of one world."""

    def __init__(self, chance: Chance, generation: int = 0) -> None:
        self._chance = chance
        self._generation = generation
        self._made: Counter[str] = Counter()

    def new(self, kind: Kind) -> str:
        """Return the next id of a kind."""
        self._made[kind] += 1
        return self.of(kind, f"{self._generation}:{self._made[kind]}")

    def of(self, kind: Kind, name: str) -> str:
        """Return the id that belongs to a name, the same each time it is asked for."""
        prefix, length, alphabet = SHAPES[kind]
        return prefix + self._chance.letters(f"id:{kind}:{name}", alphabet, length)
