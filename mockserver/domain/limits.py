"""What an organization may ask of a model and spend: token buckets on the world's clock, money by the calendar month.

A request is weighed before anybody reads it: one request, and as many tokens as the limiter guesses. All of its
model's buckets have room, and it takes from each of them, or one has not, and it takes from none (officially a
refused request counts as one, too; here the wait that a refusal names stays true, whoever else is refused). What was
taken is not given back: not for an answer that is shorter than it could have been, nor for one that is an error.

The tokens are guessed as the official guide says: the larger of the characters it brings divided by four, and of
`max_tokens` times the answers it wants. Models tuned from one base share its buckets.

A refusal tells two truths. Its words and `x-ratelimit-reset-*` speak of the world's time, `retry-after` and
`retry-after-ms` of the client's own: at rate 600 a minute of the world is a tenth of a second for who waits. A clock
that stands still brings no room, however long a client waits; one whose rate is auto goes on to the moment that the
refusal names, as it does for everybody who waits.

Buckets are kept in memory: after a restart, and in a world that goes on with another scenario, they are full. What was
spent is asked of the ledger of usage, fine-tunes included.
"""

from decimal import Decimal
from typing import Any, Literal

from mockserver import errors
from mockserver.domain import usage
from mockserver.domain.models import Model
from mockserver.errors import limits as refusals
from mockserver.simulation.bucket import MICROSECONDS, Bucket, duration
from mockserver.world import World

Kind = Literal["requests", "tokens"]

#: each limit of a scenario: what it counts, per what, and how many seconds that is
MEASURES: dict[str, tuple[Kind, str, int]] = {
    "requests_per_minute": ("requests", "min", 60),
    "tokens_per_minute": ("tokens", "min", 60),
    "requests_per_day": ("requests", "day", 86_400),
    "tokens_per_day": ("tokens", "day", 86_400),
}
#: how long an answer may be, in tokens, when the request does not say
DEFAULT_ANSWER = {"completions.create": 16}
CHARACTERS_PER_TOKEN = 4
#: where a request has its text
TEXTS = frozenset({"prompt", "suffix", "messages", "input", "instructions", "instruction"})
#: where it says how long an answer may be
LONGEST = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens"})
#: the day on which spend limits came to have a code of their own, by client 2.48.0 (not verified)
OWN_CODE_SINCE = 1784764800  # 2026-07-23

#: the headers about requests and about tokens: the limit, what is left, when it is full; and whose buckets they tell of
HEADERS = [
    (
        f"x-ratelimit-limit-{kind}".encode(),
        f"x-ratelimit-remaining-{kind}".encode(),
        f"x-ratelimit-reset-{kind}".encode(),
        [name for name, measure in MEASURES.items() if measure[0] == kind],
    )
    for kind in ("requests", "tokens")
]

Buckets = dict[str, Bucket]


