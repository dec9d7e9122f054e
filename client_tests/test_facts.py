"""What rules know of a request: the fields of its body, also of an upload, which reaches its handler byte for byte."""

import io

import openai
import pytest

BIG = b'{"prompt": "a", "completion": "b"}\n' * 100_000


def refusing(match):
    return (
        f"version: 1\nfaults:\n  - match: {{endpoint: files.create, {match}}}\n    fault: {{status: 418}}\n"
    )


def upload(world, name, purpose="fine-tune", content=BIG[:3500]):
    with world.client() as client:
        return client.files.create(file=(name, io.BytesIO(content)), purpose=purpose)


def is_refused(world, *told, **also):
    try:
        upload(world, *told, **also)
    except openai.APIStatusError as error:
        return error.status_code == 418
    return False


@pytest.mark.parametrize("content", [BIG[:3500], BIG], ids=["small", "big"])
def test_a_fault_may_be_for_the_upload_of_a_named_file(open_world, content):
    world = open_world(yaml=refusing('file_name: {glob: "train*.jsonl"}'))

    assert is_refused(world, "train-7.jsonl", content=content)
    assert not is_refused(world, "validate.jsonl", content=content)


@pytest.mark.parametrize("name", ["données.jsonl", 'a "quoted" name.jsonl', "a;b=c.jsonl", "日本.jsonl"])
def test_a_name_is_the_one_the_file_will_have(open_world, name):
    seen = upload(open_world(yaml="version: 1"), name).filename
    world = open_world(yaml=refusing(f"file_name: '{seen}'"))

    assert is_refused(world, name)
    assert is_refused(world, f"./folder/{name}")


def test_a_fault_may_be_for_the_uploads_of_a_purpose(open_world):
    world = open_world(yaml=refusing("purpose: batch"))

    assert is_refused(world, "a.jsonl", "batch")
    assert not is_refused(world, "a.jsonl")


@pytest.mark.parametrize("order", [("file", "purpose"), ("purpose", "file")])
def test_the_order_of_a_small_forms_parts_does_not_matter(open_world, http, order):
    world = open_world(yaml=refusing("purpose: batch, file_name: a.jsonl"))
    parts = {"purpose": (None, b"batch"), "file": ("a.jsonl", b"{}\n")}

    answer = http.post(
        f"{world.url}/files", files=[(name, parts[name]) for name in order], headers={"api-key": "sk-a"}
    )

    assert 418 == answer.status_code


def test_an_upload_that_was_looked_at_is_kept_byte_for_byte(open_world):
    world = open_world(yaml=refusing("file_name: other"))
    file = upload(world, "a.jsonl", content=BIG)

    with world.client() as client:
        assert BIG == client.files.content(file.id).content


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n: \r\nContent-Disposition:\r\n\r\na\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"\r" * 99_999,
        ),
    ],
)
def test_a_form_that_is_none_is_refused_by_its_handler(open_world, http, content_type, body):
    world = open_world(yaml=refusing("file_name: {absent: false}"))

    answer = http.post(
        f"{world.url}/files", content=body, headers={"api-key": "sk-a", "content-type": content_type}
    )

    assert answer.status_code in {400, 415}
    assert "invalid_request_error" == answer.json()["error"]["type"]


def test_a_fault_may_be_for_metadata_of_a_json_body(open_world, http):
    rule = "  - match: {metadata: {team: red}}\n    fault: {status: 418}\n"
    url = open_world(yaml=f"version: 1\nfaults:\n{rule}").url

    def status(metadata) -> int:
        order = {"training_file": "file-none", "model": "gpt-4o-mini-2024-07-18", "metadata": metadata}
        return http.post(f"{url}/fine_tuning/jobs", json=order, headers={"api-key": "sk-a"}).status_code

    assert [418, 400, 400] == [status({"team": "red"}), status({"team": "blue"}), status(None)]


def test_a_reply_may_be_for_metadata_wherever_there_is_some(open_world):
    reply = "  - match: {metadata: {team: red}}\n    reply: {text: For the reds.}\n"
    with open_world(yaml=f"version: 1\nreplies:\n{reply}").client() as client:
        chat = client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": "Hello"}],
            metadata={"team": "red"},
            store=True,
        )
        response = client.responses.create(model="gpt-4o", input="Hello", metadata={"team": "red"})
        other = client.responses.create(model="gpt-4o", input="Hello", metadata={"team": "blue"})

    assert "For the reds." == chat.choices[0].message.content == response.output_text
    assert other.output_text not in {"", "For the reds."}
