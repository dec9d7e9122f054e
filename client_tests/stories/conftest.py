"""Every story is played by a test of its own: `test_slow_stream.py` is in a world of `scenarios/slow-stream.yaml`."""

import pytest


@pytest.fixture
def story(request) -> str:
    """The scenario that the test's file is named after."""
    return request.path.stem.removeprefix("test_").replace("_", "-")


@pytest.fixture
def server(open_world, story):
    """A world in which the story is played, as it is shipped."""
    return open_world(story)


@pytest.fixture
def still(server):
    """The same world; its time passes only when the test says so."""
    server.control("POST", "clock", json={"rate": 0})
    return server


@pytest.fixture(autouse=True)
def _no_breath(monkeypatch):
    """Let clients take half a millisecond before their first retry, instead of half a second."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.0005)
