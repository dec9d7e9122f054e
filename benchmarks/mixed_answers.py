"""Whether anybody ever hears somebody else's answer: two threads at one world, then twenty worlds side by side.

Every conversation has a sequence of its own; each answer names the conversation and its turn.

python benchmarks/mixed_answers.py [calls]
"""

import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx2
from running import running

TURNS = 10
WORLDS = 20
STORY = (
    "version: 1\nlimits: {requests_per_minute: 1000000, tokens_per_minute: 1000000000}\nreplies:\n"
    '  - match: {prompt: {regex: "^(?P<who>\\\\w+)"}}\n    per: conversation\n    then: error\n    replies:\n'
    + "".join(f"      - text: ' {{who}} hears {turn}'\n" for turn in range(TURNS))
)


def hear(url: str, names: list[str]) -> tuple[int, int]:
    """Take every turn of some conversations by turns; return how many calls that were, and how many went wrong."""
    wrong = 0
    with httpx2.Client(headers={"authorization": "Bearer sk-bench"}, timeout=60) as http:
        for turn in range(TURNS):
            for name in names:
                answer = http.post(
                    f"{url}/completions", json={"model": "davinci-002", "prompt": f"{name} asks"}
                )
                said = answer.json()["choices"][0]["text"] if answer.is_success else answer.text
                wrong += said != f" {name} hears {turn}"
    return TURNS * len(names), wrong


def open_worlds(url: str, count: int) -> list[str]:
    """Open worlds that tell the story; return their base URLs."""
    opened = [
        httpx2.post(f"{url}/_mock/worlds", json={"yaml": STORY}).raise_for_status() for _ in range(count)
    ]
    return [answer.json()["base_url"] for answer in opened]


def report(name: str, threads: int, work: Iterable[tuple[str, list[str]]]) -> int:
    """Let threads hear all of it at once; return how many answers were mixed up."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        heard = list(pool.map(lambda each: hear(*each), work))
    calls, wrong = (sum(column) for column in zip(*heard, strict=True))
    print(f"{name:32}{calls:7,} calls   {wrong} mixed answers   {time.perf_counter() - began:.1f} s")
    return wrong


def main(calls: int) -> int:
    """Ask and print."""
    with running() as (_, url):
        [one] = open_worlds(url, 1)
        each = calls // 2 // TURNS
        wrong = report(
            "two threads at one world", 2, ((one, [f"{who}{n}" for n in range(each)]) for who in "ab")
        )
        names = [f"c{n}" for n in range(calls // WORLDS // TURNS)]
        wrong += report(
            "twenty worlds side by side", WORLDS, ((world, names) for world in open_worlds(url, WORLDS))
        )
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
