"""Other ways to say the same URL: whatever way a request is said, it is the same request."""

import json

import anyio
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.layers.paths import naming

VERSION = {"api-version": "2024-10-21"}
KEY = {"api-key": "sk-test"}
ASKED = {"prompt": "Sky", "temperature": 0, "max_tokens": 5}
NOT_FOUND = b'{"error":{"code":"404","message":"Resource not found"}}'
NO_DEPLOYMENT = (
    b'{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you '
    b'created the deployment within the last 5 minutes, please wait a moment and try again."}}'
)
WRONG_KEY = (
    b'{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make '
    b"sure to provide a valid key for an active subscription and use a correct regional API endpoint for your "
    b'resource."}}'
)
WRONG_TOKEN = (
    b'{"statusCode":401,"message":"Unauthorized. Access token is missing, invalid, audience is incorrect '
    b'(https://cognitiveservices.azure.com), or have expired."}'
)
STORY = """
version: 1
clock: {rate: 0}
account:
  api_keys: [sk-test]
  deployments: {my-base: davinci-002, gpt-4: babbage-002, nothing: gpt-99}
tuned: [{id: "ft:davinci-002:personal::abc", base: davinci-002}]
limits: {requests_per_minute: 3}
"""


@pytest.fixture
def ask(server, http):
    """Send a request to a path of a world, below `/v1` or beside it; to Azure's with a version and a key."""

    def send(path, world=server, method="POST", headers=KEY, params=VERSION, **how):
        url = world.url.removesuffix("/v1") + path
        return http.request(method, url, headers=headers, params=params, **how)

    return send


@pytest.fixture
def azure(server):
    """A client of Azure at a fresh world."""
    with client_of(server) as client:
        yield client


def client_of(world, **how):
    told = {"api_key": "sk-test"} if "azure_ad_token" not in how else {}
    told |= {"azure_endpoint": world.url.removesuffix("/v1"), "api_version": "2024-10-21", "max_retries": 0}
    return openai.AzureOpenAI(**told | how)


def refusal(answer):
    return answer.status_code, answer.headers["content-type"], answer.content


# --- what a path means ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/engines/davinci-002/completions", None),
        ("/openai/deployments/davinci-002/completions", None),
        ("/openai/deployments/davinci-002/completions", "davinci-002"),
        ("/openai/deployments/davinci-002/completions", "whatever"),
        ("//openai/deployments/davinci-002/completions", None),
        ("/openai/v1/completions", "davinci-002"),
    ],
)
def test_a_completion_is_the_same_whatever_way_it_is_asked_for(client, ask, path, model):
    said = client.completions.create(model="davinci-002", **ASKED)

    told = ask(path, json=ASKED if model is None else ASKED | {"model": model}).json()

    assert said.to_dict() | {"id": told["id"]} == told


@pytest.mark.parametrize(
    "path", ["/models", "/models/davinci-002", "/files", "/fine_tuning/jobs", "/fine-tunes"]
)
def test_a_resource_of_azure_is_the_one_of_the_api(client, ask, chats, path):
    file = client.files.create(file=chats, purpose="fine-tune")
    client.fine_tuning.jobs.create(model="gpt-4o-mini-2024-07-18", training_file=file.id)
    own = ask(f"/v1{path}", method="GET").json()

    assert own == ask(f"/openai{path}", method="GET").json()
    assert own == ask(f"/openai/v1{path}", method="GET", params={}).json()
    assert own.get("data") != []


def test_a_file_goes_up_on_azure_and_is_trained_on(client, azure, chats):
    file = azure.files.create(file=("chats.jsonl", chats), purpose="fine-tune")
    job = azure.fine_tuning.jobs.create(model="gpt-35-turbo-0125", training_file=file.id)

    assert chats == client.files.content(file.id).content
    assert [(job.id, "gpt-3.5-turbo-0125")] == [(one.id, one.model) for one in client.fine_tuning.jobs.list()]


def test_a_stream_comes_through_a_deployment(azure):
    asked = {"model": "davinci-002", **ASKED}

    chunks = [chunk.choices[0].text for chunk in azure.completions.create(stream=True, **asked)]

    assert len(chunks) > 2
    assert azure.completions.create(**asked).choices[0].text == "".join(chunks)


