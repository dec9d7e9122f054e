"""Every operation answers, in every state and plain or streamed, what OpenAI's own OpenAPI document describes."""

import pytest
from contract.calls_of_inference import tell_of_inference
from contract.calls_of_training import tell_of_training

#: what was, and is no longer in the document
LEGACY = ("/fine-tunes", "/engines", "/edits")


@pytest.fixture
def ours(operations):
    """The operations that are those of the API."""
    return {
        (method.upper(), path.removeprefix("/v1"))
        for method, path, _ in operations
        if path.startswith("/v1/")
    }


def test_every_answer_is_one_the_official_document_describes(judge, server, official, ours, chats):
    tell_of_training(judge, server, chats)
    tell_of_inference(judge, server)

    described = {(method.upper(), path) for path, there in official["paths"].items() for method in there}
    assert judge.seen == ours & described


def test_only_what_is_legacy_is_not_in_the_official_document(official, ours):
    assert {each for each in ours if each[1].startswith(LEGACY)} == {
        (method, path) for method, path in ours if method.lower() not in official["paths"].get(path, ())
    }
