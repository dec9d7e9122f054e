"""Real clients of every release, each in a process that is started when a test first needs it."""

import contextlib
import json
from collections.abc import Callable, Iterator

import pytest
from matrix.remote import ClientProcess, RemoteClient

#: which fine-tuning endpoints a release can call: FineTuningJob came after 0.27.2, fine_tunes left after 1.7.1
APIS = {
    "0.27.2": ("legacy",),
    "0.28.1": ("legacy", "modern"),
    "1.7.1": ("legacy", "modern"),
    "1.109.1": ("modern",),
    "2.34.0": ("modern",),
    "2.54.0": ("modern",),
    "3.54.0": ("modern",),
}
EVERY_CLIENT = [
    pytest.param((version, style, api), id=f"{version}-{style}-{api}")
    for version, apis in APIS.items()
    for api in apis
    for style in ("sync", "async")
]

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

    def connect_(world, version, style="sync", api="modern", key="sk-test-key") -> RemoteClient:
        seat = {"base_url": world.url, "key": key, "style": style, "api": api}
        return RemoteClient(process(version), seat)

    return connect_


@pytest.fixture(params=EVERY_CLIENT)
def who(request) -> tuple[str, str, str]:
    """Every release, in every style, at every fine-tuning endpoint it knows: the arguments of `connect`."""
    return request.param


@pytest.fixture
def speaker(connect, server, who) -> RemoteClient:
    """Every client in turn, at a fresh world whose clock stands still."""
    return connect(server, *who)


@pytest.fixture
def lessons() -> str:
    """A training file of twelve pairs, enough for both APIs."""
    pairs = [{"prompt": f"Say {n} ->", "completion": f" number {n}\n"} for n in range(12)]
    return "".join(json.dumps(pair) + "\n" for pair in pairs)
