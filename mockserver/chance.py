"""Chance: the only module that rolls dice.

Every draw comes from a stream named after its purpose, so one draw more in one place never shifts another place.
"""

import random
import secrets
from functools import cache
from hashlib import blake2b

Random = random.Random


class Chance:
    """All the chance of one world, decided by its seed."""

    def __init__(self, seed: int | str) -> None:
        self.seed = seed

    def stream(self, purpose: str) -> random.Random:
        """Return the stream of that name from its beginning; the same name gives the same draws."""
        return random.Random(f"{self.seed}:{purpose}")

    def letters(self, purpose: str, alphabet: str, count: int) -> str:
        """Return up to 64 letters of an ASCII alphabet; the same purpose draws the same, and sooner than a stream."""
        drawn = blake2b(f"{self.seed}:{purpose}".encode("utf-8", "surrogatepass"))
        return drawn.digest().translate(_alphabet(alphabet))[:count].decode("ascii")


@cache
def _alphabet(letters: str) -> bytes:
    """Return a table that makes every byte one of the letters."""
    return bytes(ord(letters[number % len(letters)]) for number in range(256))


def nonce() -> str:
    """Return something nobody can foresee, for what must differ from run to run; never part of a world."""
    return secrets.token_hex(8)
