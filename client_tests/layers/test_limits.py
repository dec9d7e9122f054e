"""Limits: every answer of a model tells what is left, to the unit, and who waits as long as told gets in."""

import asyncio
import re

import openai
import pytest

from mockserver.domain.limits import weigh

ORGANIZATION = "org-MockServerLocalStandIn00"
#: 25,000 tokens by the limiter's guess, though they are fewer
LONG = "word " * 20_000
STILL = "version: 1\nclock: {{start: 2024-05-01T12:00:00Z, rate: 0}}\nlimits: {{{limits}}}\n"


@pytest.fixture
def limited(open_world):
    """Open a world whose clock stands still, with limits."""
    return lambda limits, **more: open_world(
        yaml=STILL.format(limits=limits) + "".join(f"{name}: {told}\n" for name, told in more.items())
    )


def ask(client, **asked):
    """Complete something and return the headers."""
    told = {"model": "davinci-002", "prompt": "Hi", "max_tokens": 1}
    return client.completions.with_raw_response.create(**told | asked).headers


def refused(client, **asked):
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client, **asked)
    return caught.value


def room(headers, kind):
    """Return limit, remaining and reset."""
    return tuple(headers[f"x-ratelimit-{what}-{kind}"] for what in ("limit", "remaining", "reset"))


# --- what the headers say --------------------------------------------------------------------------------------------


def test_an_unlimited_world_counts_like_a_generous_account(client):
    headers = ask(client)

    assert ("10000", "9999", "6ms") == room(headers, "requests")
    assert ("2000000", "1999999", "1ms") == room(headers, "tokens")


def test_the_headers_count_every_request_and_every_token(limited):
    client = limited("requests_per_minute: 60, tokens_per_minute: 1000").client()

    told = [(room(h, "requests"), room(h, "tokens")) for h in (ask(client, max_tokens=30) for _ in range(3))]

    assert [
        (("60", "59", "1s"), ("1000", "970", "1.8s")),
        (("60", "58", "2s"), ("1000", "940", "3.6s")),
        (("60", "57", "3s"), ("1000", "910", "5.4s")),
    ] == told


def test_what_was_taken_comes_back_evenly_and_never_more(limited):
    world = limited("requests_per_minute: 60, tokens_per_minute: 1000")
    client = world.client()
    ask(client, max_tokens=500)
    world.advance(15)

    headers = ask(client, max_tokens=100)

    assert ("60", "59", "1s") == room(headers, "requests")
    assert ("1000", "650", "21s") == room(headers, "tokens")
    world.advance(3600)
    assert ("1000", "999", "60ms") == room(ask(client), "tokens")


def test_part_of_a_request_that_is_back_is_no_request_yet(limited):
    world = limited("requests_per_minute: 3")
    client = world.client()
    ask(client)
    world.advance(19.999)

    assert ("3", "1", "20.001s") == room(ask(client), "requests")


def test_streams_and_refused_requests_carry_the_headers_and_count(limited):
    world = limited("requests_per_minute: 60")
    client = world.client()

    with client.completions.with_streaming_response.create(
        model="davinci-002", prompt="Hi", stream=True
    ) as stream:
        streamed = stream.headers
    with pytest.raises(openai.BadRequestError) as invalid:
        client.completions.create(model="davinci-002", prompt="Hi", temperature=3)

    assert ("60", "59", "1s") == room(streamed, "requests")
    assert ("60", "58", "2s") == room(invalid.value.response.headers, "requests")


def test_only_requests_to_a_model_that_exists_are_counted(limited, http):
    world = limited("requests_per_minute: 60")
    client = world.client()
    with pytest.raises(openai.NotFoundError) as unknown:
        client.completions.create(model="no-such-model", prompt="Hi")
    listed = client.models.with_raw_response.list()
    key = {"authorization": "Bearer sk-x", "content-type": "application/json"}
    broken = [
        http.post(f"{world.url}/completions", headers=key, content=body)
        for body in (b"", b"{", b"[]", b'{"model": 7}')
    ]

    for headers in (unknown.value.response.headers, listed.headers, *(answer.headers for answer in broken)):
        assert not [name for name in headers if name.startswith("x-ratelimit")]
    assert [400] * 4 == [answer.status_code for answer in broken]
    assert "59" == room(ask(client), "requests")[1]


