"""Chance: the only module that rolls dice.

Every draw comes from a stream named after its purpose, so one draw more in one place never shifts another place.
"""

import random
import secrets

Random = random.Random


class Chance:
    """All the chance of one world, decided by its seed."""

    def __init__(self, seed: int | str) -> None:
        self.seed = seed

    def stream(self, purpose: str) -> random.Random:
        """Return the stream of that name from its beginning; the same name gives the same draws."""
        return random.Random(f"{self.seed}:{purpose}")


def nonce() -> str:
    """Return something nobody can foresee, for what must differ from run to run; never part of a world."""
    return secrets.token_hex(8)
