"""What the person who starts the server decides; everything else belongs to a scenario."""

from dataclasses import dataclass
from pathlib import Path

#: how much of a JSON body is read before it is refused, in bytes
MAX_JSON_BYTES = 32 * 2**20


class UserError(ValueError):
    """What the person at the command line got wrong: said in one line, exit code 2, never a traceback."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of `mockserver serve`, with their defaults."""

    host: str = "127.0.0.1"
    port: int = 8080
    state: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    journal_exchanges: int = 1000
    journal_bytes: int = 32 * 2**20
