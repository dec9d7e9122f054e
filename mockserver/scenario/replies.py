"""What models answer: replies, and rules that say to which requests they are given.

A reply says only what is to be different; everything else about an answer (envelope, ids, usage, cutting, streaming) is
made as if nothing were scripted. It says one thing: a text in one of several ways, an error, or a raw response.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from mockserver.scenario.durations import Duration
from mockserver.scenario.endpoints import called
from mockserver.scenario.keys import KEYS, Facts
from mockserver.scenario.matchers import Match
from mockserver.scenario.official import NAMED
from mockserver.scenario.parts import Section, begins_with, like
from mockserver.scenario.placeholders import fill, has_braces, unknown_names
from mockserver.scenario.problems import all_of, must_be, nearest, refuse
from mockserver.scenario.yaml12 import Path

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = ("content-length", "transfer-encoding", "connection")

_TOKENS = Annotated[int, Field(ge=0)]


class Pacing(Section):
    """How fast a stream comes, on the world's clock."""

    time_to_first_token: Duration | None = None
    """The wait before the first token; left out: none."""
    tokens_per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """How fast the others follow; left out: at once."""
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    """By which share each wait may be longer or shorter, drawn by chance; left out: by none."""

    def over(self, usual: "Pacing") -> "Pacing":
        """Return this pacing, as usual where it says nothing."""
        told = self.model_dump(exclude_none=True) if self.model_fields_set else {}
        return usual.model_copy(update=told) if told else usual


class Usage(Section):
    """Tokens to report instead of those counted."""

    prompt_tokens: _TOKENS | None = None
    """What the prompt cost."""
    completion_tokens: _TOKENS | None = None
    """What the answer cost."""


class ToolCall(Section):
    """A function the model wants called."""

    name: Annotated[str, like(r"[a-zA-Z0-9_-]{1,64}", "the name of a function (letters, digits, - and _)")]
    """The function's name."""
    arguments: dict[str, Any] | str = Field(default_factory=dict)
    """Its arguments; as text, they are sent as they are, even if they are no JSON."""
    id: Annotated[str, begins_with("call_")] | None = None
    """The call's id; left out: drawn."""


def _official(name: str) -> str:
    if name in NAMED:
        return name
    raise must_be("the code of an official error, such as rate_limit_exceeded", nearest(name, NAMED))


class ErrorReply(Section):
    """A refusal in the official shape."""

    name: Annotated[str, AfterValidator(_official)]
    """The code of an official error: rate_limit_exceeded, insufficient_quota, server_error, …"""
    message: str | None = None
    """What it says instead of the official wording."""


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _headers(headers: dict[str, str]) -> dict[str, str]:
    all_of(((name,), error) for name, value in headers.items() if (error := _wrong_header(name, value)))
    return headers


def _wrong_header(name: str, value: str) -> PydanticCustomError | None:
    if not _HEADER.fullmatch(name):
        return refuse("the name of a header has letters, digits and - only")
    if name.lower() in _FRAMING:
        return refuse(f"'{name}' is for the server to say")
    if re.search(r"[\r\n\0]", value):
        return must_be("one line")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return must_be("text of Latin-1 characters, as headers are")
    return None


