"""A conversation as the model reads it: in tokens.

A message costs 3 tokens, its text and its role, a name 1 more, and the answer is primed with 3 (the official cookbook
on counting tokens, which also tells what tools cost). What an assistant's calls cost is not verified, nor that a schema
costs its compact JSON.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.simulation import tokens
from mockserver.simulation.messages import Ask, Function, Message
from mockserver.simulation.training_file import TOKENS_PER_EXAMPLE, TOKENS_PER_MESSAGE, TOKENS_PER_NAME

#: the one model whose messages cost otherwise (official cookbook)
ODD_ONE, ODD_MESSAGE, ODD_NAME = "gpt-3.5-turbo-0301", 4, -1
PER_CALL = 7
"""What a call costs beside its name and its arguments (not verified)."""
#: what a function, its properties and their enumerations cost beside their text, by encoding (official cookbook)
_TOOL_COSTS = {
    "o200k_base": {"function": 7, "properties": 3, "key": 3, "enum": -3, "item": 3, "end": 12},
    "cl100k_base": {"function": 10, "properties": 3, "key": 3, "enum": -3, "item": 3, "end": 12},
}


def read(ask: Ask, model: str) -> tuple[list[int], int]:
    """Return a conversation as the tokens of its texts, and how many tokens it costs all in all."""
    each, name = (ODD_MESSAGE, ODD_NAME) if model == ODD_ONE else (TOKENS_PER_MESSAGE, TOKENS_PER_NAME)
    text: list[int] = []
    cost = TOKENS_PER_EXAMPLE
    for message in ask.messages:
        said = tokens.remembered(message.text, model)
        text += said
        cost += each + len(tokens.remembered(message.role, model)) + len(said) + message.extra
        if message.name is not None:
            cost += name + len(tokens.remembered(message.name, model))
        for call in message.calls:
            words = tokens.remembered(call.name, model) + tokens.remembered(call.arguments, model)
            text += words
            cost += PER_CALL + len(words)
    if ask.functions:
        cost += _tools(ask.functions, model)
    if ask.schema is not None:
        cost += len(tokens.encode(_compact(ask.schema), model))
    return text, cost


def _tools(functions: Iterable[Function], model: str) -> int:
    costs = _TOOL_COSTS.get(tokens.encoding_name(model), _TOOL_COSTS["cl100k_base"])
    return costs["end"] + sum(
        costs["function"]
        + tokens.count(f"{function.name}:{function.description.removesuffix('.')}", model)
        + _properties((function.parameters or {}).get("properties"), costs, model)
        for function in functions
    )


def _properties(properties: object, costs: Mapping[str, int], model: str) -> int:
    if not isinstance(properties, Mapping) or not properties:
        return 0
    cost = costs["properties"]
    for key, value in properties.items():
        about = value if isinstance(value, Mapping) else {}
        words = about.get("enum") or []
        cost += costs["key"] + (costs["enum"] if words else 0)
        cost += sum(costs["item"] + tokens.count(str(word), model) for word in words)
        described = str(about.get("description", "")).removesuffix(".")
        cost += tokens.count(f"{key}:{about.get('type', '')}:{described}", model)
    return cost


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def last_user(messages: Sequence[Message]) -> str:
    """Return what the user said last; without a user, what anybody did."""
    users = (message.text for message in reversed(messages) if message.role == "user")
    return next(users, messages[-1].text if messages else "")
