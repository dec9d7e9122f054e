"""A server inside a test: `with MockServer() as server: OpenAI(base_url=server.base_url, api_key="sk-test")`."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from mockserver.config import Settings
from mockserver.domain.seeding import populate
from mockserver.scenario.loader import load
from mockserver.scenario.models import Scenario
from mockserver.server import Server, bind, url_of
from mockserver.worlds import Worlds

#: how long the server may take to end, in real seconds
STOP_TIMEOUT = 10.0


class MockServer:
    """A server on a free port of 127.0.0.1, in a thread of its own, until the `with` block ends.

    `scenario` is a loaded scenario, a shipped one's name or a file's path; `state` a folder to keep the worlds in.
    Raises ScenarioError for a scenario with faults.
    """

    def __init__(
        self, scenario: Scenario | str | Path = "default", *, state: Path | None = None, port: int = 0
    ) -> None:
        loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
        self._listener = bind("127.0.0.1", port)
        #: the worlds it serves; they live in the server's thread, look but do not touch
        self.worlds = Worlds(loaded, populate, state)
        self._server = Server(Settings(), self.worlds)
        self._thread = threading.Thread(target=self._run, name="mockserver", daemon=True)
        #: where the server is, without `/v1`
        self.url = url_of(self._listener)

    @property
    def base_url(self) -> str:
        """The base URL a client of the default world is given."""
        return f"{self.url}/v1"

    def _run(self) -> None:
        self._server.run(sockets=[self._listener])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_TIMEOUT)
        self._listener.close()
