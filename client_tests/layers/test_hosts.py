"""Who gets in by the name of the host, called directly and over the wire."""

import pytest

from mockserver.errors import ApiError
from mockserver.layers.hosts import HostGuard

INSIDE = "inside"


async def app(scope, _receive, _send):
    scope["seen"] = INSIDE


async def ask(*hosts, path="/v1/models", origins=(), allowed=()):
    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    headers += [(b"origin", origin.encode("latin-1")) for origin in origins]
    scope = {"type": "http", "path": path, "headers": headers}
    await HostGuard(app, allowed)(scope, None, None)
    return scope["seen"]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LocalHost"])
@pytest.mark.parametrize("port", ["", ":80", ":8080"])
async def test_loopback_gets_in_by_every_name_on_every_port(name, port):
    assert INSIDE == await ask(name + port)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.",
        "localhost:80@evil.example",
        "localhost:evil",
        "evil.example:8080",
        "::1",
        "[::1]evil",
        "",
        ":8080",
        "192.168.1.7",
        "localh\xf6st",
    ],
)
async def test_any_other_name_is_refused(host):
    with pytest.raises(ApiError, match="Host not allowed") as refused:
        await ask(host)

    assert (403, "host_not_allowed") == (refused.value.status, refused.value.code)


@pytest.mark.anyio
@pytest.mark.parametrize("hosts", [(), ("localhost", "localhost"), ("localhost", "evil.example")])
async def test_a_request_has_one_host_and_only_one(hosts):
    with pytest.raises(ApiError, match="Host not allowed"):
        await ask(*hosts)


@pytest.mark.anyio
async def test_a_name_can_be_allowed_and_a_star_allows_all():
    assert INSIDE == await ask("mock:8080", allowed=["mock"])
    assert INSIDE == await ask("evil.example", allowed=["*"])
    with pytest.raises(ApiError):
        await ask("mocking", allowed=["mock"])


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/_mock/reset", "/w/world-1/_mock/clock"])
async def test_a_page_of_somebody_else_cannot_use_the_control_api(path):
    assert INSIDE == await ask("localhost", path=path)
    assert INSIDE == await ask("localhost", path=path, origins=["http://localhost:3000"])
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        with pytest.raises(ApiError, match="Origin not allowed"):
            await ask("localhost", path=path, origins=[origin])


@pytest.mark.anyio
async def test_the_api_itself_does_not_look_at_the_origin():
    assert INSIDE == await ask("localhost", origins=["https://evil.example"])


@pytest.mark.anyio
async def test_what_is_no_request_passes():
    scope = {"type": "lifespan"}

    await HostGuard(app)(scope, None, None)

    assert INSIDE == scope["seen"]


def test_a_refusal_is_in_the_official_shape_and_tells_what_to_do(server, http):
    answer = http.get(f"{server.url}/models", headers={"host": "evil.example"})

    assert 403 == answer.status_code
    assert {
        "error": {
            "message": "Host not allowed: evil.example. (HINT: start the server with --allow-host NAME)",
            "type": "invalid_request_error",
            "param": None,
            "code": "host_not_allowed",
        }
    } == answer.json()
