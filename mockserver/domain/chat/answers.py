"""How what a model says is told in the words of chat completions: messages, choices, usage."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import Any

from mockserver.domain.chat import shapes
from mockserver.domain.chat.objects import FinishReason
from mockserver.domain.chat.request import CreateChatCompletionRequest, Question
from mockserver.domain.dialogue import Spoken
from mockserver.domain.models import Model, fingerprint
from mockserver.domain.speaker import Said
from mockserver.simulation import sounds, tokens
from mockserver.simulation.logprobs import Token
from mockserver.simulation.messages import Call
from mockserver.world import World

#: how long a spoken answer is, in seconds: what the mock says aloud is silence
SILENCE = 0.1
#: how long a spoken answer can be referred to, in seconds (not verified)
SOUND_KEPT = 3600
#: service tiers, and as which they are answered; the others are the account's own, which is the default
TIERS = {"flex": "flex", "scale": "scale", "priority": "priority", "fast": "priority"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How the answers to a request are told: with which fields, in which words, aloud in which form."""

    id: str
    created: int
    model: Model
    fields: frozenset[str]
    question: Question
    in_functions: bool
    with_logprobs: bool
    form: str | None
    tier: str

    def envelope(self, kind: str) -> dict[str, Any]:
        """Return what stands around the choices."""
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model.id}

    def service(self) -> dict[str, Any]:
        """Return who has served the request."""
        told: dict[str, Any] = {}
        if "service_tier" in self.fields:
            told["service_tier"] = self.tier
        if "system_fingerprint" in self.fields:
            told["system_fingerprint"] = fingerprint(self.model.base)
        return told


def manner(
    world: World, body: CreateChatCompletionRequest, question: Question, model: Model, completion_id: str
) -> Manner:
    """Return how a request is answered in its world's era."""
    return Manner(
        completion_id,
        world.clock.now,
        model,
        shapes.fields(world.as_of),
        question,
        in_functions=body.tools is None and body.functions is not None,
        with_logprobs=body.logprobs,
        form=body.audio.format if body.audio is not None and body.is_spoken else None,
        tier=TIERS.get(body.service_tier, "default"),
    )


def choice(index: int, said: Said, how: Manner) -> dict[str, Any]:
    """Return an answer as a `ChatCompletionChoice`, in plain data."""
    told: dict[str, Any] = {"index": index, "message": _message(index, said, how)}
    if "logprobs" in how.fields:
        told["logprobs"] = logprobs(said.tokens(), said, how)
    told["finish_reason"] = finish_reason(said, how)
    return told


def _message(index: int, said: Said, how: Manner) -> dict[str, Any]:
    told: dict[str, Any] = {"role": "assistant", "content": said.text}
    declines = said.refused and "refusal" in how.fields
    if said.calls and how.in_functions:
        told["function_call"] = {"name": said.calls[0].name, "arguments": said.calls[0].arguments}
    elif said.calls:
        told["tool_calls"] = [tool_call(each, each.arguments, how) for each in said.calls]
    if "refusal" in how.fields:
        told["refusal"] = said.text if declines else None
    if declines:
        told["content"] = None
    elif how.form is not None and said.text is not None:
        told["content"] = None
        told["audio"] = {
            "id": audio_id(index, how),
            "data": sound(how),
            "expires_at": how.created + SOUND_KEPT,
            "transcript": said.text,
        }
    if "annotations" in how.fields:
        told["annotations"] = []
    return told


def tool_call(call: Call, arguments: str, how: Manner) -> dict[str, Any]:
    """Return a call with these arguments, of a function or of a custom tool."""
    custom = call.custom or any(each.custom for each in how.question.ask.functions if each.name == call.name)
    if custom:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": arguments}}
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def audio_id(index: int, how: Manner) -> str:
    """Return the id of a spoken answer."""
    return f"audio_{blake2b(f'{how.id}:{index}'.encode(), digest_size=16).hexdigest()}"


def sound(how: Manner) -> str:
    """Return the sound of an answer, in base64."""
    assert how.form is not None, "only spoken answers have a sound"
    return b64encode(sounds.silence(how.form, SILENCE)).decode()


def finish_reason(said: Said, how: Manner) -> FinishReason:
    """Return why an answer ends: one that the caller has named a function for has just stopped (official guide)."""
    if said.finish_reason != "tool_calls":
        return said.finish_reason
    if how.question.choice.named:
        return "stop"
    return "function_call" if how.in_functions else "tool_calls"


def logprobs(said: Iterable[Token], whole: Said, how: Manner) -> dict[str, Any] | None:
    """Return tokens of an answer with their scores, if those were asked for."""
    if not how.with_logprobs or whole.text is None:
        return None
    scored = [_scored(token, how.question.ask.logprobs or 0) for token in said]
    return {"content": None, "refusal": scored} if whole.refused else {"content": scored, "refusal": None}


def _scored(token: Token, top: int) -> dict[str, Any]:
    likeliest = list((token.top or {}).items())[:top]
    return {**_spelled(token.shown, token.logprob), "top_logprobs": [_spelled(*each) for each in likeliest]}


def _spelled(shown: str, logprob: float | None) -> dict[str, Any]:
    """Return a token as it is shown here: a part of a character as its escaped bytes, without another mark."""
    raw = shown.encode()
    if shown.startswith("bytes:") and "\\x" in shown:
        shown = shown.removeprefix("bytes:")
        raw = shown.encode().decode("unicode_escape").encode("latin-1")
    return {"token": shown, "logprob": logprob, "bytes": list(raw)}


def usage(spoken: Spoken, how: Manner, prediction: str | None) -> dict[str, Any]:
    """Return what a request cost, a `CompletionUsage` in plain data.

    What was predicted and not said is paid for as well (official guide).
    """
    accepted, rejected = _predicted(prediction, spoken.said[0], how)
    said = spoken.completion_tokens
    if spoken.reply.usage.completion_tokens is None:
        said += rejected
    read = spoken.prompt_tokens
    known = {
        "reasoning_tokens": spoken.reasoning_tokens,
        "audio_tokens": 0,
        "accepted_prediction_tokens": accepted,
        "rejected_prediction_tokens": rejected,
    }
    heard = {"cached_tokens": spoken.cached_tokens, "audio_tokens": how.question.audio_tokens}
    told: dict[str, Any] = {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}
    if "cached_tokens" in how.fields:
        told["prompt_tokens_details"] = {name: heard[name] for name in heard if name in how.fields}
    if "reasoning_tokens" in how.fields:
        told["completion_tokens_details"] = {name: known[name] for name in known if name in how.fields}
    return told


def _predicted(prediction: str | None, said: Said, how: Manner) -> tuple[int, int]:
    """Return how many tokens of a prediction an answer has, and how many not."""
    if prediction is None:
        return 0, 0
    expected = tokens.encode(prediction, how.model.base)
    found: Sequence[int] = said.choice.tokens if said.choice else ()
    matches = SequenceMatcher(None, expected, found, autojunk=False).get_matching_blocks()
    accepted = sum(match.size for match in matches)
    return accepted, len(expected) - accepted
