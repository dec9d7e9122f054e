"""What every test of a fault has: a world that is broken in one way, a client that does not wait, a quiet server."""

import json
import logging
import time

import openai
import pytest
from faults.clients import ask

#: how long whatever a fault has left behind may take to end, in seconds
PATIENCE = 5


class Log(logging.Handler):
    """Everything a logger said."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture(autouse=True)
def quiet_server(mock, http):
    """No fault makes the server complain, and none leaves a request behind that never ends."""
    log = Log(logging.ERROR)
    for name in ("uvicorn.error", "mockserver", "asyncio"):
        logging.getLogger(name).addHandler(log)
    yield
    deadline = time.monotonic() + PATIENCE
    while len(mock._server.server_state.tasks) > 1 and time.monotonic() < deadline:
        http.get(f"{mock.url}/_mock/health")
    for name in ("uvicorn.error", "mockserver", "asyncio"):
        logging.getLogger(name).removeHandler(log)
    assert len(mock._server.server_state.tasks) <= 1  # the last answer's own, perhaps
    assert [] == log.lines


@pytest.fixture(scope="session", autouse=True)
def warm(mock):
    """The first answer of all takes longer, because the ranks of the tokens are loaded."""
    assert "ok" == ask("sync", mock.base_url).outcome


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """The seconds the client would have waited before each retry; it does not."""
    told: list[float] = []
    calculate = openai._base_client.BaseClient._calculate_retry_timeout

    def noted(*arguments):
        told.append(calculate(*arguments))
        return 0

    monkeypatch.setattr(openai._base_client.BaseClient, "_calculate_retry_timeout", noted)
    return told


@pytest.fixture
def broken(open_world):
    """`broken("hang")`, `broken({"status": 503}, times=2)`: a world with one fault rule; `more` is YAML besides."""

    def open_(fault, *, more="", **rule):
        return open_world(yaml=f"version: 1\n{more}\nfaults: [{json.dumps({**rule, 'fault': fault})}]\n")

    return open_


@pytest.fixture
def retries():
    """`retries(world)`: the retry count each request of a world came with, in their order."""

    def retries_(world) -> list[str]:
        told = world.control("GET", "requests", params={"limit": 1000})["data"]
        return [exchange["headers"].get("x-stainless-retry-count", "") for exchange in reversed(told)]

    return retries_
