"""Embeddings, through the real clients over a real socket."""

import base64
import json
import math
import struct
from operator import mul

import openai
import pytest
from matrix.environments import environment
from matrix.shell import Shell

from mockserver.domain import usage
from mockserver.simulation import tokens

SMALL, LARGE, ADA = "text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"
WRONG_INPUT = (
    "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."
)
TOO_LONG = (
    "This model's maximum context length is {room} tokens, however you requested {asked} tokens ({asked} in your "
    "prompt; 0 for the completion). Please reduce your prompt; or completion length."
)
TEXTS = ["The cat sat on the mat", "A cat sat on a mat", "Stock prices fell sharply"]


@pytest.fixture
def embed(client):
    """Embed some texts, or one, and return the vectors."""

    def embed_(given, model=SMALL, **asked):
        return [each.embedding for each in client.embeddings.create(input=given, model=model, **asked).data]

    return embed_


@pytest.fixture
def refused(client):
    """Ask for something that is refused, and return the status and what the refusal says."""

    def refused_(given="Hello", by=client, **asked):
        with pytest.raises(openai.APIStatusError) as error:
            by.embeddings.create(**{"model": SMALL, "input": given} | asked)
        return error.value.status_code, error.value.body

    return refused_


@pytest.fixture
def told(open_world):
    """Open a world whose replies are these, on a clock that goes on when somebody waits."""

    def open_(replies):
        return open_world(yaml=f"version: 1\nclock: {{rate: auto}}\nreplies:\n{replies}")

    return open_


def invalid(message, status=400, kind="invalid_request_error", param=None, code=None):
    """Return a refusal; most of those of embeddings name neither a parameter nor a code."""
    return status, {"message": message, "type": kind, "param": param, "code": code}


def cosine(one, other):
    return sum(map(mul, one, other))


def test_an_embedding_has_the_official_fields_in_the_order_of_the_wire(client):
    body = json.loads(client.embeddings.with_raw_response.create(model=SMALL, input="Hello world").text)

    assert ["object", "data", "model", "usage"] == list(body)
    assert ("list", SMALL, {"prompt_tokens": 2, "total_tokens": 2}) == (
        body["object"],
        body["model"],
        body["usage"],
    )
    assert [["object", "index", "embedding"]] == [list(each) for each in body["data"]]
    assert ("embedding", 0) == (body["data"][0]["object"], body["data"][0]["index"])


def test_texts_that_share_words_lie_closer(embed):
    cat, like, unlike = embed(TEXTS)

    assert cosine(cat, like) > 0.5
    assert cosine(cat, unlike) < 0.1
    assert pytest.approx(1, abs=1e-6) == cosine(cat, cat)


@pytest.mark.parametrize(("model", "numbers"), [(SMALL, 1536), (LARGE, 3072), (ADA, 1536)])
def test_every_vector_has_length_1_and_its_models_size(embed, model, numbers):
    vectors = embed(TEXTS, model)

    assert [numbers] * 3 == [len(vector) for vector in vectors]
    assert [pytest.approx(1, abs=1e-6)] * 3 == [math.hypot(*vector) for vector in vectors]


def test_a_text_has_the_same_vector_alone_and_among_others_in_every_world(embed, open_world):
    with open_world(yaml="version: 1\nseed: 5\n").client() as other:
        elsewhere = other.embeddings.create(model=SMALL, input=TEXTS[1]).data[0].embedding

    assert embed(TEXTS) == [embed(text)[0] for text in TEXTS]
    assert elsewhere == embed(TEXTS)[1]


def test_numbers_and_base64_are_the_same_vector(client):
    def sent(encoding):
        raw = client.embeddings.with_raw_response.create(
            model=SMALL, input="Hello", encoding_format=encoding
        ).text
        return json.loads(raw)["data"][0]["embedding"]

    packed = base64.b64decode(sent("base64"))

    assert sent("float") == list(struct.unpack("<1536f", packed))


