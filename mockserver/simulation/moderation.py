"""Moderation: a small list of words for each category, and a score for everything.

A text without such words scores next to nothing, by a number that is its own; each word found leaves a tenth of
what is missing to 1. What is found in a part of a category (`violence/graphic`) is found in the category as well. This
finds what a test writes to be found; it is no judge of texts, and of pictures it sees nothing.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Literal, get_args

Category = Literal[
    "hate",
    "hate/threatening",
    "harassment",
    "harassment/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
]

#: every category, in the order of the official document; those of omni-moderation
CATEGORIES: tuple[Category, ...] = get_args(Category)
#: those of text-moderation since 2023, by the official page's example of 2024
TEXT_CATEGORIES = tuple(each for each in CATEGORIES if not each.startswith("illicit"))
#: those it came with, by the official page's example of 2022
CATEGORIES_OF_2022 = tuple(
    each
    for each in TEXT_CATEGORIES
    if not each.startswith("harassment") and each not in {"self-harm/intent", "self-harm/instructions"}
)
#: which categories a picture can be in (official guide)
OF_PICTURES = frozenset(
    each for each in CATEGORIES if each.startswith(("self-harm", "violence")) or each == "sexual"
)

#: from which score on a category is flagged (the service's own thresholds are not published)
THRESHOLD = 0.5

_HURT = "beat(?: up)?|hang|hurt|kill|murder|shoot|stab|strangle"
_SOMEBODY = "her|him|them|those people|you|your family"
_ONESELF = "myself|ourselves"
_WORDS: Mapping[Category, str] = {
    "hate": r"subhumans?|vermin|master race|racial purity|go back to your (?:own )?country",
    "hate/threatening": r"ethnic cleansing|exterminate (?:all|them|those)|wipe out (?:all|that race|those people)",
    "harassment": r"idiots?|morons?|imbeciles?|shut up|worthless|you(?: are|'re) (?:pathetic|stupid|ugly)",
    "harassment/threatening": rf"(?:{_HURT}) (?:{_SOMEBODY})|watch your back|you will pay for this",
    "illicit": r"shoplift\w*|counterfeit\w*|launder(?:ing)? money|hotwire|cook meth|forge a passport",
    "illicit/violent": r"(?:build|make) (?:a|an|the) (?:\w+ )?(?:bomb|explosive)s?|untraceable gun|hire a hitman",
    "self-harm": r"self[- ]harm\w*|suicid\w*|anorexi\w*|cutting myself",
    "self-harm/intent": rf"(?:cut|{_HURT}) (?:{_ONESELF})|end my life|want to die",
    "self-harm/instructions": r"how to (?:cut|hang|hurt|kill) (?:myself|yourself)|ways to commit suicide",
    "sexual": r"porn\w*|erotic\w*|orgasms?|nudes?|striptease|sexual intercourse",
    "sexual/minors": r"child porn\w*|underage (?:nudes?|porn\w*|sex\w*)",
    "violence": r"kill\w*|murder\w*|stab(?:bed|bing|s)?|shoot (?:her|him|them|you)|massacre\w*|slaughter\w*|behead\w*",
    "violence/graphic": r"behead\w*|dismember\w*|disembowel\w*|gore|gory|severed (?:arm|hand|head|leg)s?",
}
_PATTERNS = {category: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for category, words in _WORDS.items()}
_PARTS: Mapping[Category, Sequence[Category]] = {
    whole: [part for part in CATEGORIES if part.startswith(f"{whole}/")] for whole in CATEGORIES
}
# What a text without such words can score, which is what harmless ones score at the service.
_NOTHING = 0.001

Scores = Mapping[Category, float]


@lru_cache(maxsize=1024)
def score(text: str) -> Scores:
    """Return how sure it is that a text is in each category, 0..1, for all of `CATEGORIES`."""
    found = {category: len(pattern.findall(text)) for category, pattern in _PATTERNS.items()}
    return MappingProxyType({category: _score(category, found, text) for category in CATEGORIES})


def _score(category: Category, found: Mapping[Category, int], text: str) -> float:
    words = found[category] + sum(found[part] for part in _PARTS[category])
    noise = blake2b(f"{category}\0{text}".encode(errors="replace"), digest_size=4).digest()
    least = _NOTHING * int.from_bytes(noise) / 2**32
    return 1 - (1 - least) * 0.1**words