class Reply(Section):
    """What an answer contains. The rest (usage, cutting at stop and length, streaming) is made from it."""

    contents: ClassVar[tuple[str, ...]] = (
        "text",
        "from_training_file",
        "echo",
        "value",
        "refusal",
        "error",
        "status",
        "body",
    )
    """Keys of which at most one is given, but for `status` and `body`."""
    labels: ClassVar[tuple[str, ...]] = ("id", "finish_reason", "tool_calls", "usage", "stream")
    """Keys that make no sense beside an error or a raw response."""

    text: str | None = None
    """The text; left out: what the model says when nothing is scripted."""
    from_training_file: Literal[True] | None = None
    """The answer of the most similar example in the model's training file."""
    echo: Literal[True] | None = None
    """The prompt itself, or what the user said last."""
    value: Any = None
    """A structured answer; where an endpoint can only say text, its JSON."""
    refusal: str | None = None
    """What the model says when it declines."""
    tool_calls: Annotated[list[ToolCall], Field(min_length=1)] | None = None
    """Functions the model wants called."""
    error: Annotated[ErrorReply, BeforeValidator(_named, json_schema_input_type=str | ErrorReply)] | None = (
        None
    )
    """An official error, by its code."""
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    """The HTTP status of a raw response; left out: 200."""
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict)
    """Headers of the response, beside the usual ones."""
    body: Any = None
    """A raw response: text as it is, everything else as JSON."""
    id: Annotated[str, begins_with("cmpl-", "chatcmpl-", "resp_")] | None = None
    """The id of the answer; left out: drawn."""
    finish_reason: Literal["stop", "length", "content_filter"] | None = None
    """Why it ends; left out: length if it is cut at the limit of tokens, else stop."""
    usage: Usage = Usage()
    """Tokens to report instead of those counted."""
    delay: Duration = 0.0
    """The wait before the answer begins."""
    stream: Pacing = Pacing()
    """How fast the answer is streamed, where it differs from the scenario's own `stream`."""

    @property
    def is_raw(self) -> bool:
        """Whether it is a response of its own, not an answer of the API."""
        return self.status is not None or self.body is not None

    def filled(self, say: Callable[[str], str]) -> "Reply":
        """Return the reply with every placeholder filled in."""
        filled: Reply = _filled(self, say) if self._has_braces else self
        return filled

    @cached_property
    def _has_braces(self) -> bool:
        """Whether there may be a placeholder in any of its texts."""
        return has_braces(self.model_dump(exclude_unset=True))

    def says(self, name: str) -> bool:
        """Whether it tells something of its own under a key."""
        if name not in self.model_fields_set:
            return False
        usual = type(self).model_fields[name].get_default(call_default_factory=True)
        return bool(getattr(self, name) != usual)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = list(filter(self.says, self.contents))
        rivals = given[1:] if given != ["status", "body"] else []
        if given and given[0] in {"error", "status", "body"}:
            rivals += filter(self.says, self.labels)
        all_of(((name,), refuse(f"'{name}' and '{given[0]}' exclude each other")) for name in rivals)
        return self


class ReplyRule(Section):
    """What is answered to requests that match. The first rule that matches counts."""

    one_of: ClassVar[tuple[str, ...]] = ("reply", "replies")
    chat_only: ClassVar[tuple[str, ...]] = ("tool_calls", "refusal")
    """What only somebody who talks can say."""

    match: Match = Match()
    """Which requests; left out: all."""
    reply: Reply | None = None
    """The answer."""
    replies: Annotated[list[Reply], Field(min_length=1)] | None = None
    """Several answers, given in turn."""
    per: Literal["key", "job", "conversation"] = "key"
    """Who has turns of their own: an API key, the job a model comes from, or a conversation of a key."""
    then: Literal["repeat_last", "loop", "error"] = "repeat_last"
    """What comes after the last answer."""

    @property
    def turns(self) -> list[Reply]:
        """Every answer in turn, at least one."""
        return self.replies or ([self.reply] if self.reply else [])

    @model_validator(mode="after")
    def _can_be_said(self) -> Self:
        all_of(self._unsayable())
        return self

    def _unsayable(self) -> Iterator[tuple[Path, PydanticCustomError]]:
        known = {*placeholders(), *self.match.captured()}
        answers = [kind for endpoint, kind in _ANSWERS.items() if self._is_for(called(endpoint))]
        for index, reply in enumerate(self.turns):
            place: Path = ("reply",) if self.reply else ("replies", index)
            for answer, *never in answers:
                for name in filter(reply.says, never):
                    yield (*place, name), refuse(f"{answer} has no '{name}'")
            for path, error in unknown_names(reply.model_dump(), known):
                yield (*place, *path), error

    def _is_for(self, endpoints: tuple[str, ...]) -> bool:
        return any(
            condition.key.name == "endpoint" and condition.name == "equals" and condition.operand in endpoints
            for condition in self.match.conditions
        )


_TALK = ("text", "from_training_file", "echo", *ReplyRule.chat_only, "finish_reason", "stream")
_ANSWERS = {
    "completions": ("a completion", *ReplyRule.chat_only),
    "edits": ("an edit", *ReplyRule.chat_only, "stream"),
    "embeddings": ("an embedding", *_TALK),
    "moderations": ("a moderation", *_TALK),
}
"""What an endpoint answers, and what such an answer never has."""


def placeholders() -> list[str]:
    """Return what a request can be quoted with, beside what the rule's own match captures."""
    return [key.name for key in KEYS.values() if not (key.many or key.names or key.kind == "json")]


def quoted(captures: Mapping[str, str], facts: Facts) -> Callable[[str], str]:
    """Return what stands for a placeholder: what was captured, else what the request says, else nothing."""

    def say(name: str) -> str:
        if name in captures:
            return captures[name]
        value = KEYS[name].value(facts) if name in KEYS else None
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value)

    return say


def _filled(value: Any, say: Callable[[str], str]) -> Any:
    if isinstance(value, Section):
        told = {name: _filled(getattr(value, name), say) for name in type(value).model_fields}
        return value.model_copy(update=told)
    if isinstance(value, list):
        return [_filled(item, say) for item in value]
    return fill(value, say)
