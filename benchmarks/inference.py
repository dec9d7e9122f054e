"""What an answer and a stream cost: our server, the limit and a peer, side by side in one run.

python benchmarks/inference.py [rounds]

The limit is uvicorn alone, which parses the same JSON and answers the same bytes (`bare.py`). The peer is aimock, from
npm, with one fixture that fits everything; without npm it is left out. All three answer the same sentence.
Medians of the rounds are printed; the servers take turns in every round, so that whatever else the machine does
befalls all of them.
"""

import base64
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import load
from running import free_port, memory, percentile, running, started

HERE = Path(__file__).parent
PEER = "@copilotkit/aimock@1.43.0"
SENTENCE = "The quick brown fox jumps over the lazy dog and then sleeps."
LONG = " ".join([SENTENCE] * 150)
UNLIMITED = "limits: {requests_per_minute: 1000000000, tokens_per_minute: 100000000000}\n"
CONNECTIONS, REQUESTS = 8, 4000
CHAT = "/v1/chat/completions"
BODIES = {
    "/v1/completions": {"model": "gpt-3.5-turbo-instruct", "prompt": "Tell me of a fox.", "max_tokens": 64},
    CHAT: {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Tell me of a fox."}]},
    "/v1/embeddings": {
        "model": "text-embedding-3-small",
        "input": "Tell me of a fox.",
        "encoding_format": "base64",
    },
}
#: what the peer is asked instead, since it does not serve completions
INSTEAD = {"/v1/completions": CHAT}
STREAM = {**BODIES[CHAT], "stream": True}
#: seconds between two events of a paced stream, and how many it has
GAP, EVENTS = 0.1, 50


@dataclass
class Subject:
    """A server that is measured."""

    process: subprocess.Popen[str]
    url: str


def scenario(folder: Path, name: str, text: str, rest: str = "") -> str:
    """Write a scenario that answers everything with a text."""
    path = folder / f"{name}.yaml"
    path.write_text(
        f"version: 1\n{UNLIMITED}{rest}replies:\n"
        "  - match: {endpoint: {in: [completions, chat.completions]}}\n"
        f"    reply: {{text: {json.dumps(text)}}}\n",
        encoding="utf-8",
    )
    return str(path)


def answers_of(url: str) -> dict[str, dict[str, object]]:
    """Return what a server says to each body, plain and streamed, for the limit to say the same."""
    told: dict[str, dict[str, object]] = {}
    for path, body in BODIES.items():
        chunks = split(ask(f"{url}{path}", {**body, "stream": True})) if path == CHAT else []
        plain = base64.b64encode(ask(f"{url}{path}", body)).decode()
        told[path] = {"plain": plain, "chunks": [base64.b64encode(chunk).decode() for chunk in chunks]}
    return told


def ask(url: str, body: dict[str, object]) -> bytes:
    """Return the body of an answer."""
    headers = {"authorization": "Bearer sk-bench", "content-type": "application/json"}
    with urlopen(Request(url, json.dumps(body).encode(), headers)) as answer:
        return bytes(answer.read())


def split(stream: bytes) -> list[bytes]:
    """Return the events of a stream."""
    return [event + b"\n\n" for event in stream.split(b"\n\n") if event]


@contextlib.contextmanager
def subjects(folder: Path, text: str, *, paced: bool = False) -> Iterator[dict[str, Subject]]:
    """Run every server, each ready to say the same text."""
    pace = f"stream: {{tokens_per_second: {1 / GAP:g}}}\n" if paced else ""
    with contextlib.ExitStack() as stack:
        process, url = stack.enter_context(running("--scenario", scenario(folder, "bench", text, pace)))
        found = {"ours": Subject(process, url)}
        answers = folder / "answers.json"
        with running("--scenario", scenario(folder, "instant", text)) as (_, instant):
            answers.write_text(json.dumps(answers_of(instant)), encoding="utf-8")
        bare = [sys.executable, str(HERE / "bare.py"), str(answers)]
        process, url = stack.enter_context(started(bare))
        found["limit"] = Subject(process, url)
        if command := peer():
            found["aimock"] = stack.enter_context(playing_peer(command, folder, text, paced=paced))
        yield found


def peer() -> list[str] | None:
    """Return the command of the peer, installed if need be; None without npm."""
    folder = HERE / ".aimock"
    command = folder / "node_modules" / ".bin" / "llmock"
    if not command.exists():
        if shutil.which("npm") is None:
            print("npm is not here, so aimock is left out")
            return None
        subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), PEER], check=True)
    return ["node", str(command)]


