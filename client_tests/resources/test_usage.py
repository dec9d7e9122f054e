"""Usage and costs, asked by the real client: whatever was answered is reported, to the token and to the cent."""

import random
from decimal import Decimal

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STORY = "version: 1\nclock: {start: 2025-01-11T17:31:03Z, rate: 0}\n"
START = 1736616663
MINUTE, HOUR, DAY = 60, 3600, 86_400
MINI = "gpt-4o-mini-2024-07-18"
EMPTY = [
    "images",
    "audio_speeches",
    "audio_transcriptions",
    "vector_stores",
    "code_interpreter_sessions",
    "file_search_calls",
    "web_search_calls",
]


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


def complete(client, **asked):
    """Complete something; return what it used."""
    told = {"model": "davinci-002", "prompt": "One, two", "max_tokens": 5}
    return client.completions.create(**told | asked).usage


def results(page):
    return [result for bucket in page.data for result in bucket.results]


def tokens(page):
    return [(one.input_tokens, one.output_tokens, one.num_model_requests) for one in results(page)]


def every(ask, **asked):
    """Return the results of all pages of a report."""
    found, page = [], None
    while page is None or page.has_more:
        page = ask(start_time=START, **asked, **({"page": page.next_page} if page else {}))
        found += results(page)
    return found


def dollars(found):
    """Return the exact sum of what costs say."""
    return sum((Decimal(repr(one.amount.value)) for one in found), Decimal(0))


# --- buckets ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_reported_in_the_same_moment(client, usage):
    used = complete(client)

    page = usage.completions(start_time=START)

    assert ("page", False, None) == (page.object, page.has_more, page.next_page)
    (bucket,) = page.data
    assert ("bucket", START - 3, START + 1) == (bucket.object, bucket.start_time, bucket.end_time)
    assert [(used.prompt_tokens, used.completion_tokens, 1)] == tokens(page)
    assert {
        "object": "organization.usage.completions.result",
        "input_tokens": 3,
        "input_cached_tokens": 0,
        "input_cache_write_tokens": 0,
        "input_uncached_tokens": 3,
        "output_tokens": 5,
        "input_text_tokens": 3,
        "output_text_tokens": 5,
        "input_cached_text_tokens": 0,
        "input_audio_tokens": 0,
        "input_cached_audio_tokens": 0,
        "output_audio_tokens": 0,
        "input_image_tokens": 0,
        "input_cached_image_tokens": 0,
        "output_image_tokens": 0,
        "num_model_requests": 1,
        "project_id": None,
        "user_id": None,
        "api_key_id": None,
        "model": None,
        "batch": None,
        "service_tier": None,
        "api_source": None,
    } == bucket.results[0].to_dict()


def test_a_stream_is_reported_as_a_whole_answer_is(client, usage):
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    *_, last = client.completions.create(model="davinci-002", prompt="One", max_tokens=7, **asked)

    assert [(last.usage.prompt_tokens, last.usage.completion_tokens, 1)] == tokens(
        usage.completions(start_time=START)
    )


def test_a_refused_request_is_not_reported(client, usage):
    with pytest.raises(openai.BadRequestError):
        complete(client, temperature=3)
    with pytest.raises(openai.NotFoundError):
        complete(client, model="davanci")

    assert [] == results(usage.completions(start_time=START))


@pytest.mark.parametrize(("width", "seconds"), [("1m", MINUTE), ("1h", HOUR), ("1d", DAY)])
def test_buckets_end_on_whole_minutes_hours_and_days(server, client, usage, width, seconds):
    complete(client)
    server.advance(2 * seconds)
    complete(client, n=2)

    page = usage.completions(start_time=START, bucket_width=width)

    boundary = START - START % seconds + seconds
    assert [
        (START - START % MINUTE, boundary),
        (boundary, boundary + seconds),
        (boundary + seconds, START + 2 * seconds + 1),
    ] == [(bucket.start_time, bucket.end_time) for bucket in page.data]
    assert [1, 0, 1] == [len(bucket.results) for bucket in page.data]


