"""What a model says, told in the words of responses: items, and what they cost.

The order is that of the API: what was compacted, what MCP servers offer, thoughts, the API's own tools, words, calls of
functions. A model that has used up its tokens in thought says nothing at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver.domain.dialogue import Spoken
from mockserver.domain.items import Item
from mockserver.domain.models import Model
from mockserver.domain.responses import compaction, tools
from mockserver.domain.responses.asking import Question
from mockserver.domain.responses.request import CreateResponse
from mockserver.domain.responses.rules import SEALED
from mockserver.domain.speaker import Said
from mockserver.simulation import tokens
from mockserver.simulation.logprobs import Token
from mockserver.simulation.messages import Call
from mockserver.simulation.thinking import effort_of, is_reasoning
from mockserver.simulation.transcript import last_user
from mockserver.world import World

Json = dict[str, Any]

#: how much of the user's words a summary of thoughts repeats, in characters
REPEATED = 120
#: how long a sealed thought is, in letters
SEALED_LETTERS = 64
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: why an answer is only a part of one
_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


def told(
    world: World,
    body: CreateResponse,
    model: Model,
    question: Question,
    spoken: Spoken,
    before: Sequence[Item],
) -> Json:
    """Return what a response says: its status, output and usage; `before` are the items it answers."""
    said = spoken.said[0]
    used = tools.Used([])
    if not said.calls and not said.refused:
        used = tools.used(question, before, ids_of(world))
    if spoken.reply.model_fields_set and used.is_waiting:
        used = tools.Used([])
    reason = None if used.is_waiting else _INCOMPLETE.get(said.finish_reason)
    output = [
        *_compactions(world, body, model, spoken, before),
        *tools.listings(question.tools, before, ids_of(world)),
        *_thoughts(world, body, model, question, spoken),
        *used.items,
    ]
    if not used.is_waiting:
        output += _words(world, said, cut=reason is not None)
        output += _calls(world, question, said)
    waiting = sum(tokens.count(str(item), model.base) for item in used.items) if used.is_waiting else None
    return {
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "usage": _usage(spoken, waiting),
    }


def ids_of(world: World) -> tools.NewId:
    """Return a maker of ids with any prefix."""

    def new_id(prefix: str) -> str:
        if prefix == "call":
            return world.ids.new("call")
        return f"{prefix}_{world.ids.new('msg').removeprefix('msg_')}"

    return new_id


def usage(read: int, said: int, *, cached: int = 0, reasoning: int = 0) -> Json:
    """Return what a response cost, in tokens."""
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": read + said,
    }


def _usage(spoken: Spoken, waiting: int | None) -> Json:
    """Return what an answer cost; one that only waits for the caller has its call and its thoughts to pay."""
    said = spoken.completion_tokens if waiting is None else waiting + spoken.reasoning_tokens
    return usage(spoken.prompt_tokens, said, cached=spoken.cached_tokens, reasoning=spoken.reasoning_tokens)


def _compactions(
    world: World, body: CreateResponse, model: Model, spoken: Spoken, before: Sequence[Item]
) -> Iterator[Item]:
    """Yield a compaction if the caller has asked for one, or has set a threshold that is reached."""
    thresholds = [each.compact_threshold for each in body.context_management or ()]
    reached = any(least is not None and spoken.prompt_tokens >= least for least in thresholds)
    if reached or any(item["type"] == "compaction_trigger" for item in before):
        yield compaction.compacted(before, model.base, ids_of(world)("cmp"))


def _thoughts(
    world: World, body: CreateResponse, model: Model, question: Question, spoken: Spoken
) -> Iterator[Item]:
    if not is_reasoning(model.base) or effort_of(model.base, body.reasoning.effort) == "none":
        return
    summary = []
    if body.reasoning.tells and spoken.reasoning_tokens:
        asked = last_user(question.ask.messages).strip()[:REPEATED]
        text = f"**Considering the request**\n\nThe user said: {asked}"
        summary = [{"type": "summary_text", "text": text}]
    item = {"id": world.ids.new("rs"), "type": "reasoning", "summary": summary}
    if SEALED in body.include:
        letters = world.chance.letters(f"sealed:{item['id']}", BASE64, SEALED_LETTERS)
        item["encrypted_content"] = f"gAAAAAB{letters}="
    yield item


def _words(world: World, said: Said, *, cut: bool) -> Iterator[Item]:
    if said.text is None or (cut and not said.text):
        return
    part: Json = {"type": "refusal", "refusal": said.text}
    if not said.refused:
        scored = said.wish.logprobs is not None
        logprobs = [_scored(token, said.wish.logprobs or 0) for token in said.tokens()] if scored else []
        part = {"type": "output_text", "annotations": [], "logprobs": logprobs, "text": said.text}
    yield {
        "id": world.ids.new("msg"),
        "type": "message",
        "status": "incomplete" if cut and not said.calls else "completed",
        "content": [part],
        "role": "assistant",
    }


def _calls(world: World, question: Question, said: Said) -> Iterator[Item]:
    custom = {function.name for function in question.ask.functions if function.custom}
    for place, call in enumerate(said.calls, 1):
        is_cut = said.finish_reason == "length" and place == len(said.calls)
        item = _call(world, call, is_custom=call.custom or call.name in custom, is_cut=is_cut)
        if call.name in question.namespaces:
            item["namespace"] = question.namespaces[call.name]
        yield item


def _call(world: World, call: Call, *, is_custom: bool, is_cut: bool) -> Item:
    status = "incomplete" if is_cut else "completed"
    if is_custom:
        return {
            "id": ids_of(world)("ctc"),
            "type": "custom_tool_call",
            "status": status,
            "call_id": call.id,
            "input": call.arguments,
            "name": call.name,
        }
    return {
        "id": world.ids.new("fc"),
        "type": "function_call",
        "status": status,
        "arguments": call.arguments,
        "call_id": call.id,
        "name": call.name,
    }


def _scored(token: Token, top: int) -> Json:
    likeliest = list((token.top or {}).items())[:top]
    return {
        **_spelled(token.shown, token.logprob),
        "bytes": list(token.raw),
        "top_logprobs": [_spelled(*each) for each in likeliest],
    }


def _spelled(shown: str, logprob: float | None) -> Json:
    """Return a token as it is shown here: a part of a character as its escaped bytes, without another mark."""
    raw = shown.encode()
    if shown.startswith("bytes:") and "\\x" in shown:
        shown = shown.removeprefix("bytes:")
        raw = shown.encode().decode("unicode_escape").encode("latin-1")
    return {"token": shown, "bytes": list(raw), "logprob": logprob}
