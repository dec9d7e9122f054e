"""When the server ends it says what was used and what that would have cost; nothing used, nothing said."""

import os
import re
import signal
import subprocess
import sys

import httpx2
import openai
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are a matter of POSIX")

BANNER = 11
PATIENCE = 30
ONE = "1 call, 2 tokens read, 5 said: it would have cost $0.000014.\n"
TWO = "2 calls, 4 tokens read, 10 said: it would have cost $0.000028.\n"


class Served:
    """`mockserver serve` as a process of its own."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "serve", "--port", "0", *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines = iter(self.process.stdout.readline, "")
        banner = "".join(line for _, line in zip(range(BANNER), lines, strict=False))
        self.url = re.search(r"http://\S+(?=/v1)", banner)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def ask(self, base="", times=1):
        with openai.OpenAI(base_url=f"{self.url}{base}/v1", api_key="sk-x", max_retries=0) as client:
            for _ in range(times):
                client.completions.create(model="davinci-002", prompt="Hello there", max_tokens=5)

    def post(self, path, **body):
        return httpx2.post(f"{self.url}{path}", json=body).json()

    def stop(self, how=signal.SIGTERM):
        """Send a signal; return what was said afterwards."""
        self.process.send_signal(how)
        said, wrong = self.process.communicate(timeout=PATIENCE)
        assert "" == wrong
        return said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_ends_tells_what_it_would_have_cost(how):
    with Served() as served:
        served.ask(times=2)

        assert TWO == served.stop(how)


def test_a_server_that_was_not_used_says_nothing():
    with Served() as served:
        httpx2.get(f"{served.url}/v1/models", headers={"authorization": "Bearer sk-x"})

        assert "" == served.stop()


def test_worlds_that_are_gone_are_on_the_bill():
    with Served() as served:
        world = served.post("/_mock/worlds", yaml="version: 1")["id"]
        served.ask(base=f"/w/{world}")
        assert httpx2.delete(f"{served.url}/_mock/worlds/{world}").is_success
        served.ask()
        served.post("/_mock/reset")

        assert TWO == served.stop()


def test_a_kept_server_tells_of_this_time_only_though_everything_is_kept(tmp_path):
    with Served("--state", tmp_path) as served:
        served.ask(times=2)
        served.process.kill()
    with Served("--state", tmp_path) as served:
        kept = httpx2.get(f"{served.url}/_mock/usage").json()
        served.ask()

        assert ONE == served.stop()
    assert (2, 4, 10) == tuple(kept["total"][name] for name in ("calls", "input_tokens", "output_tokens"))


def test_what_happened_before_the_story_is_on_no_bill(tmp_path):
    story = tmp_path / "story.yaml"
    story.write_text(
        'version: 1\nfiles: [{id: file-a, filename: a.jsonl, text: \'{"prompt": "a", "completion": "b"}\'}]\n'
        "jobs: [{api: legacy, model: ada, training_file: file-a, created_at: 2023-03-15}]\n"
    )
    with Served("--scenario", story) as served:
        assert 1 == httpx2.get(f"{served.url}/_mock/usage").json()["total"]["calls"]

        assert "" == served.stop()
