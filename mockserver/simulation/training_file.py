"""A training file is examined before a job may train on it: every example well formed, every token counted.

The first bad example is the job's error, in the newest wording seen (October 2025): `invalid_file_format`,
"The job failed due to a file format error in the training file. Invalid file format. Example 1 is …". A
legacy fine-tune has no error object; its words are those of a file's `status_details`, without that opening.

Tokens: a pair is its prompt and its completion, nothing between or after them, so that the guide's files have
252 and 322. A chat message is 3 tokens and its fields, one more for a name, an example 3 more (the official
cookbook's data preparation notebook). Not verified: calls and tools are counted as compact JSON, images as
nothing, a preference example as its input and both outputs, a reinforcement example as its conversation.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.simulation.jsonl import LineError, read_objects
from mockserver.simulation.training_shape import Format, fault

Method = Literal["supervised", "dpo", "reinforcement"]
FileParam = Literal["training_file", "validation_file"]

FEWEST_EXAMPLES = 10
"""Examples a training file of `/v1/fine_tuning/jobs` must have; the legacy endpoint took the guide's two."""

TOKENS_PER_MESSAGE = 3
TOKENS_PER_NAME = 1
TOKENS_PER_EXAMPLE = 3


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a job cannot use a file: the job's `error` object and the line, None for the whole file."""

    code: str
    message: str
    param: FileParam
    line: int | None


@dataclass(frozen=True, slots=True)
class Examination:
    """What is in a file, up to its problem if it has one; tokens are those of one epoch."""

    lengths: tuple[tuple[int, int], ...]
    """Of each example: the tokens of its prompt and of its completion."""
    problem: FileProblem | None

    @property
    def examples(self) -> int:
        """How many examples were read."""
        return len(self.lengths)

    @property
    def prompt_tokens(self) -> int:
        """The tokens of all prompts."""
        return sum(prompt for prompt, _ in self.lengths)

    @property
    def completion_tokens(self) -> int:
        """The tokens of all completions."""
        return sum(completion for _, completion in self.lengths)

    @property
    def tokens(self) -> int:
        """All tokens of one epoch; times the epochs they are the job's `trained_tokens`."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Example:
    """What an example teaches: a text, the answer to it, and of a chat all messages, the answer last."""

    prompt: str
    completion: str
    messages: tuple[Mapping[str, Any], ...] = ()


def file_format(model: str, method: Method = "supervised") -> Format:
    """Return the format a job of `/v1/fine_tuning/jobs` expects of its files; `model` may be a tuned one."""
    if method == "dpo":
        return "preference"
    if method == "reinforcement":
        return "reinforcement"
    base = model.removeprefix("ft:").partition(":")[0]
    return "completion" if base in {"babbage-002", "davinci-002"} else "chat"


def examine(
    lines: Iterable[bytes],
    fmt: Format,
    count: Callable[[str], int],
    *,
    file_id: str,
    param: FileParam = "training_file",
) -> Examination:
    """Read a file once, line by line (see `jsonl.split_lines`), counting with the model's `count`."""
    lengths: list[tuple[int, int]] = []
    problem = None
    try:
        for number, found in read_objects(lines):
            problem = _problem(found, number, fmt, file_id, param)
            if problem:
                break
            lengths.append(_tokens(found, fmt, count))
    except LineError as error:
        problem = _format_problem(str(error), error.number, fmt, param)
    return Examination(tuple(lengths), problem or _too_few(len(lengths), fmt, param))


def read_examples(lines: Iterable[bytes], fmt: Format) -> Iterator[Example]:
    """Yield what each example of a file without problems teaches.

    A chat teaches its last assistant message as the answer to the last user message before it, a preference
    example its preferred output; a conversation without an assistant, as usual for reinforcement, nothing.
    """
    for _, found in read_objects(lines):
        if fmt in {"legacy", "completion"}:
            yield Example(found["prompt"], found["completion"])
            continue
        context, preferred, _ = _parts(found, fmt)
        messages = context["messages"] + preferred
        while messages and messages[-1]["role"] != "assistant":
            messages.pop()
        if messages:
            asked = [message["content"] for message in messages if message["role"] == "user"]
            prompt = _text("content", asked[-1]) if asked else ""
            yield Example(prompt, _text("content", messages[-1].get("content")), tuple(messages))


def _problem(
    found: dict[str, Any], number: int, fmt: Format, file_id: str, param: FileParam
) -> FileProblem | None:
    if fmt == "preference" and "messages" in found and "input" not in found:
        name = param.replace("_", " ")
        # The blank at the end is the official one.
        message = (
            f"The job failed due to an invalid {name}. Invalid file format. "
            f"Input file {file_id} is in the fine-tune-chat format, but the specified fine-tuning job "
            "is not using 'supervised' as the training method (provided method=dpo). "
        )
        return FileProblem(f"invalid_{param}", message, param, number)
    reason = fault(found, fmt, number)
    return _format_problem(reason, number, fmt, param) if reason else None


def _format_problem(reason: str, number: int, fmt: Format, param: FileParam) -> FileProblem:
    message = f"Invalid file format. {reason}"
    if fmt != "legacy":
        name = param.replace("_", " ")
        message = f"The job failed due to a file format error in the {name}. {message}"
    return FileProblem("invalid_file_format", message, param, number)


def _too_few(examples: int, fmt: Format, param: FileParam) -> FileProblem | None:
    fewest = FEWEST_EXAMPLES if fmt != "legacy" and param == "training_file" else 1
    if examples >= fewest:
        return None
    name = param.replace("_", " ").capitalize()
    message = f"{name} has {examples} example(s), but must have at least {fewest} examples"
    return FileProblem("invalid_n_examples", message, param, None)


def _tokens(found: dict[str, Any], fmt: Format, count: Callable[[str], int]) -> tuple[int, int]:
    """Count what the model only reads and what it is trained to say."""
    if fmt in {"legacy", "completion"}:
        return count(found["prompt"]), count(found["completion"])
    context, preferred, non_preferred = _parts(found, fmt)
    read = TOKENS_PER_EXAMPLE
    read += sum(count(_text(key, context[key])) for key in ("tools", "functions") if context.get(key))
    said = 0
    for messages, is_said in ((context["messages"], fmt == "chat"), (preferred + non_preferred, True)):
        for message in messages:
            frame, answer = _message_tokens(message, count)
            trained = is_said and message["role"] == "assistant" and message.get("weight") != 0
            read += frame if trained else frame + answer
            said += answer if trained else 0
    return read, said


def _message_tokens(message: dict[str, Any], count: Callable[[str], int]) -> tuple[int, int]:
    """Count a message's frame and its words; `weight` is an instruction to the trainer, not text."""
    sizes = {key: count(_text(key, value)) for key, value in message.items() if key != "weight"}
    words = sum(sizes.pop(key, 0) for key in ("content", "refusal", "tool_calls", "function_call"))
    return TOKENS_PER_MESSAGE + TOKENS_PER_NAME * ("name" in sizes) + sum(sizes.values()), words


def _parts(found: dict[str, Any], fmt: Format) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """Return the conversation with its tools, and the preferred and the other output, where there are any."""
    if fmt == "preference":
        return found["input"], found["preferred_output"], found["non_preferred_output"]
    return found, [], []


def _text(key: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if key == "content":
        return "".join(part.get("text", "") for part in value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