def test_a_page_tells_where_the_next_one_begins(server, client, usage):
    for _ in range(5):
        complete(client)
        server.advance(DAY)
    whole = usage.completions(start_time=START, limit=31)

    pages = [usage.completions(start_time=START, limit=2)]
    while pages[-1].has_more:
        pages.append(usage.completions(start_time=START, limit=2, page=pages[-1].next_page))

    assert [2, 2, 2] == [len(page.data) for page in pages]
    assert pages[0].next_page.startswith("page_")
    assert whole.data == [bucket for page in pages for bucket in page.data]


@pytest.mark.parametrize(("width", "usual", "most"), [("1m", 60, 1440), ("1h", 24, 168), ("1d", 7, 31)])
def test_a_page_is_as_long_as_its_buckets_are_short(client, usage, width, usual, most):
    early = START - 40 * DAY

    assert usual == len(usage.completions(start_time=early, bucket_width=width).data)
    assert most == len(usage.completions(start_time=early, bucket_width=width, limit=most).data)
    with pytest.raises(openai.BadRequestError) as refused:
        usage.completions(start_time=early, bucket_width=width, limit=most + 1)
    assert ("limit", "integer_above_max_value") == (refused.value.param, refused.value.code)


def test_the_end_is_not_part_of_what_is_asked_for(server, client, usage):
    complete(client)
    server.advance(HOUR)
    complete(client, n=2)

    before = usage.completions(start_time=START, end_time=START - START % MINUTE + HOUR)
    whole_day = usage.completions(start_time=START, end_time=START - START % DAY + DAY)

    assert 1 == sum(count for *_, count in tokens(before))
    assert 2 == sum(count for *_, count in tokens(whole_day))
    assert [START - START % DAY + DAY] == [bucket.end_time for bucket in whole_day.data]


def test_the_future_has_no_buckets(client, usage):
    complete(client)

    assert 1 == len(usage.completions(start_time=START, end_time=START + 100 * DAY).data)
    assert [] == usage.completions(start_time=START + 5).data
    assert [] == usage.completions(start_time=START, end_time=START - DAY).data
    assert [] == usage.costs(start_time=START + DAY).data


@pytest.mark.parametrize("page", ["page_", "page_AAAA", "next", "page_AAAAAGcqsYA"])
def test_a_cursor_that_is_none_is_refused(usage, page):
    for ask in (usage.completions, usage.costs):
        with pytest.raises(openai.BadRequestError) as refused:
            ask(start_time=START, page=page)
        assert ("page", "invalid_value") == (refused.value.param, refused.value.code)


