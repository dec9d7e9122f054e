"""A tiny language model: what a base model says when nothing is scripted. Honest nonsense, truly distributed.

The last token says which words can follow (a grammar of one page, every word a single token of every
encoding); a checksum of everything read so far says how likely each of them is. So the same beginning always
has the same likeliest continuation, another beginning another one, and temperature, penalties, biases and log
probabilities have something to act on: they are computed, not made up afterwards.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from mockserver.simulation import tokens

_END = "<|endoftext|>"

#: place in a sentence -> the words that can stand there, by the place they lead to. A place has a prime
#: number of words, so that every stride visits all of them; a word written more than once is that much
#: likelier. An answer of its own begins with a word before which nothing stands, not even a space.
GRAMMAR = {
    "start": {"who": "The This Every One Another My Your"},
    "opening": {"who": "The This Every One Another My Your"},
    "next": {"who": "The This Every One Another My", "opening": _END},
    "who": {
        "person": "old young clever tired brave",
        "does": "teacher farmer doctor king sailor painter driver writer",
    },
    "person": {"does": "teacher farmer doctor king sailor painter driver writer nurse captain singer"},
    "does": {
        "which": "found opened carried watched painted remembered built sold lost kept repaired noticed moved"
    },
    "which": {"what": "the every one another his her that"},
    "what": {
        "thing": "small red wooden heavy new",
        "then": "door lamp boat bridge letter garden window mirror",
    },
    "thing": {"then": "door lamp boat bridge letter garden window mirror clock map key"},
    "then": {"next": ". . . .", "which": "near behind beside under with", "does": "and but"},
}

#: how fast likelihood falls from a place's favourite word to the next: from an open choice to a sure thing
_FALLS = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
#: the likelihood a model gives to a token it was taught to say, and to one it did not expect to read
_SURE, _SURPRISED = (0.80, 0.999), (0.0005, 0.05)


@dataclass(frozen=True, slots=True)
class Language:
    """The grammar in the tokens of one encoding; `end` is the token after the last one of a text."""

    places: dict[str, tuple[int, ...]]
    leads_to: dict[int, str]
    end: int


@dataclass(slots=True)
class Context:
    """What a model has read so far: a checksum of it, and the place in a sentence where it stands."""

    language: Language
    checksum: int
    place: str = "opening"

    def read(self, token: int) -> None:
        """Read one more token."""
        self.checksum = crc32(token.to_bytes(4, "little"), self.checksum)
        self.place = self.language.leads_to.get(token, "opening")

    def expected(self) -> dict[int, float]:
        """Return how likely each possible next token is; together they are 1."""
        words, bits = self.language.places[self.place], self.checksum
        count = len(words)
        position, stride = bits % count, 1 + (bits >> 8) % (count - 1)
        likely: dict[int, float] = {}
        for share in _shares(count, _FALLS[bits >> 20 & 7]):
            word = words[position % count]
            likely[word] = likely.get(word, 0.0) + share
            position += stride
        return likely

    def expecting(self, token: int, *, taught: bool) -> dict[int, float]:
        """Return the likelihoods before a token that does come, be it taught or a surprise."""
        likely = self.expected()
        if token in likely and not taught:
            return likely
        low, high = _SURE if taught else _SURPRISED
        share = low + (high - low) * (self.checksum >> 4 & 0xFFFF) / 0xFFFF
        others = {other: value * (1 - share) for other, value in likely.items() if other != token}
        return {token: 1 - sum(others.values()), **others}


def after(prompt: Iterable[int], model: str, suffix: str = "", *, anew: bool = False) -> Context:
    """Return the context in which a model begins to complete a prompt (tokens), given what is to follow.

    Who answers a prompt, instead of going on with it, begins `anew`.
    """
    start = crc32(suffix.encode("utf-8", "surrogatepass"), crc32(model.encode("utf-8", "surrogatepass")))
    place = "start" if anew else "opening"
    return Context(language(model), crc32(array("I", prompt).tobytes(), start), place)


@lru_cache(maxsize=64)
def language(model: str) -> Language:
    """Return the language of a model: the same words for all, in its encoding's tokens."""
    end = tokens.end_of_text(model)
    places: dict[str, tuple[int, ...]] = {}
    leads_to: dict[int, str] = {}
    for place, continuations in GRAMMAR.items():
        words: list[int] = []
        for following, spelled in continuations.items():
            space = "" if place == "start" else " "
            found = [end if word == _END else _token(word, model, space) for word in spelled.split()]
            leads_to |= dict.fromkeys(found, following)
            words += found
        places[place] = tuple(words)
    return Language(places, leads_to, end)


def _token(word: str, model: str, space: str) -> int:
    [token] = tokens.encode(word if word == "." else f"{space}{word}", model)
    return token


@lru_cache
def _shares(count: int, fall: float) -> tuple[float, ...]:
    steps = [fall**rank for rank in range(count)]
    whole = sum(steps)
    return tuple(step / whole for step in steps)
