"""The cache of prompts: a long beginning that was read a short while ago is read at a lower price.

Officially a prompt of 1,024 tokens or more is kept, its beginning in steps of 128, for five to ten minutes after it
was last used; here for ten, exactly, on the world's clock. A world's models do not share what they keep.
"""

from array import array
from collections.abc import Sequence
from zlib import crc32

from mockserver.clock import utc
from mockserver.world import World

FEWEST, STEP = 1024, 128
KEPT_SECONDS = 600
#: how many beginnings a world has in mind at once
REMEMBERED = 20_000
#: the day the API began to tell of it (official announcement)
SINCE = "2024-10-01"


def cached(world: World, model: str, prompt: Sequence[int]) -> int:
    """Return how many tokens of a prompt are in the cache, and keep the prompt there."""
    if len(prompt) < FEWEST or f"{utc(world.as_of or world.clock.time):%Y-%m-%d}" < SINCE:
        return 0
    kept: dict[tuple[str, int, int], float] = world.memory.setdefault("prompts", {})
    if len(kept) > REMEMBERED:
        kept.clear()
    now, found, checksum, start = world.clock.time, 0, 0, 0
    numbers = array("I", prompt)
    for end in range(FEWEST, len(prompt) + 1, STEP):
        checksum, start = crc32(numbers[start:end].tobytes(), checksum), end
        beginning = (model, end, checksum)
        if now - kept.get(beginning, -KEPT_SECONDS - 1) <= KEPT_SECONDS and found == (
            end - STEP if end > FEWEST else 0
        ):
            found = end
        kept[beginning] = now
    return found
