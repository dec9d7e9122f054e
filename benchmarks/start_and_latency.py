"""How long until the server answers, and how long an answer takes; everything in one run, medians printed.

python benchmarks/start_and_latency.py [rounds]
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import openai
from running import memory, percentile, running

MIB = 2**20


def start_to_first_answer() -> tuple[float, float]:
    """Return seconds from starting the process to the first 200, and its memory in MiB then."""
    began = time.perf_counter()
    with running() as (process, url):
        httpx2.get(f"{url}/_mock/health").raise_for_status()
        return time.perf_counter() - began, memory(process) / MIB


def help_takes() -> float:
    """Return how many seconds `mockserver --help` takes."""
    command = str(Path(sys.executable).with_name("mockserver"))
    began = time.perf_counter()
    subprocess.run([command, "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def latency(calls: int) -> dict[str, list[float]]:
    """Return milliseconds per keep-alive call, through the real client and bare."""
    times: dict[str, list[float]] = {}
    with running() as (_, url), openai.OpenAI(base_url=f"{url}/v1", api_key="sk-bench") as client:
        bare = httpx2.Client(base_url=url, headers={"authorization": "Bearer sk-bench"})
        subjects = {
            "client models.list": client.models.list,
            "client models.retrieve": lambda: client.models.retrieve("gpt-4o"),
            "client completions": lambda: client.completions.create(
                model="gpt-3.5-turbo-instruct", prompt="Say hello", max_tokens=16
            ),
            "bare GET /v1/models": lambda: bare.get("/v1/models").raise_for_status(),
            "bare GET /v1/models/gpt-4o": lambda: bare.get("/v1/models/gpt-4o").raise_for_status(),
        }
        for name, call in subjects.items():
            for _ in range(10):
                call()
            times[name] = []
            for _ in range(calls):
                began = time.perf_counter()
                call()
                times[name].append((time.perf_counter() - began) * 1000)
        bare.close()
    return times


def main(rounds: int) -> None:
    """Measure and print."""
    starts = [start_to_first_answer() for _ in range(rounds)]
    helps = [help_takes() for _ in range(rounds)]
    print(f"start to first 200   median {statistics.median(s for s, _ in starts):.2f} s of {rounds}")
    print(f"memory then          median {statistics.median(m for _, m in starts):.0f} MiB")
    print(f"--help               median {statistics.median(helps):.3f} s of {rounds}")
    for name, values in latency(200).items():
        print(f"{name:28} p50 {percentile(values, 0.5):6.2f} ms   p99 {percentile(values, 0.99):6.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
