"""How long 5,000 replies take to load, and one of them to be chosen; medians printed.

python benchmarks/choose.py [replies] [requests]
"""

import statistics
import sys
import time
from collections.abc import Callable

from running import percentile

from mockserver.scenario.index import Index
from mockserver.scenario.loader import load_text
from mockserver.scenario.selection import choose

#: how each reply of a story is matched, by its number
KINDS: dict[str, Callable[[int], str]] = {
    "equals": lambda n: f'"Where is order {n}?"',
    "contains": lambda n: f'{{contains: "order {n}?"}}',
    "starts_with": lambda n: f'{{starts_with: "Where is order {n}?"}}',
    "glob": lambda n: f'{{glob: "*order {n}?"}}',
    "regex": lambda n: f'{{regex: "order {n}\\\\b"}}',
}
KINDS["mixed"] = lambda n: [kind for name, kind in KINDS.items() if name != "mixed"][n % 5](n)


def story(kind: str, replies: int) -> str:
    """Return a scenario whose every reply is for a prompt of its own."""
    rules = (
        f'  - match: {{endpoint: completions, prompt: {KINDS[kind](n)}}}\n    reply: {{text: " On its way, {n}."}}\n'
        for n in range(replies)
    )
    return f"version: 1\nreplies:\n{''.join(rules)}"


def measure(kind: str, replies: int, requests: int) -> None:
    """Load a story and choose from it, for orders spread over the whole of it and for one that is not there."""
    text = story(kind, replies)
    loads = []
    for _ in range(3):
        began = time.perf_counter()
        scenario = load_text(text)
        loads.append(time.perf_counter() - began)
    began = time.perf_counter()
    index = Index(scenario.replies)
    built = time.perf_counter() - began
    times = []
    for request in range(requests):
        number = request * 7919 % (replies + 1)
        facts = {
            "endpoint": "completions",
            "prompt": f"Where is order {number}?",
            "model": "gpt-3.5-turbo-instruct",
        }
        began = time.perf_counter()
        chosen = index.choose(facts)
        times.append((time.perf_counter() - began) * 1000)
        assert chosen.index == (number if number < replies else None)
        if request < 20:
            assert chosen == choose(scenario.replies, facts)
    print(
        f"{kind:12} load median {statistics.median(loads):.2f} s   index {built * 1000:4.0f} ms   "
        f"choose p50 {percentile(times, 0.5):.3f} ms   p99 {percentile(times, 0.99):.3f} ms"
    )


def main(replies: int, requests: int) -> None:
    """Measure every kind of match."""
    print(f"{replies:,} replies, {requests:,} requests")
    for kind in KINDS:
        measure(kind, replies, requests)


if __name__ == "__main__":
    numbers = [int(told) for told in sys.argv[1:]]
    main(*(numbers + [5000, 2000][len(numbers) :]))
