"""What a match can ask about: one `Key` each, registered by the feature that knows how to read it.

A request comes as *facts*: a plain mapping such as `{"endpoint": "completions", "model": …, "prompt": …}` of
text, numbers and flags. What is left out or None is not in the request; the official default stands for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Facts = Mapping[str, object]
"""What is known of a request."""

Take = Callable[[Facts], object]
"""Takes one value from a request; None where there is none."""

Kind = Literal["text", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a match can ask about; `about` is the editor's help, `words` close the choice of values.

    `take` reads it from a request (left out: the fact of its name); `default` stands for what is not there.
    """

    name: str
    kind: Kind
    about: str
    words: tuple[str, ...] = ()
    take: Take | None = None
    default: Take | None = None

    def given(self, facts: Facts) -> object:
        """Return what the request says, or None."""
        return self.take(facts) if self.take else facts.get(self.name)

    def value(self, facts: Facts) -> object:
        """Return what the request says or means by saying nothing, or None."""
        given = self.given(facts)
        return self.default(facts) if given is None and self.default else given


KEYS: dict[str, Key] = {}
"""Every key a match may have, by name."""


def register(*keys: Key) -> None:
    """Let matches ask about these keys. Raises ValueError when a name is taken."""
    for key in keys:
        if key.name in KEYS:
            raise ValueError(f"the match key '{key.name}' is registered twice")
        KEYS[key.name] = key


register(
    Key("endpoint", "text", "The call as the client names it: completions, chat.completions, files.create."),
    Key("model", "text", "The model of the request."),
    Key("prompt", "text", "One prompt of a completion, as text."),
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
        default=lambda facts: 16 if facts.get("endpoint") == "completions" else None,
    ),
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
)