def weigh(operation: str, body: dict[str, Any]) -> int:
    """Return how many tokens a request counts for; what it says may be nonsense, since nobody has read it yet."""
    written, told = 0, None
    for name, value in body.items():
        if name in TEXTS:
            written += _characters(value)
        elif name in LONGEST and value is not None:
            told = value
    answers = max(_whole(body.get("n"), 1), _whole(body.get("best_of"), 1))
    answer = _whole(told, DEFAULT_ANSWER.get(operation, 0)) * answers
    return max(answer, -(-written // CHARACTERS_PER_TOKEN))


def admit(world: World, model: Model, tokens: int) -> list[tuple[bytes, bytes]]:
    """Count a request, and return what the headers of its answer say of the limits.

    Raises ApiError 429 if the organization has spent what it may, or if a limit of the model has no room.
    """
    now = round(world.clock.time * MICROSECONDS)
    buckets = _buckets(world, model)
    _check_quota(world, buckets, now)
    asked = {"requests": 1, "tokens": tokens}
    waits: dict[str, int] = {}
    for name, bucket in buckets.items():
        kind, per, _ = MEASURES[name]
        wait = bucket.wait(asked[kind], now)
        if wait is None:
            raise _with(
                refusals.request_too_large(
                    model.id, _organization(world), per=per, limit=bucket.limit, requested=asked[kind]
                ),
                _told(buckets, now),
            )
        waits[name] = wait
    longest = max(waits, key=waits.__getitem__)
    if waits[longest]:
        raise _refused(world, model, buckets, longest, asked[MEASURES[longest][0]], waits[longest], now)
    for name, bucket in buckets.items():
        buckets[name] = bucket.take(asked[MEASURES[name][0]], now)
    return _headers(buckets, now)


def _check_quota(world: World, buckets: Buckets, now: int) -> None:
    limit = world.scenario.limits.spend
    if limit is None or usage.spent(world) < Decimal(str(limit)):
        return
    as_of = world.as_of
    code = "organization_spend_limit_exceeded" if as_of and as_of >= OWN_CODE_SINCE else "insufficient_quota"
    refusal = refusals.insufficient_quota(
        code=None if world.legacy_shapes else code, legacy=world.legacy_shapes
    )
    raise _with(refusal, _told(buckets, now))


def _refused(
    world: World, model: Model, buckets: Buckets, name: str, asked: int, wait: int, now: int
) -> errors.ApiError:
    """Return the refusal of a request that has to wait, letting a clock that is auto wait for it."""
    bucket = buckets[name]
    kind, per, _ = MEASURES[name]
    refusal = refusals.rate_limited(
        model.id,
        _organization(world),
        kind=kind,
        per=per,
        limit=bucket.limit,
        used=bucket.used(now),
        requested=asked,
        wait=duration(wait),
        legacy=world.legacy_shapes,
    )
    milliseconds = _real_milliseconds(world, wait)
    retry = {
        "retry-after-ms": str(milliseconds),
        "retry-after": str(-(-milliseconds // 1000)),
    }
    if world.clock.auto:
        world.clock.reach((now + wait) / MICROSECONDS)
    return _with(refusal, _told(buckets, now) | retry)


def _real_milliseconds(world: World, wait: int) -> int:
    """Return how long a wait is for the client, at least 1, since a client takes 0 for no answer at all."""
    clock = world.clock
    rate = 1.0 if clock.held or clock.rate in {0, "auto"} else float(clock.rate)
    real = 0 if clock.auto else wait / rate
    return max(1, int(-(-real // 1000)))


def _buckets(world: World, model: Model) -> Buckets:
    """Return the buckets of a model's base, one for each limit it has."""
    everybodys: dict[str, Buckets] = world.memory.setdefault("buckets", {})
    if model.base not in everybodys:
        limits = world.scenario.limits.of(model.base)
        told = {name: getattr(limits, name) for name in MEASURES}
        everybodys[model.base] = {
            name: Bucket(limit, MEASURES[name][2]) for name, limit in told.items() if limit is not None
        }
    return everybodys[model.base]


def _headers(buckets: Buckets, now: int) -> list[tuple[bytes, bytes]]:
    """Return the six headers; of a minute's and a day's limit they tell the one with less room (not verified)."""
    told: list[tuple[bytes, bytes]] = []
    for limit, remaining, reset, names in HEADERS:
        own = [bucket for name in names if (bucket := buckets.get(name)) is not None]
        bucket = own[0] if len(own) == 1 else min(own, key=lambda one: one.remaining(now))
        told += (
            (limit, b"%d" % bucket.limit),
            (remaining, b"%d" % bucket.remaining(now)),
            (reset, duration(bucket.refilled_after(now)).encode()),
        )
    return told


def _told(buckets: Buckets, now: int) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _headers(buckets, now)}


def _with(refusal: errors.ApiError, headers: dict[str, str]) -> errors.ApiError:
    refusal.headers |= headers
    return refusal


def _organization(world: World) -> str:
    return world.scenario.account.organization


def _characters(value: object) -> int:
    """Return the length of a text, or of all texts in a list; a token that comes as a number is as long as most."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(map(_characters, value))
    if isinstance(value, dict):
        return _characters(value.get("content")) + _characters(value.get("text"))
    return CHARACTERS_PER_TOKEN if isinstance(value, int) else 0


def _whole(value: object, default: int) -> int:
    """Return a number that makes sense as a count, else the default."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
