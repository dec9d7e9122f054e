"""Keys: who is let in, and the exact words for everybody else."""

import openai
import pytest

from mockserver.errors import mask

KEY = "sk-known-0123456789abcdef"


@pytest.fixture
def locked(open_world):
    """A world that knows two keys."""
    return open_world(yaml=f"version: 1\naccount: {{api_keys: [{KEY}, short]}}\n")


def error(answer):
    assert 401 == answer.status_code
    assert "application/json" == answer.headers["content-type"]
    return answer.json()["error"]


def test_a_world_takes_any_key_unless_its_scenario_lists_them(server, locked):
    with server.client(api_key="sk-whatever") as client:
        assert list(client.models.list())
    for key in (KEY, "short"):
        with locked.client(api_key=key) as client:
            assert list(client.models.list())


def test_a_wrong_key_is_refused_in_the_words_of_the_real_api(locked):
    with (
        locked.client(api_key="sk-wrong-key-0123456789wxyz") as client,
        pytest.raises(openai.AuthenticationError) as refused,
    ):
        client.models.list()

    assert (
        "Incorrect API key provided: sk-wrong***************wxyz. "
        "You can find your API key at https://platform.openai.com/account/api-keys."
    ) == refused.value.body["message"]
    assert ("invalid_request_error", None, "invalid_api_key") == (
        refused.value.type,
        refused.value.param,
        refused.value.code,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": KEY},
        {"authorization": "Digest abc"},
        {"api-key": ""},
    ],
)
def test_a_request_without_a_key_is_refused_in_the_words_of_the_real_api(locked, server, http, headers):
    for world in (locked, server):
        said = error(http.get(f"{world.url}/models", headers=headers))

        assert said["message"].startswith(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using "
            "Bearer auth (i.e. Authorization: Bearer YOUR_KEY)"
        )
        assert ("invalid_request_error", None, None) == (said["type"], said["param"], said["code"])


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer {KEY}"},
        {"authorization": f"Bearer  {KEY}"},
        {"api-key": KEY},
    ],
)
def test_a_key_can_be_presented_as_clients_do(locked, http, headers):
    assert 200 == http.get(f"{locked.url}/models", headers=headers).status_code


@pytest.mark.parametrize("path", ["models", "no/such/path", "files/file-1/content", "chat/completions"])
def test_nothing_is_said_about_a_path_to_those_without_a_key(locked, http, path):
    assert (
        "invalid_api_key"
        == error(http.get(f"{locked.url}/{path}", headers={"authorization": "Bearer no"}))["code"]
    )


def test_the_control_api_needs_no_key(locked):
    assert locked.control("GET", "clock")["now"]


def test_a_refused_request_is_in_the_journal_and_has_a_request_id(locked, http):
    answer = http.get(f"{locked.url}/models", headers={"authorization": "Bearer sk-wrong"})

    (noted,) = locked.control("GET", "requests")["data"]

    assert (401, answer.headers["x-request-id"]) == (noted["status"], noted["id"])
    assert "invalid_api_key" in noted["response"]["text"]


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("", ""),
        ("short", "*****"),
        ("0123456789abcdef", "****************"),
        ("0123456789abcdefg", "01234567*****defg"),
    ],
)
def test_a_key_is_shown_by_its_ends_only_if_it_is_long(key, shown):
    assert shown == mask(key)
