"""One training engine, two APIs: what the client of 2023 sees of a job, today's sees too, at every moment."""

import json
import re

import pytest
from matrix.views import view

OLD, NEW = ("0.27.2", "sync", "legacy"), ("3.54.0", "sync", "modern")
SECONDS = 25  # a job takes 20


@pytest.fixture
def chats() -> str:
    """A training file of twelve conversations."""
    lines = [
        [{"role": "user", "content": f"Say {n}"}, {"role": "assistant", "content": f"Number {n}"}]
        for n in range(12)
    ]
    return "".join(json.dumps({"messages": line}) + "\n" for line in lines)


@pytest.mark.parametrize(
    ("maker", "other", "model"), [(OLD, NEW, "davinci"), (NEW, OLD, "babbage-002"), (NEW, OLD, "gpt-4o-mini")]
)
def test_both_apis_show_the_same_progress_at_every_second(
    server, connect, lessons, chats, maker, other, model
):
    makers, others = connect(server, *maker), connect(server, *other)
    file = makers.upload(chats if model == "gpt-4o-mini" else lessons)
    job = makers.tune(model, file["id"], n_epochs=2)["id"]
    phases = []

    for _ in range(SECONDS):
        told = view(makers.job(job))
        assert told == view(others.job(job))
        assert [told] == [view(listed) for listed in others.jobs()]
        phases.append(told.phase)
        server.advance(1)

    assert ["waiting", "running", "succeeded"] == sorted(set(phases), key=phases.index)


@pytest.mark.parametrize("maker", [OLD, NEW])
def test_a_model_is_listed_to_both_from_the_second_its_upload_is_told(server, connect, lessons, maker):
    old, new = connect(server, *OLD), connect(server, *NEW)
    makers = old if maker is OLD else new
    job = makers.tune("davinci" if maker is OLD else "babbage-002", makers.upload(lessons)["id"])["id"]
    listed = []

    for _ in range(SECONDS):
        told = [
            event["message"] for event in old.events(job) if event["message"].startswith("Uploaded model: ")
        ]
        modern = [
            event["message"] for event in new.events(job) if event["message"].startswith("New fine-tuned")
        ]
        tuned = [
            {model["id"] for model in client.models() if re.search(r":ft-|^ft:(?!.*:ckpt-)", model["id"])}
            for client in (old, new)
        ]
        name = old.job(job)["fine_tuned_model"]
        assert [{name} if name else set()] * 2 == tuned
        assert [f"Uploaded model: {name}"] * bool(name) == told
        assert [f"New fine-tuned model created: {name}"] * bool(name) == modern
        listed.append(bool(name))
        server.advance(1)

    assert [False, True] == sorted(set(listed))


@pytest.mark.parametrize(("maker", "other"), [(OLD, NEW), (NEW, OLD)])
def test_what_one_api_cancels_is_cancelled_in_the_other(server, connect, lessons, maker, other):
    makers, others = connect(server, *maker), connect(server, *other)
    model = "davinci" if maker is OLD else "babbage-002"
    job = makers.tune(model, makers.upload(lessons)["id"])["id"]
    server.advance(10)

    cancelled = view(others.cancel(job))

    assert "cancelled" == cancelled.phase
    assert cancelled == view(makers.job(job))


@pytest.mark.parametrize("maker", [OLD, NEW])
def test_the_trained_tokens_are_those_the_old_log_charges_for(server, connect, maker):
    """The price of davinci is $30 a million tokens, that of babbage-002 $0.40 (official prices)."""
    big = "".join(json.dumps({"prompt": "a" * 4, "completion": " word" * 1000}) + "\n" for _ in range(20))
    old, new = connect(server, *OLD), connect(server, *NEW)
    makers, model, price = (old, "davinci", 30) if maker is OLD else (new, "babbage-002", 0.4)
    job = makers.tune(model, makers.upload(big)["id"])["id"]
    server.finish(job)

    tokens = new.job(job)["trained_tokens"]

    assert tokens > 0
    costs = [event["message"] for event in old.events(job) if "costs" in event["message"]]
    assert [f"Fine-tune costs ${tokens / 10**6 * price:.2f}"] == costs
