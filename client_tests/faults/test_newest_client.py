"""What the newest client makes of every fault: the exception, how many requests, and what it had heard before.

The rows with a star are what was measured with 3.54.0 before this server had faults (httptools and h11 alike); the
others were measured here.
"""

import pytest
from faults.clients import CHUNKS, STYLES, ask

from mockserver.faults.base import FAULTS
from mockserver.faults.rule import FaultRule

GONE, LATE = "openai.APIConnectionError", "openai.APITimeoutError"
#: how many seconds the client waits for an answer that never comes; for one that begins and falls silent; for any other
HANGING, STALLED, LONG = 0.2, 1, 30

# fault, streamed?, what the caller sees, chunks before that, requests
TABLE = [
    ("reset", False, GONE, 0, 3),  # *
    ("reset", True, GONE, 0, 3),
    ({"reset": {"after_bytes": 10}}, False, GONE, 0, 3),
    ({"reset": {"after_bytes": 10}}, True, GONE, 0, 1),
    ({"reset": {"after_chunks": 2}}, True, GONE, 2, 1),
    ({"reset": {"after_events": 3}}, True, GONE, 3, 1),  # *
    ({"reset": {"after_events": 3}}, False, "ok", 0, 1),
    ("empty_close", False, GONE, 0, 3),  # *
    ("garbage", False, GONE, 0, 3),  # *
    ("hang", False, LATE, 0, 3),  # *
    ("hang", True, LATE, 0, 3),
    ({"latency": "10ms"}, False, "ok", 0, 1),
    ({"latency": "10ms"}, True, "ok", CHUNKS, 1),
    ({"status": 400}, False, "openai.BadRequestError", 0, 1),
    ({"status": 401}, False, "openai.AuthenticationError", 0, 1),
    ({"status": 403}, False, "openai.PermissionDeniedError", 0, 1),
    ({"status": 404}, False, "openai.NotFoundError", 0, 1),
    ({"status": 408}, False, "openai.APIStatusError", 0, 3),
    ({"status": 409}, False, "openai.ConflictError", 0, 3),
    ({"status": 418}, False, "openai.APIStatusError", 0, 1),
    ({"status": 422}, False, "openai.UnprocessableEntityError", 0, 1),
    ({"status": 429}, False, "openai.RateLimitError", 0, 3),
    ({"status": 500}, False, "openai.InternalServerError", 0, 3),
    ({"status": {"status": 503, "retry_after": "1s"}}, False, "openai.InternalServerError", 0, 3),  # *
    ({"status": 503}, True, "openai.InternalServerError", 0, 3),
    ({"status": 529}, False, "openai.InternalServerError", 0, 3),
    ("html_error", False, "openai.InternalServerError", 0, 3),  # *
    ("bad_json", False, "json.JSONDecodeError", 0, 1),  # *
    ("bad_json", True, "ok", CHUNKS, 1),
    ("short_body", False, GONE, 0, 3),  # *
    ("short_body", True, "ok", CHUNKS, 1),
    ("wrong_content_type", False, "ok", 0, 1),
    ("wrong_content_type", True, "ok", CHUNKS, 1),
    ("malformed_chunk", False, GONE, 0, 3),
    ("malformed_chunk", True, GONE, 0, 1),
    ({"malformed_chunk": {"after_events": 3}}, True, GONE, 3, 1),  # *
    ({"malformed_chunk": {"after_bytes": 3}}, False, "ok", 0, 1),
    ({"malformed_event": 3}, True, "json.JSONDecodeError", 3, 1),  # *
    ({"error_event": 3}, True, "openai.APIError", 3, 1),  # *
    ({"error_event": 3}, False, "ok", 0, 1),
    ({"stream_cut": 3}, True, "ok", 3, 1),  # *
    ({"stream_cut": {"after_events": 3, "done": True}}, True, "ok", 3, 1),
    ({"stream_cut": 3}, False, "ok", 0, 1),
    ({"stream_stall": 3}, True, LATE, 3, 1),  # *
    ({"stream_stall": {"after_events": 3, "lasts": "10ms"}}, True, "ok", CHUNKS, 1),
    ({"drip": 1}, False, "ok", 0, 1),
    ({"drip": 1}, True, "ok", CHUNKS, 1),  # *
]
#: these happen to files, lists and fine-tunes, and have tests of their own
ELSEWHERE = {"duplicate_page", "file_stuck", "follow_interrupted", "job_fails"}


def test_no_fault_is_left_out():
    asked = {FaultRule.model_validate({"fault": fault}).fault.chosen for fault, *_ in TABLE}

    assert FAULTS.keys() == asked | ELSEWHERE


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("fault", "stream", "outcome", "chunks", "requests"), TABLE, ids=str)
def test_what_the_newest_client_sees(broken, waits, retries, style, fault, stream, outcome, chunks, requests):
    world = broken(fault)

    timeout = {"hang": HANGING, "{'stream_stall': 3}": STALLED}.get(str(fault), LONG)
    heard = ask(style, world.url, stream=stream, timeout=timeout)

    assert (outcome, chunks) == (heard.outcome, heard.chunks)
    assert [str(count) for count in range(requests)] == retries(world)
    assert requests - 1 == len(waits)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "fault", ["reset", "empty_close", "garbage", "short_body", "html_error", {"status": 503}], ids=str
)
def test_a_fault_that_strikes_twice_is_overcome_by_the_clients_own_retries(broken, retries, style, fault):
    world = broken(fault, times=2)

    assert "ok" == ask(style, world.url).outcome
    assert ["0", "1", "2"] == retries(world)