# --- deployments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deployment", "model"),
    [
        ("my-base", "davinci-002"),
        ("gpt-4", "babbage-002"),
        ("davinci-002", "davinci-002"),
        ("gpt-35-turbo-instruct", "gpt-3.5-turbo-instruct"),
        ("gpt-3.5-turbo-instruct", "gpt-3.5-turbo-instruct"),
        ("ft:davinci-002:personal::abc", "ft:davinci-002:personal::abc"),
    ],
)
def test_a_deployment_runs_the_model_it_is_told_to_or_that_it_is_called_by(open_world, deployment, model):
    """In the path of a deployment, as the model of Azure's client, or in the body at Azure's newest paths."""
    world = open_world(yaml=STORY)
    newest = world.client(base_url=world.url.replace("/v1", "/openai/v1/"), api_key="sk-test")
    clients = [
        client_of(world, azure_deployment=deployment).completions,
        client_of(world).completions,
        newest.completions,
    ]

    assert [model] * 3 == [
        completions.create(model=deployment, prompt="Sky", max_tokens=1).model for completions in clients
    ]


@pytest.mark.parametrize("name", ["no-such", "nothing"])
@pytest.mark.parametrize("path", ["/openai/deployments/{}/completions", "/openai/v1/completions"])
def test_a_deployment_of_nothing_is_refused_in_azures_words(open_world, ask, path, name):
    answer = ask(path.format(name), open_world(yaml=STORY), json=ASKED | {"model": name})

    assert (404, "application/json", NO_DEPLOYMENT) == refusal(answer)
    assert "x-request-id" in answer.headers


def test_what_the_api_itself_refuses_is_refused_in_its_words(azure, ask):
    """A deployment of another kind of model, a value out of bounds, a body that is none."""
    with pytest.raises(openai.BadRequestError, match="Invalid 'temperature'"):
        azure.completions.create(model="davinci-002", prompt="Sky", temperature=3)
    with pytest.raises(openai.NotFoundError, match="This is a chat model"):
        azure.completions.create(model="gpt-4o", prompt="Sky")
    path = "/openai/deployments/davinci-002/completions"
    answers = [
        ask(path, content=content, headers=KEY | {"content-type": kind})
        for content, kind in [
            (b"{", "application/json"),
            (b"[]", "application/json"),
            (b'{"prompt": NaN}', "application/json"),
            (b'{"prompt": "\\ud800"}', "application/json"),
            (b"", "application/json"),
            (b"prompt=Sky", "application/x-www-form-urlencoded"),
        ]
    ]
    assert [400, 400, 400, 400, 400, 415] == [answer.status_code for answer in answers]
    assert {"invalid_request_error"} == {answer.json()["error"]["type"] for answer in answers}


# --- the gateway ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"api-version": ""},
        {"api-version": "2024"},
        {"api-version": "2024-10-21-beta"},
        {"api_version": "2024-10-21"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/openai/deployments/davinci-002/completions"), ("GET", "/openai/models")]
)
def test_without_a_version_there_is_no_such_resource(ask, method, path, params):
    assert (404, "application/json", NOT_FOUND) == refusal(ask(path, method=method, params=params))


def test_a_preview_is_a_version(ask):
    assert ask("/openai/models", method="GET", params={"api-version": "2025-04-01-preview"}).is_success


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/openai/"),
        ("GET", "/openai/no/such"),
        ("GET", "/openai/deployments"),
        ("GET", "/openai/deployments/davinci-002/completions"),
        ("POST", "/openai/deployments/davinci-002/files"),
        ("POST", "/openai/completions"),
        ("POST", "/openai/moderations"),
        ("PUT", "/openai/files"),
        ("POST", "/openai/v1/no/such"),
        ("POST", "/openai/v1/deployments/davinci-002/completions"),
    ],
)
def test_what_azure_does_not_have_is_no_resource(ask, method, path):
    """The last one is what Azure's own client asks for when its base URL is that of the newest paths."""
    assert (404, "application/json", NOT_FOUND) == refusal(ask(path, method=method))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"api-key": "sk-wrong"}, WRONG_KEY),
        ({"api-key": ""}, WRONG_KEY),
        ({"authorization": "Bearer wrong"}, WRONG_TOKEN),
        ({}, WRONG_TOKEN),
    ],
)
@pytest.mark.parametrize("deployment", ["davinci-002", "no-such"])
def test_who_has_no_key_is_told_so_by_azure_and_nothing_else(open_world, ask, headers, body, deployment):
    path = f"/openai/deployments/{deployment}/completions"
    answer = ask(path, open_world(yaml=STORY), headers=headers, json=ASKED)

    assert (401, "application/json", body) == refusal(answer)


