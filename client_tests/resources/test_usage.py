"""Usage, asked by the real client: whatever was answered is reported, to the token."""

import openai
import pytest
from resources.usage_calls import START, STORY, complete, results, tokens

MINUTE, HOUR, DAY = 60, 3600, 86_400
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