@contextlib.contextmanager
def playing_peer(command: list[str], folder: Path, text: str, *, paced: bool) -> Iterator[Subject]:
    """Run the peer with one fixture for everything."""
    fixtures = folder / "fixtures"
    fixtures.mkdir(exist_ok=True)
    said = {"fixtures": [{"match": {"endpoint": "embedding"}, "response": {"embedding": [0.1] * 1536}}]}
    said["fixtures"].append({"match": {}, "response": {"content": text}})
    (fixtures / "all.json").write_text(json.dumps(said), encoding="utf-8")
    port = free_port()
    options = ["-p", str(port), "-h", "127.0.0.1", "-f", str(fixtures), "--log-level", "silent", "-c", "4"]
    options += ["-l", str(round(GAP * 1000))] if paced else []
    process = subprocess.Popen([*command, *options], text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                ask(f"{url}{CHAT}", BODIES[CHAT])
                break
            time.sleep(0.1)  # the peer does not say when it is ready
        yield Subject(process, url)
    finally:
        process.terminate()
        process.wait(10)


def throughput(folder: Path, rounds: int) -> None:
    """Print how many requests each server answers."""
    print(f"\nRequests, {CONNECTIONS} connections, medians of {rounds} rounds of {REQUESTS}")
    print(f"{'':22}{'':10}{'per second':>12}{'per CPU s':>12}{'p50 ms':>9}{'p99 ms':>9}")
    figures: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    with subjects(folder, SENTENCE) as found:
        for path, body in BODIES.items():
            for name, subject in found.items():
                target = INSTEAD.get(path, path) if name == "aimock" else path
                raw = json.dumps(BODIES[target] if target != path else body).encode()
                load.run(f"{subject.url}{target}", raw, connections=CONNECTIONS, requests=REQUESTS)
                for _ in range(rounds):
                    figures[path, name].append(once(subject, f"{subject.url}{target}", raw))
        held = {name: memory(subject.process) / 2**20 for name, subject in found.items()}
    for path in BODIES:
        ours = statistics.median(one[0] for one in figures[path, "ours"])
        for name in found:
            per_second, per_cpu, p50, p99 = (
                statistics.median(each) for each in zip(*figures[path, name], strict=True)
            )
            ratio = "" if name == "ours" else f"   ours is {ours / per_second:.2f} of it"
            print(f"{path:22}{name:10}{per_second:12,.0f}{per_cpu:12,.0f}{p50:9.2f}{p99:9.2f}{ratio}")
    print("Memory after all that, MiB: " + ", ".join(f"{name} {size:.0f}" for name, size in held.items()))


def once(subject: Subject, url: str, body: bytes) -> tuple[float, float, float, float]:
    """Return one round's figures: requests per second and per CPU second, latencies in milliseconds."""
    before = load.processor(subject.process.pid)
    done = load.run(url, body, connections=CONNECTIONS, requests=REQUESTS)
    spent = load.processor(subject.process.pid) - before
    latencies = [percentile(done.latencies, share) * 1000 for share in (0.5, 0.99)]
    return REQUESTS / done.seconds, REQUESTS / spent, latencies[0], latencies[1]


def streams(folder: Path, rounds: int) -> None:
    """Print how many ready events each server sends, for one stream and for many at once."""
    print(f"\nReady streams, events per CPU second of the server, medians of {rounds} rounds")
    raw = json.dumps(STREAM).encode()
    with subjects(folder, LONG) as found:
        for streams_at_once, requests in ((1, 20), (100, 200), (1000, 1000)):
            figures: dict[str, list[float]] = defaultdict(list)
            for subject in found.values():
                load.run(f"{subject.url}{CHAT}", raw, connections=streams_at_once, requests=streams_at_once)
            for _ in range(rounds):
                for name, subject in found.items():
                    before = load.processor(subject.process.pid)
                    done = load.run(
                        f"{subject.url}{CHAT}", raw, connections=streams_at_once, requests=requests
                    )
                    figures[name].append(done.events / (load.processor(subject.process.pid) - before))
            ours = statistics.median(figures["ours"])
            for name, values in figures.items():
                ratio = "" if name == "ours" else f"   ours is {ours / statistics.median(values):.2f} of it"
                print(f"{streams_at_once:5} streams {name:10}{statistics.median(values):12,.0f}{ratio}")


def paced(folder: Path) -> None:
    """Print how even a thousand slow streams are, and what they cost."""
    print(f"\nPaced streams, an event every {GAP * 1000:.0f} ms")
    raw = json.dumps({**STREAM, "user": f"wait {GAP}"}).encode()
    words = " ".join(["fox"] * EVENTS)
    with subjects(folder, words, paced=True) as found:
        for many in (1, 100, 1000):
            for name, subject in found.items():
                before = load.processor(subject.process.pid)
                done = load.run(f"{subject.url}{CHAT}", raw, connections=many, requests=many)
                share = (load.processor(subject.process.pid) - before) / done.seconds
                gap = percentile(done.gaps, 0.99) * 1000
                held = memory(subject.process) / 2**20
                print(f"{many:5} streams {name:10}gap p99 {gap:7.0f} ms{share:8.0%} of a core{held:6.0f} MiB")


def starts(rounds: int) -> None:
    """Print how long our server takes to its first answer."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        with running() as (_, url):
            ask(f"{url}/v1/completions", BODIES["/v1/completions"])
            seconds.append(time.perf_counter() - began)
    print(f"\nStart to the first completion: {statistics.median(seconds):.2f} s")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        throughput(Path(name), count)
        streams(Path(name), count)
        paced(Path(name))
    starts(count)
