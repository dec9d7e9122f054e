"""The names of calls: whatever a client can call and the server answers has one, and nothing else has."""

import json

import pytest
from pydantic_core import PydanticCustomError
from scenario import operations

from mockserver.scenario.endpoints import called, operation


def test_the_names_are_those_of_the_client_and_of_the_server():
    """To renew them: `python client_tests/scenario/operations.py`."""
    assert operations.every() == json.loads(operations.FILE.read_bytes())


@pytest.mark.parametrize(
    "name", ["completions", "chat.completions", "responses", "embeddings", "moderations", "edits"]
)
def test_the_call_of_an_inference_endpoint_goes_without_saying(name):
    assert f"{name}.create" == operation(name) == operation(f"{name}.create")
    assert called(name) == called(f"{name}.create")


def test_every_other_call_is_said_in_full():
    assert "fine_tuning.jobs.list_events" == operation("fine_tuning.jobs.list_events")
    with pytest.raises(PydanticCustomError) as refused:
        operation("files")

    assert {
        "expected": "a call of the official client, such as files.create",
        "hint": "files.list",
    } == refused.value.context
