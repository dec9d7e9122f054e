"""Which world a request enters, and that time has passed there before it is looked at."""

import pytest

HEADERS = {"authorization": "Bearer sk-x"}


def test_the_base_url_decides_which_world_a_client_is_in(mock, open_world, http, pairs):
    one, other = open_world(), open_world()
    with one.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")

    for url, status in ((one.url, 200), (other.url, 404), (mock.base_url, 404)):
        assert status == http.get(f"{url}/files/{file.id}", headers=HEADERS).status_code


@pytest.mark.parametrize(
    "path", ["/w/world-none/v1/models", "/w/world-none", "/w/", "/w//v1/models", "/w/../v1/models"]
)
def test_a_world_that_does_not_exist_is_refused_in_the_official_shape(mock, http, path):
    answer = http.get(mock.url + path, headers=HEADERS)

    if answer.url.path == "/v1/models":  # the client itself takes `..` away
        return
    assert (404, "world_not_found") == (answer.status_code, answer.json()["error"]["code"])


def test_every_world_has_its_control_api(open_world):
    one, other = (
        open_world(yaml="version: 1\nclock: {rate: 0}\n"),
        open_world(yaml="version: 1\nclock: {rate: 0}\n"),
    )
    before = other.control("GET", "clock")["now"]

    one.advance(3600)

    assert before == other.control("GET", "clock")["now"]


def test_a_request_finds_everything_done_that_is_due_by_now(open_world):
    world = open_world(yaml="version: 1\nclock: {rate: 0}\nuploads: {processing: 60s}\n")
    with world.client() as client:
        file = client.files.create(file=b'{"prompt": "a", "completion": "b"}\n', purpose="fine-tune")
        assert "uploaded" == client.files.retrieve(file.id).status
        world.world.clock.advance(60)  # nobody settles the world but the request itself
        assert "processed" == client.files.retrieve(file.id).status


def test_a_path_outside_the_api_is_refused_in_the_official_shape(server, http):
    for path in ("", "/", "/v2/models", "/v1", "/_mockery"):
        answer = http.get(server.url.removesuffix("/v1") + path, headers=HEADERS)

        assert 404 == answer.status_code, path
        assert f"Invalid URL (GET {path or ''})" == answer.json()["error"]["message"]
