"""How alike two texts are: the metrics of the `text_similarity` grader, from their standard definitions.

Every metric answers a number from 0 (nothing in common) to 1, and the same text twice is always 1, also where
the definition is empty (three words have no `rouge_5`). `bleu` and `meteor` judge a text against a reference,
the other metrics are symmetric. The official guide names the metrics and, for `fuzzy_match`, the library
(rapidfuzz); which tokens, smoothing and variant of each metric the service uses is not verified.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import partial

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"[^\W_]+")

_BLEU_ORDER = 4
_METEOR_ALPHA, _METEOR_BETA, _METEOR_GAMMA = 0.9, 3, 0.5


def similarity(metric: str, text: str, reference: str) -> float:
    """Grade `text` against `reference`, 0..1, by a name of `METRICS`."""
    return 1.0 if text == reference else METRICS[metric](text, reference)


def cosine(text: str, reference: str) -> float:
    """Angle between the two bags of words.

    The service compares `text-embedding-3-large` vectors, in evals only; here the words themselves stand in.
    """
    one, two = Counter(_words(text)), Counter(_words(reference))
    lengths = math.sqrt(_squares(one) * _squares(two))
    return sum(one[word] * two[word] for word in one) / lengths if lengths else 0.0


def fuzzy_match(text: str, reference: str) -> float:
    """Characters in common and in order: the `ratio` of rapidfuzz, which is case-sensitive."""
    return _f1(_common_in_order(text, reference), len(text), len(reference))


def bleu(text: str, reference: str) -> float:
    """Sentence BLEU without smoothing, of 1- to 4-grams or of the grams a shorter text has."""
    tokens, wanted = _tokens(text), _tokens(reference)
    orders = range(1, min(_BLEU_ORDER, len(tokens)) + 1)
    common = [(_ngrams(tokens, n) & _ngrams(wanted, n)).total() for n in orders]
    if not all(common) or not tokens:
        return 0.0
    precisions = [math.log(count / (len(tokens) - n + 1)) for n, count in zip(orders, common, strict=True)]
    brevity = min(0.0, 1 - len(wanted) / len(tokens))
    return math.exp(brevity + sum(precisions) / len(precisions))


def gleu(text: str, reference: str) -> float:
    """Google BLEU: the lesser of precision and recall over all n-grams of one to four tokens."""
    orders = range(1, _BLEU_ORDER + 1)
    one, two = (sum((_ngrams(_tokens(t), n) for n in orders), Counter[Hashable]()) for t in (text, reference))
    return (one & two).total() / (max(one.total(), two.total()) or 1)


def meteor(text: str, reference: str) -> float:
    """METEOR by exact words (stems and synonyms need a dictionary), weighted as by Banerjee and Lavie, 2005.

    As in METEOR 1.5 a perfect match has no fragmentation and so grades 1.
    """
    words, wanted = _tokens(text.lower()), _tokens(reference.lower())
    matches, chunks = _align(words, wanted)
    if not matches:
        return 0.0
    precision, recall = matches / len(words), matches / len(wanted)
    mean = precision * recall / (_METEOR_ALPHA * precision + (1 - _METEOR_ALPHA) * recall)
    penalty = 0.0 if words == wanted else _METEOR_GAMMA * (chunks / matches) ** _METEOR_BETA
    return mean * (1 - penalty)


def rouge_n(n: int, text: str, reference: str) -> float:
    """ROUGE-N: F1 of the n-grams in common, of lower-case words without punctuation."""
    one, two = _ngrams(_words(text), n), _ngrams(_words(reference), n)
    return _f1((one & two).total(), one.total(), two.total())


def rouge_l(text: str, reference: str) -> float:
    """ROUGE-L: F1 of the longest common subsequence of words."""
    one, two = _words(text), _words(reference)
    return _f1(_common_in_order(one, two), len(one), len(two))


METRICS: dict[str, Callable[[str, str], float]] = {
    "cosine": cosine,
    "fuzzy_match": fuzzy_match,
    "bleu": bleu,
    "gleu": gleu,
    "meteor": meteor,
    **{f"rouge_{n}": partial(rouge_n, n) for n in range(1, 6)},
    "rouge_l": rouge_l,
}
"""Every `evaluation_metric` of the official document, in its order."""


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _ngrams(words: Sequence[str], n: int) -> Counter[Hashable]:
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))


def _squares(counts: Counter[str]) -> int:
    return sum(count * count for count in counts.values())


def _f1(common: int, one: int, two: int) -> float:
    """F1 of precision `common/one` and recall `common/two`."""
    return 2 * common / (one + two) if common else 0.0


def _common_in_order(one: Sequence[str], two: Sequence[str]) -> int:
    """Length of the longest common subsequence (Hyyrö 2004: a row of the table is one integer).

    A zero bit at position i says the subsequence grows by one at `one[i]`; long texts stay cheap.
    """
    places: defaultdict[str, int] = defaultdict(int)
    for position, symbol in enumerate(one):
        places[symbol] |= 1 << position
    full = row = (1 << len(one)) - 1
    for symbol in two:
        hits = row & places.get(symbol, 0)
        row = ((row + hits) | (row - hits)) & full
    return len(one) - row.bit_count()


def _align(words: Sequence[str], wanted: Sequence[str]) -> tuple[int, int]:
    """Pair equal words one to one; answers how many pairs and in how many unbroken runs.

    Left to right, a run is continued where it can be; METEOR itself searches for the fewest runs.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(wanted):
        places[word].append(position)
    nowhere = -2
    matches, chunks, previous = 0, 0, nowhere
    for word in words:
        free = places.get(word)
        if not free:
            previous = nowhere
            continue
        place = previous + 1 if previous + 1 in free else free[0]
        free.remove(place)
        matches += 1
        chunks += place != previous + 1
        previous = place
    return matches, chunks
