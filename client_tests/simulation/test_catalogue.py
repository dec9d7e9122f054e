"""The catalogue knows every model the official clients name, for as long as it existed, and what it cost."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation import catalogue
from mockserver.simulation.catalogue import all_models, base_of, existing, find, tunable

DATA = Path(__file__).parents[1] / "data"
ENDPOINTS = {
    "completions", "chat.completions", "responses", "embeddings", "moderations", "images", "videos", "edits",
    "audio.speech", "audio.transcriptions", "audio.translations", "realtime", "live", "assistants",
    "fine_tunes", "fine_tuning.jobs",
}  # fmt: skip
PRICES = json.loads((catalogue.DATA / "prices.json").read_text(encoding="utf-8"))


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


GUIDE = at("2023-03-15T07:27:48")
TODAY = at("2026-11-23")
some_time = st.integers(at("2020-01-01"), at("2028-01-01"))
any_model = st.sampled_from(sorted(all_models()))
any_modern_model = any_model.filter(lambda model_id: ":" not in model_id)
word = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)


def ids(models):
    return {model.id for model in models}


def test_every_model_the_official_clients_name_is_in_the_catalogue():
    lines = (DATA / "client_models.txt").read_text(encoding="utf-8").splitlines()
    named = {line for line in lines if not line.startswith("#")}
    assert len(named) > 180
    assert set() == named - set(all_models())


def test_a_name_the_client_only_keeps_for_compatibility_is_no_model():
    assert find("gpt-5.1-mini", None) is None


def test_no_model_is_recorded_twice_and_the_oldest_comes_first():
    rows = json.loads((catalogue.DATA / "models.json").read_text(encoding="utf-8"))
    assert len(rows) == len(all_models())
    assert sorted((row["created"], row["id"]) for row in rows) == [
        (row["created"], row["id"]) for row in rows
    ]


@pytest.mark.parametrize("model", all_models().values(), ids=lambda model: model.id)
def test_a_model_makes_sense(model):
    assert at("2020-05-01") < model.created <= TODAY
    assert model.shutdown is None or model.created < at(model.shutdown)
    assert model.owned_by in {"openai", "openai-dev", "openai-internal", "system"}
    assert model.endpoints
    assert ENDPOINTS >= set(model.endpoints)
    assert len(set(model.endpoints)) == len(model.endpoints)
    assert model.context >= (model.max_output or 0)


def test_the_guides_month_has_its_models_and_none_of_the_future():
    names = ids(existing(GUIDE))
    assert {
        "davinci",
        "curie",
        "text-davinci-003",
        "gpt-3.5-turbo",
        "davinci:2020-05-03",
        "whisper-1",
    } <= names
    assert set() == names & {"gpt-4o", "gpt-4", "davinci-002", "text-embedding-3-small", "gpt-6-astra"}


def test_today_has_the_newest_models_and_none_of_the_past():
    names = ids(existing(TODAY))
    assert {"gpt-6.2-sol", "gpt-5.5", "gpt-4o", "text-embedding-ada-002", "whisper-1"} <= names
    assert set() == names & {"davinci", "davinci-002", "gpt-3.5-turbo", "gpt-4", "dall-e-3", "sora-2"}


def test_without_a_time_every_era_is_there_at_once():
    assert set(all_models()) == ids(existing(None))
    assert find("davinci", None) is all_models()["davinci"]
    assert find("no-such-model", None) is None


@pytest.mark.parametrize(
    ("moment", "exists"),
    [
        (1649359873, False),
        (1649359874, True),
        (at("2024-01-03T23:59:59"), True),
        (at("2024-01-04"), False),
    ],
)
def test_a_model_exists_from_its_created_second_until_its_shutdown_day(moment, exists):
    assert exists == (find("davinci", moment) is not None)


@given(any_model, some_time)
def test_a_model_is_found_exactly_when_it_is_listed(model_id, moment):
    assert (find(model_id, moment) is not None) == (model_id in ids(existing(moment)))


def test_the_legacy_endpoint_trains_its_four_bases_until_they_are_shut_down():
    assert list(catalogue.LEGACY_BASES) == tunable("fine_tunes", GUIDE)
    assert list(catalogue.LEGACY_BASES) == tunable("fine_tunes", None)
    assert [] == tunable("fine_tunes", at("2024-01-04"))


def test_a_model_can_be_trained_since_its_training_was_announced():
    assert [] == tunable("fine_tuning.jobs", GUIDE)
    assert {"gpt-3.5-turbo", "gpt-3.5-turbo-0613", "davinci-002", "babbage-002"} == set(
        tunable("fine_tuning.jobs", at("2023-08-22"))
    )
    assert "gpt-4o-mini" not in tunable("fine_tuning.jobs", at("2024-07-19"))
    assert "gpt-4o-mini" in tunable("fine_tuning.jobs", at("2024-07-23"))
    assert "gpt-3.5-turbo" not in tunable("fine_tuning.jobs", TODAY)


def test_a_legacy_model_is_rooted_in_the_snapshot_of_its_base():
    roots = [catalogue.legacy_root(base) for base in catalogue.LEGACY_BASES]
    assert ["ada:2020-05-03", "babbage:2020-05-03", "curie:2020-05-03", "davinci:2020-05-03"] == roots
    assert set(roots) <= set(all_models())
    assert catalogue.legacy_root("gpt-3.5-turbo-0613") == "gpt-3.5-turbo-0613"


@given(any_model)
def test_a_model_that_was_not_tuned_is_its_own_base(model_id):
    assert model_id == base_of(model_id)


@given(any_modern_model, word, st.just("") | word, word, st.just("") | st.just(":ckpt-step-8"))
def test_the_base_is_read_from_a_modern_name(base, organization, suffix, key, checkpoint):
    assert base == base_of(f"ft:{base}:{organization}:{suffix}:{key}{checkpoint}")


@given(any_model, word, st.just("") | word.map(":{}".format))
def test_the_base_is_read_from_a_legacy_name(base, organization, suffix):
    assert base == base_of(f"{base}:ft-{organization}{suffix}-2023-03-15-09-11-14")


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("davinci", 2049),
        ("curie:ft-personal-2023-03-16-03-15-09", 2049),
        ("text-davinci-003", 4097),
        ("code-davinci-002", 8001),
        ("gpt-3.5-turbo-0301", 4097),
        ("gpt-3.5-turbo", 16385),
        ("gpt-4", 8192),
        ("gpt-4-32k", 32768),
        ("gpt-4o", 128_000),
        ("ft:gpt-4o-mini-2024-07-18:org:weather:B7R9VjQd", 128_000),
        ("gpt-4.1", 1_047_576),
        ("gpt-5", 400_000),
        ("gpt-6-astra", 1_050_000),
        ("text-embedding-3-small", 8192),
        ("dall-e-3", 0),
    ],
)
def test_a_model_holds_as_many_tokens_as_published(model, tokens):
    assert tokens == catalogue.context_length(model)


@pytest.mark.parametrize(
    ("base", "tokens", "shown"),
    [("davinci", 1008, "$0.03"), ("curie", 1288, "$0.00"), ("davinci", 1_000_000, "$30.00")],
)
def test_the_guides_fine_tunes_cost_what_its_events_say(base, tokens, shown):
    assert shown == f"${tokens * catalogue.training_price(base, GUIDE) / 1000:.2f}"


@pytest.mark.parametrize(
    ("model", "training", "usage"),
    [
        ("ada", "0.0004", "0.0016"),
        ("babbage", "0.0006", "0.0024"),
        ("curie", "0.003", "0.012"),
        ("davinci", "0.03", "0.12"),
    ],
)
def test_training_and_use_of_tuned_models_have_the_prices_of_march_2023(model, training, usage):
    assert Decimal(training) == catalogue.training_price(model, GUIDE)
    assert (Decimal(usage), Decimal(usage)) == catalogue.usage_price(f"{model}:ft-personal-2023", GUIDE)


@pytest.mark.parametrize(
    ("model", "moment", "prompt", "completion"),
    [
        ("davinci", "2022-08-31", "0.06", "0.06"),
        ("davinci", "2022-09-01", "0.02", "0.02"),
        ("gpt-3.5-turbo", "2020-01-01", "0.002", "0.002"),
        ("gpt-3.5-turbo", "2023-06-12T23:59:59", "0.002", "0.002"),
        ("gpt-3.5-turbo", "2023-06-13", "0.0015", "0.002"),
        ("gpt-3.5-turbo", None, "0.0005", "0.0015"),
        ("gpt-4o-2024-05-13", None, "0.005", "0.015"),
        ("gpt-4.1-2025-04-14", None, "0.002", "0.008"),
        ("gpt-6.2-sol", None, "0.002", "0.01"),
        ("omni-moderation-latest", None, "0", "0"),
        ("ft:gpt-4o-mini-2024-07-18:org::id", None, "0.0003", "0.0012"),
        ("ft:gpt-5:org::id", None, "0.00125", "0.01"),
    ],
)
def test_a_price_is_the_one_in_force(model, moment, prompt, completion):
    when = None if moment is None else at(moment)
    assert (Decimal(prompt), Decimal(completion)) == catalogue.usage_price(model, when)


def test_training_that_is_not_billed_by_the_token_costs_nothing_per_token():
    assert Decimal(0) == catalogue.training_price("o4-mini-2025-04-16", None)
    assert Decimal(0) == catalogue.training_price("gpt-6-astra", None)


@pytest.mark.parametrize("model", ["davanci", "davanci:ft-personal-2023", "ft:", "ft:gpt-7:org::id"])
def test_an_unknown_model_has_no_price_and_no_context(model):
    with pytest.raises(KeyError):
        catalogue.training_price(model, None)
    with pytest.raises(KeyError):
        catalogue.usage_price(model, None)
    with pytest.raises(KeyError):
        catalogue.context_length(model)


@pytest.mark.parametrize("table", PRICES)
def test_prices_belong_to_models_and_follow_each_other_in_time(table):
    assert set() == set(PRICES[table]) - set(all_models())
    for model_id, steps in PRICES[table].items():
        days = [day for day, *_ in steps]
        assert sorted(set(days)) == days, model_id
        assert days[-1] < (all_models()[model_id].shutdown or "9999"), model_id


def test_every_model_that_can_be_trained_has_a_training_price():
    trained = {
        model.id for model in existing(None) if {"fine_tunes", "fine_tuning.jobs"} & set(model.endpoints)
    }
    assert trained == set(tunable("fine_tunes", None)) | set(tunable("fine_tuning.jobs", None))
    free = {model_id for model_id in trained if not catalogue.training_price(model_id, None)}
    assert free == {"o4-mini", "o4-mini-2025-04-16"}


def test_the_catalogue_loads_in_less_than_15_ms():
    def load():
        start = time.perf_counter()
        all_models.__wrapped__()
        return time.perf_counter() - start

    assert min(load() for _ in range(5)) < 0.015