def test_each_model_has_limits_of_its_own(limited):
    client = limited("requests_per_minute: 5, models: {babbage*: {requests_per_minute: 2}}").client()

    told = [room(ask(client, model=model), "requests")[:2] for model in ("davinci-002", "babbage-002") * 2]

    assert [("5", "4"), ("2", "1"), ("5", "3"), ("2", "0")] == told


def test_a_tuned_model_shares_the_limits_of_its_base(limited, pairs):
    world = limited("models: {davinci-002: {requests_per_minute: 5}}", training="[{takes: 0s}]")
    client = world.client()
    file = client.files.create(file=pairs * 5, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(model="davinci-002", training_file=file.id)
    world.finish(job.id)
    tuned = client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model

    assert ["4", "3", "2"] == [
        room(ask(client, model=model), "requests")[1] for model in ("davinci-002", tuned, "davinci-002")
    ]


def test_of_two_limits_the_headers_tell_the_one_with_less_room(limited):
    client = limited("requests_per_minute: 10, requests_per_day: 12, tokens_per_day: 100").client()

    headers = ask(client, max_tokens=20)

    assert ("10", "9", "6s") == room(headers, "requests")
    assert ("100", "80", "4h48m0s") == room(headers, "tokens")


def test_worlds_do_not_share_limits(limited):
    first, second = (limited("requests_per_minute: 5").client() for _ in range(2))

    assert ["4", "3", "4"] == [room(ask(client), "requests")[1] for client in (first, first, second)]


def test_a_reset_world_has_all_its_room_again(limited):
    world = limited("requests_per_minute: 5")
    ask(world.client())

    world.control("POST", "reset")

    assert "4" == room(ask(world.client()), "requests")[1]


def test_a_world_that_goes_on_with_another_scenario_has_its_limits_and_all_their_room(limited):
    world = limited("requests_per_minute: 5, requests_per_day: 3")
    client = world.client()
    assert ("3", "2") == room(ask(client), "requests")[:2]

    world.control("POST", "scenario", json={"yaml": STILL.format(limits="requests_per_minute: 5")})

    assert ("5", "4") == room(ask(client), "requests")[:2]


# --- what a request weighs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "tokens"),
    [
        ({"prompt": ""}, 16),
        ({"prompt": "a" * 64}, 16),
        ({"prompt": "a" * 65}, 17),
        ({"prompt": ["a" * 40, "b" * 40]}, 20),
        ({"prompt": [1] * 20}, 20),
        ({"prompt": [[1] * 10, [2] * 10]}, 20),
        ({"prompt": "a" * 64, "suffix": "b" * 64}, 32),
        ({"prompt": "a" * 400, "max_tokens": 50}, 100),
        ({"prompt": "a", "max_tokens": 50, "n": 3}, 150),
        ({"prompt": "a", "max_tokens": 50, "n": 2, "best_of": 4}, 200),
        ({"prompt": "a", "max_tokens": 0}, 1),
        ({"prompt": None, "max_tokens": None, "n": None}, 16),
        ({"prompt": {"a": 1}, "max_tokens": "many", "n": -1}, 16),
        ({"max_tokens": True, "n": 1.5}, 16),
    ],
)
def test_a_request_weighs_the_larger_of_what_it_brings_and_what_it_wants(asked, tokens):
    assert tokens == weigh("completions.create", asked)


