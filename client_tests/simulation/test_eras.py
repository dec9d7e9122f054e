"""The dated table: well formed, whole, and right about the days that matter."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mockserver.app import create_api
from mockserver.simulation import catalogue, eras
from mockserver.simulation.eras import endpoints, is_closed_to_training, is_retired, refusal

ROOT = Path(__file__).parents[2]
OFFICIAL = json.loads((ROOT / "docs" / "official-operations.json").read_bytes())
SERVED = [
    (method.upper(), path)
    for path, operations in create_api().openapi()["paths"].items()
    for method in operations
    if path.startswith("/v1/")
]


def at(day):
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize("row", endpoints(), ids=lambda row: row.endpoint)
def test_a_row_is_well_formed(row):
    days = [date.fromisoformat(day) for day in (row.since, row.until) if day]

    assert sorted(days) == days
    assert re.fullmatch(r"((GET|POST|DELETE) )?/v1/[a-z_*/-]+", row.endpoint)
    assert row.then in {"invalid_url", "unknown_url", "training_not_available"}
    assert set(row.unverified) <= {"since", "until", "then"}
    assert row.sources or "since" in row.unverified


def test_rows_stand_in_the_order_of_their_days():
    days = [row.since or "" for row in endpoints()]

    assert sorted(days) == days


@pytest.mark.parametrize(
    ("method", "path"),
    [*SERVED, *((method, f"/v1{path.partition('?')[0]}") for method, path, _ in OFFICIAL["official"])],
)
def test_every_operation_is_dated(method, path):
    assert any(row.fits(method, re.sub(r"\{\w+\}", "x", path)) for row in endpoints())


def test_without_a_day_everything_is_served():
    for row in endpoints():
        method, _, path = row.endpoint.rpartition(" ")
        assert refusal(method or "GET", path.removesuffix("/**").replace("*", "x"), None) is None


def test_what_nobody_has_dated_is_served_on_every_day():
    assert refusal("POST", "/v1/something/new", at("1980-01-01")) is None


@pytest.mark.parametrize(
    ("request_", "last_day", "answer"),
    [
        ("POST /v1/search", "2022-12-02", "invalid_url"),
        ("POST /v1/engines/davinci/search", "2022-12-02", "invalid_url"),
        ("POST /v1/edits", "2024-01-03", "invalid_url"),
        ("POST /v1/fine-tunes", "2024-01-03", "unknown_url"),
        ("GET /v1/fine-tunes/ft-1/events", "2024-01-03", "unknown_url"),
        ("GET /v1/assistants/asst_1", "2026-08-25", "invalid_url"),
        ("POST /v1/threads/runs", "2026-08-25", "invalid_url"),
        ("POST /v1/videos", "2026-09-23", "invalid_url"),
        ("POST /v1/evals", "2026-10-30", "invalid_url"),
        ("DELETE /v1/evals/eval_1", "2026-10-30", "invalid_url"),
        ("GET /v1/evals/eval_1", "2026-11-29", "invalid_url"),
        ("POST /v1/fine_tuning/jobs", "2027-01-05", "training_not_available"),
    ],
)
def test_an_endpoint_is_there_until_the_midnight_of_its_last_day(request_, last_day, answer):
    method, path = request_.split()
    midnight = at(last_day) + 86_400

    assert refusal(method, path, midnight - 1) is None
    assert answer == refusal(method, path, midnight)


@pytest.mark.parametrize(
    ("request_", "first_day"),
    [
        ("POST /v1/chat/completions", "2023-03-01"),
        ("POST /v1/fine_tuning/jobs", "2023-08-22"),
        ("GET /v1/fine_tuning/jobs/ftjob-1/checkpoints", "2024-04-04"),
        ("POST /v1/batches", "2024-04-15"),
        ("GET /v1/chat/completions", "2025-02-13"),
        ("POST /v1/responses", "2025-03-11"),
        ("POST /v1/fine_tuning/jobs/ftjob-1/pause", "2025-05-08"),
    ],
)
def test_an_endpoint_is_there_from_the_midnight_of_its_first_day(request_, first_day):
    method, path = request_.split()

    assert "invalid_url" == refusal(method, path, at(first_day) - 1)
    assert refusal(method, path, at(first_day)) is None


@pytest.mark.parametrize(
    "request_",
    [
        "GET /v1/fine_tuning/jobs",
        "GET /v1/fine_tuning/jobs/ftjob-1",
        "GET /v1/fine_tuning/jobs/ftjob-1/events",
        "POST /v1/fine_tuning/jobs/ftjob-1/cancel",
        "POST /v1/fine_tuning/jobs/ftjob-1/resume",
        "POST /v1/completions",
        "POST /v1/engines/davinci/completions",
        "POST /v1/responses",
    ],
)
def test_what_no_end_is_announced_for_is_served_for_ever(request_):
    method, path = request_.split()

    assert refusal(method, path, at("2099-12-31")) is None


@pytest.mark.parametrize(
    ("model", "last_day"),
    [
        ("text-davinci-003", "2024-01-03"),
        ("davinci:ft-personal-2023-03-15-09-11-14", "2024-01-03"),
        ("gpt-3.5-turbo-0613", "2024-09-12"),
        ("ft:gpt-3.5-turbo-0613:org::id", "2026-10-22"),
        ("babbage-002", "2026-09-27"),
        ("ft:babbage-002:org::id", "2026-10-22"),
        ("gpt-4o-mini-2024-07-18", "2027-01-13"),
        ("ft:gpt-4o-mini-2024-07-18:org::id:ckpt-step-8", "2027-01-13"),
    ],
)
def test_a_model_is_there_until_the_midnight_of_its_last_day(model, last_day):
    midnight = at(last_day) + 86_400

    assert not is_retired(model, None)
    assert not is_retired(model, midnight - 1)
    assert is_retired(model, midnight)


def test_no_model_is_retired_while_the_catalogue_still_lists_it():
    for day in ("2022-06-01", "2024-01-04", "2026-10-23", "2027-02-01"):
        assert not [model.id for model in catalogue.existing(at(day)) if is_retired(model.id, at(day))]


def test_a_tuned_model_never_ends_before_its_base():
    for base, model in catalogue.all_models().items():
        assert (eras.shutdown(f"ft:{base}:org::id") or "9999") >= (model.shutdown or "9999")


def test_a_model_nobody_knows_is_never_retired():
    assert not is_retired("my-own-model", at("2099-12-31"))
    assert not is_retired("ft:my-own-model:org::id", at("2099-12-31"))


def test_the_training_of_the_old_bases_ended_before_they_did():
    for base in ("babbage-002", "davinci-002"):
        assert not is_closed_to_training(base, None)
        assert not is_closed_to_training(base, at("2024-10-28") - 1)
        assert is_closed_to_training(base, at("2024-10-28"))
    assert not is_closed_to_training("gpt-4o-2024-08-06", at("2099-12-31"))
