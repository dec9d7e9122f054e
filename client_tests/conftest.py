"""One server for the whole run, one world for each test, the newest real client in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from mockserver.testing.server import MockServer

DATA = Path(__file__).parent / "data"

OpenWorld = Callable[..., "WorldUnderTest"]


class WorldUnderTest:
    """A world of its own on the shared server, moved through its control API."""

    def __init__(self, mock: MockServer, http: httpx2.Client, **scenario: str) -> None:
        self._http = http
        opened = http.post(f"{mock.url}/_mock/worlds", json=scenario)
        assert opened.status_code == 200, opened.text
        self.id = opened.json()["id"]
        self.url = opened.json()["base_url"]
        self.control_url = opened.json()["control_url"]
        self.world = mock.worlds[self.id]

    def control(self, method: str, path: str, **kwargs: Any) -> Any:
        """Call the control API and return its JSON; anything but a 2xx fails the test."""
        answer = self._http.request(method, f"{self.control_url}/{path}", **kwargs)
        assert answer.is_success, answer.text
        return answer.json()

    def advance(self, seconds: float | str) -> dict[str, Any]:
        return self.control("POST", "clock", json={"advance": seconds})

    def finish(self, job: str, status: str | None = None) -> dict[str, Any]:
        goal = {"job": job} | ({"status": status} if status else {})
        return self.control("POST", "clock", json={"run_until": goal})

    def client(self, **kwargs: Any) -> openai.OpenAI:
        return openai.OpenAI(**{"base_url": self.url, "api_key": "sk-test-key", "max_retries": 0} | kwargs)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of tests marked `anyio`."""
    return "asyncio"


@pytest.fixture(scope="session")
def mock() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=30) as client:
        yield client


@pytest.fixture
def open_world(mock: MockServer, http: httpx2.Client) -> Iterator[OpenWorld]:
    """Open a world: `open_world("guide-2023")` or `open_world(yaml="version: 1")`."""
    opened: list[WorldUnderTest] = []

    def open_(scenario: str | None = None, *, yaml: str | None = None) -> WorldUnderTest:
        told = {"scenario": scenario, "yaml": yaml}
        world = WorldUnderTest(mock, http, **{name: text for name, text in told.items() if text})
        opened.append(world)
        return world

    yield open_
    for world in opened:
        answer = http.delete(f"{mock.url}/_mock/worlds/{world.id}")
        assert answer.status_code == 200, answer.text


@pytest.fixture
def server(open_world: OpenWorld) -> WorldUnderTest:
    """A fresh world whose clock stands still, so that time passes only when the test says so."""
    return open_world(yaml="version: 1\nclock: {rate: 0}\n")


@pytest.fixture
def client(server: WorldUnderTest) -> Iterator[openai.OpenAI]:
    with server.client() as client:
        yield client


@pytest.fixture
def pairs() -> bytes:
    """The guide's prepared training file: two prompt-completion pairs."""
    return (DATA / "data_prepared.jsonl").read_bytes()


@pytest.fixture
def chats() -> bytes:
    """Twelve chat examples, enough for a job of today's API."""
    line = '{{"messages":[{{"role":"user","content":"Say {n}"}},{{"role":"assistant","content":"Number {n}"}}]}}\n'
    return "".join(line.format(n=n) for n in range(12)).encode()
