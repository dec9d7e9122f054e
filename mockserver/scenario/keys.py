"""What a match can ask about: one `Key` each, registered by the feature that knows how to read it.

A request comes as *facts*: a plain mapping of the fields of its body, and beside them `endpoint`, `headers`, `key`
and the whole `body`. What is left out or None is not in the request; the official default stands for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mockserver.scenario import conversation
from mockserver.scenario.endpoints import ENDPOINTS, EXPECTED, called

Facts = Mapping[str, object]
"""What is known of a request."""

Take = Callable[[Facts], object]
"""Takes one value from a request; None where there is none."""

Kind = Literal["text", "number", "flag", "json"]


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a match can ask about; `about` is the editor's help.

    `words` close the choice of values; so do `known` ones, too many to be named: `expected` says what they are.
    `take` reads it from a request (left out: the fact of its name); `default` stands for what is not there.
    Of `many` values, all are taken, and one for which a condition holds is enough. A key with `names` is a mapping
    whose entries are asked about one by one; it tells how a name is looked up.
    """

    name: str
    kind: Kind
    about: str
    words: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    expected: str = ""
    take: Take | None = None
    default: Take | None = None
    many: bool = False
    names: Callable[[str], str] | None = None

    def given(self, facts: Facts) -> object:
        """Return what the request says, or None; of many, a sequence."""
        return self.take(facts) if self.take else facts.get(self.name)

    def value(self, facts: Facts) -> object:
        """Return what the request says or means by saying nothing, or None."""
        given = self.given(facts)
        return self.default(facts) if given is None and self.default else given

    def entry(self, name: str) -> "Key":
        """Return the key that asks about one entry of a mapping."""
        assert self.names is not None, "only keys with names have entries"
        wanted = self.names(name)

        def take(facts: Facts) -> object:
            entries = self.given(facts)
            return entries.get(wanted) if isinstance(entries, Mapping) else None

        return replace(self, name=f"{self.name} {name}", take=take, names=None)


KEYS: dict[str, Key] = {}
"""Every key a match may have, by name."""


def register(*keys: Key) -> None:
    """Let matches ask about these keys. Raises ValueError when a name is taken."""
    for key in keys:
        if key.name in KEYS:
            raise ValueError(f"the match key '{key.name}' is registered twice")
        KEYS[key.name] = key


def _endpoint(facts: Facts) -> object:
    endpoint = facts.get("endpoint")
    return called(endpoint) if isinstance(endpoint, str) else ()


def _headers(facts: Facts) -> dict[str, str] | None:
    headers = facts.get("headers")
    return {name.lower(): value for name, value in headers.items()} if isinstance(headers, Mapping) else None


def _retries(facts: Facts) -> int:
    told = (_headers(facts) or {}).get("x-stainless-retry-count", "")
    return int(told) if told.isdecimal() else 0


register(
    Key(
        "endpoint",
        "text",
        "The call as the client names it: completions, chat.completions, files.create.",
        known=ENDPOINTS,
        expected=EXPECTED,
        take=_endpoint,
        many=True,
    ),
    Key("model", "text", "The model of the request."),
    Key("prompt", "text", "One prompt of a completion, as text."),
    Key("message", "text", "The text of any message, whoever said it.", take=conversation.texts, many=True),
    Key("last_user", "text", "What the user said last.", take=conversation.last_user),
    Key(
        "system",
        "text",
        "What the system or the developer said, or the instructions.",
        take=conversation.system,
        many=True,
    ),
    Key(
        "turn",
        "number",
        "How often the user has spoken, from 1.",
        take=conversation.turn,
    ),
    Key(
        "tool_results",
        "text",
        "What any of the tools has answered since the user spoke last.",
        take=conversation.tool_results,
        many=True,
    ),
    Key(
        "tool_names",
        "text",
        "The name of any function the model may call.",
        take=conversation.tool_names,
        many=True,
    ),
    Key(
        "temperature",
        "number",
        "The sampling temperature; 1 if the request does not say.",
        default=lambda _: 1,
    ),
    Key(
        "max_tokens",
        "number",
        "The longest answer in tokens; 16 if a request for a completion does not say.",
        default=lambda facts: 16 if facts.get("endpoint") in called("completions") else None,
    ),
    Key("n", "number", "How many answers are asked for; 1 if the request does not say.", default=lambda _: 1),
    Key("seed", "number", "The seed of the request."),
    Key("user", "text", "The end user the request is made for."),
    Key("instruction", "text", "What is to be done with the input of an edit."),
    Key("suffix", "text", "The suffix of a completion, or of the name of a fine-tuned model."),
    Key(
        "api",
        "text",
        "Where a fine-tune is created: legacy (/v1/fine-tunes) or modern (/v1/fine_tuning/jobs).",
        words=("legacy", "modern"),
    ),
    Key(
        "stream",
        "flag",
        "Whether the answer is streamed; false if the request does not say.",
        default=lambda _: False,
    ),
    Key("file_name", "text", "The name of the file that is uploaded or trained on."),
    Key("purpose", "text", "What a file is uploaded for, such as fine-tune or batch."),
    Key(
        "attempt",
        "number",
        "Which try of the same call this is, from 1, as the client counts.",
        default=lambda facts: 1 + _retries(facts),
    ),
    Key("key", "text", "The API key."),
    Key("header", "text", "A header of the request, by its name.", take=_headers, names=str.lower),
    Key("metadata", "text", "An entry of the metadata, by its name.", names=str),
    Key("body", "json", "The whole JSON body; `json_path` looks into it."),
)
