"""What is read from the cache costs less where OpenAI has said so, and never more."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation import catalogue

PRICES = json.loads((catalogue.DATA / "prices.json").read_text(encoding="utf-8"))
models = st.sampled_from(sorted(catalogue.all_models()))
days = st.none() | st.integers(1_577_836_800, 1_830_000_000)


def at(day):
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("model", "day", "usd"),
    [
        ("gpt-4o-mini-2024-07-18", None, "0.075"),
        ("gpt-4o", None, "1.25"),
        ("gpt-4o-2024-08-06", None, "1.25"),
        ("gpt-4o-2024-05-13", None, "5"),
        ("gpt-5-nano", None, "0.005"),
        ("o3", "2025-06-09", "2.5"),
        ("o3", "2025-06-10", "0.5"),
        ("gpt-6.2-sol", None, "0.1"),
        ("gpt-4", None, "30"),
        ("davinci", "2023-03-15", "20"),
        ("omni-moderation-latest", None, "0"),
        ("ft:gpt-4o-mini-2024-07-18:org::id", None, "0.15"),
        ("ft:gpt-4.1-2025-04-14:org::id", None, "0.75"),
        ("ft:gpt-3.5-turbo-0125:org::id", None, "3"),
    ],
)
def test_a_million_cached_tokens_cost(model, day, usd):
    assert Decimal(usd) == catalogue.cached_price(model, at(day) if day else None) * 1000


@given(models, days)
def test_what_is_cached_never_costs_more(model, moment):
    for name in (model, f"ft:{catalogue.base_of(model)}:org::id"):
        try:
            price = catalogue.cached_price(name, moment)
        except KeyError:
            assert catalogue.base_of(name) not in catalogue.all_models()
        else:
            assert Decimal(0) <= price <= catalogue.usage_price(name, moment)[0]


def test_an_unknown_model_has_no_price():
    with pytest.raises(KeyError):
        catalogue.cached_price("davanci", None)


@pytest.mark.parametrize(("table", "of"), [("cached_usage", "usage"), ("tuned_cached_usage", "tuned_usage")])
def test_a_price_for_what_is_cached_belongs_to_a_price_for_the_rest(table, of):
    known = set(PRICES[of]) | {"gpt-4o-2024-05-13"}

    assert set() == set(PRICES[table]) - known


def test_every_embedding_model_has_a_price_and_its_output_is_free():
    embedding = [model for model in catalogue.all_models().values() if "embeddings" in model.endpoints]

    assert len(embedding) > 30
    for model in embedding:
        read, said = catalogue.usage_price(model.id, None)
        assert (True, Decimal(0)) == (read > 0, said), model.id