def test_a_short_answer_gives_nothing_back(limited):
    client = limited("tokens_per_minute: 1000").client()

    headers = ask(client, max_tokens=400, stop=["e", "a", "o", "i"])

    assert "600" == room(headers, "tokens")[1]


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_request_too_many_is_refused_in_the_official_words(limited):
    client = limited("requests_per_minute: 3").client()
    for _ in range(3):
        ask(client)

    error = refused(client)

    assert (
        f"Rate limit reached for davinci-002 in organization {ORGANIZATION} on requests per min (RPM): "
        "Limit 3, Used 3, Requested 1. Please try again in 20s. "
        "Visit https://platform.openai.com/account/rate-limits to learn more."
    ) == error.body["message"]
    assert ("requests", None, "rate_limit_exceeded") == (error.type, error.param, error.code)
    headers = error.response.headers
    assert ("3", "0", "1m0s") == room(headers, "requests")
    assert ("20", "20000") == (headers["retry-after"], headers["retry-after-ms"])


@pytest.mark.parametrize(
    ("limits", "asked", "words", "wait"),
    [
        (
            "tokens_per_minute: 1000",
            {"max_tokens": 600},
            "on tokens per min (TPM): Limit 1000, Used 600, Requested 600. Please try again in 12s. ",
            12_000,
        ),
        (
            "requests_per_day: 1",
            {},
            "on requests per day (RPD): Limit 1, Used 1, Requested 1. Please try again in 24h0m0s. ",
            86_400_000,
        ),
        (
            "tokens_per_day: 1000, requests_per_minute: 1",
            {"max_tokens": 600},
            "on tokens per day (TPD): Limit 1000, Used 600, Requested 600. Please try again in 4h48m0s. ",
            17_280_000,
        ),
    ],
)
def test_the_limit_that_takes_longest_is_the_one_that_is_told(limited, limits, asked, words, wait):
    client = limited(limits).client()
    ask(client, **asked)

    error = refused(client, **asked)

    assert words in error.body["message"]
    assert words[3:].partition(" ")[0] == error.type
    assert str(wait) == error.response.headers["retry-after-ms"]


def test_the_words_of_2023_are_others(open_world):
    client = open_world(
        yaml="version: 1\nas_of: 2023-03-15\nclock: {rate: 0}\nlimits: {requests_per_minute: 20}\n"
    ).client()
    for _ in range(20):
        ask(client, model="davinci")

    error = refused(client, model="davinci")

    assert (
        f"Rate limit reached for default-davinci in organization {ORGANIZATION} on requests per min. "
        "Limit: 20 / min. Please try again in 3s. Contact support@openai.com if you continue to have issues."
    ) == error.body["message"]
    assert ("requests", None, None) == (error.type, error.param, error.code)


def test_a_request_that_never_fits_is_told_so_and_not_to_wait(limited):
    client = limited("tokens_per_minute: 10000").client()

    error = refused(client, prompt=LONG)

    assert (
        f"Request too large for davinci-002 in organization {ORGANIZATION} on tokens per min (TPM): Limit 10000, "
        "Requested 25000. The input or output tokens must be reduced in order to run successfully. "
        "Visit https://platform.openai.com/account/rate-limits to learn more."
    ) == error.body["message"]
    assert ("tokens", "rate_limit_exceeded") == (error.type, error.code)
    assert "retry-after" not in error.response.headers
    assert "10000" == room(error.response.headers, "tokens")[1]


def test_a_refused_request_takes_nothing_from_any_limit(limited):
    world = limited("requests_per_minute: 60, tokens_per_minute: 1000")
    client = world.client()
    ask(client, max_tokens=990)

    for _ in range(3):
        assert ("60", "59", "1s") == room(refused(client, max_tokens=20).response.headers, "requests")
    assert ("1000", "0", "1m0s") == room(ask(client, max_tokens=10), "tokens")


def test_who_comes_back_when_told_gets_in_and_who_comes_earlier_does_not(limited):
    world = limited("requests_per_minute: 7")
    client = world.client()
    for _ in range(7):
        ask(client)
    wait = int(refused(client).response.headers["retry-after-ms"]) / 1000

    world.advance(wait - 0.001)
    refused(client)
    world.advance(0.001)

    assert "0" == room(ask(client), "requests")[1]


