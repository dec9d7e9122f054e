"""What is on the wire, told by a bare socket; and that no connection, request or server is left hanging."""

import contextlib
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

import httpx2
import openai
import pytest
from faults.clients import ask

from mockserver.scenario.loader import load_text
from mockserver.testing.server import MockServer

HEADERS = {"authorization": "Bearer sk-test-key"}
BODY = b'{"model":"gpt-3.5-turbo-instruct","prompt":"Hi","max_tokens":3,"stream":%s}'


@contextlib.contextmanager
def asked(url, path="models", body=None):
    """A connection over which a request has been sent."""
    place = urlsplit(url)
    head = (
        f"{'POST' if body else 'GET'} {place.path}/{path} HTTP/1.1\r\nhost: {place.netloc}\r\n"
        "authorization: Bearer sk-test-key\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body or b'')}\r\nconnection: close\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(head.encode() + (body or b""))
        yield connection


def everything(connection):
    """Read until the server ends the connection; returns the bytes, and whether it was reset."""
    told = b""
    try:
        while piece := connection.recv(65536):
            told += piece
    except ConnectionResetError:
        return told, True
    return told, False


def until_struck(world):
    while not world.control("GET", "faults")["data"][0]["fired"]:
        pass


def test_a_reset_is_a_reset_on_the_wire(broken):
    with asked(broken("reset").url) as connection:
        assert (b"", True) == everything(connection)


def test_a_reset_in_an_answer_lets_the_bytes_before_it_through(broken):
    with asked(broken({"reset": {"after_bytes": 18}}).url) as connection:
        told, was_reset = everything(connection)

    assert was_reset
    assert told.endswith(b'\r\n\r\n{"object":"list","')


def test_an_empty_close_ends_the_connection_without_a_byte(broken):
    with asked(broken("empty_close").url) as connection:
        assert (b"", False) == everything(connection)


def test_garbage_is_the_same_for_the_same_seed_and_as_long_as_it_says(broken):
    told = []
    for _ in range(2):
        world = broken({"garbage": 200})
        for _ in range(2):
            with asked(world.url) as connection:
                told.append(everything(connection))

    first, second = told[:2]
    assert [first, second] == told[2:]
    assert first != second
    assert [(200, False)] * 4 == [(len(garbage), was_reset) for garbage, was_reset in told]


def test_a_short_body_is_shorter_than_its_head_says(broken):
    with asked(broken({"short_body": 10}).url) as connection:
        told, was_reset = everything(connection)

    head, _, body = told.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert (10, False) == (len(body), was_reset)
    assert length > 1000


def test_a_body_that_is_not_longer_than_it_is_let_to_be_is_whole(broken, http):
    assert http.get(f"{broken({'short_body': 10**6}).url}/models", headers=HEADERS).json()["data"]


def test_a_malformed_chunk_comes_where_a_length_should_stand(broken):
    with asked(
        broken({"malformed_chunk": {"after_events": 1}}).url, "completions", BODY % b"true"
    ) as connection:
        told, was_reset = everything(connection)

    assert b"transfer-encoding: chunked" in told
    assert told.endswith(b"}\n\n\r\nthis is no length\r\n")
    assert not was_reset


def test_a_broken_stream_has_no_last_chunk_and_a_cut_one_has(broken):
    for fault, end in (
        ({"stream_cut": 1}, b"}\n\n\r\n0\r\n\r\n"),
        ({"stream_cut": {"done": True}}, b"[DONE]\n\n\r\n0\r\n\r\n"),
    ):
        with asked(broken(fault).url, "completions", BODY % b"true") as connection:
            told, _ = everything(connection)
        assert told.endswith(end)


def test_a_drip_comes_in_pieces_of_its_size(broken):
    with asked(broken({"drip": 7}).url, "completions", BODY % b"true") as connection:
        told, _ = everything(connection)

    sizes = [int(line, 16) for line in told.partition(b"\r\n\r\n")[2].split(b"\r\n")[0::2] if line]
    assert 7 == max(sizes)
    assert 10 < sizes.count(7)


def test_a_refusal_leaves_the_connection_usable(broken):
    world = broken({"status": 503}, times=1)
    with httpx2.Client(headers=HEADERS) as client:
        answers = []
        for _ in range(2):
            with client.stream("GET", f"{world.url}/models") as answer:
                address = answer.extensions["network_stream"].get_extra_info("client_addr")
                answers.append((answer.status_code, address))
                answer.read()

    (first, address), (second, same) = answers
    assert (503, 200, address) == (first, second, same)


def test_after_a_broken_connection_the_next_one_is_served(broken, http):
    world = broken("reset", times=3)
    for _ in range(3):
        with pytest.raises(httpx2.TransportError):
            http.get(f"{world.url}/models", headers=HEADERS)

    assert 200 == http.get(f"{world.url}/models", headers=HEADERS).status_code


def test_a_fault_before_the_head_leaves_the_request_undone_and_one_behind_it_does_not(broken, pairs):
    for fault, uploaded in (("reset", 0), ({"reset": {"after_bytes": 0}}, 1), ("hang", 0), ("short_body", 1)):
        world = broken(fault, times=1)
        with world.client() as client:
            with pytest.raises(openai.APIConnectionError):
                client.files.create(file=pairs, purpose="fine-tune", timeout=0.2 if fault == "hang" else 30)
            assert uploaded == len(client.files.list().data), fault


def test_latency_is_told_in_the_worlds_time(broken):
    world = broken({"latency": "1h"}, more="clock: {start: 2023-03-15T00:00:00Z, rate: auto}")

    assert 1_678_842_000 == ask("sync", world.url).value.created


def test_on_a_clock_that_stands_still_latency_lasts_until_the_clock_is_moved(broken):
    world = broken({"latency": "10s"}, more="clock: {start: 2023-03-15T00:00:00Z, rate: 0}")
    heard = []
    asking = threading.Thread(target=lambda: heard.append(ask("sync", world.url)))
    asking.start()
    until_struck(world)

    world.advance(9)
    assert [] == heard
    world.advance(1)
    asking.join(10)

    assert [1_678_838_410] == [one.value.created for one in heard]


def test_what_became_due_while_an_answer_was_late_has_happened_in_it(broken, pairs):
    world = broken(
        {"latency": "1m"},
        match={"endpoint": "files.list"},
        more="clock: {rate: auto}\nuploads: {processing: 30s}",
    )
    with world.client() as client:
        client.files.create(file=pairs, purpose="fine-tune")

        assert ["processed"] == [file.status for file in client.files.list().data]


@pytest.mark.parametrize(
    "fault", ["hang", {"latency": "1h"}, {"stream_stall": 1}, {"drip": {"size": 1, "every": "1h"}}], ids=str
)
def test_whatever_takes_for_ever_ends_with_its_world(broken, fault):
    world = broken(fault)
    with asked(world.url, "completions", BODY % b"true") as connection:
        until_struck(world)

        world.control("POST", "reset")

        everything(connection)  # comes to its end


@pytest.mark.parametrize("fault", ["hang", {"latency": "1h"}, {"stream_stall": 1}], ids=str)
def test_whatever_takes_for_ever_ends_with_its_server(fault):
    scenario = load_text("version: 1").model_copy()
    with contextlib.ExitStack() as stack:
        with MockServer(scenario) as server:
            httpx2.post(f"{server.url}/_mock/faults", json={"rules": [{"fault": fault}]}).raise_for_status()
            connection = stack.enter_context(asked(server.base_url, "completions", BODY % b"true"))
            while not httpx2.get(f"{server.url}/_mock/faults").json()["data"][0]["fired"]:
                pass
            began = time.monotonic()
        took = time.monotonic() - began
        told, _ = everything(connection)

    assert took < 1  # uvicorn would wait that long for requests that do not end, and then complain of them
    assert b"[DONE]" not in told


def test_three_hundred_clients_that_leave_amid_a_stalled_stream_leave_nothing_behind(broken):
    """What they leave behind is looked for after the test."""
    world = broken({"stream_stall": 1})
    for _ in range(300):
        with asked(world.url, "completions", BODY % b"true") as connection:
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
