"""Real clients of every release, each in a process that is started when a test first needs it."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from matrix.remote import ClientProcess, RemoteClient

Connect = Callable[..., RemoteClient]


@pytest.fixture(scope="session")
def process() -> Iterator[Callable[[str], ClientProcess]]:
    """`process(version)`: the process of a release, the same one for all tests."""
    running: dict[str, ClientProcess] = {}
    with contextlib.ExitStack() as stack:

        def process_(version: str) -> ClientProcess:
            if version not in running:
                running[version] = stack.enter_context(ClientProcess(version))
            return running[version]

        yield process_


@pytest.fixture
def connect(process) -> Connect:
    """`connect(world, version)`: a client of that release at that world."""

    def connect_(world, version, *, style="sync", api="modern", key="sk-test-key") -> RemoteClient:
        seat = {"base_url": world.url, "key": key, "style": style, "api": api}
        return RemoteClient(process(version), seat)

    return connect_
