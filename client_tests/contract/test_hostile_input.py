"""Bodies that are no JSON, no object or nothing we know are refused in the official shape by every operation."""

import gzip
import json
import re

import pytest

KEY = {"authorization": "Bearer sk-x"}
JSON = KEY | {"content-type": "application/json"}

NOT_JSON = {
    "100,000 lists in each other": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects in each other": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "bytes that are no UTF-8": b'{"model":"\xff"}',
    "half of a surrogate pair": b'{"model":"\\ud800"}',
    "a surrogate pair the wrong way round": b'{"model":"\\udc00\\ud800"}',
    "an integer of 10,000 digits": b'{"seed":' + b"9" * 10_000 + b"}",
    "not a number": b'{"temperature":NaN}',
    "minus infinity": b'{"temperature":-Infinity}',
    "nothing but a space": b" ",
    "an end too early": b'{"model":',
    "two documents": b"{}{}",
    "a trailing comma": b'{"model":"davinci",}',
    "single quotes": b"{'model':'davinci'}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"model":"davinci"}'.encode("utf-16"),
    "a bare control character": b'{"model":"a\x00b"}',
    "gzip": gzip.compress(b"{}"),
}
NO_OBJECT = {"no body": b"", "null": b"null", "a list": b"[]", "a string": b'"model"', "a number": b"1"}
STRANGE = {
    "an integer of 4,000 digits": b'{"model":' + b"9" * 4000 + b"}",
    "a float beyond all floats": b'{"temperature":1e999999}',
    "a zero character": b'{"model":"a\\u0000b","training_file":"\\u0000"}',
    "a key twice": b'{"model":"a","model":"b"}',
    "an empty key": b'{"":null}',
    "a key of 100,000 letters": b'{"' + b"k" * 100_000 + b'":1}',
    "10,000 keys": json.dumps({f"k{number}": number for number in range(10_000)}).encode(),
    "keys that mean something elsewhere": b'{"__proto__":{},"__class__":1}',
    "lists in each other, as deep as the parser goes": b'{"model":' + b"[" * 150 + b"]" * 150 + b"}",
}


@pytest.fixture
def post_everywhere(http, mock, operations):
    """Send a body to every operation that takes JSON."""

    def post(body, **headers):
        wanting = [
            one
            for one in operations
            if "application/json" in one[2].get("requestBody", {}).get("content", ())
        ]
        assert len(wanting) > 5
        return [
            http.request(method, mock.url + re.sub("[{}]", "", path), content=body, headers=headers)
            for method, path, _ in wanting
        ]

    return post


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_a_body_that_is_not_json_is_a_400(post_everywhere, refused, body):
    for answer in post_everywhere(body, **JSON):
        assert refused(answer, 400).startswith("We could not parse the JSON body of your request.")


@pytest.mark.parametrize("body", NO_OBJECT.values(), ids=NO_OBJECT)
def test_json_that_is_no_object_is_a_400(post_everywhere, refused, body):
    for answer in post_everywhere(body, **JSON):
        assert "the request body" in refused(answer, 400)


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_strange_json_is_read_and_refused_for_what_it_says(post_everywhere, refused, body):
    for answer in post_everywhere(body, **JSON):
        refused(answer, 400, 404)


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "multipart/form-data", "application/jsonx", "*/*", "json", "/"]
)
def test_json_that_calls_itself_something_else_is_a_415(post_everywhere, refused, kind):
    for answer in post_everywhere(b"{}", **KEY | ({} if kind is None else {"content-type": kind})):
        assert refused(answer, 415).startswith("Invalid Content-Type header")


@pytest.mark.parametrize("encoding", ["gzip", "br, gzip", "nonsense"])
def test_an_encoded_body_is_a_415(post_everywhere, refused, encoding):
    for answer in post_everywhere(b"{}", **JSON | {"content-encoding": encoding}):
        refused(answer, 415)


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_json_body_over_32_mb_is_a_413(mock, http, refused, is_declared):
    pieces = [b" " * 2**20] * 33
    body = b"".join(pieces) if is_declared else iter(pieces)
    answer = http.post(f"{mock.base_url}/fine-tunes", content=body, headers=JSON)

    assert refused(answer, 413).startswith("Request body is too large.")
