"""What was used: one ledger, from which every report of usage and of cost is made.

A row of the ledger says what one key has asked of one model, through one operation, within one minute. In a kept world
it is in the store before the answer is sent, so that both are there after a crash, or neither. What a fine-tune has
cost is not written down a second time: its entry is the job itself, also when that is deleted.

A price is that of the day the world was set on when it was asked; see `simulation/catalogue.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from mockserver.clock import utc
from mockserver.domain.jobs import FORGOTTEN, Job
from mockserver.domain.models import Model
from mockserver.simulation import catalogue
from mockserver.world import World

MINUTE = 60
#: what is charged for, as the official bills call it behind the model's name; "training" is not verified
READ, CACHED, SAID, TRAINED = "input", "cached input", "output", "training"


#: whose a row is: the first second of its minute, the operation, the model, the rate, the key, and the world's day
Who = tuple[int, str, str, str, str, int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: so many tokens of one `item` for so many USD."""

    item: str
    tokens: int
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """What was used within a minute (`at` is its first second, in unix seconds); of the tokens `read`, some `cached`.

    `rate` is whose price is asked: a model's own, or for a tuned one `ft:` and its base. `key` is the id of a key; a
    fine-tune has none, but tells its price (`usd`) itself.
    """

    at: int
    operation: str
    model: str
    rate: str
    key: str | None
    as_of: int | None
    requests: int
    read: int = 0
    cached: int = 0
    said: int = 0
    trained: int = 0
    usd: Decimal | None = None

    def lines(self) -> list[Line]:
        """Return what it costs, item by item; an item of which there was nothing has no line."""
        if self.usd is not None:
            return [Line(TRAINED, self.trained, self.usd)]
        used = {READ: self.read - self.cached, CACHED: self.cached, SAID: self.said}
        prices = _prices(self.rate, self.as_of)
        return [Line(item, tokens, tokens * prices[item] / 1000) for item, tokens in used.items() if tokens]

    def cost(self) -> Decimal:
        """Return what it costs, in USD."""
        return sum((line.usd for line in self.lines()), Decimal(0))


def note(
    world: World, model: Model, *, operation: str, key: str, read: int, said: int = 0, cached: int = 0
) -> None:
    """Note an answered request: `operation` as the client names it, tokens `read` (of them `cached`) and `said`."""
    now = world.clock.now
    rate = f"ft:{model.base}" if model.job else model.base
    who = (now - now % MINUTE, operation, model.id, rate, key_id(key), world.as_of)
    if world.folder is None:
        _add(world.ledger.setdefault(who, [0, 0, 0, 0]), read, cached, said)
    else:
        with world.moment():
            _keep(world, who, read, cached, said)
    known = world.memory.get("spent")
    if known is not None and known[0] == _month(who[0]):
        world.memory["spent"] = (known[0], known[1] + Entry(*who, 1, read, cached, said).cost())


@lru_cache
def key_id(key: str) -> str:
    """Return what reports call a key, since they must not tell it."""
    return f"key_{blake2b(key.encode(), digest_size=8).hexdigest()}"


def entries(world: World) -> Iterator[Entry]:
    """Yield everything that was used: answers in the order they were given, then fine-tunes."""
    yield from _answers(world)
    yield from _trained(world)


def spent(world: World) -> Decimal:
    """Return what was spent in this calendar month (UTC), in USD."""
    now = world.clock.now
    month = _month(now - now % MINUTE)
    known = world.memory.get("spent")
    if known is None or known[0] != month:
        known = (month, sum((entry.cost() for entry in _answers(world, month)), Decimal(0)))
        world.memory["spent"] = known
    answers: Decimal = known[1]
    return answers + sum((entry.cost() for entry in _trained(world) if _month(entry.at) == month), Decimal(0))


def _add(row: list[int], read: int, cached: int, said: int) -> None:
    """Add one more request to a row."""
    row[:] = row[0] + 1, row[1] + read, row[2] + cached, row[3] + said


def _keep(world: World, who: Who, read: int, cached: int, said: int) -> None:
    """Add one more request to a row in the store."""
    own_id = "|".join(map(str, who))
    row = world.store.get("usage", own_id) or {"id": own_id, "who": who, "used": [0, 0, 0, 0]}
    _add(row["used"], read, cached, said)
    world.store.put("usage", row, parent=_month(who[0]))


def _answers(world: World, month: str | None = None) -> Iterator[Entry]:
    if world.folder is None:
        rows = [(who, used) for who, used in world.ledger.items() if month in {None, _month(who[0])}]
    else:
        rows = [(row["who"], row["used"]) for row in world.store.all("usage", parent=month)]
    for who, used in rows:
        yield Entry(*who, *used)


def _trained(world: World) -> Iterator[Entry]:
    """Yield the fine-tunes that have succeeded; the others are free, however long they ran (not verified)."""
    known: dict[str, Entry] = world.memory.setdefault("trained", {})
    for kind in (FORGOTTEN, "job"):
        for job in world.store.all(kind, where={"status": "succeeded"}):
            if job["id"] not in known:
                known[job["id"]] = _training(world, job)
            yield known[job["id"]]


def _training(world: World, job: Job) -> Entry:
    """Return a fine-tune as an entry: it costs what its events have told, which a scripted one may leave out."""
    events = world.store.all("job.event", parent=job["id"], where={"kind": "costs"})
    told = next((event["data"]["cost"] for event in events), None)
    finished: int = job["finished_at"]
    return Entry(
        finished - finished % MINUTE,
        "fine_tunes.create" if job["api"] == "legacy" else "fine_tuning.jobs.create",
        job["model"],
        f"ft:{job['base']}",
        None,
        world.as_of,
        1,
        trained=job["trained_tokens"],
        usd=_price_of(world, job) if told is None else Decimal(repr(told)),
    )


def _price_of(world: World, job: Job) -> Decimal:
    known = job["base"] in catalogue.all_models()
    price = catalogue.training_price(job["base"], world.as_of) if known else Decimal(0)
    return Decimal(job["trained_tokens"] * price / 1000)


def _prices(rate: str, as_of: int | None) -> dict[str, Decimal]:
    """Return what each item costs per 1,000 tokens; models of the scenario's own are free."""
    if catalogue.base_of(rate) not in catalogue.all_models():
        return dict.fromkeys((READ, CACHED, SAID), Decimal(0))
    read, said = catalogue.usage_price(rate, as_of)
    return {READ: read, CACHED: catalogue.cached_price(rate, as_of), SAID: said}


@lru_cache
@lru_cache
def _month(minute: int) -> str:
    return f"{utc(minute):%Y-%m}"