def test_without_a_format_numbers_are_sent(http, server):
    answer = http.post(
        f"{server.url}/embeddings",
        json={"model": SMALL, "input": "Hello", "encoding_format": None, "dimensions": None, "user": None},
        headers={"authorization": "Bearer sk-test-key"},
    )

    assert 1536 == len(answer.json()["data"][0]["embedding"])


def test_fewer_dimensions_are_the_first_ones_at_length_1(embed):
    [whole] = embed("Hello", LARGE)
    [short] = embed("Hello", LARGE, dimensions=256)

    scale = math.hypot(*whole[:256])
    assert pytest.approx([number / scale for number in whole[:256]], abs=1e-6) == short
    assert whole == embed("Hello", LARGE, dimensions=3072)[0]


def test_tokens_are_the_text_they_stand_for(client, embed):
    numbers = [tokens.encode(text, SMALL) for text in TEXTS]

    assert embed(TEXTS) == embed(numbers)
    assert embed(TEXTS[0]) == embed(numbers[0])
    assert len(numbers[0]) == client.embeddings.create(model=SMALL, input=numbers[0]).usage.total_tokens


def test_what_is_read_is_counted_with_the_models_encoding(client):
    texts = ["Ein Satz über Öl.", "zwei", "   "]

    told = client.embeddings.create(model=SMALL, input=texts).usage

    counted = sum(tokens.count(text, SMALL) for text in texts)
    assert (counted, counted) == (told.prompt_tokens, told.total_tokens)


def test_what_is_used_is_noted_once_for_a_request(server, client):
    client.embeddings.create(model=SMALL, input=["Hello", "world"])

    [entry] = usage.entries(server.world)
    assert ("embeddings.create", SMALL, 1, 2, 0) == (
        entry.operation,
        entry.model,
        entry.requests,
        entry.read,
        entry.said,
    )


def test_ada_signs_with_its_second_version(client):
    assert "text-embedding-ada-002-v2" == client.embeddings.create(model=ADA, input="Hello").model


def test_a_long_request_is_answered_like_short_ones(embed):
    texts = [f"{text} {number}" for text in TEXTS for number in range(600)]

    vectors = embed(texts)

    assert len(texts) == len(vectors)
    assert embed(texts[-1]) == vectors[-1:]


@pytest.mark.anyio
async def test_the_asynchronous_client_gets_the_same(server, embed):
    async with openai.AsyncOpenAI(base_url=server.url, api_key="sk-test-key") as client:
        done = await client.embeddings.create(model=SMALL, input="Hello")

    assert embed("Hello") == [done.data[0].embedding]


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "Invalid 'input': input cannot be an empty string."),
        ([], "Invalid 'input': input cannot be an empty array."),
        (["a", ""], "Invalid 'input[1]': input cannot be an empty string."),
        ([[1], []], "Invalid 'input[1]': input cannot be an empty array."),
        (["a"] * 2049, "Invalid 'input': array length must be 2048 or less."),
        ([1] * 2049, "Invalid 'input': array length must be 2048 or less."),
        ("a " * 8192, "Invalid 'input': maximum context length is 8192 tokens."),
        (["a", "a " * 8192], "Invalid 'input[1]': maximum input length is 8192 tokens."),
        ([[1], [1] * 8193], "Invalid 'input[1]': maximum input length is 8192 tokens."),
        ([100_300], "Invalid token in 'input': 100300."),
        ([1, -1], "Invalid token in 'input': -1."),
    ],
    ids=lambda each: str(each)[:40],
)
def test_an_input_of_the_wrong_size_is_refused(refused, given, message):
    assert invalid(message) == refused(given)


def test_the_largest_input_is_embedded(client):
    done = client.embeddings.create(model=SMALL, input=[[1] * 8192, [2]])
    assert 8193 == done.usage.prompt_tokens

    assert 2048 == len(client.embeddings.create(model=SMALL, input=["a"] * 2048, dimensions=1).data)


def test_a_request_has_300_000_tokens_at_most(refused, client):
    full = [[1] * 7500] * 40
    assert 300_000 == client.embeddings.create(model=SMALL, input=full).usage.total_tokens

    code = "max_tokens_per_request"
    message = "Requested 300001 tokens, max 300000 tokens per request"
    assert invalid(message, kind=code, code=code) == refused([*full, [1]])