@pytest.mark.parametrize(
    ("asked", "param", "code"),
    [
        ({}, "start_time", "missing_required_parameter"),
        ({"start_time": "today"}, "start_time", "invalid_type"),
        ({"start_time": -1}, "start_time", "integer_below_min_value"),
        ({"start_time": 0, "bucket_width": "1w"}, "bucket_width", "invalid_value"),
        ({"start_time": 0, "group_by": "colour"}, "group_by[0]", "invalid_value"),
        ({"start_time": 0, "limit": 0}, "limit", "integer_below_min_value"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_official_words(server, http, asked, param, code):
    answer = http.get(
        f"{server.url}/organization/usage/completions", params=asked, headers={"authorization": "Bearer sk-x"}
    )

    error = answer.json()["error"]
    assert (400, param, code) == (answer.status_code, error["param"], error["code"])


# --- groups and filters ----------------------------------------------------------------------------------------------


def test_what_is_grouped_by_is_named_and_nothing_else(server, client, usage):
    complete(client)
    complete(client, model="babbage-002", n=2)
    with server.client(api_key="sk-another") as other:
        complete(other)

    by_model = results(usage.completions(start_time=START, group_by=["model"]))
    by_key = results(usage.completions(start_time=START, group_by=["api_key_id"]))
    by_all = results(
        usage.completions(
            start_time=START,
            group_by=["model", "api_key_id", "project_id", "user_id", "batch", "service_tier", "api_source"],
        )
    )

    assert {"davinci-002": 2, "babbage-002": 1} == {one.model: one.num_model_requests for one in by_model}
    assert [2, 1] == [one.num_model_requests for one in by_key]
    assert [None, None] == [one.model for one in by_key]
    assert 3 == len(by_all)
    assert (
        "proj_MockServerLocalStandIn00",
        "user-mockserverlocalstandin00",
        False,
        "default",
        "unlabeled",
    ) == (
        by_all[0].project_id,
        by_all[0].user_id,
        by_all[0].batch,
        by_all[0].service_tier,
        by_all[0].api_source,
    )


def test_a_report_can_be_asked_for_some_keys_models_and_projects_only(server, client, usage):
    complete(client)
    complete(client, model="babbage-002")
    with server.client(api_key="sk-another") as other:
        complete(other)
    first, second = (
        one.api_key_id for one in results(usage.completions(start_time=START, group_by=["api_key_id"]))
    )

    def requests(**only):
        return sum(count for *_, count in tokens(usage.completions(start_time=START, **only)))

    assert [2, 1, 3] == [requests(api_key_ids=keys) for keys in ([first], [second], [first, second])]
    assert [2, 1, 0] == [requests(models=[name]) for name in ("davinci-002", "babbage-002", "curie")]
    assert [3, 0] == [requests(project_ids=[name]) for name in ("proj_MockServerLocalStandIn00", "proj_b")]
    assert [3, 0] == [requests(user_ids=[name]) for name in ("user-mockserverlocalstandin00", "user-b")]
    assert [3, 0] == [requests(batch=batch) for batch in (False, True)]


def test_a_report_names_no_key(server, client, usage):
    complete(client)

    (one,) = results(usage.completions(start_time=START, group_by=["api_key_id"]))

    assert one.api_key_id.startswith("key_")
    assert "sk-test-key" not in one.api_key_id


def test_lists_can_be_written_as_curl_writes_them(server, client, http):
    complete(client)
    complete(client, model="babbage-002")
    url = f"{server.url}/organization/usage/completions"

    told = [
        http.get(url, params=[("start_time", START), *more], headers={"authorization": "Bearer sk-x"}).json()
        for more in (
            [("group_by", "model"), ("group_by", "batch")],
            [("group_by[]", "model"), ("group_by[]", "batch")],
        )
    ]

    assert told[0] == told[1]
    assert {("davinci-002", False), ("babbage-002", False)} == {
        (one["model"], one["batch"]) for one in told[0]["data"][0]["results"]
    }


# --- the other reports -----------------------------------------------------------------------------------------------


def test_embeddings_and_moderations_have_reports_of_their_own(client, usage):
    embedded = client.embeddings.create(model="text-embedding-3-small", input=["one two", "three"]).usage
    client.moderations.create(model="omni-moderation-latest", input="one two")

    (vectors,) = results(usage.embeddings(start_time=START, group_by=["model"]))
    (looked,) = results(usage.moderations(start_time=START, group_by=["model"]))

    assert ("text-embedding-3-small", embedded.prompt_tokens, 1) == (
        vectors.model,
        vectors.input_tokens,
        vectors.num_model_requests,
    )
    assert ("omni-moderation-latest", 1) == (looked.model, looked.num_model_requests)
    assert [] == results(usage.completions(start_time=START))


@pytest.mark.parametrize("name", EMPTY)
def test_what_is_never_used_has_an_empty_report(client, usage, name):
    complete(client)

    page = getattr(usage, name)(start_time=START, group_by=["project_id"], project_ids=["proj_a"])

    assert [[]] == [bucket.results for bucket in page.data]


# --- costs -----------------------------------------------------------------------------------------------------------


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


# --- keys ------------------------------------------------------------------------------------------------------------


def test_any_key_that_is_let_in_may_ask_and_no_other(open_world):
    world = open_world(yaml=f"{STORY}account: {{api_keys: [sk-known]}}\n")

    def ask(key):
        with world.client(api_key="sk-known", admin_api_key=key) as client:
            return client.admin.organization.usage.completions(start_time=START)

    assert 1 == len(ask("sk-known").data)
    with pytest.raises(openai.AuthenticationError) as refused:
        ask("sk-admin")
    assert "invalid_api_key" == refused.value.code
