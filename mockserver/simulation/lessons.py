"""What a tuned model has learned: the example whose prompt is most like the one it is asked.

The same prompt is the most alike; else the cosine between the sets of words of both decides (of characters,
where a script puts no blanks between words), and between equals the earlier example. Nothing in common means
nothing learned.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice

from mockserver.simulation.training_file import Example

#: how many examples of a file are looked at; a file can have millions
MOST = 20_000

_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


class Lessons:
    """The first examples of a training file, at most `MOST`, ready to be asked."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._completions: list[str] = []
        self._exact: dict[str, int] = {}
        self._lengths: list[float] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for number, example in enumerate(islice(examples, MOST)):
            words = _words(example.prompt)
            self._completions.append(example.completion)
            self._exact.setdefault(example.prompt, number)
            self._lengths.append(math.sqrt(len(words)))
            for word in words:
                self._places[word].append(number)

    def answer(self, prompt: str) -> str | None:
        """Return the completion taught for the prompt most like this one; None if none is like it."""
        if (number := self._exact.get(prompt)) is not None:
            return self._completions[number]
        common: Counter[int] = Counter()
        for word in _words(prompt):
            common.update(self._places.get(word, ()))
        if not common:
            return None
        return self._completions[
            min(common, key=lambda number: (-common[number] / self._lengths[number], number))
        ]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
