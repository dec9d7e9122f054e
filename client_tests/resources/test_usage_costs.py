"""Costs, asked by the real client: every token has its price, and all reports agree on how many there were."""

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from resources.usage_calls import START, STORY, complete, dollars, every, results

DAY = 86_400
MINI = "gpt-4o-mini-2024-07-18"


@pytest.fixture
def server(open_world):
    return open_world(yaml=STORY)


@pytest.fixture
def client(server):
    with server.client(admin_api_key="sk-admin-key") as client:
        yield client


@pytest.fixture
def usage(client):
    return client.admin.organization.usage


def test_costs_are_told_for_whole_days(server, client, usage):
    used = complete(client)
    server.advance(2 * DAY)

    page = usage.costs(start_time=START)

    midnight = START - START % DAY
    assert [(midnight + day * DAY, midnight + (day + 1) * DAY) for day in range(3)] == [
        (bucket.start_time, bucket.end_time) for bucket in page.data
    ]
    assert [1, 0, 0] == [len(bucket.results) for bucket in page.data]
    assert {
        "object": "organization.costs.result",
        "amount": {"value": used.total_tokens * 2 / 1_000_000, "currency": "usd"},
        "line_item": None,
        "project_id": None,
        "api_key_id": None,
        "quantity": None,
        "quantity_unit": None,
        "user_id": None,
        "api_source": None,
    } == results(page)[0].to_dict()


def test_each_line_of_the_bill_says_what_was_bought(client, usage):
    complete(client)
    client.embeddings.create(model="text-embedding-3-small", input="one two three")

    lines = results(usage.costs(start_time=START, group_by=["line_item"]))

    assert [
        ("davinci-002, input", 3, "tokens", 0.000006),
        ("davinci-002, output", 5, "tokens", 0.00001),
        ("text-embedding-3-small, input", 3, "tokens", 0.00000006),
    ] == [(one.line_item, one.quantity, one.quantity_unit, one.amount.value) for one in lines]
    assert lines[1:2] == results(
        usage.costs(start_time=START, group_by=["line_item"], line_items=["davinci-002, output"])
    )


def test_a_fine_tune_is_on_the_bill_when_it_has_succeeded_and_so_is_its_model(server, client, usage, chats):
    file = client.files.create(file=chats, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model=MINI, training_file=file.id).id
    other = client.fine_tuning.jobs.create(model=MINI, training_file=file.id).id
    client.fine_tuning.jobs.cancel(other)
    assert [] == results(usage.costs(start_time=START))

    server.finish(job)

    done = client.fine_tuning.jobs.retrieve(job)
    (line,) = results(usage.costs(start_time=START, group_by=["line_item", "api_key_id"]))
    assert (f"ft-{MINI}, training", done.trained_tokens, None) == (
        line.line_item,
        line.quantity,
        line.api_key_id,
    )
    assert Decimal(done.trained_tokens) * 3 / 1_000_000 == Decimal(repr(line.amount.value))
    assert [] == results(usage.completions(start_time=START))
    used = client.chat.completions.create(
        model=done.fine_tuned_model, messages=[{"role": "user", "content": "Say 3"}]
    ).usage
    more = results(usage.costs(start_time=START, group_by=["line_item"]))
    assert [
        (f"ft-{MINI}, input", used.prompt_tokens),
        (f"ft-{MINI}, output", used.completion_tokens),
        (f"ft-{MINI}, training", done.trained_tokens),
    ] == [(one.line_item, one.quantity) for one in more]


def test_the_guides_fine_tune_costs_what_its_events_say(open_world, pairs):
    """1,008 tokens of davinci at 0.03 USD per 1,000."""
    world = open_world(yaml="version: 1\nas_of: 2023-03-15\nclock: {start: 2023-03-15, rate: 0}\n")
    with world.client(admin_api_key="sk-admin") as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        body = {"model": "davinci", "training_file": file.id}
        job = client.post("/fine-tunes", cast_to=object, body=body)["id"]
        world.finish(job)
        events = client.get(f"/fine-tunes/{job}/events", cast_to=object)["data"]

    told = world.control("GET", "usage")

    assert "Fine-tune costs $0.03" in [event["message"] for event in events]
    assert [("davinci", "fine_tunes.create", 1, 1008, 0.03024)] == [
        (one["model"], one["operation"], one["calls"], one["trained_tokens"], one["usd"])
        for one in told["data"]
    ]


def test_a_fine_tune_that_is_deleted_stays_on_the_bill(open_world, pairs):
    world = open_world(yaml="version: 1\nas_of: 2023-03-15\nclock: {start: 2023-03-15, rate: 0}\n")
    with world.client(admin_api_key="sk-admin") as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        body = {"model": "davinci", "training_file": file.id}
        job = client.post("/fine-tunes", cast_to=object, body=body)["id"]
        world.finish(job)
        before = world.control("GET", "usage")["data"]
        client.delete(f"/fine-tunes/{job}", cast_to=object)

    assert 1 == len(before)
    assert before == world.control("GET", "usage")["data"]


def test_a_price_that_a_script_tells_is_the_price(open_world, pairs):
    timeline = "training: [{timeline: [{after: 1s, cost: 12.5}, {after: 1s, started: true}]}]\n"
    world = open_world(yaml=STORY + timeline)
    with world.client(admin_api_key="sk-admin") as client:
        file = client.files.create(file=pairs * 5, purpose="fine-tune")
        world.finish(client.fine_tuning.jobs.create(model="davinci-002", training_file=file.id).id)

        assert Decimal("12.5") == dollars(every(client.admin.organization.usage.costs))


