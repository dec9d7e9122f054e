"""Texts that a schema allows: of its format, else like the name of their property, else written from its pattern.

The formats are those of OpenAI's structured outputs (https://developers.openai.com/api/docs/guides/structured-outputs)
and the common ones beyond. A format only tells what a text is like: lengths and patterns go before it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.simulation.schemas import patterns
from mockserver.simulation.schemas.fit import is_within
from mockserver.simulation.schemas.names import Words, called, faker, some_time

if TYPE_CHECKING:
    from mockserver.chance import Random

_TRIES = 20
_LONGEST = 100_000


def text(schema: Mapping[str, Any], words: Words, rng: "Random") -> str | None:
    """Return a text for a property called by such words; None if its schema allows none."""
    make = _FORMATS.get(schema.get("format", ""))
    if make:
        for _ in range(_TRIES):
            if is_within(found := make(rng), schema):
                return found
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if least > (_LONGEST if most is None else min(most, _LONGEST)):
        return None
    found = _fitted(called(words, rng), least, most, rng)
    if "pattern" not in schema or is_within(found, schema):
        return found
    return patterns.matching(schema["pattern"], rng, least, most)


def _fitted(found: str, least: int, most: int | None, rng: "Random") -> str:
    """Return a text made longer with words, or cut short, so that it ends in a letter still."""
    while len(found) < least:
        found += f" {faker(rng).word()}"
    if most is not None and len(found) > most:
        found = found[:most]
        return f"{found[:-1]}s" if found.endswith(" ") else found
    return found


def _host(rng: "Random") -> str:
    return f"{faker(rng).domain_word()}.example.com"


def _email(rng: "Random") -> str:
    return f"{faker(rng).user_name()}@example.com"


def _link(rng: "Random") -> str:
    return f"https://example.com/{faker(rng).slug()}"


def _ipv6(rng: "Random") -> str:
    return "2001:db8:" + ":".join(f"{rng.randrange(0x1000, 0x10000):x}" for _ in range(6))


def _uuid(rng: "Random") -> str:
    digits = f"{rng.getrandbits(128):032x}"
    variant = rng.choice("89ab")
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _duration(rng: "Random") -> str:
    return rng.choice((f"P{rng.randint(1, 30)}D", f"PT{rng.randint(1, 23)}H", f"PT{rng.randint(1, 59)}M"))


def _when(written: str) -> Callable[["Random"], str]:
    return lambda rng: some_time(rng).strftime(written)


_FORMATS: Mapping[str, Callable[["Random"], str]] = {
    "date-time": _when("%Y-%m-%dT%H:%M:00Z"),
    "date": _when("%Y-%m-%d"),
    "time": _when("%H:%M:00Z"),
    "duration": _duration,
    "email": _email,
    "idn-email": _email,
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "ipv6": _ipv6,
    "uuid": _uuid,
    "uri": _link,
    "url": _link,
    "iri": _link,
    "uri-reference": lambda rng: f"/{faker(rng).slug()}",
    "json-pointer": lambda rng: f"/{faker(rng).word()}",
    "regex": lambda rng: f"^{faker(rng).word()}$",
    "byte": lambda _: "bW9ja3NlcnZlcg==",
    "base64": lambda _: "bW9ja3NlcnZlcg==",
}