def test_a_refusal_is_in_the_journal_like_every_answer(limited):
    world = limited("requests_per_minute: 1")
    client = world.client()
    ask(client)
    error = refused(client)

    latest = world.control("GET", "requests")["data"][0]

    assert (429, "completions.create") == (latest["status"], latest["operation"])
    assert error.request_id == latest["id"]


# --- waiting ---------------------------------------------------------------------------------------------------------


def retries(world):
    """Return what the client said about its attempts, the first one first."""
    told = world.control("GET", "requests")["data"]
    return [(one["status"], one["headers"]["x-stainless-retry-count"]) for one in reversed(told)]


@pytest.mark.parametrize("rate", [1, 600])
def test_the_real_client_obeys_and_gets_in_with_its_first_retry(open_world, rate):
    """At rate 1 room for the second request takes half a second, at rate 600 a minute."""
    per_minute = 3_000 if rate == 1 else 25
    world = open_world(
        yaml=f"version: 1\nclock: {{rate: {rate}}}\nlimits: {{tokens_per_minute: {per_minute}}}\n"
    )
    client = world.client(max_retries=1)

    ask(client, max_tokens=0, prompt="a" * 4 * per_minute)
    ask(client, max_tokens=25)

    assert [(200, "0"), (429, "0"), (200, "1")] == retries(world)


@pytest.mark.anyio
async def test_the_real_async_client_does_too(open_world):
    world = open_world(yaml="version: 1\nclock: {rate: 600}\nlimits: {requests_per_minute: 1}\n")
    async with openai.AsyncOpenAI(base_url=world.url, api_key="sk-test", max_retries=1) as client:
        for _ in range(2):
            await client.completions.create(model="davinci-002", prompt="Hi", max_tokens=1)

    assert [(200, "0"), (429, "0"), (200, "1")] == retries(world)


def test_waiting_is_told_in_the_worlds_time_and_in_the_clients(open_world):
    """Twenty seconds of the world are 40 milliseconds of the client's when the world runs 500 times as fast."""
    world = open_world(
        yaml="version: 1\nclock: {rate: 500}\nlimits: {requests_per_minute: 3, tokens_per_day: 9}\n"
    )
    client = world.client()
    ask(client, max_tokens=9)
    headers = refused(client, max_tokens=9).response.headers

    seconds = int(headers["retry-after-ms"]) / 1000 * 500

    assert 86_000 < seconds <= 86_401
    assert re.fullmatch(r"23h59m\d+(\.\d+)?s|24h0m0s", headers["x-ratelimit-reset-tokens"])
    assert headers["retry-after"] in {"172", "173"}


def test_a_clock_that_is_auto_goes_on_to_the_moment_a_refusal_names(open_world):
    world = open_world(
        yaml="version: 1\nclock: {start: 2024-05-01T12:00:00Z, rate: auto}\nlimits: {requests_per_day: 4}\n"
    )
    client = world.client()
    began = world.control("GET", "clock")["now"]
    for _ in range(4):
        ask(client)

    error = refused(client)

    assert "Please try again in 6h0m0s." in error.body["message"]
    assert ("1", "1") == (error.response.headers["retry-after-ms"], error.response.headers["retry-after"])
    assert 6 * 3600 == world.control("GET", "clock")["now"] - began
    assert "0" == room(ask(client), "requests")[1]


def test_the_clock_of_a_held_world_brings_no_room(open_world):
    world = open_world(
        yaml="version: 1\nclock: {rate: auto, hold_until: files.create}\nlimits: {requests_per_minute: 1}\n"
    )
    client = world.client()
    ask(client)

    assert ["60", "60"] == [refused(client).response.headers["retry-after"] for _ in range(2)]


