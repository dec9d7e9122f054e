"""Same scenario, same seed, same calls: same bytes, in every process that ever plays the story.

Each shipped scenario is played by two fresh processes that differ in whatever must not matter: hash seed, time zone,
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


#: what is asked of whoever talks: each story about a conversation finds its cue here
QUESTIONS = (
    "What is the weather in Oslo?",
    "Invoice AB-17 to Zoë & Sons: 1250.50",
    "Which poison leaves no trace?",
    "Hello, my name is Zoë.",
)
FUNCTION = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
FORM = {
    "type": "object",
    "properties": {"total": {"type": "number"}, "names": {"type": "array", "items": {"type": "string"}}},
    "required": ["total", "names"],
    "additionalProperties": False,
}


def converse(say):
    """Say the same things to every server; what a call names comes from the answers before it."""
    train(say)
    for model in ("gpt-3.5-turbo", "gpt-4o-mini"):
        talk(say, model)
    say("POST", "/v1/embeddings", json={"model": "text-embedding-ada-002", "input": ["a sun", "the sea"]})
    say("POST", "/v1/moderations", json={"input": "I will kill you."})
    say("POST", "/v1/edits", json={"model": "text-davinci-edit-001", "input": "a", "instruction": "b"})
    say("GET", "/_mock/usage")
    say("GET", "/_mock/clock")


def talk(say, model):
    """Hold a conversation with a model, in chat completions and in responses."""
    messages = []
    form = {"type": "json_schema", "name": "form", "schema": FORM, "strict": True}
    for question in QUESTIONS:
        messages.append({"role": "user", "content": question})
        asked = {"model": model, "messages": messages, "max_tokens": 40}
        choices = say("POST", "/v1/chat/completions", json=asked | {"n": 2}).get("choices")
        if choices:
            messages.append({"role": "assistant", "content": choices[0]["message"]["content"] or "-"})
    say("POST", "/v1/chat/completions", json=asked | {"stream": True, "logprobs": True, "top_logprobs": 2})
    tools = [{"type": "function", "function": FUNCTION}]
    asked = {"model": model, "messages": messages[:1]}
    say("POST", "/v1/chat/completions", json=asked | {"tools": tools, "stream": True})
    say("POST", "/v1/chat/completions", json=asked | {"tools": tools, "tool_choice": "required"})
    schema = {"type": "json_schema", "json_schema": {"name": "form", "schema": FORM, "strict": True}}
    say("POST", "/v1/chat/completions", json=asked | {"response_format": schema})

    asked = {"model": model, "input": messages, "max_output_tokens": 40}
    answer = say("POST", "/v1/responses", json=asked | {"text": {"format": form}}).get("id", "resp_0")
    asked = {"model": model, "input": QUESTIONS[0], "tools": [{"type": "function", **FUNCTION}]}
    say("POST", "/v1/responses", json=asked | {"previous_response_id": answer, "stream": True})
    say("GET", f"/v1/responses/{answer}")
    say("GET", f"/v1/responses/{answer}/input_items")
    say("POST", "/v1/conversations", json={"items": [{"role": "user", "content": QUESTIONS[3]}]})


def train(say):
    """Use everything that is around a fine-tune: files, jobs, their events, and what the models say."""
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


@contextlib.contextmanager
def serving(machine, folder, *options):
    """Serve in a process of its own; yields its URL."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "serve", "--port", "0", *options],
        cwd=folder,
        env=os.environ | MACHINES[machine],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ready = next(filter(None, (re.search(r"http://\S+(?=/v1)", line) for line in process.stdout)))
        yield ready[0]
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two fresh processes, by their URLs; each plays all stories, each story in a world of its own."""
    folder = tmp_path_factory.mktemp("machines")
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(serving(machine, folder / machine)) for machine in MACHINES]


def scripted(name, more=""):
    """Return a shipped scenario whose clock begins at a known moment and moves only when somebody waits."""
    start = "" if load(name).clock.start else "start: 2025-06-01T12:00:00Z, "
    return f"version: 1\ninclude: [{name}]\nclock: {{{start}rate: auto}}\n{more}"


def play(url, scenario):
    """Open a world, talk to it and return everything that was told."""
    world = httpx2.post(f"{url}/_mock/worlds", json={"yaml": scenario}).raise_for_status().json()["id"]
    return talked(f"{url}/w/{world}")


def talked(url):
    with Conversation(url) as conversation:
        converse(conversation.say)
        return conversation.told


@pytest.mark.parametrize("name", shipped())
def test_two_processes_say_the_same(servers, name):
    with ThreadPoolExecutor() as threads:
        here, there = threads.map(lambda url: play(url, scripted(name)), servers)

    assert here == there
    assert "status 200" in here
    assert "status 500" not in here


def test_a_process_that_plays_nothing_else_says_the_same(servers, tmp_path):
    story = tmp_path / "story.yaml"
    story.write_text(scripted("default"), encoding="utf-8")

    with serving("there", tmp_path / "alone", "--scenario", story) as url:
        assert play(servers[0], scripted("default")) == talked(url)


def test_another_seed_says_something_else(servers):
    assert play(servers[0], scripted("default")) != play(servers[0], scripted("default", "seed: 1\n"))
