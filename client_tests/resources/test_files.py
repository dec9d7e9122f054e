"""Files, through the real client over a real socket."""

import io

import httpx2
import openai
import pytest


def test_an_uploaded_file_comes_back_byte_for_byte(client, pairs):
    file = client.files.create(file=("data.jsonl", pairs), purpose="fine-tune")

    assert (len(pairs), "data.jsonl", "fine-tune", "processed") == (
        file.bytes,
        file.filename,
        file.purpose,
        file.status,
    )
    assert pairs == client.files.content(file.id).content
    assert file == client.files.retrieve(file.id)


def test_a_list_is_newest_first_and_pages_by_cursor(client, pairs):
    ids = [client.files.create(file=pairs, purpose="fine-tune").id for _ in range(5)]

    assert ids[::-1] == [file.id for file in client.files.list()]
    assert ids == [file.id for file in client.files.list(order="asc", limit=2)]
    page = client.files.list(limit=2, after=ids[3])
    assert [ids[2], ids[1]] == [file.id for file in page.data]
    assert page.has_more


def test_a_list_can_be_of_one_purpose(client, pairs):
    client.files.create(file=pairs, purpose="fine-tune")
    wanted = client.files.create(file=b"anything", purpose="user_data")

    assert [wanted.id] == [file.id for file in client.files.list(purpose="user_data")]


def test_deleting_while_paging_does_not_lose_the_place(client, pairs):
    """The cursor of a page may be a file that is gone by the time the next page is asked for."""
    for _ in range(5):
        client.files.create(file=pairs, purpose="fine-tune")

    for file in client.files.list(limit=2):
        client.files.delete(file.id)

    assert [] == list(client.files.list())


def test_a_deleted_file_is_gone_everywhere(client, pairs):
    file = client.files.create(file=pairs, purpose="fine-tune")

    assert client.files.delete(file.id).deleted
    for look in (client.files.retrieve, client.files.delete, client.files.content):
        with pytest.raises(openai.NotFoundError, match=f"No such File object: {file.id}"):
            look(file.id)


def test_a_cursor_that_never_existed_is_refused(client):
    with pytest.raises(openai.BadRequestError, match="file-nope"):
        client.files.list(after="file-nope")


@pytest.mark.parametrize("name", [".%2Fdata.jsonl", "%2Ftmp%2Fx.jsonl", "foo%2F", ".%5Cx.jsonl", "a%00b"])
def test_a_path_in_place_of_an_id_is_an_unknown_file(server, http, name):
    """The 0.x CLI asks for the file by the path the user typed before it uploads it."""
    answer = http.get(f"{server.url}/files/{name}", headers={"authorization": "Bearer sk-x"})

    assert 404 == answer.status_code
    assert answer.json()["error"]["message"].startswith("No such File object: ")


def test_a_bad_first_line_is_refused_at_once(client):
    with pytest.raises(openai.BadRequestError, match="Expected file to have JSONL format"):
        client.files.create(file=b'["not", "a dictionary"]\n', purpose="fine-tune")

    assert [] == list(client.files.list())


def test_a_later_bad_line_is_found_while_the_file_is_processed(open_world):
    world = open_world(yaml="version: 1\nclock: {rate: 0}\nuploads: {processing: 30s}\n")
    client = world.client()
    file = client.files.create(file=b'{"prompt":"","completion":""}\n{"prompt":\n', purpose="fine-tune")
    assert "uploaded" == file.status

    with pytest.raises(openai.ConflictError, match="still processing"):
        client.files.delete(file.id)
    world.advance(30)

    done = client.files.retrieve(file.id)
    assert "error" == done.status
    assert "line 2" in done.status_details


def test_a_file_expires_at_its_second(server, client, pairs):
    file = client.files.create(
        file=pairs, purpose="fine-tune", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    assert file.created_at + 3600 == file.expires_at

    server.advance(3599)
    assert file.id == client.files.retrieve(file.id).id
    server.advance(1)
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(file.id)


def test_an_unknown_purpose_is_refused_in_the_official_words(client, pairs):
    with pytest.raises(openai.BadRequestError, match=r"'fine-tunes' is not one of .* - 'purpose'"):
        client.files.create(file=pairs, purpose="fine-tunes")


@pytest.mark.parametrize("purpose", ["assistants", "vision", "user_data"])
def test_files_of_some_purposes_are_not_given_back(client, purpose):
    file = client.files.create(file=b"bytes", purpose=purpose)

    with pytest.raises(openai.BadRequestError, match="Not allowed to download files of purpose"):
        client.files.content(file.id)


def test_a_file_over_the_limit_is_refused_and_nothing_stays(open_world):
    world = open_world(yaml="version: 1\nuploads: {max_bytes: 1000}\n")
    client = world.client()

    with pytest.raises(openai.APIStatusError) as caught:
        client.files.create(file=io.BytesIO(b"x" * 1001), purpose="user_data")

    assert 413 == caught.value.status_code
    assert [] == list(client.files.list())
    assert [] == list(world.world.blobs.path("").iterdir())


def test_a_declared_600_mb_upload_is_refused_before_it_is_sent(server, http):
    """A server that reads on would wait for bytes that never come."""
    url = httpx2.URL(f"{server.url}/files")
    request = http.build_request(
        "POST",
        url,
        headers={
            "authorization": "Bearer sk-x",
            "content-type": "multipart/form-data; boundary=b",
            "content-length": str(600 * 10**6),
        },
        content=iter([b"--b\r\n"]),
    )
    answer = _send_head_only(request)

    assert b"HTTP/1.1 413" in answer
    assert b"512 MB" in answer


def _send_head_only(request):
    import socket

    lines = [f"{request.method} {request.url.raw_path.decode()} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name != "transfer-encoding"]
    with socket.create_connection((request.url.host, request.url.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", "--b"]).encode())
        received = b""
        while b"}}" not in received and (piece := connection.recv(65536)):
            received += piece
    return received


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nhalf',
        b"not a form at all",
    ],
)
def test_a_broken_form_is_a_400_and_leaves_nothing(server, http, body):
    headers = {"authorization": "Bearer sk-x", "content-type": "multipart/form-data; boundary=b"}
    answer = http.post(f"{server.url}/files", content=body, headers=headers)

    assert 400 == answer.status_code
    assert "invalid_request_error" == answer.json()["error"]["type"]
    assert [] == list(server.world.blobs.path("").iterdir())


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b.jsonl", "..\\x.jsonl", "x" * 300, "日本.jsonl", 'q".jsonl']
)
def test_a_file_name_is_a_name_and_nothing_more(client, server, name):
    file = client.files.create(file=(name, b"data"), purpose="user_data")

    assert "/" not in file.filename
    assert "\\" not in file.filename
    assert [file.id] == [path.name for path in server.world.blobs.path("").iterdir()]


def test_files_of_2023_have_status_details_and_no_pages(open_world, http, pairs):
    world = open_world(yaml="version: 1\nas_of: 2023-03-15\n")
    world.client().files.create(file=pairs, purpose="fine-tune")

    listed = http.get(f"{world.url}/files", headers={"authorization": "Bearer sk-x"}).json()

    assert {"object", "data"} == set(listed)
    assert listed["data"][0]["status_details"] is None
    assert "expires_at" not in listed["data"][0]