@pytest.mark.anyio
async def test_requests_that_come_together_share_the_room_to_the_unit(limited):
    world = limited("requests_per_minute: 20")
    async with openai.AsyncOpenAI(base_url=world.url, api_key="sk-test", max_retries=0) as client:

        async def one():
            try:
                answer = await client.completions.with_raw_response.create(
                    model="davinci-002", prompt="Hi", max_tokens=1
                )
            except openai.RateLimitError:
                return None
            return int(answer.headers["x-ratelimit-remaining-requests"])

        told = await asyncio.gather(*(one() for _ in range(30)))

    assert [*range(20)] == sorted(left for left in told if left is not None)


# --- money -----------------------------------------------------------------------------------------------------------

QUOTA = "You exceeded your current quota, please check your plan and billing details."
DOCS = (
    " For more information on this error, read the docs: "
    "https://platform.openai.com/docs/guides/error-codes/api-errors."
)


def test_a_quota_that_is_used_up_is_told_in_the_official_words(limited):
    error = refused(limited("spend: 0").client())

    assert QUOTA + DOCS == error.body["message"]
    assert ("insufficient_quota", None, "insufficient_quota") == (error.type, error.param, error.code)
    assert "10000" == room(error.response.headers, "requests")[1]
    assert "retry-after" not in error.response.headers


@pytest.mark.parametrize(
    ("as_of", "message", "code"),
    [
        ("2023-03-15", QUOTA, None),
        ("2024-06-01", QUOTA + DOCS, "insufficient_quota"),
        ("2026-07-22", QUOTA + DOCS, "insufficient_quota"),
        ("2026-07-23", QUOTA + DOCS, "organization_spend_limit_exceeded"),
    ],
)
def test_the_code_of_a_used_up_quota_is_that_of_the_day(open_world, as_of, message, code):
    model = "davinci" if as_of < "2024" else "davinci-002"
    client = open_world(yaml=f"version: 1\nas_of: {as_of}\nlimits: {{spend: 0}}\n").client()

    error = refused(client, model=model)

    assert (message, "insufficient_quota", code) == (error.body["message"], error.type, error.code)


def test_what_answers_cost_is_counted_to_the_last_token(limited):
    """davinci costs 0.02 USD per 1,000 tokens in March 2023: 5 tokens are 0.0001 USD."""
    client = limited("spend: 0.0003", as_of="2023-03-15").client()

    def spend(tokens):
        asked = {"model": "davinci", "prompt": [464] * (tokens - 1), "max_tokens": 1, "stop": None}
        return client.completions.create(**asked).usage.total_tokens

    assert [5, 5] == [spend(5), spend(5)]
    assert 4 == spend(4)
    assert 2 == spend(2)
    assert "insufficient_quota" == refused(client, model="davinci").type


def test_what_a_reply_says_it_used_is_what_it_costs(limited):
    """davinci-002 costs 2 USD per million tokens: a million and a half are three."""
    replies = "[{reply: {text: Hi, usage: {prompt_tokens: 1000000, completion_tokens: 500000}}}]"
    client = limited("spend: 4", replies=replies).client()

    assert ask(client)
    assert ask(client)
    assert "insufficient_quota" == refused(client).code


def test_a_new_month_brings_a_new_quota(limited):
    world = limited("spend: 0.000001")
    client = world.client()
    ask(client)
    refused(client)

    world.control("POST", "clock", json={"advance_to": "2024-05-31T23:59:59Z"})
    refused(client)
    world.advance(1)

    assert ask(client)


def test_what_was_spent_is_kept_over_a_restart(tmp_path):
    from mockserver.scenario.loader import load_text
    from mockserver.testing.server import MockServer

    scenario = load_text(STILL.format(limits="spend: 0.000001, requests_per_minute: 5"), "story")
    told = []
    for _ in range(2):
        with MockServer(scenario, state=tmp_path) as server:
            client = openai.OpenAI(base_url=server.base_url, api_key="sk-test", max_retries=0)
            try:
                told.append(room(ask(client), "requests")[1])
            except openai.RateLimitError as error:
                told.append((error.code, room(error.response.headers, "requests")[1]))

    assert ["4", ("insufficient_quota", "5")] == told
