"""The pace of an answer, on the world's clock: a wait before it begins, a wait before each token of a stream.

The moments of tokens are laid down from the beginning of the stream, so that what is slow on the way does not add up.
A world that ends waits for nothing.
"""

from collections.abc import Awaitable, Callable

from mockserver.clock import DIGITS
from mockserver.errors import ApiError
from mockserver.scenario.models import Pacing
from mockserver.world import World


async def pause(world: World, seconds: float) -> None:
    """Wait for a number of virtual seconds. Raises ApiError 503 (ours) if the world ends before."""
    if seconds:
        await _until(world, world.clock.time + seconds)
        if world.closing:
            raise ApiError(503, "This world has ended.", type="server_error", code="world_ended")


async def _until(world: World, moment: float) -> None:
    moment = round(moment, DIGITS)
    while not world.closing and world.clock.time < moment:
        await world.clock.wait(moment)


class Pace:
    """When the tokens of one stream may be sent; its jitter is drawn from the stream of chance named after `name`."""

    def __init__(self, world: World, pacing: Pacing, name: str) -> None:
        self._world = world
        self._moment = world.clock.time
        self._gap = 1 / pacing.tokens_per_second if pacing.tokens_per_second else 0.0
        self._jitter = pacing.jitter or 0.0
        self._wait = pacing.time_to_first_token or 0.0
        self._chance = world.chance.stream(f"pacing:{name}") if self._jitter else None
        #: whether there is anything to wait for
        self.waits = bool(self._wait or self._gap)

    @property
    def each(self) -> Callable[[], Awaitable[None]] | None:
        """What to wait for before each token, if there is anything to wait for."""
        return self.token if self.waits else None

    async def token(self) -> None:
        """Wait until the next token may be sent."""
        spread = self._jitter * self._chance.uniform(-1, 1) if self._chance else 0.0
        self._moment += self._wait * (1 + spread)
        self._wait = self._gap
        await _until(self._world, self._moment)
