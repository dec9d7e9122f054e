"""Engines and edits, through the clients that knew them."""

import pytest
from matrix.remote import RefusedError

WALKERS = [(version, style, "legacy") for version in ("0.27.2", "0.28.1") for style in ("sync", "async")]
EDITORS = [*WALKERS, ("1.7.1", "sync", "legacy"), ("1.7.1", "async", "legacy")]
ASKED = {"input": "What day of the wek is it?", "instruction": "Fix the spelling mistakes"}


@pytest.fixture(params=WALKERS, ids="-".join)
def who(request) -> tuple[str, ...]:
    """The clients that can name an engine."""
    return request.param


def test_every_model_is_an_engine(speaker):
    engines = speaker.engines()

    assert [model["id"] for model in speaker.models()] == [engine["id"] for engine in engines]
    assert speaker.engine("davinci") in engines


def test_an_engine_completes_at_once_and_in_pieces(speaker):
    asked = {"engine": "davinci", "prompt": "Sky", "temperature": 0}

    whole = speaker.complete(**asked)
    pieces = [chunk["choices"][0]["text"] for chunk in speaker.stream(**asked)]

    assert ("davinci", "".join(pieces)) == (whole["model"], whole["choices"][0]["text"])
    assert whole["choices"] == speaker.complete(model="davinci", prompt="Sky", temperature=0)["choices"]


def test_an_engine_chats_and_embeds(speaker):
    messages = [{"role": "user", "content": "What are you?"}]

    chat = speaker.chat(engine="gpt-3.5-turbo", messages=messages)
    vectors = speaker.embed(engine="text-embedding-ada-002", input="Sky", encoding_format="float")

    assert chat["model"].startswith("gpt-3.5-turbo")
    assert [1536] == [len(one["embedding"]) for one in vectors["data"]]


def test_an_engine_and_a_model_are_one_too_many(speaker):
    with pytest.raises(RefusedError, match="Cannot specify both model and engine"):
        speaker.complete(engine="davinci", model="curie", prompt="Sky")


@pytest.mark.parametrize("who", EDITORS, ids="-".join)
def test_a_model_edits(speaker):
    told = speaker.edit(model="text-davinci-edit-001", **ASKED)

    assert "What day of the wek is it?\n" == told["choices"][0]["text"]
    assert 25 == told["usage"]["prompt_tokens"]


def test_an_engine_edits(speaker):
    told = speaker.edit(engine="code-davinci-edit-001", **ASKED)

    assert "edit" == told["object"]
