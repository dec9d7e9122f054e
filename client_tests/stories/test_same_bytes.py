"""Same scenario, same seed, same calls: same bytes, in every process that ever plays the story.

Each shipped scenario is served twice, by fresh processes that differ in whatever must not matter: hash seed, time zone,
folder, port. The same conversation is had with both, and all that was answered is compared: ids, times, texts, events,
result files, errors, headers. Only two headers tell of the real time, and are left out.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from mockserver.scenario.loader import load, shipped

OF_REAL_TIME = {"date", "openai-processing-ms"}
#: what two users' machines do not have in common
MACHINES = {
    "here": {"PYTHONHASHSEED": "1", "TZ": "UTC0"},
    "there": {"PYTHONHASHSEED": "2", "TZ": "CST-8", "LC_ALL": "C"},
}
#: how often a call is made that gets no answer, or that the server is to blame for
PATIENCE = 6

PAIRS = "".join(json.dumps({"prompt": f"{n} ->", "completion": f" number {n}\n"}) + "\n" for n in range(12))
CHATS = "".join(
    json.dumps(
        {"messages": [{"role": "user", "content": f"{n}?"}, {"role": "assistant", "content": f"{n}!"}]}
    )
    + "\n"
    for n in range(12)
)


class Conversation:
    """Calls to one server, and everything it answered."""

    def __init__(self, url):
        self.told = []
        self._http = httpx2.Client(base_url=url, headers={"authorization": "Bearer sk-test-key"}, timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.close()

    def say(self, method, path, **asked):
        """Make a call until it is answered, and return the answer if it is JSON."""
        for _ in range(PATIENCE):
            status, body = self._say(method, path, **asked)
            if status is not None and status < 500:
                break
        with contextlib.suppress(ValueError):
            return json.loads(body)
        return {}

    def _say(self, method, path, **asked):
        self.told.append(f"{method} {path}")
        body = b""
        try:
            with self._http.stream(method, path, **asked) as answer:
                self.told.append(f"status {answer.status_code}")
                self.told += [
                    f"{name}: {value}" for name, value in answer.headers.items() if name not in OF_REAL_TIME
                ]
                for piece in answer.iter_raw():
                    body += piece
        except httpx2.TransportError:
            self.told.append("the connection was lost")
            return None, body
        finally:
            self.told += body.decode("utf-8", "backslashreplace").splitlines()
        return answer.status_code, body


def converse(say):
    """Say the same things to every server; what a call names comes from the answers before it."""
    models = [model["id"] for model in say("GET", "/v1/models").get("data", [])]
    say("GET", "/v1/models/davinci-002")
    say("DELETE", "/v1/models/davinci-002")

    purpose = {"purpose": "fine-tune"}
    pairs = say("POST", "/v1/files", files={"file": ("pairs.jsonl", PAIRS)}, data=purpose).get("id", "file-0")
    chats = say("POST", "/v1/files", files={"file": ("chats.jsonl", CHATS)}, data=purpose).get("id", "file-0")
    say("POST", "/v1/files", files={"file": ("prose.txt", "Call me Ishmael.")}, data=purpose)
    for path in ("", f"/{pairs}", f"/{pairs}/content", "/file-that-is-not-there"):
        say("GET", f"/v1/files{path}")

    legacy = {"training_file": pairs, "model": "davinci", "n_epochs": 2}
    modern = {"training_file": pairs, "model": "davinci-002", "validation_file": pairs, "suffix": "pairs"}
    chatty = {"training_file": chats, "model": "gpt-4o-mini-2024-07-18"}
    fine_tune = say("POST", "/v1/fine-tunes", json=legacy).get("id", "ft-0")
    jobs = [say("POST", "/v1/fine_tuning/jobs", json=body).get("id", "ftjob-0") for body in (modern, chatty)]
    say("POST", "/v1/fine_tuning/jobs", json=chatty | {"model": "gpt-0"})
    say("POST", "/_mock/clock", json={"advance": "12s"})
    for job in jobs:
        say("GET", f"/v1/fine_tuning/jobs/{job}")
        say("GET", f"/v1/fine_tuning/jobs/{job}/events")
    for verb in ("pause", "resume", "cancel", "cancel"):
        say("POST", f"/v1/fine_tuning/jobs/{jobs[1]}/{verb}")

    say("GET", f"/v1/fine-tunes/{fine_tune}/events?stream=true")
    say("POST", "/_mock/clock", json={"advance": "1d"})
    say("GET", "/v1/fine-tunes")
    say("GET", "/v1/fine_tuning/jobs")
    for job in (fine_tune, *jobs):
        say("GET", f"/v1/fine-tunes/{job}/events")
        say("GET", f"/v1/fine_tuning/jobs/{job}/events?limit=100")
        say("GET", f"/v1/fine_tuning/jobs/{job}/checkpoints")
    for file in say("GET", "/v1/files").get("data", []):
        say("GET", f"/v1/files/{file['id']}/content")

    tuned = [model["id"] for model in say("GET", "/v1/models").get("data", []) if model["id"] not in models]
    for model in (*tuned, *filter(re.compile("ft[:-]").search, models), "davinci-002", "davinci", "gpt-0"):
        asked = {"model": model, "prompt": "1 ->", "max_tokens": 20}
        say("POST", "/v1/completions", json=asked)
        say("POST", "/v1/completions", json=asked | {"temperature": 0, "stop": "\n", "logprobs": 2})
        say("POST", "/v1/completions", json=asked | {"prompt": ["A", "B"], "n": 2, "best_of": 3, "seed": 7})
        say(
            "POST",
            "/v1/completions",
            json=asked | {"stream": True, "stream_options": {"include_usage": True}},
        )
    costly = {"model": "davinci-002", "prompt": "A long story.", "max_tokens": 2000, "n": 3}
    for _ in range(2):
        say("POST", "/v1/completions", json=costly)
    say("POST", "/v1/completions", content=b"{", headers={"content-type": "application/json"})
    say("POST", "/v1/completions", json={"model": "davinci-002", "temperature": 3})
    say("PUT", "/v1/models")
    say("GET", "/v1/nowhere")
    say("GET", "/v1/models", headers={"authorization": ""})
    say("GET", "/_mock/clock")


def play(scenario, machine, folder, *options):
    """Serve a scenario in a process of its own, talk to it and return everything that was told."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--scenario", scenario, *options],
        cwd=folder,
        env=os.environ | MACHINES[machine],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ready = next(filter(None, (re.search(r"http://\S+(?=/v1)", line) for line in process.stdout)))
        with Conversation(ready[0]) as conversation:
            converse(conversation.say)
            return conversation.told
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def scripted(tmp_path):
    """Write down a shipped scenario with a clock that begins at a known moment and moves only when somebody waits."""

    def scripted_(name):
        start = "" if load(name).clock.start else "start: 2025-06-01T12:00:00Z, "
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"version: 1\ninclude: [{name}]\nclock: {{{start}rate: auto}}\n", encoding="utf-8")
        return path

    return scripted_


@pytest.mark.parametrize("name", shipped())
def test_two_processes_say_the_same(scripted, tmp_path, name):
    scenario = scripted(name)

    with ThreadPoolExecutor() as threads:
        here, there = threads.map(lambda machine: play(scenario, machine, tmp_path / machine), MACHINES)

    assert here == there
    assert "status 200" in here
    assert "status 500" not in here


def test_another_seed_says_something_else(scripted, tmp_path):
    told = [play(scripted("default"), "here", tmp_path / seed, "--seed", seed) for seed in ("0", "1")]

    assert told[0] != told[1]
