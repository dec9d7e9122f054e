"""What was asked and answered: a ring of exchanges, bounded by count and by bytes, without the caller's keys.

Keys are taken out by name (headers that carry credentials) and by value (the presented key, wherever it turns up).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

#: how much of a body is kept, in bytes; the rest is counted, not kept
KEPT_BODY = 64 * 1024
REDACTED = "[redacted]"
SECRET_HEADERS = frozenset(
    {
        "authorization",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "openai-ephemeral-user-id",
    }
)


@dataclass(slots=True)
class Body:
    """The first `KEPT_BODY` bytes of a body, and how many there were."""

    kept: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, chunk: bytes) -> None:
        """Take note of a piece of the body."""
        self.size += len(chunk)
        if len(self.kept) < KEPT_BODY:
            self.kept += chunk[: KEPT_BODY - len(self.kept)]

    @property
    def truncated(self) -> bool:
        """Whether less is kept than there was."""
        return self.size > len(self.kept)


@dataclass(slots=True)
class Exchange:
    """One request and its answer; `status` is None until the answer begins."""

    id: str
    at: float
    method: str
    path: str
    query: str
    headers: Sequence[tuple[bytes, bytes]]
    secret: str | None = None
    operation: str | None = None
    request: Body = field(default_factory=Body)
    response: Body = field(default_factory=Body)
    response_headers: Sequence[tuple[bytes, bytes]] = ()
    status: int | None = None
    finished: bool = False

    @property
    def cost(self) -> int:
        """Roughly how many bytes of memory this exchange holds on to."""
        return 512 + len(self.request.kept) + len(self.response.kept)

    def shown_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Return headers with credentials taken out."""
        told = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
        return {name: REDACTED if name in SECRET_HEADERS else self.redact(value) for name, value in told}

    def redact(self, text: str) -> str:
        """Return text with the presented key taken out."""
        return text.replace(self.secret, REDACTED) if self.secret else text

    def shown_body(self, body: Body) -> str:
        """Return what is kept of a body as text with the presented key taken out, also one cut in two."""
        text = self.redact(body.kept.decode("utf-8", "replace"))
        if self.secret is None or not body.truncated:
            return text
        beginnings = (self.secret[:length] for length in range(len(self.secret) - 1, 0, -1))
        return text.removesuffix(next(filter(text.endswith, beginnings), ""))


class Journal:
    """The exchanges of one world, the oldest dropped first."""

    def __init__(self, exchanges: int = 1000, size: int = 32 * 2**20) -> None:
        self._ring: deque[Exchange] = deque()
        self._exchanges = exchanges
        self._bytes = size
        self._held = 0
        self.dropped = 0

    def open(self, exchange: Exchange) -> None:
        """Begin an exchange: it can be seen from now on, while its answer is still being made."""
        self._ring.append(exchange)
        if len(self._ring) > self._exchanges:
            self._drop()

    def close(self, exchange: Exchange) -> None:
        """End an exchange, once, and let old ones go if the ring has grown too large."""
        if exchange.finished:
            return
        exchange.finished = True
        self._held += exchange.cost
        while self._held > self._bytes and len(self._ring) > 1:
            self._drop()

    def _drop(self) -> None:
        oldest = self._ring.popleft()
        self.dropped += 1
        if oldest.finished:
            self._held -= oldest.cost
        oldest.finished = True  # its end, when it comes, has nothing left to count

    def clear(self) -> None:
        """Forget everything."""
        while self._ring:
            self._drop()
        self.dropped = 0

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the exchanges that are left, oldest first."""
        return iter(self._ring)

    def __len__(self) -> int:
        return len(self._ring)
