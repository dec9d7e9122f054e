"""The matrix: the same journeys, spoken by real clients of every generation, each in an environment of its own.

    cases          who walks: release, style (sync, async) and fine-tuning endpoint (legacy, modern)
    environments   the releases and their pins; made with uv on first use, kept in `.clients`
    remote, run    a client as an object of the test; the process it lives in
    adapters       one vocabulary for all of them: `adapters_v0` for 0.x, `adapters_v1` since 1.0
    shell          the real command line, in a user's folder

One generation alone: `pytest client_tests/matrix -k 0.27.2`. The first run needs the package index, later ones do not.
"""

import contextlib
import json
from collections.abc import Callable, Iterator

import pytest
from matrix.cases import EVERY_CLIENT
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
    """`connect(world, version)`: a client of that release at that world.

    Its `place` there is openai, azure, or azure-v1: Azure's newest paths, which need no client of Azure's.
    """

    def connect_(
        world, version, style="sync", api="modern", place="openai", key="sk-test-key"
    ) -> RemoteClient:
        resource = world.url.removesuffix("/v1")
        base_urls = {"openai": world.url, "azure": resource, "azure-v1": f"{resource}/openai/v1"}
        seat = {"base_url": base_urls[place], "key": key, "style": style, "api": api, "place": place}
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
