"""The server around the application: its socket, its threads, and how it ends."""

import errno
import os
import socket
import tempfile
import threading
from contextlib import closing

import openai
import pytest

from mockserver.scenario.loader import load_text
from mockserver.server import bind, url_of
from mockserver.store import Blobs
from mockserver.testing.server import MockServer

STILL = load_text("version: 1\nclock: {start: 2023-03-15, rate: 0}\n")
HEADERS = {"authorization": "Bearer sk-x"}


# --- the socket ------------------------------------------------------------------------------------------------------


def test_a_listener_names_its_protocol_so_that_nagle_is_off():
    """With proto=0 asyncio leaves Nagle's delay on, which costs 40 ms a request."""
    with closing(bind("127.0.0.1", 0)) as listener:
        assert socket.IPPROTO_TCP == listener.proto


def test_port_0_is_a_free_port_and_the_url_tells_which():
    with closing(bind("127.0.0.1", 0)) as one, closing(bind("127.0.0.1", 0)) as other:
        assert one.getsockname()[1] != other.getsockname()[1]
        assert f"http://127.0.0.1:{one.getsockname()[1]}" == url_of(one)


def test_a_port_that_is_taken_is_an_error_at_once():
    with closing(bind("127.0.0.1", 0)) as listener, pytest.raises(OSError, match="in use") as taken:
        bind("127.0.0.1", listener.getsockname()[1])

    assert errno.EADDRINUSE == taken.value.errno


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "not a host"])
def test_a_host_that_is_not_ours_is_an_error(host):
    with pytest.raises(OSError, match=r"."):
        bind(host, 0)


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_the_url_is_one_that_reaches_the_listener_from_here(host, shown):
    try:
        listener = bind(host, 0)
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with closing(listener):
        assert url_of(listener).startswith(shown)


def test_a_client_that_comes_before_the_first_tick_is_waited_for(http):
    """The socket listens before the server's thread has begun, so nobody polls for readiness."""
    with MockServer(STILL) as server:
        assert 200 == http.get(f"{server.base_url}/models", headers=HEADERS).status_code


# --- several servers -------------------------------------------------------------------------------------------------


def test_two_servers_in_one_process_do_not_see_each_other(http, pairs):
    with MockServer(STILL) as one, MockServer(STILL) as other:
        with openai.OpenAI(base_url=one.base_url, api_key="sk-x", max_retries=0) as client:
            file = client.files.create(file=pairs, purpose="fine-tune")
        http.post(f"{one.url}/_mock/clock", json={"advance": 60})

        assert 404 == http.get(f"{other.base_url}/files/{file.id}", headers=HEADERS).status_code
        assert 60 == (
            http.get(f"{one.url}/_mock/clock").json()["now"]
            - http.get(f"{other.url}/_mock/clock").json()["now"]
        )


def test_servers_that_come_and_go_leave_no_thread_and_no_folder_behind(http, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    threads = threading.active_count()

    for _ in range(3):
        with MockServer(STILL) as server:
            http.get(f"{server.url}/_mock/health")

    assert threads == threading.active_count()
    assert [] == list(tmp_path.iterdir())


# --- its end ---------------------------------------------------------------------------------------------------------


def test_a_stream_ends_when_its_server_does(http, pairs):
    with MockServer(STILL) as server:
        with openai.OpenAI(base_url=server.base_url, api_key="sk-x", max_retries=0) as client:
            file = client.files.create(file=pairs, purpose="fine-tune")
            job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
        url = f"{server.base_url}/fine-tunes/{job['id']}/events?stream=true"
        with http.stream("GET", url, headers=HEADERS) as stream:
            lines = stream.iter_lines()
            assert "Created fine-tune" in next(lines)

            server.__exit__(None, None, None)

            assert "[DONE]" not in "".join(lines)
        assert not server._thread.is_alive()


def test_a_server_goes_on_where_it_was_stopped(http, tmp_path, pairs):
    with MockServer(STILL, state=tmp_path) as server:
        with openai.OpenAI(base_url=server.base_url, api_key="sk-x", max_retries=0) as client:
            file = client.files.create(file=pairs, purpose="fine-tune")
        told = http.post(f"{server.url}/_mock/clock", json={"advance": 1000}).json()

    with MockServer(STILL, state=tmp_path) as server:
        assert told == http.get(f"{server.url}/_mock/clock").json()
        with openai.OpenAI(base_url=server.base_url, api_key="sk-x", max_retries=0) as client:
            assert [file] == list(client.files.list())
            assert pairs == client.files.content(file.id).content


# --- what must not happen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["settle", "legacy_shapes"])
def test_a_bug_is_answered_as_the_real_api_answers_one_and_the_connection_stays(
    server, http, monkeypatch, place
):
    """Outside of FastAPI and inside of it."""

    def broken(*_):
        raise LookupError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(type(server.world), place, broken if place == "settle" else property(broken))
        answers = [http.get(f"{server.url}/models", headers=HEADERS) for _ in range(5)]

    assert {500} == {answer.status_code for answer in answers}
    answer = answers[0]
    assert {
        "message": "The server had an error while processing your request. Sorry about that!",
        "type": "server_error",
        "param": None,
        "code": None,
    } == answer.json()["error"]


class FullDisk:
    """A file on a disk with room for so many bytes; the last write that fits is a short one, as on Linux."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        if not self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = self._file.write(data[: self._room])
        self._room -= written
        return written

    def close(self):
        self._file.close()


def test_what_does_not_fit_into_the_database_is_refused_and_leaves_nothing_behind(server, client, pairs):
    """The store takes back the whole transaction, and goes on when there is room again."""
    database = server.world.store._db
    file = client.files.create(file=pairs, purpose="fine-tune")
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    order = {"training_file": file.id, "model": "ada"}

    def create():
        return client.post("/fine-tunes", cast_to=object, body=order)["id"]

    with pytest.raises(openai.InternalServerError, match="no disk space left") as refused:
        list(iter(create, None))

    assert 507 == refused.value.status_code
    before = client.get("/fine-tunes", cast_to=object)["data"]
    database.execute("PRAGMA max_page_count = 100000")
    job = create()
    assert [*(one["id"] for one in before), job] == [
        one["id"] for one in client.get("/fine-tunes", cast_to=object)["data"]
    ]


@pytest.mark.parametrize("room", [0, 100, 3_000_000])
def test_an_upload_that_does_not_fit_on_the_disk_is_refused_and_leaves_nothing_behind(
    server, client, monkeypatch, room
):
    create = Blobs.create

    def create_on_full_disk(blobs):
        writer = create(blobs)
        writer._file = FullDisk(writer._file, room)
        return writer

    content = b'{"prompt": "a", "completion": "b"}\n' * 100_000
    monkeypatch.setattr(Blobs, "create", create_on_full_disk)

    with pytest.raises(openai.InternalServerError, match="no disk space left") as refused:
        client.files.create(file=content, purpose="fine-tune")

    assert (507, "server_error", "disk_full") == (
        refused.value.status_code,
        refused.value.type,
        refused.value.code,
    )
    assert [] == list(client.files.list())
    assert [] == list(server.world.blobs.path("x").parent.iterdir())
    monkeypatch.undo()
    file = client.files.create(file=content, purpose="fine-tune")
    assert content == client.files.content(file.id).content
