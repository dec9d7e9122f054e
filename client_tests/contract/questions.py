"""Requests for answers, drawn by Hypothesis, and what can be said about their answers before anybody gives one.

Prompts come as texts and as tokens, one or many, some of them longer than their model's context. The model makes its
answer up, or a scenario tells it what to say.
"""

from dataclasses import dataclass
from typing import Any

from contract.texts import SPEAKERS, TEXT
from contract.tiktokens import count_messages, decode, encode_prompt
from hypothesis import strategies as st

#: how many tokens models hold, and how many an answer can have at the most (official model pages)
CONTEXTS = {
    "davinci": (2049, 2049),
    "text-davinci-003": (4097, 4097),
    "davinci-002": (16384, 16384),
    "gpt-3.5-turbo-instruct": (4097, 4096),
    "gpt-3.5-turbo-0301": (4097, 4096),
    "gpt-3.5-turbo-0613": (4097, 4096),
    "gpt-3.5-turbo": (16385, 4096),
    "gpt-4": (8192, 8192),
    "gpt-4o-mini": (128_000, 16_384),
    "gpt-4.1-nano": (1_047_576, 32_768),
    "o3-mini": (200_000, 100_000),
    "gpt-5-mini": (400_000, 128_000),
}
COMPLETING = ("davinci", "text-davinci-003", "davinci-002", "gpt-3.5-turbo-instruct")
CHATTING = (
    "gpt-3.5-turbo-0301",
    "gpt-3.5-turbo-0613",
    "gpt-3.5-turbo",
    "gpt-4",
    "gpt-4o-mini",
    "gpt-4.1-nano",
    "o3-mini",
    "gpt-5-mini",
)
RESPONDING = ("gpt-3.5-turbo", "gpt-4", "gpt-4o-mini", "gpt-4.1-nano", "o3-mini", "gpt-5-mini")
THINKING = ("o3-mini", "gpt-5-mini")
#: of the models here, the one that cannot be stopped by a text
UNSTOPPABLE = "gpt-5-mini"

STOP = st.sampled_from([".", " the", "\n", "lamp", " a", "e", "👍", "世界", "The old", "never said"])
LIMITS = (1, 2, 3, 5, 9, 16, 40, 120)
USERS = st.sampled_from([*3 * ["echo"], *SPEAKERS])


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and what follows from it.

    For each prompt: `read` is what it costs in tokens, `script` what the model is told to say (None: it makes something
    up), `prompts` its text and `tokens` what that is made of, if it can be echoed. `limit` is in tokens (None: as many
    as there is room for).
    """

    path: str
    body: dict[str, Any]
    read: tuple[int, ...]
    script: tuple[str | None, ...]
    limit: int | None
    prompts: tuple[str, ...] = ("",)
    tokens: tuple[list[int], ...] = ()

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def n(self) -> int:
        return int(self.body.get("n", 1))

    @property
    def candidates(self) -> int:
        """How many answers are made to each prompt, of which the `n` best are given."""
        return int(self.body.get("best_of", self.n))

    @property
    def stops(self) -> list[str]:
        stop = self.body.get("stop", [])
        return [stop] if isinstance(stop, str) else list(stop)

    @property
    def scored(self) -> bool:
        """Whether the answer comes with its tokens and their scores."""
        return self.body.get("logprobs", False) is not False or "include" in self.body

    @property
    def streaming(self) -> dict[str, Any]:
        """What a request says more that wants the answer in pieces, and the usage with it."""
        if self.path == "responses":
            return {"stream": True}
        return {"stream": True, "stream_options": {"include_usage": True}}

    @property
    def alike(self) -> bool:
        """Whether every answer to a prompt is the same, so that chance has no part in it."""
        return self.script[0] is not None or self.body.get("temperature") == 0

    @property
    def settled(self) -> bool:
        """Whether who asks again has the same answer, thoughts included, which are not told in a script."""
        return "seed" in self.body or (self.alike and self.model not in THINKING)

    @property
    def fits(self) -> bool:
        """Whether each prompt and the longest answer to it fit into the model's context together."""
        context, _ = CONTEXTS[self.model]
        return max(self.read) + (self.limit or 0) <= context

    def room(self, prompt: int) -> int:
        """Return how many tokens an answer to a prompt can have."""
        context, most = CONTEXTS[self.model]
        return min(context - self.read[prompt], most) if self.limit is None else self.limit


def chat(body: dict[str, Any]) -> Question:
    """Return the question that a request for a chat completion asks."""
    sent = body["messages"]
    return Question(
        "chat/completions",
        body,
        read=(count_messages(sent, body["model"]),),
        script=(_script(body, _last_said(sent)),),
        limit=body.get("max_tokens", body.get("max_completion_tokens")),
    )