def test_an_access_token_is_a_key(open_world):
    world = open_world(yaml=STORY)

    with client_of(world, azure_ad_token="sk-test") as let_in:
        assert list(let_in.models.list())
    with client_of(world, azure_ad_token="sk-wrong") as kept_out, pytest.raises(openai.AuthenticationError):
        kept_out.models.list()


# --- further in ----------------------------------------------------------------------------------------------------


def test_the_journal_keeps_a_request_as_it_came_and_tells_what_it_meant(server, ask):
    ask("/openai/deployments/davinci-002/completions", json={"prompt": "Sky"})
    ask("/v1/engines/davinci-002/completions", json={"prompt": "Sea"})
    ask("/openai/no/such", method="GET")

    noted = server.control("GET", "requests")["data"]

    assert [
        (
            "/openai/deployments/davinci-002/completions",
            "api-version=2024-10-21",
            "completions.create",
            {"prompt": "Sky"},
        ),
        (
            "/v1/engines/davinci-002/completions",
            "api-version=2024-10-21",
            "completions.create",
            {"prompt": "Sea"},
        ),
        ("/openai/no/such", "api-version=2024-10-21", None, None),
    ] == [
        (
            one["path"],
            one["query"],
            one["operation"],
            json.loads(one["request"]["text"]) if one["request"]["text"] else None,
        )
        for one in reversed(noted)
    ]


def test_limits_replies_and_faults_see_the_model_a_path_names(open_world, ask):
    story = (
        STORY
        + """
replies:
  - match: {endpoint: completions, model: davinci-002}
    reply: {text: "blue"}
faults:
  - match: {endpoint: completions, model: babbage-002}
    fault: {status: 503}
"""
    )
    world = open_world(yaml=story)
    paths = [
        "/openai/deployments/my-base/completions",
        "/v1/engines/davinci-002/completions",
        "/openai/deployments/gpt-4/completions",
        "/openai/deployments/davinci-002/completions",
        "/openai/deployments/my-base/completions",
    ]

    answers = [ask(path, world, json={"prompt": "Sky"}) for path in paths]

    assert [200, 200, 503, 200, 429] == [answer.status_code for answer in answers]
    assert ["blue"] * 3 == [answer.json()["choices"][0]["text"] for answer in answers if answer.is_success]


# --- the body ------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def sent(messages, *, name=lambda _: "named", kind=b"application/json"):
    """Return the messages that `naming` hands on of those it is sent."""
    left = iter(messages)

    async def receive():
        return next(left)

    async def hear():
        heard = naming(name, {"headers": [(b"content-type", kind)]}, receive)
        got = [await heard()]
        while got[-1].get("more_body"):
            got.append(await heard())
        return got

    return anyio.run(hear)


def in_pieces(body, *cuts):
    ends = sorted({min(cut, len(body)) for cut in cuts} | {len(body)})
    pieces = [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]


@given(st.dictionaries(st.text(), JSON, max_size=4), st.lists(st.integers(0, 40), max_size=3))
def test_a_body_gets_its_model_and_is_otherwise_as_it_was(body, cuts):
    raw = json.dumps(body).encode()

    [told] = sent(in_pieces(raw, *cuts))

    assert body | {"model": "named"} == json.loads(told["body"])
    assert not told["more_body"]


@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_object_passes_untouched(raw):
    try:
        is_object = isinstance(json.loads(raw), dict)
    except ValueError:
        is_object = False

    assert is_object or [raw] == [message["body"] for message in sent(in_pieces(raw))]


def test_a_body_that_names_its_model_already_passes_untouched():
    raw = b'{ "model" : "named" }'

    assert raw == sent(in_pieces(raw))[0]["body"]


def test_a_body_of_another_kind_passes_as_it_comes():
    pieces = in_pieces(b'{"file": 1}', 3)

    assert pieces == sent(pieces, kind=b"multipart/form-data")


def test_a_client_that_goes_away_is_gone():
    gone = {"type": "http.disconnect"}

    assert [gone] == sent([{"type": "http.request", "body": b"{", "more_body": True}, gone])