def test_dimensions_a_model_does_not_have_are_refused(refused):
    assert invalid("This model does not support specifying dimensions.") == refused(
        model=ADA, dimensions=1536
    )
    assert invalid("Invalid value for 'dimensions' = 1537. Must be less than or equal to 1536.") == refused(
        dimensions=1537
    )
    assert "integer_below_min_value" == refused(dimensions=0)[1]["code"]


def test_a_model_that_makes_no_embeddings_is_refused(refused):
    refusal = invalid("You are not allowed to generate embeddings from this model", status=403)

    assert refusal == refused(model="gpt-4o")
    assert refusal == refused(model="davinci-002")


def test_an_unknown_model_is_not_found(refused):
    message = "The model `text-embedding-4` does not exist or you do not have access to it."

    assert invalid(message, status=404, code="model_not_found") == refused(model="text-embedding-4")


def test_what_is_no_input_is_refused(refused):
    assert "invalid_type" == refused(3)[1]["code"]
    assert "Unknown parameter: 'colour'." == refused(extra_body={"colour": "red"})[1]["message"]


# --- other days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "given", "message"),
    [
        ("2023-03-15", ["a", ""], "['a', ''] is not valid under any of the given schemas - 'input'"),
        ("2023-03-15", "", "'' is not valid under any of the given schemas - 'input'"),
        (
            "2024-03-15",
            ["a", ""],
            WRONG_INPUT,
        ),
        (
            "2023-03-15",
            "a " * 8191,
            TOO_LONG.format(room=8191, asked=8192),
        ),
        (
            "2024-03-15",
            "a " * 8192,
            TOO_LONG.format(room=8192, asked=8193),
        ),
        ("2026-05-01", "a " * 8192, "Invalid 'input': maximum context length is 8192 tokens."),
    ],
    ids=lambda each: str(each)[:20],
)
def test_on_another_day_a_refusal_has_the_words_of_that_day(open_world, refused, as_of, given, message):
    with open_world(yaml=f"version: 1\nas_of: {as_of}\n").client() as client:
        assert invalid(message) == refused(given, client, model=ADA)


def test_in_2023_there_were_other_models(open_world, refused):
    with open_world(yaml="version: 1\nas_of: 2023-03-15\n").client() as client:
        done = client.embeddings.create(model="text-search-ada-doc-001", input="Hello")

        assert 1024 == len(done.data[0].embedding)
        assert 404 == refused(by=client, model=SMALL)[0]
        assert (
            "maximum context length is 2046" in refused("a " * 2047, client, model=done.model)[1]["message"]
        )


# --- scenarios -------------------------------------------------------------------------------------------------------


def test_a_scenario_tells_the_vector_as_it_is(told):
    world = told(
        "- match: {endpoint: embeddings, message: {contains: cat}}\n"
        "  reply: {value: [3, 0.5], usage: {prompt_tokens: 7}, headers: {x-told: yes}}\n"
    )
    with world.client() as client:
        raw = client.embeddings.with_raw_response.create(model=SMALL, input=["a dog", "a cat"])
        done, other = raw.parse(), client.embeddings.create(model=SMALL, input="a dog")

    assert [[3, 0.5], [3, 0.5]] == [each.embedding for each in done.data]
    assert (7, 7, "yes") == (done.usage.prompt_tokens, done.usage.total_tokens, raw.headers["x-told"])
    assert 1536 == len(other.data[0].embedding)


def test_a_scenario_tells_a_vector_for_each_input(told, refused):
    with told("- reply: {value: [[1, 0], [0, 1]]}\n").client() as client:
        done = client.embeddings.create(model=SMALL, input=["a", "b"], encoding_format="float")

        assert [[1, 0], [0, 1]] == [each.embedding for each in done.data]
        assert invalid("The scenario tells 2 vectors; the request has 1 inputs.") == refused("a", client)


