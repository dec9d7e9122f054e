"""A response as it is streamed: the official events in their order, told from the finished response alone.

So a stream can be told again, from any event on. Between `response.in_progress` and the last event is the output, item
by item: each is added empty, then filled, then done. Text comes token by token, those that make one character together.
That a background response is created before it is queued is what the client's own helper wants (not verified).
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import Any

from mockserver.simulation import tokens
from mockserver.simulation.logprobs import pieces

Json = dict[str, Any]

#: items that are made in steps: what they are called in events, and the steps before the last
_STEPS = {
    "web_search_call": ("in_progress", "searching"),
    "file_search_call": ("in_progress", "searching"),
    "image_generation_call": ("in_progress", "generating"),
    "mcp_list_tools": ("in_progress",),
}


def events(answer: Json, model: str, *, opening: Json) -> Iterator[Json]:
    """Yield the events of a finished response; `model` decides what a token is.

    `opening` is the response as it was when it was created.
    """
    for number, event in enumerate(_events(answer, model, opening)):
        kind = event.pop("type")
        yield {"type": kind, "sequence_number": number, **event}


def is_delta(event: Json) -> bool:
    """Whether an event tells a piece of what is generated."""
    kind: str = event["type"]
    return kind.endswith(".delta")


def _events(answer: Json, model: str, opening: Json) -> Iterator[Json]:
    yield {"type": "response.created", "response": opening}
    if opening["status"] == "queued":
        yield {"type": "response.queued", "response": opening}
    yield {"type": "response.in_progress", "response": {**opening, "status": "in_progress"}}
    for index, item in enumerate(answer["output"]):
        fill = _FILL.get(item["type"])
        added = {**item, "status": "in_progress"} if "status" in item else item
        at = {"output_index": index, "item_id": item["id"]}
        yield {"type": "response.output_item.added", "output_index": index, "item": _emptied(added)}
        if fill is not None:
            yield from fill(item, model, at)
        elif item["type"] in _STEPS:
            yield from _steps(item, at)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    yield {"type": f"response.{answer['status']}", "response": answer}


def _emptied(item: Json) -> Json:
    """Return an item as it is before there is anything in it."""
    empty: Json = {
        "content": [],
        "summary": [],
        "arguments": "",
        "input": "",
        "code": "",
        "result": None,
        "output": None,
    }
    filled = _FILL.keys() | _STEPS.keys()
    if item["type"] not in filled:
        return item
    return {name: empty.get(name, value) for name, value in item.items()}


def _message(item: Json, model: str, at: Json) -> Iterator[Json]:
    for index, part in enumerate(item["content"]):
        place = {**at, "content_index": index}
        kind, field = ("refusal", "refusal") if part["type"] == "refusal" else ("output_text", "text")
        scored: Json = {"logprobs": []} if field == "text" else {}
        yield {"type": "response.content_part.added", **place, "part": {**part, field: "", **scored}}
        for text, logprobs in _pieces(part, field, model):
            more = {"logprobs": logprobs} if scored else {}
            yield {"type": f"response.{kind}.delta", **place, "delta": text, **more}
        whole = {"logprobs": [_brief(each) for each in part["logprobs"]]} if scored else {}
        yield {"type": f"response.{kind}.done", **place, field: part[field], **whole}
        yield {"type": "response.content_part.done", **place, "part": part}


def _pieces(part: Json, field: str, model: str) -> Iterator[tuple[str, list[Json]]]:
    """Yield a text as it is streamed, with the scores of each piece if there are any."""
    if not part.get("logprobs"):
        for text in spelled(part[field], model):
            yield text, []
        return
    decoder = getincrementaldecoder("utf-8")("replace")
    scores: list[Json] = []
    for each in part["logprobs"]:
        scores.append(_brief(each))
        if text := decoder.decode(bytes(each["bytes"])):
            yield text, scores
            scores = []
    rest = decoder.decode(b"", final=True)
    if rest or scores:
        yield rest, scores


def _brief(score: Json) -> Json:
    """Return the score of a token as events tell it: without bytes."""
    top = [{"token": each["token"], "logprob": each["logprob"]} for each in score["top_logprobs"]]
    return {"token": score["token"], "logprob": score["logprob"], "top_logprobs": top}


def spelled(text: str, model: str) -> Iterator[str]:
    """Yield a text token by token, those that make one character together."""
    return pieces(tokens.remembered(text, model), model)


def _reasoning(item: Json, model: str, at: Json) -> Iterator[Json]:
    for index, part in enumerate(item["summary"]):
        place = {**at, "summary_index": index}
        kind = "response.reasoning_summary"
        yield {"type": f"{kind}_part.added", **place, "part": {**part, "text": ""}}
        for text in spelled(part["text"], model):
            yield {"type": f"{kind}_text.delta", **place, "delta": text}
        yield {"type": f"{kind}_text.done", **place, "text": part["text"]}
        yield {"type": f"{kind}_part.done", **place, "part": part}


def _function_call(item: Json, model: str, at: Json) -> Iterator[Json]:
    kind = "response.function_call_arguments"
    for text in spelled(item["arguments"], model):
        yield {"type": f"{kind}.delta", **at, "delta": text}
    yield {"type": f"{kind}.done", **at, "name": item["name"], "arguments": item["arguments"]}


def _custom_tool_call(item: Json, model: str, at: Json) -> Iterator[Json]:
    kind = "response.custom_tool_call_input"
    for text in spelled(item["input"], model):
        yield {"type": f"{kind}.delta", **at, "delta": text}
    yield {"type": f"{kind}.done", **at, "input": item["input"]}


def _code_interpreter_call(item: Json, model: str, at: Json) -> Iterator[Json]:
    kind = "response.code_interpreter_call"
    yield {"type": f"{kind}.in_progress", **at}
    for text in spelled(item["code"], model):
        yield {"type": f"{kind}_code.delta", **at, "delta": text}
    yield {"type": f"{kind}_code.done", **at, "code": item["code"]}
    yield {"type": f"{kind}.interpreting", **at}
    yield {"type": f"{kind}.completed", **at}


def _mcp_call(item: Json, model: str, at: Json) -> Iterator[Json]:
    yield {"type": "response.mcp_call.in_progress", **at}
    for text in spelled(item["arguments"], model):
        yield {"type": "response.mcp_call_arguments.delta", **at, "delta": text}
    yield {"type": "response.mcp_call_arguments.done", **at, "arguments": item["arguments"]}
    yield {"type": "response.mcp_call.completed", **at}


def _steps(item: Json, at: Json) -> Iterator[Json]:
    for step in (*_STEPS[item["type"]], "completed"):
        yield {"type": f"response.{item['type']}.{step}", **at}


_FILL: dict[str, Callable[[Json, str, Json], Iterator[Json]]] = {
    "message": _message,
    "reasoning": _reasoning,
    "function_call": _function_call,
    "custom_tool_call": _custom_tool_call,
    "code_interpreter_call": _code_interpreter_call,
    "mcp_call": _mcp_call,
}
