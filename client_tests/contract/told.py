"""Answers in one shape, whichever endpoint gave them, at once or in pieces: a whole answer is one with a single piece.

Putting pieces together shows that no piece is broken: each is UTF-8 by itself, and its text can be written as UTF-8.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Choice:
    """One answer: its text, why it ends, and its tokens with their scores, as they were told."""

    text: str = ""
    reason: str | None = None
    scores: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """All choices of an answer, and what it cost in tokens: those of `thought` are among the `said`."""

    choices: list[Choice]
    read: int
    said: int
    thought: int


def at_once(path: str, content: bytes) -> Answer:
    """Return an answer that came as one document."""
    told = json.loads(content)
    return _response(told) if path == "responses" else _together([told])


def in_pieces(path: str, content: bytes) -> Answer:
    """Return an answer that came as events."""
    *events, rest = content.split(b"\n\n")
    assert b"" == rest
    if path == "responses":
        return _response_in_pieces([_data(event) for event in events])
    assert b"data: [DONE]" == events.pop()
    return _together(_data(event) for event in events)


def _data(event: bytes) -> dict[str, Any]:
    *_, data = event.split(b"\n")
    told: dict[str, Any] = json.loads(data.removeprefix(b"data: ").decode())
    return told


def _together(pieces: Iterable[dict[str, Any]]) -> Answer:
    """Put together what came in one piece or many; only the last tells the usage, and nothing follows a reason."""
    choices: defaultdict[int, Choice] = defaultdict(Choice)
    usage = None
    for piece in pieces:
        assert usage is None
        usage = piece["usage"]
        for told in piece["choices"]:
            choice = choices[told["index"]]
            assert choice.reason is None
            text = told["text"] if "text" in told else (told.get("message") or told["delta"]).get("content")
            choice.text += _whole(text or "")
            choice.reason = told["finish_reason"]
            choice.scores += _scores(told["logprobs"])
    assert usage is not None
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    thought = usage.get("completion_tokens_details", {}).get("reasoning_tokens", 0)
    in_order = [choices[index] for index in range(len(choices))]
    return Answer(in_order, usage["prompt_tokens"], usage["completion_tokens"], thought)


def _scores(logprobs: dict[str, Any] | None) -> list[dict[str, Any]]:
    if logprobs is None:
        return []
    if "content" in logprobs:
        return list(logprobs["content"])
    return [dict(zip(logprobs, each, strict=True)) for each in zip(*logprobs.values(), strict=True)]


def _response(told: dict[str, Any]) -> Answer:
    parts = [part for item in told["output"] if item["type"] == "message" for part in item["content"]]
    details, usage = told["incomplete_details"], told["usage"]
    assert ("completed" if details is None else "incomplete") == told["status"]
    reason = "stop" if details is None else {"max_output_tokens": "length"}[details["reason"]]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    thought = usage["output_tokens_details"]["reasoning_tokens"]
    scores = [score for part in parts for score in part["logprobs"]]
    choice = Choice(_whole("".join(part["text"] for part in parts)), reason, scores)
    return Answer([choice], usage["input_tokens"], usage["output_tokens"], thought)


def _response_in_pieces(events: list[dict[str, Any]]) -> Answer:
    """Put the deltas of a text together; the events that repeat it whole say the same."""
    assert list(range(len(events))) == [event["sequence_number"] for event in events]
    deltas = [_whole(event["delta"]) for event in events if event["type"] == "response.output_text.delta"]
    whole = [event["text"] for event in events if event["type"] == "response.output_text.done"]
    last = events[-1]
    assert f"response.{last['response']['status']}" == last["type"]
    answer = _response(last["response"])
    assert answer.choices[0].text == "".join(whole) == "".join(deltas)
    return answer


def _whole(text: str) -> str:
    """Return a text that has no halves of characters; raises UnicodeEncodeError for one that has."""
    return text.encode().decode()
