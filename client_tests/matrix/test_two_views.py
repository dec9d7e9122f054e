"""One training engine, two APIs: what the client of 2023 sees of a job, today's sees too, at every moment."""

import json
import re

import pytest
from matrix.cases import BASES
from matrix.views import view

OLD, NEW = ("0.27.2", "sync", "legacy"), ("3.54.0", "sync", "modern")
SECONDS = 25  # a job takes 20
TUNED = re.compile(":ft-|^ft:(?!.*:ckpt-)")  # a tuned model's name, not a checkpoint's

by_each = pytest.mark.parametrize(("maker", "other"), [(OLD, NEW), (NEW, OLD)], ids=["by-old", "by-new"])


@pytest.fixture
def chats() -> str:
    """A training file of twelve conversations."""
    lines = [
        [{"role": "user", "content": f"Say {n}"}, {"role": "assistant", "content": f"Number {n}"}]
        for n in range(12)
    ]
    return "".join(json.dumps({"messages": line}) + "\n" for line in lines)


@pytest.mark.parametrize(
    ("maker", "other", "model"),
    [
        pytest.param(OLD, NEW, "davinci", id="davinci"),
        pytest.param(NEW, OLD, "babbage-002", id="babbage-002"),
        pytest.param(NEW, OLD, "gpt-4o-mini", id="gpt-4o-mini"),
    ],
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


@by_each
def test_a_model_is_listed_to_both_from_the_second_its_upload_is_told(server, connect, lessons, maker, other):
    makers, others = connect(server, *maker), connect(server, *other)
    old, new = (makers, others) if maker is OLD else (others, makers)
    job = makers.tune(BASES[maker[2]], makers.upload(lessons)["id"])["id"]
    listed = []

    for _ in range(SECONDS):
        name = old.job(job)["fine_tuned_model"]
        uploaded = bool(name)
        for speaker, told in (old, f"Uploaded model: {name}"), (new, f"New fine-tuned model created: {name}"):
            models = [model["id"] for model in speaker.models() if TUNED.search(model["id"])]
            assert [name] * uploaded == models
            assert uploaded == (told in [event["message"] for event in speaker.events(job)])
        listed.append(uploaded)
        server.advance(1)

    assert [False, True] == sorted(set(listed))


@by_each
def test_what_one_api_cancels_is_cancelled_in_the_other(server, connect, lessons, maker, other):
    makers, others = connect(server, *maker), connect(server, *other)
    job = makers.tune(BASES[maker[2]], makers.upload(lessons)["id"])["id"]
    server.advance(10)

    cancelled = view(others.cancel(job))

    assert "cancelled" == cancelled.phase
    assert cancelled == view(makers.job(job))


@pytest.mark.parametrize(("maker", "price"), [(OLD, 30), (NEW, 0.4)], ids=["davinci", "babbage-002"])
def test_the_trained_tokens_are_those_the_old_log_charges_for(server, connect, maker, price):
    """`price` is in dollars per million tokens (official prices of 2023)."""
    long = json.dumps({"prompt": "Count ->", "completion": " word" * 1000}) + "\n"
    old, new, makers = connect(server, *OLD), connect(server, *NEW), connect(server, *maker)
    job = makers.tune(BASES[maker[2]], makers.upload(20 * long)["id"])["id"]
    server.finish(job)

    tokens = new.job(job)["trained_tokens"]

    assert tokens > 20 * 1000
    costs = [event["message"] for event in old.events(job) if "costs" in event["message"]]
    assert [f"Fine-tune costs ${tokens / 10**6 * price:.2f}"] == costs
