"""Broken HTTP, foreign hosts and hostile headers: answered, never with a server error, refused in the official shape.

What uvicorn refuses before the application sees it (broken HTTP, a URL over 64 KB) is answered by our own protocol.
Headers have no limit: uvicorn's httptools reads a megabyte of them.
"""

import socket

import pytest

KEY = {"authorization": "Bearer sk-x"}
JSON = KEY | {"content-type": "application/json"}
FORM = KEY | {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("host", [b"localhost", b"LOCALHOST:80", b"127.0.0.1:1", b"[::1]", b"[::1]:8080"])
def test_our_own_names_are_let_in(speak, host):
    assert 200 == speak(b"GET /_mock/health HTTP/1.1", b"Host: " + host).status_code


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [b""],
        [b"localhost", b"localhost"],
        [b"evil.example"],
        [b"localhost.evil.example"],
        [b"127.0.0.1.nip.io"],
        [b"localhost:80@evil.example"],
        [b"localhost."],
        [b"::1"],
        [b"\xff"],
    ],
    ids=repr,
)
@pytest.mark.parametrize("path", [b"/v1/models", b"/_mock/health", b"/nowhere"])
def test_a_page_that_rebinds_its_name_to_us_is_kept_out(speak, refused, hosts, path):
    answer = speak(b"GET " + path + b" HTTP/1.1", *(b"Host: " + host for host in hosts))

    assert refused(answer, 403).startswith("Host not allowed")


@pytest.mark.parametrize(
    "origin", [b"null", b"", b"http://evil.example", b"http://localhost.evil.example", b"evil"]
)
@pytest.mark.parametrize("path", [b"/_mock/reset", b"/w/default/_mock/reset", b"/%5Fmock/reset"])
def test_a_page_of_somebody_else_cannot_reset_a_world(speak, refused, origin, path):
    answer = speak(
        b"POST " + path + b" HTTP/1.1", b"Host: localhost", b"Origin: " + origin, b"Content-Length: 0"
    )

    assert refused(answer, 403).startswith("Origin not allowed")


@pytest.mark.parametrize("key", [b"", b"Bearer", b"Bearer  ", b"Basic c2steA==", b"sk-x", b"\xff\xfe"])
def test_a_request_without_a_key_is_a_401(speak, refused, key):
    answer = speak(b"GET /v1/models HTTP/1.1", b"Host: localhost", b"Authorization: " + key)

    assert refused(answer, 401).startswith("You didn't provide an API key.")
    assert answer.headers["x-request-id"].startswith("req_")


# --- HTTP itself -----------------------------------------------------------------------------------------------------

BROKEN_HTTP = {
    "no HTTP at all": [b"GARBAGE"],
    "a TLS greeting": [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    "HTTP/2": [b"PRI * HTTP/2.0", b"", b"SM"],
    "an unknown method": [b"FROB /v1/models HTTP/1.1", b"Host: localhost"],
    "a method in lower case": [b"get /v1/models HTTP/1.1", b"Host: localhost"],
    "a tunnel": [b"CONNECT localhost:80 HTTP/1.1", b"Host: localhost"],
    "a zero byte in the URL": [b"GET /v1/models/\x00 HTTP/1.1", b"Host: localhost"],
    "raw UTF-8 in the URL": [b"GET /v1/models/\xc3\xbc HTTP/1.1", b"Host: localhost"],
    "a URL of 100 KB": [b"GET /v1/models/" + b"a" * 100_000 + b" HTTP/1.1", b"Host: localhost"],
    "a zero byte in a header": [b"GET /v1/models HTTP/1.1", b"Host: localhost", b"X: a\x00b"],
    "a folded header": [b"GET /v1/models HTTP/1.1", b"Host: localhost", b"X: a\r\n b"],
    "two lengths": [
        b"POST /v1/files HTTP/1.1",
        b"Host: localhost",
        b"Content-Length: 0",
        b"Content-Length: 1",
    ],
    "a negative length": [b"POST /v1/files HTTP/1.1", b"Host: localhost", b"Content-Length: -1"],
    "a length and chunks": [
        b"POST /v1/files HTTP/1.1",
        b"Host: localhost",
        b"Content-Length: 5",
        b"Transfer-Encoding: chunked",
    ],
}


@pytest.mark.parametrize("lines", BROKEN_HTTP.values(), ids=BROKEN_HTTP)
def test_broken_http_is_a_400_and_the_end_of_the_connection(speak, refused, lines):
    answer = speak(*lines)

    assert refused(answer, 400) == "Invalid HTTP request received."
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "header",
    [
        b"X: " + b"a" * 2**20,
        b"".join(b"X-%d: a\r\n" % number for number in range(5000)),
        b"X: a\xffb",
        b"Upgrade: websocket\r\nConnection: Upgrade",
        b"Expect: the worst",
        b"Range: bytes=abc",
        b"Cookie: " + b"a=b; " * 5000,
    ],
    ids=lambda header: header[:20].decode("latin-1"),
)
def test_headers_that_mean_nothing_to_us_do_not_harm(speak, header):
    answer = speak(b"GET /v1/models HTTP/1.1", b"Host: localhost", b"Authorization: Bearer sk-x", header)

    assert 200 == answer.status_code


@pytest.mark.parametrize("wanted", ["bytes=0-1", "bytes=5-2", "bytes=999999-", "bytes=abc", "lines=1-2"])
def test_the_contents_of_a_file_come_whole_whatever_range_is_asked_for(client, server, http, pairs, wanted):
    file = client.files.create(file=pairs, purpose="fine-tune")
    answer = http.get(f"{server.url}/files/{file.id}/content", headers=KEY | {"range": wanted})

    assert (200, pairs) == (answer.status_code, answer.content)


def test_the_contents_of_a_file_tell_nothing_of_the_real_time(client, server, http, pairs):
    file = client.files.create(file=pairs, purpose="fine-tune")
    answer = http.get(f"{server.url}/files/{file.id}/content", headers=KEY)

    assert not {"last-modified", "etag"} & set(answer.headers)
    assert str(len(pairs)) == answer.headers["content-length"]


@pytest.mark.parametrize(
    "sent", [b"", b"--b\r\n", b'{"model":', b"--b\r\nContent-Disposition: form-data; na"]
)
@pytest.mark.parametrize("headers", [JSON, FORM], ids=["json", "form"])
def test_a_caller_who_hangs_up_halfway_leaves_nothing_behind(server, http, sent, headers):
    lines = [f"POST {server.url} HTTP/1.1".replace(server.url, f"/w/{server.id}/v1/files"), "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + ["Content-Length: 1000", "", ""]
    port = int(server.url.split(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall("\r\n".join(lines).encode() + sent)

    assert 200 == http.get(f"{server.url}/models", headers=KEY).status_code
    assert [] == list(server.world.blobs.path("").iterdir())