def response(body: dict[str, Any]) -> Question:
    """Return the question that a request for a response asks; its instructions are a developer's message."""
    given = body["input"]
    sent = [{"role": "user", "content": given}] if isinstance(given, str) else given
    told = [{"role": "developer", "content": body["instructions"]}] if "instructions" in body else []
    return Question(
        "responses",
        body,
        read=(count_messages(told + sent, body["model"]),),
        script=(_script(body, _last_said(sent)),),
        limit=body.get("max_output_tokens"),
    )


def _last_said(messages: list[dict[str, str]]) -> str:
    """Return what the user said last; without a user, what anybody did."""
    by_user = [message["content"] for message in messages if message["role"] == "user"]
    return by_user[-1] if by_user else messages[-1]["content"]


def _script(body: dict[str, Any], said: str) -> str | None:
    return said if body.get("user") == "echo" else SPEAKERS.get(body.get("user", ""))


SAMPLING = {
    "temperature": st.sampled_from([0, 0, 0.7, 1, 2]),
    "top_p": st.sampled_from([0.1, 0.9, 1]),
    "frequency_penalty": st.sampled_from([-0.2, 0.5, 2]),
    "presence_penalty": st.sampled_from([-1, 1.5]),
}
STOPPING = {"stop": STOP | st.lists(STOP, min_size=1, max_size=4)}


@st.composite
def completions(draw: st.DrawFn) -> Question:
    """Draw a request for completions."""
    model = draw(st.sampled_from(COMPLETING))
    optional = {
        **SAMPLING,
        **STOPPING,
        "max_tokens": st.sampled_from([0, *LIMITS, 1900, 4000]),
        "n": st.integers(1, 3),
        "echo": st.booleans(),
        "seed": st.integers(0, 9),
        "logprobs": st.integers(0, 5),
        "user": USERS,
    }
    body: dict[str, Any] = draw(st.fixed_dictionaries({"model": st.just(model)}, optional=optional))
    if draw(st.integers(0, 4)) == 0:
        body["best_of"] = body.get("n", 1) + draw(st.integers(0, 2))
    if model == "gpt-3.5-turbo-instruct" and body.get("echo"):
        body.pop("logprobs", None)  # it does not do both
    prompts = draw(st.lists(TEXT, min_size=1, max_size=draw(st.sampled_from([1, 1, 1, 3]))))
    tokens = [encode_prompt(prompt, model) for prompt in prompts]
    given: list[Any] = prompts
    if all(tokens) and draw(st.integers(0, 3)) == 0:
        cut = draw(st.integers(1, 20))  # perhaps in the middle of a character
        given = tokens = [each[:cut] for each in tokens]
        prompts = [decode(each, model) for each in tokens]
    body["prompt"] = given if len(given) > 1 else given[0]
    return Question(
        "completions",
        body,
        read=tuple(map(len, tokens)),
        script=tuple(_script(body, each) for each in prompts),
        limit=body.get("max_tokens", 16),
        prompts=tuple(prompts),
        tokens=tuple(tokens),
    )


def _messages(**further: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    message = {"role": st.sampled_from(["user", "user", "assistant", "system", "developer"]), "content": TEXT}
    return st.lists(st.fixed_dictionaries(message, optional=further), min_size=1, max_size=4)


@st.composite
def chats(draw: st.DrawFn) -> Question:
    """Draw a request for chat completions."""
    model = draw(st.sampled_from(CHATTING))
    thinks = model in THINKING
    optional: dict[str, st.SearchStrategy[Any]] = {
        "n": st.integers(1, 3),
        "seed": st.integers(0, 9),
        "user": USERS,
        "max_completion_tokens": st.sampled_from([*LIMITS, 300, 1900, 4000]),
    }
    if not thinks:
        optional |= SAMPLING
    if model != UNSTOPPABLE:
        optional |= STOPPING
    messages = _messages(name=st.sampled_from(["Ann", "example_user", "b-2"]))
    body: dict[str, Any] = draw(
        st.fixed_dictionaries({"model": st.just(model), "messages": messages}, optional=optional)
    )
    if "max_completion_tokens" in body and not thinks and draw(st.booleans()):
        body["max_tokens"] = body.pop("max_completion_tokens")
    if not thinks and draw(st.booleans()):
        body |= {"logprobs": True, "top_logprobs": draw(st.integers(0, 5))}
    return chat(body)


@st.composite
def responses(draw: st.DrawFn) -> Question:
    """Draw a request for a response."""
    model = draw(st.sampled_from(RESPONDING))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "instructions": TEXT,
        "max_output_tokens": st.sampled_from([16, 40, 120, 300, 1900, 4000]),
        "store": st.booleans(),
        "user": USERS,
    }
    if model not in THINKING:
        optional |= {name: SAMPLING[name] for name in ("temperature", "top_p")}
        optional |= {"include": st.just(["message.output_text.logprobs"]), "top_logprobs": st.integers(0, 5)}
    given = TEXT | _messages()
    body: dict[str, Any] = draw(
        st.fixed_dictionaries({"model": st.just(model), "input": given.filter(len)}, optional=optional)
    )
    return response(body)