@pytest.mark.parametrize("value", ["{a: 1}", "[]", "[1, [2]]", "[true]", "[1.0e+39]", ".nan", "word"])
def test_what_is_no_vector_is_refused(told, refused, value):
    with told(f"- reply: {{value: {value}}}\n").client() as client:
        assert invalid("The scenario's value is no vector: an embedding is a list of numbers.") == refused(
            ["a", "b"], client
        )


def test_a_reply_in_words_leaves_the_vector_as_it_is(told, embed):
    with told("- reply: {text: Hello!}\n").client() as client:
        assert embed("Hello") == [client.embeddings.create(model=SMALL, input="Hello").data[0].embedding]


def test_a_scenario_refuses_and_then_answers(told, refused):
    world = told("- {replies: [{error: rate_limit_exceeded, headers: {retry-after: '7'}}, {value: [1]}]}\n")
    with world.client() as client:
        status, body = refused(by=client)

        assert (429, "rate_limit_exceeded") == (status, body["code"])
        assert [1] == client.embeddings.create(model=SMALL, input="a").data[0].embedding


def test_a_scenario_answers_in_its_own_way(told, http):
    world = told("- reply: {status: 418, body: {short: stout}}\n")

    answer = http.post(
        f"{world.url}/embeddings",
        json={"model": SMALL, "input": "a"},
        headers={"authorization": "Bearer sk-test-key"},
    )

    assert (418, {"short": "stout"}) == (answer.status_code, answer.json())


def test_a_scenario_lets_one_wait(told):
    world = told("- reply: {delay: 90s}\n")
    before = world.world.clock.now
    with world.client() as client:
        client.embeddings.create(model=SMALL, input="a")

    assert 90 <= world.world.clock.now - before < 120


# --- other clients ---------------------------------------------------------------------------------------------------

V0 = """
import openai
done = openai.Embedding.create(model="text-embedding-ada-002", input=["The cat sat", "Stocks fell"])
print(len(done["data"][1]["embedding"]), done["data"][0]["embedding"][:3], done["usage"]["total_tokens"])
one, two, three = (each["embedding"] for each in openai.Embedding.create(
    model="text-embedding-3-small", input=["The cat sat", "A cat sat", "Stocks fell"])["data"])
print(sum(a * b for a, b in zip(one, two)) > sum(a * b for a, b in zip(one, three)))
try:
    openai.Embedding.create(model="gpt-4", input="Hello")
except openai.error.PermissionError as error:
    print(error)
"""
V1 = """
import openai
client = openai.OpenAI()
done = client.embeddings.create(model="text-embedding-ada-002", input=["The cat sat", "Stocks fell"])
print(len(done.data[1].embedding), done.data[0].embedding[:3], done.usage.total_tokens)
one, two, three = (each.embedding for each in client.embeddings.create(
    model="text-embedding-3-small", input=["The cat sat", "A cat sat", "Stocks fell"]).data)
print(sum(a * b for a, b in zip(one, two)) > sum(a * b for a, b in zip(one, three)))
try:
    client.embeddings.create(model="gpt-4", input="Hello")
except openai.PermissionDeniedError as error:
    print(error.body["message"])
"""


@pytest.mark.parametrize(
    ("version", "script"),
    [
        pytest.param("0.28.1-datalib", V0, id="0.28.1"),
        pytest.param("1.7.1", V1, id="1.7.1"),
        pytest.param("1.109.1", V1, id="1.109.1"),
        pytest.param("2.54.0", V1, id="2.54.0"),
    ],
)
def test_older_clients_get_the_same(server, client, tmp_path, version, script):
    """Most of them ask for base64 and decode it themselves."""
    done = client.embeddings.create(model=ADA, input=["The cat sat", "Stocks fell"], encoding_format="float")

    printed = Shell(environment(version), tmp_path, server.url).python(script)

    assert "" == printed.stderr
    assert [
        f"1536 {done.data[0].embedding[:3]} {done.usage.total_tokens}",
        "True",
        "You are not allowed to generate embeddings from this model",
    ] == printed.stdout.splitlines()
