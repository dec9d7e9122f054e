"""One request on its way through a fault: the ASGI triple, the world it is in, and what faults do with them.

Whatever a fault does, the connection is left in a state its server understands: either the answer has come to its
end, or the client has gone.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, Protocol

from mockserver.chance import Random
from mockserver.clock import Clock
from mockserver.faults.heads import kind_of, with_header
from mockserver.store import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Wire(Protocol):
    """The connection behind HTTP's back."""

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""

    def close(self) -> None:
        """End the connection after what was written has been sent."""

    def reset(self) -> None:
        """Break the connection."""


class World(Protocol):
    """What a fault may know of the world it happens in."""

    clock: Clock
    store: Store
    closing: bool

    def settle(self) -> None:
        """Apply every step that has become due."""

    def moment(self) -> AbstractContextManager[None]:
        """Make a block happen as one."""

    def touch(self) -> None:
        """Say that something changed outside the plan."""


class Call:
    """One request. `rng` is this call's own chance."""

    def __init__(
        self, app: App, scope: Scope, receive: Receive, send: Send, *, world: World, rng: Random
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.world = world
        self.rng = rng
        #: whether the answer has come to its end
        self.answered = False
        self._app = app
        self._send = send

    @property
    def wire(self) -> Wire:
        """The connection this request came over."""
        wire: Wire = self.scope["wire"]
        return wire

    async def send(self, message: Message) -> None:
        """Send a part of the answer; what comes after its end is dropped."""
        if not self.answered:
            self.answered = message["type"] == "http.response.body" and not message.get("more_body", False)
            await self._send(message)

    async def write(self, body: bytes, *, more: bool = True) -> None:
        """Send a piece of the body; the last one ends the answer."""
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def proceed(self, send: Send | None = None) -> None:
        """Have the request carried out; its answer goes through `send`, or straight to the client."""
        await self._app(self.scope, self.receive, send or self.send)

    async def rewrite(self, change: Callable[[bytes], bytes]) -> None:
        """Give the normal answer with the body `change` makes of it, if it is JSON and no refusal."""
        held: Message | None = None
        body = bytearray()

        async def send(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_changeable(message):
                held = message
            elif held is None:
                await self.send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    changed = change(bytes(body))
                    length = str(len(changed)).encode()
                    await self.send({**held, "headers": with_header(held, b"content-length", length)})
                    await self.write(changed, more=False)

        await self.proceed(send)

    async def sleep(self, seconds: float) -> bool:
        """Let virtual seconds pass, and whatever is due in them happen; False if the world ends meanwhile."""
        clock = self.world.clock
        deadline = clock.time + seconds
        while not self.world.closing:
            await clock.wait(deadline)
            if clock.time >= deadline and not self.world.closing:
                self.world.settle()
                return True
        return False

    async def hang_up(self) -> None:
        """Close the connection, whatever the client still expects."""
        self.wire.close()
        await self.gone()

    async def reset(self) -> None:
        """Break the connection."""
        self.wire.reset()
        await self.gone()

    async def gone(self) -> None:
        """Return when the client has gone, or the answer has ended; when the world ends, the client has to go."""
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._show_out())
            while (await self.receive())["type"] != "http.disconnect":
                pass
            watch.cancel()

    async def _show_out(self) -> None:
        while not self.world.closing:
            await self.world.clock.wait(None)
        self.wire.reset()


def _is_changeable(head: Message) -> bool:
    return head["status"] < HTTPStatus.BAD_REQUEST and kind_of(head) == b"application/json"
