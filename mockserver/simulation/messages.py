"""What a model is asked in a conversation, and what it can say: the same for every endpoint that has messages.

Chat completions and responses write all this differently on the wire. Their resources translate it into an `Ask`,
and what comes back into their own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.simulation.sampling import Sampling

#: what a function takes that says nothing of it
NO_PARAMETERS: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class Call:
    """A function that a model wants called: `arguments` are JSON text, or plain text if its tool is a custom one."""

    name: str
    arguments: str
    id: str = ""
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message, its text parts put together; `extra` is what its images, sounds and files cost in tokens.

    An assistant's message may have `calls`; a tool's answers the call of the id `answers`.
    """

    role: str
    text: str = ""
    name: str | None = None
    calls: tuple[Call, ...] = ()
    answers: str | None = None
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Function:
    """A tool a model may call: a function with the JSON Schema of its parameters, or a custom tool, which has none."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] | None = None
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted of a model.

    It may call the functions named in `callable` (None: all of them), and has to if `must_call`. The answer is JSON
    if `json`, and fits the JSON `schema` if there is one. `limit` is in tokens, those of thinking included (None: as
    many as there is room for), `logprobs` how many likely tokens are shown in the place of each (None: no scores),
    `effort` how hard a reasoning model thinks.
    """

    messages: Sequence[Message]
    functions: Sequence[Function] = ()
    callable: tuple[str, ...] | None = None
    must_call: bool = False
    parallel: bool = True
    json: bool = False
    schema: Mapping[str, Any] | None = None
    limit: int | None = None
    stops: Sequence[str] = ()
    n: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    logprobs: int | None = None
    seed: int | None = None
    effort: str | None = None

    @property
    def offered(self) -> list[Function]:
        """The functions that may be called."""
        return [each for each in self.functions if self.callable is None or each.name in self.callable]
