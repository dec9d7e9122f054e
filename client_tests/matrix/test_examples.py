"""The official client's own examples run unchanged: a copy of the file, two environment variables, nothing else.

Each runs as a program of its own at a world of its own that nobody has told a story; so what it shows is what the
mock says by itself. Those that cannot run here are named with the reason, so that none is forgotten.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch

import pytest
from matrix.environments import variables
from matrix.examples import VERSIONS, environment_of, examples_of

OLDEST, LATER, NEWEST = VERSIONS
#: real seconds after which an example hangs
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Example:
    """An example, what its output shows (a pattern), how often it asks the server, and the first release with it.

    `waits` for what the mock does not do yet; what is not answered at all is asked by the newest release only.
    """

    name: str
    shows: str
    asks: int = 1
    since: str = OLDEST
    arguments: tuple[str, ...] = ()
    waits: str | None = None


WORDS = r"\w+ \w+"
ANSWER = r"answer: +\S"
CONTINUED = r"output_text\.delta.*Interrupted\. Continuing.*output_text\.done"
NO_UPLOADS = "/v1/uploads is not answered yet"

RUN = [
    Example("demo.py", r"standard request -----\n\w.* streaming .* -----\n\w.* test -----\nreq_\w+\n\w", 3),
    Example("async_demo.py", WORDS),
    Example("streaming.py", 2 * r'got response data: {.*"finish_reason": "(stop|length)".*', 2),
    Example("parsing.py", ANSWER),
    Example("parsing_stream.py", rf'^{{"steps":.*{ANSWER}.*\nParsedChatCompletion.*parsed=MathResponse\('),
    Example("parsing_tools.py", r"parsed_arguments=Query\(.*\nTable\.\w+\n$"),
    Example("parsing_tools_stream.py", r"ArgumentsDeltaEvent.*ArgumentsDoneEvent.*=GetWeather\(.*ParsedChat"),
    Example("httpx2_client.py", WORDS, since=LATER),
    Example("responses_input_tokens.py", r"^input tokens: [1-9]\d\n$", since=LATER),
    # with the API key, unless they are told otherwise
    Example("x509_workload_identity.py", WORDS, since=NEWEST),
    Example("x509_workload_identity_async.py", WORDS, since=NEWEST),
    Example("responses/background.py", CONTINUED, 2),
    Example("responses/background_async.py", CONTINUED, 2),
    Example("responses/background_streaming.py", rf"{CONTINUED}.*ParsedResponse.*parsed=MathResponse\(", 2),
    Example("responses/background_streaming_async.py", rf"{CONTINUED}.*parsed=MathResponse\(", 2),
    Example("responses/streaming.py", r"output_text\.delta.*\nParsedResponse.*parsed=MathResponse\("),
    Example("responses/streaming_tools.py", r"arguments\.done.*response\.completed"),
    Example("responses/structured_outputs.py", 2 * rf"MathResponse\(.*{ANSWER}.*"),
    Example("responses/structured_outputs_tools.py", r"\ntable name: Table\.\w+\n$"),
    Example(
        "responses/multi_agent_streaming.py",
        "Coordinator: /root",
        since=NEWEST,
        waits="responses of several agents, a beta, are not answered yet",
    ),
    Example("uploads.py", r"Upload\(", 3, NEWEST, ("uploads.py",), NO_UPLOADS),  # uploads itself
    Example("uploads.py", r"Upload\(", 3, NEWEST, ("uploads.py", "memory"), NO_UPLOADS),
    Example("picture.py", r"url=", since=NEWEST, waits="/v1/images is not answered yet"),
    Example("image_stream.py", "Final image", since=NEWEST, waits="/v1/images is not answered yet"),
    Example("audio.py", WORDS, 3, NEWEST, waits="/v1/audio is not answered yet"),
    Example("video.py", "successfully completed", 2, NEWEST, waits="/v1/videos is not answered yet"),
]

NOT_RUN = {
    "has an address in it, which is no server's": ("azure.py", "module_client.py"),
    "needs an account of Azure's or Amazon's": ("azure_ad.py", "bedrock*.py"),
    "needs a client certificate, and an account that knows it": ("mtls_*.py",),
    "needs a microphone or a loudspeaker": ("speech_to_text.py", "text_to_speech.py"),
    "needs a browser, or a virtual machine": ("browser/*", "browser-use-demo/*", "computer-desktop/*"),
    "needs WebSockets": ("realtime/*", "live/audio*", "responses_websocket.py", "responses/*websocket.py"),
    "asks no server anything": ("live/transcript_grouper.py", "generate_file.sh"),
}


def _each(version, example):
    named = "-".join((version, example.name, *example.arguments[1:]))
    marks = [pytest.mark.xfail(raises=AssertionError, reason=example.waits)] if example.waits else []
    return pytest.param(version, example, id=named, marks=marks)


@pytest.mark.parametrize(
    ("version", "example"),
    [
        _each(version, example)
        for version in VERSIONS
        for example in RUN
        if VERSIONS.index(version) >= VERSIONS.index(example.since)
    ],
)
def test_an_example_runs_unchanged(version, example, open_world, tmp_path):
    world = open_world(yaml="version: 1\nclock: {rate: auto}\n")
    program = shutil.copy(examples_of(version) / example.name, tmp_path)

    told = subprocess.run(
        [environment_of(version).python, program, *example.arguments],
        cwd=tmp_path,
        env=variables(OPENAI_BASE_URL=world.url, OPENAI_API_KEY="sk-test-key", TERM="dumb"),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )

    assert 0 == told.returncode, told.stderr
    assert re.search(example.shows, told.stdout, re.DOTALL), told.stdout
    assert example.asks * [200] == [asked["status"] for asked in world.control("GET", "requests")["data"]]


@pytest.mark.parametrize("reason", NOT_RUN)
def test_an_example_does_not_run(reason):
    pytest.skip(f"{', '.join(NOT_RUN[reason])}: {reason}")


@pytest.mark.parametrize("version", VERSIONS)
def test_no_example_is_forgotten(version):
    folder = examples_of(version)
    run = {example.name for example in RUN}
    patterns = [pattern for patterns in NOT_RUN.values() for pattern in patterns]
    found = [
        path.relative_to(folder).as_posix() for path in folder.rglob("*.[ps][yh]") if path.stat().st_size
    ]

    assert found
    assert [] == [
        name for name in found if name not in run and not any(fnmatch(name, each) for each in patterns)
    ]