def test_tokens_that_were_cached_are_cheaper(client, usage):
    asked = {"model": MINI, "messages": [{"role": "user", "content": "word " * 2000}], "max_tokens": 1}
    first, second = (client.chat.completions.create(**asked).usage for _ in range(2))
    cached = second.prompt_tokens_details.cached_tokens

    (one,) = results(usage.completions(start_time=START))
    lines = {
        line.line_item.partition(", ")[2]: (line.quantity, Decimal(repr(line.amount.value)))
        for line in results(usage.costs(start_time=START, group_by=["line_item"]))
    }

    assert cached > 1024
    assert (first.prompt_tokens + second.prompt_tokens, cached) == (one.input_tokens, one.input_cached_tokens)
    full = first.prompt_tokens + second.prompt_tokens - cached
    assert (full, Decimal(full) * 15 / 100_000_000) == lines["input"]
    assert (cached, Decimal(cached) * 75 / 1_000_000_000) == lines["cached input"]


def test_a_model_of_the_scenarios_own_is_free(open_world):
    world = open_world(yaml=f"{STORY}models: [my-model]\n")
    with world.client(admin_api_key="sk-admin") as client:
        complete(client, model="my-model")

        page = client.admin.organization.usage.costs(start_time=START)

    assert [0] == [one.amount.value for one in results(page)]


# --- one truth -------------------------------------------------------------------------------------------------------

calls = st.lists(
    st.tuples(
        st.sampled_from(["completions", "streamed", "chat", "embeddings", "moderations", "wait"]),
        st.sampled_from(["sk-one", "sk-two"]),
        st.integers(1, 2000),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=12,
)


def call(world, kind, key, length, count):
    """Make a call; return whose report it belongs to, the model, and what its answer says it used."""
    text = "word " * length
    with world.client(api_key=key) as client:
        if kind == "chat":
            model = random.Random(length).choice(["gpt-4o-mini", MINI, "gpt-4.1-nano", "gpt-5-nano"])
            message = {"role": "user", "content": text}
            used = client.chat.completions.create(
                model=model, messages=[message], n=count, max_completion_tokens=40
            ).usage
            cached = used.prompt_tokens_details.cached_tokens
            return "completions", model, used.prompt_tokens, cached, used.completion_tokens
        if kind == "embeddings":
            used = client.embeddings.create(model="text-embedding-3-small", input=[text] * count).usage
            return kind, "text-embedding-3-small", used.prompt_tokens, 0, 0
        if kind == "moderations":
            client.moderations.create(model="omni-moderation-latest", input=text)
            return kind, "omni-moderation-latest", None, 0, 0
        asked = {"model": "davinci-002", "prompt": text, "n": count, "max_tokens": length % 30}
        if kind == "streamed":
            *_, last = client.completions.create(**asked, stream=True, stream_options={"include_usage": True})
            used = last.usage
        else:
            used = client.completions.create(**asked).usage
        return "completions", "davinci-002", used.prompt_tokens, 0, used.completion_tokens


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls)
def test_answers_summary_usage_and_costs_agree(open_world, made):
    world = open_world(yaml=STORY)
    answers = []
    for kind, key, length, count in made:
        if kind == "wait":
            world.advance(length * 37)
        else:
            answers.append(call(world, kind, key, length, count))
    counted = [one for one in answers if one[0] != "moderations"]

    summary = world.control("GET", "usage")
    with world.client(admin_api_key="sk-admin") as client:
        usage = client.admin.organization.usage
        reports = {
            (name, width): every(getattr(usage, name), bucket_width=width, limit=most)
            for name in ("completions", "embeddings", "moderations")
            for width, most in (("1m", 1440), ("1h", 168), ("1d", 31))
        }
        whole = every(usage.costs)
        lines = every(usage.costs, group_by=["line_item", "api_key_id"])

    total = summary["total"]
    assert len(answers) == total["calls"]
    for name in ("calls", "input_tokens", "input_cached_tokens", "output_tokens"):
        assert total[name] == sum(row[name] for row in summary["data"])
    for (name, _), found in reports.items():
        mine = [one for one in answers if one[0] == name]
        assert len(mine) == sum(one.num_model_requests for one in found)
        if name != "moderations":
            assert sum(one[2] for one in mine) == sum(one.input_tokens for one in found)
        if name == "completions":
            assert sum(one[3] for one in mine) == sum(one.input_cached_tokens for one in found)
            assert sum(one[4] for one in mine) == sum(one.output_tokens for one in found)
    told = {row["model"]: row for row in summary["data"]}
    for model in {one[1] for one in counted}:
        mine = [one for one in counted if one[1] == model]
        assert sum(one[2] for one in mine) == told[model]["input_tokens"]
    assert Decimal(repr(total["usd"])) == pytest.approx(dollars(whole), rel=Decimal("1e-12"))
    assert Decimal(repr(total["usd"])) == pytest.approx(dollars(lines), rel=Decimal("1e-12"))
    quantity = total["input_tokens"] + total["output_tokens"]
    assert quantity == sum(one.quantity for one in lines)
