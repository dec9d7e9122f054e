"""A load on a server: so many connections, each of which sends its next request when it has its answer.

Written on bare asyncio protocols, because a client that costs more than the server measures itself.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TICKS_PER_SECOND = 100


@dataclass
class Load:
    """What a load showed: latencies and the gaps between the events of one stream, in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    events: int = 0
    failures: int = 0


class Connection(asyncio.Protocol):
    """One connection; `request` is sent again and again until `left` is empty."""

    def __init__(self, load: Load, request: bytes, left: deque[int]) -> None:
        self.load = load
        self.request = request
        self.left = left
        self.done = asyncio.get_running_loop().create_future()
        self.answer = bytearray()
        self.is_stream = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def _next(self) -> None:
        if not self.left:
            self.transport.close()
            return
        self.left.pop()
        self.answer.clear()
        self.length = -1
        self.began = self.last = time.perf_counter()
        self.events = 0
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Read on, and send the next request when the answer is whole."""
        if self.length == -1:
            self.answer += data
            head = self.answer.find(b"\r\n\r\n")
            if head < 0:
                return
            if not self.answer.startswith(b"HTTP/1.1 200"):
                self.load.failures += 1
            told = bytes(self.answer[:head]).lower()
            self.is_stream = b"text/event-stream" in told
            place = told.find(b"content-length:")
            self.length = head + 4 + int(told[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            data = bytes(self.answer[head + 4 :]) if self.is_stream else b""
        elif not self.is_stream:
            self.answer += data
        if self.is_stream and (found := data.count(b"data: ")):
            now = time.perf_counter()
            if self.events:
                self.load.gaps.append(now - self.last)
            self.last, self.events = now, self.events + found
        tail = data if self.is_stream else self.answer
        if (self.length and len(self.answer) >= self.length) or (
            not self.length and tail.endswith(b"0\r\n\r\n")
        ):
            self.load.latencies.append(time.perf_counter() - self.began)
            self.load.events += self.events
            self._next()

    def connection_lost(self, _: Exception | None) -> None:
        """Say that it is over."""
        if not self.done.done():
            self.done.set_result(None)


def request(url: str, body: bytes) -> bytes:
    """Return a POST as it goes over the wire."""
    split = urlsplit(url)
    head = f"POST {split.path} HTTP/1.1\r\nHost: {split.netloc}\r\nAuthorization: Bearer sk-bench\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _run(url: str, body: bytes, *, connections: int, requests: int) -> Load:
    load, left = Load(), deque(range(requests))
    split, loop = urlsplit(url), asyncio.get_running_loop()
    raw = request(url, body)
    began = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Connection(load, raw, left), split.hostname, split.port)
        for _ in range(min(connections, requests))
    ]
    await asyncio.gather(*(connection.done for _, connection in made))
    load.seconds = time.perf_counter() - began
    return load


def run(url: str, body: bytes, *, connections: int, requests: int) -> Load:
    """Send so many requests over so many connections. Raises RuntimeError if any answer was not a 200."""
    load = asyncio.run(_run(url, body, connections=connections, requests=requests))
    if load.failures or len(load.latencies) != requests:
        raise RuntimeError(f"{url}: {load.failures} refused, {len(load.latencies)} of {requests} answered")
    return load


def processor(pid: int) -> float:
    """Return how many seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
