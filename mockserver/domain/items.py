"""Items: what conversations and responses are made of, as the API keeps them.

An item is read once, where it enters: it is checked, a text becomes a content part, a reference the item it names,
and it gets the id and the status it did not bring. From then on it is the plain JSON that every endpoint shows. An
item that was stored is found by its id alone, whatever it was a part of.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from mockserver.domain import files
from mockserver.domain.item_messages import to_messages
from mockserver.domain.item_parts import INPUT_PARTS, OUTPUT_PARTS, PARTS, TOOL_PARTS
from mockserver.domain.item_types import CLOSED, KINDS, ROLES, InputItem
from mockserver.errors import ApiError
from mockserver.errors import items as refusals
from mockserver.misfit import json_type
from mockserver.wording import explain
from mockserver.world import World

__all__ = ["IncludeEnum", "Item", "check_calls", "find", "read_input", "shown", "store", "to_messages"]

Item = dict[str, Any]

#: what an item's id begins with; the API refuses another beginning for those in `_TOLD_APART`, the rest is not verified
_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fc",
    "custom_tool_call": "ctc",
    "custom_tool_call_output": "ctco",
    "reasoning": "rs",
    "compaction": "cmp",
    "computer_call_output": "cuo",
    "tool_search_call": "tsc",
    "tool_search_output": "tso",
    "additional_tools": "at",
    "shell_call": "sh",
    "shell_call_output": "sho",
    "apply_patch_call": "apc",
    "apply_patch_call_output": "apco",
    "mcp_approval_response": "mcpr",
}
_TOLD_APART = frozenset({"message", "function_call", "custom_tool_call", "reasoning"})
#: items that have a status although nobody need send it
_COMPLETED = frozenset(_PREFIXES) - {"reasoning", "compaction", "additional_tools", "mcp_approval_response"}
#: fields that are shown as null when they are not sent
_NULLS: dict[str, Item] = {
    "tool_search_call": {"call_id": None, "execution": "server"},
    "tool_search_output": {"call_id": None, "execution": "server"},
    "shell_call": {"environment": None},
    "shell_call_output": {"max_output_length": None},
}
#: fields that stay null when they are sent so; any other null is the same as absent
_NULLABLE = frozenset({"code", "outputs", "result"})
#: what can be asked for beside what is always shown
IncludeEnum = Literal[
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
]
#: what is shown only to who asks for it by this name: the type of the item or part, its field, what stands there else
_ON_REQUEST: dict[str, tuple[str, str, Any]] = {
    "code_interpreter_call.outputs": ("code_interpreter_call", "outputs", None),
    "file_search_call.results": ("file_search_call", "results", None),
    "reasoning.encrypted_content": ("reasoning", "encrypted_content", ...),
    "web_search_call.action.sources": ("search", "sources", ...),
    "computer_call_output.output.image_url": ("computer_screenshot", "image_url", ...),
    "message.input_image.image_url": ("input_image", "image_url", ...),
    "message.output_text.logprobs": ("output_text", "logprobs", []),
}


def read_input(world: World, given: str | list[Item], *, param: str = "input") -> list[Item]:
    """Return what a caller has sent as items; `param` is what the caller calls it.

    Raises ApiError 400 for what is no item or has the wrong shape, and 404 for a reference to an item or file that
    does not exist, and for a reasoning item that is neither stored nor sent with its encrypted content. A null that
    need not be there is left out. `compaction_trigger` is the one kind that comes out without an id.
    """
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    try:
        sent = _reader().validate_python(given)
    except ValidationError as error:
        raise _refusal(error, given, param) from None
    items = [_read(world, item, f"{param}[{index}]") for index, item in enumerate(sent)]
    ids = [item["id"] for item in items if "id" in item]
    if len(set(ids)) < len(ids):
        raise refusals.duplicate(next(each for each in ids if ids.count(each) > 1))
    return items


def store(world: World, items: Iterable[Item]) -> None:
    """Keep items, so that they can be referred to."""
    for item in items:
        if "id" in item:
            world.store.put("item", item)


def find(world: World, item_id: str) -> Item | None:
    """Return a stored item, None if there is none of that id."""
    return world.store.get("item", item_id)


def shown(item: Item, include: Collection[str] = ()) -> Item:
    """Return an item as it is shown to who asked to `include` some of what is left out else."""
    hidden = [place for name, place in _ON_REQUEST.items() if name not in include]
    deeper = {
        field: _without(item[field], hidden) for field in ("content", "output", "action") if field in item
    }
    return _hide(item | deeper, hidden)


def check_calls(items: Iterable[Item]) -> None:
    """Raise ApiError 400 unless every call of a function has its output behind it, and every output its call."""
    waiting: dict[str, None] = {}
    called = set()
    for item in items:
        if item["type"] in {"function_call", "custom_tool_call"}:
            called.add(item["call_id"])
            waiting[item["call_id"]] = None
        elif item["type"] in {"function_call_output", "custom_tool_call_output"}:
            if item["call_id"] not in called:
                raise refusals.no_call(item["call_id"])
            waiting.pop(item["call_id"], None)
    if waiting:
        raise refusals.no_output(next(iter(waiting)))


# --- reading -------------------------------------------------------------------------------------------------------


@cache
def _reader() -> TypeAdapter[list[Any]]:
    """Return the form of an input; it is made at the first, so that the server starts quickly."""
    return TypeAdapter(list[InputItem], config=CLOSED)


def _read(world: World, sent: Item, place: str) -> Item:
    item = _without_nulls(sent)
    kind = item.pop("type", None) or ("message" if "role" in item else "item_reference")
    if kind == "item_reference":
        return _stored(world, item["id"])
    if kind == "compaction_trigger":
        return {"type": kind}
    read: Item = {"type": kind, "id": _id(world, kind, item, place)}
    if kind in _COMPLETED:
        read["status"] = "completed"
    if kind == "message" and isinstance(item["content"], str):
        part = "output_text" if item["role"] == "assistant" else "input_text"
        item["content"] = [{"type": part, "text": item["content"]}]
    if kind == "computer_call_output":
        item["output"] = _read_part(world, item["output"], f"{place}.output")
    if kind == "shell_call":
        item["action"] = {"timeout_ms": None, "max_output_length": None} | item["action"]
    for field in ("content", "output"):
        if isinstance(item.get(field), list):
            parts = enumerate(item[field])
            item[field] = [_read_part(world, part, f"{place}.{field}[{index}]") for index, part in parts]
    return read | _NULLS.get(kind, {}) | item


def _id(world: World, kind: str, item: Item, place: str) -> str:
    """Return the id an item came with, or a new one. Raises ApiError 400 for that of another kind."""
    item_id: str | None = item.get("id")
    if item_id is None:
        return f"{_PREFIXES[kind]}_{world.ids.new('msg').removeprefix('msg_')}"
    if kind in _TOLD_APART and not item_id.startswith(_PREFIXES[kind]):
        raise refusals.wrong_prefix(f"{place}.id", item_id, _PREFIXES[kind])
    if kind == "reasoning" and "encrypted_content" not in item:
        _stored(world, item_id)
    return item_id


def _stored(world: World, item_id: str) -> Item:
    item = find(world, item_id)
    if item is None:
        raise refusals.not_persisted(item_id)
    return item


def _read_part(world: World, sent: Item, place: str) -> Item:
    part = _without_nulls(sent)
    match part.get("type"):
        case "input_image" | "computer_screenshot" as kind:
            if kind == "input_image":
                part.setdefault("detail", "auto")
            _check_source(world, part, place, ("image_url", "file_id"))
            if not part.get("image_url", "https://").startswith(("https://", "http://", "data:image/")):
                raise refusals.bad_url(f"{place}.image_url")
        case "input_file":
            _check_source(world, part, place, ("file_id", "file_data", "file_url"))
        case "output_text":
            part.setdefault("annotations", [])
            part.setdefault("logprobs", [])
    return part


def _check_source(world: World, part: Item, place: str, names: Sequence[str]) -> None:
    """Raise ApiError 400 for a part that is nowhere, and 404 for one in a file that does not exist."""
    if not any(name in part for name in names):
        raise refusals.missing_one_of(place, names)
    if "file_id" in part:
        files.find(world, part["file_id"])


def _without_nulls(sent: Item) -> Item:
    return {name: value for name, value in sent.items() if value is not None or name in _NULLABLE}


# --- refusing ------------------------------------------------------------------------------------------------------


def _refusal(error: ValidationError, given: Sequence[Any], param: str) -> ApiError:
    """Say what is wrong with the first item that does not fit."""
    faults = error.errors(include_url=False)
    index = next(iter(faults[0]["loc"]), None)
    if isinstance(index, int) and (said := _unknown(given[index], f"{param}[{index}]")):
        return said
    told = explain(
        [{**each, "loc": (param, *each["loc"])} for each in faults], era="modern", body={param: given}
    )
    return ApiError(400, told.message, param=told.param, code=told.code)


def _unknown(item: Any, place: str) -> ApiError | None:
    """Return what the API says of an item whose kind, role or parts it does not know; None if it knows them."""
    if not isinstance(item, Mapping):
        noun = json_type(item)
        article = "" if noun == "null" else "an " if noun[0] in "aeiou" else "a "
        return refusals.not_an_item(place, article + noun)
    kind, role = item.get("type"), item.get("role")
    if kind is not None and kind not in KINDS:
        return refusals.wrong_kind(place, kind, KINDS)
    if kind in {None, "message"} and role not in ROLES:
        return refusals.wrong_kind(place, role, ROLES)
    field, fitting = _parts_of(kind, role)
    parts = item.get(field)
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, Mapping) and part.get("type") not in (None, *fitting):
            where = f"{place}.{field}[{index}]"
            if part["type"] in PARTS:
                return refusals.wrong_kind(where, part["type"], fitting)
            return refusals.wrong_kind(f"{where}.type", part["type"], PARTS)
    return None


def _parts_of(kind: str | None, role: Any) -> tuple[str, Sequence[str]]:
    """Return where an item has parts, and what they may be."""
    if kind not in {None, "message"}:
        return "output", TOOL_PARTS
    return "content", OUTPUT_PARTS if role == "assistant" else INPUT_PARTS


# --- showing -------------------------------------------------------------------------------------------------------


def _hide(value: Item, hidden: Iterable[tuple[str, str, Any]]) -> Item:
    for kind, field, instead in hidden:
        if value.get("type") == kind and value.get(field):
            rest = {name: each for name, each in value.items() if name != field}
            return rest if instead is ... else {**value, field: instead}
    return value


def _without(value: Any, hidden: Collection[tuple[str, str, Any]]) -> Any:
    if isinstance(value, list):
        return [_without(each, hidden) for each in value]
    return _hide(value, hidden) if isinstance(value, dict) else value
