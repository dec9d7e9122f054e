"""The models OpenAI has offered since 2020: when each existed, what it serves, holds and costs.

A model exists from its `created` second until the start (UTC) of its announced shutdown day, so a list of
models is a function of time. The facts are data, `data/models.json` and `data/prices.json`; where they come
from, and which are not verified, is told in `docs/models.md`. Prices are recorded per million tokens, as
OpenAI publishes them today, and answered per thousand, as it did in 2023.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parents[1] / "data"

#: what `/v1/fine-tunes` trained, in the order of its error message
LEGACY_BASES = ("ada", "babbage", "curie", "davinci")

_END_OF_TIME = "9999-12-31"
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")

# A day in ISO form, then the prices from that day on in USD per million tokens.
_Step = list[str]


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A model as `GET /v1/models` reports it, with what the wire does not say.

    `created` is in unix seconds, `shutdown` an ISO date: the day on which it is gone, None if not announced.
    `context` and `max_output` are in tokens: 0 is no context at all (images, video), None a limit that is not
    published apart from the context. `verified` says that `created` was found in a public record of the wire.
    """

    id: str
    created: int
    owned_by: str
    shutdown: str | None
    endpoints: tuple[str, ...]
    context: int
    max_output: int | None
    verified: bool


@cache
def all_models() -> Mapping[str, CatalogueModel]:
    """Return every model of every era by id, oldest first."""
    rows = json.loads((DATA / "models.json").read_text(encoding="utf-8"))
    models = (CatalogueModel(**row | {"endpoints": tuple(row["endpoints"])}) for row in rows)
    return MappingProxyType({model.id: model for model in models})


def existing(as_of: int | None) -> list[CatalogueModel]:
    """Return the models that existed at a unix time, oldest first; None is every era at once."""
    return [model for model in all_models().values() if _exists(model, as_of)]


def find(model_id: str, as_of: int | None) -> CatalogueModel | None:
    """Return the model if it existed at a unix time; None as the time is every era at once."""
    model = all_models().get(model_id)
    return model if model and _exists(model, as_of) else None


def tunable(endpoint: str, as_of: int | None) -> list[str]:
    """Return the ids of the models that `fine_tunes` or `fine_tuning.jobs` could train at a unix time.

    A model opens for training on the day its first training price was announced, not when it was created.
    None as the time is every era at once.
    """
    today = _day(as_of)
    return [
        model.id
        for model in existing(as_of)
        if endpoint in model.endpoints and _steps("training", model.id)[0][0] <= today
    ]


def legacy_root(base: str) -> str:
    """Return what legacy model objects name as root and parent of a model tuned from `base`."""
    return f"{base}:2020-05-03" if base in LEGACY_BASES else base


def base_of(model_id: str) -> str:
    """Return the base in a tuned model's name, by the legacy or the modern rule; another name as it is.

    `davinci:ft-personal-2023-03-15-09-11-14` is `davinci`; `ft:gpt-4o-mini-2024-07-18:org:suffix:id`, and its
    checkpoint `…:ckpt-step-8`, is `gpt-4o-mini-2024-07-18`.
    """
    if model_id.startswith("ft:"):
        return model_id.split(":")[1]
    return model_id.partition(":ft-")[0]


def context_length(model_id: str) -> int:
    """Return how many tokens a model, or the base of a tuned one, holds today; 0 if it has no context.

    Raises KeyError for an unknown model.
    """
    return all_models()[base_of(model_id)].context


def training_price(model: str, as_of: int | None) -> Decimal:
    """Return what training costs in USD per 1,000 tokens at a unix time; None is the latest price known.

    It is 0 where tokens are not what is billed: for o4-mini (by the hour) and models that cannot be trained.
    Raises KeyError for an unknown model.
    """
    (price,) = _price("training", _known_base(model), as_of) or (Decimal(0),)
    return price


def usage_price(model: str, as_of: int | None) -> tuple[Decimal, Decimal]:
    """Return what input and output cost in USD per 1,000 tokens at a unix time; None is the latest known.

    A tuned model has a price of its own where OpenAI set one, else that of its base. Both are 0 where tokens
    are not what is billed or no price is recorded. Raises KeyError for an unknown model.
    """
    prompt, completion = _tuned_or_not("usage", model, as_of) or (Decimal(0), Decimal(0))
    return prompt, completion


def cached_price(model: str, as_of: int | None) -> Decimal:
    """Return what input that is in the cache costs, in USD per 1,000 tokens; see `usage_price`.

    It costs as much as any other where OpenAI has published no price for it.
    """
    input_price, _ = usage_price(model, as_of)
    (price,) = _tuned_or_not("cached_usage", model, as_of) or (input_price,)
    return price


def _tuned_or_not(table: str, model: str, as_of: int | None) -> tuple[Decimal, ...]:
    """Return a price out of a table for all models or out of that for tuned ones; () if neither knows any."""
    base = _known_base(model)
    own = _price(f"tuned_{table}", base, as_of) if base != model else ()
    return own or _price(table, base, as_of)


def _exists(model: CatalogueModel, as_of: int | None) -> bool:
    if as_of is None:
        return True
    return model.created <= as_of and (model.shutdown is None or _day(as_of) < model.shutdown)


def _day(as_of: int | None) -> str:
    return _END_OF_TIME if as_of is None else datetime.fromtimestamp(as_of, UTC).date().isoformat()


def _known_base(model_id: str) -> str:
    return all_models()[base_of(model_id)].id


@cache
def _prices() -> Mapping[str, Mapping[str, list[_Step]]]:
    tables: Mapping[str, Mapping[str, list[_Step]]] = json.loads(
        (DATA / "prices.json").read_text(encoding="utf-8")
    )
    return tables


def _steps(table: str, model_id: str) -> list[_Step]:
    """Return a model's prices through time; a dated snapshot without prices of its own has its alias's."""
    prices = _prices()[table]
    return prices.get(model_id) or prices.get(_SNAPSHOT.sub("", model_id)) or []


def _price(table: str, model_id: str, as_of: int | None) -> tuple[Decimal, ...]:
    """Return the price in force, or the first one before there was any, or () if the table knows none."""
    steps, today = _steps(table, model_id), _day(as_of)
    in_force = [step for step in steps if step[0] <= today] or steps[:1]
    return tuple(Decimal(usd) / 1000 for usd in in_force[-1][1:]) if in_force else ()
