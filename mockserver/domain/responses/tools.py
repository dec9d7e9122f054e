"""The API's own tools, as the mock uses them: the calls have the documented shapes, and nothing is done.

A tool is used when it has to be, or when the user's words invite to it: nothing is searched, so nothing is found, and a
picture is grey. What runs on the caller's side ends the answer, so that the caller can run it; whatever runs on the
API's side is followed by words.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockserver.domain.items import Item
from mockserver.domain.responses.asking import Question
from mockserver.domain.responses.tool_types import ImageGenTool, MCPTool, Tool
from mockserver.simulation import calling, painting, transcript
from mockserver.simulation.messages import Function

NewId = Callable[[str], str]
"""Makes an id with a prefix."""

#: for each tool, words of which one invites to it, and words of which it takes two
ABOUT = {
    "web_search": ("web_internet_online_news_today", "search look latest current recent"),
    "file_search": ("file_document", "search knowledge uploaded"),
    "code_interpreter": ("code_python_interpreter_calculate", "compute plot chart data"),
    "image_generation": ("draw_paint_picture", "generate create make image photo logo"),
    "computer": ("computer_browser_screenshot_click", "open screen page"),
    "local_shell": ("shell_terminal_bash_command", "execute directory"),
    "shell": ("shell_terminal_bash_command", "execute directory"),
    "apply_patch": ("patch", "apply change edit fix file code"),
}
#: the most of the user's words that become a query, in characters
QUERY = 200
USUAL_SIZE = (1024, 1024)
#: the largest side of a picture, in pixels
LARGEST = 4096
_SIZE = re.compile(r"(\d{1,4})x(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Used:
    """What tools were used, and whether the caller has to act before the model goes on."""

    items: list[Item]
    is_waiting: bool = False


def listings(tools: Sequence[Tool], before: Sequence[Item], new_id: NewId) -> list[Item]:
    """Return what MCP servers offer that were not asked before: the tools that the caller has allowed by name."""
    listed = {item["server_label"] for item in before if item["type"] == "mcp_list_tools"}
    return [
        {
            "id": new_id("mcpl"),
            "type": "mcp_list_tools",
            "server_label": tool.server_label,
            "tools": [_described(name) for name in _allowed(tool)],
        }
        for tool in tools
        if isinstance(tool, MCPTool) and tool.server_label not in listed
    ]


def used(question: Question, before: Sequence[Item], new_id: NewId) -> Used:
    """Return what is used to answer; `before` are the items of the request."""
    asked = transcript.last_user(question.ask.messages).strip()[:QUERY]
    if approved := [_approved(item, before, new_id) for item in before[-1:] if _is_approval(item)]:
        return Used(approved)
    tool = _invited(question)
    if tool is None:
        return Used([])
    kind = _kind(tool)
    if kind in _CALLERS_OWN and not (kind == "shell" and _in_container(tool)):
        return Used([{**_CALLERS_OWN[kind](tool, asked, new_id), "status": "completed"}], is_waiting=True)
    if isinstance(tool, MCPTool):
        return _asked_of_server(tool, new_id)
    return Used(list(_OWN[kind](tool, asked, new_id)))


# --- which one -----------------------------------------------------------------------------------------------------


def _invited(question: Question) -> Tool | None:
    """Return the tool that has to be used, or that words invite to most."""
    usable = [tool for tool in question.tools if _kind(tool) in ABOUT or isinstance(tool, MCPTool)]
    if not usable:
        return None
    known = {_about(tool): tool for tool in usable}
    offers = [Function(*words) for words in known]
    ask = replace(question.ask, functions=offers, callable=None, must_call=question.must_use, parallel=False)
    called = calling.called(ask)
    return known[called[0].name, called[0].description] if called else None


def _kind(tool: Tool) -> str:
    return next((kind for kind in ABOUT if tool.type.startswith(kind)), tool.type)


def _about(tool: Tool) -> tuple[str, str]:
    """Return the words that invite to a tool; to an MCP server, its label does, and what it can do."""
    if isinstance(tool, MCPTool):
        return tool.server_label, " ".join([tool.server_description or "", *_allowed(tool)])
    return ABOUT[_kind(tool)]


# --- what runs here ------------------------------------------------------------------------------------------------


def _web_search(_tool: Tool, asked: str, new_id: NewId) -> Iterator[Item]:
    action = {"type": "search", "query": asked, "queries": [asked], "sources": []}
    yield {"id": new_id("ws"), "type": "web_search_call", "status": "completed", "action": action}


def _file_search(_tool: Tool, asked: str, new_id: NewId) -> Iterator[Item]:
    yield {
        "id": new_id("fs"),
        "type": "file_search_call",
        "status": "completed",
        "queries": [asked],
        "results": [],
    }


def _code_interpreter(tool: Tool, asked: str, new_id: NewId) -> Iterator[Item]:
    """Run a program whose output needs no running to be known."""
    container = getattr(tool, "container", None)
    yield {
        "id": new_id("ci"),
        "type": "code_interpreter_call",
        "status": "completed",
        "code": f"print({json.dumps(asked, ensure_ascii=False)})",
        "container_id": container if isinstance(container, str) else new_id("cntr"),
        "outputs": [{"type": "logs", "logs": f"{asked}\n"}],
    }


def _image_generation(tool: Tool, asked: str, new_id: NewId) -> Iterator[Item]:
    assert isinstance(tool, ImageGenTool), "nothing else paints"
    size = _SIZE.fullmatch(tool.size)
    width, height = (int(side) for side in size.groups()) if size else USUAL_SIZE
    picture = painting.grey(min(max(width, 1), LARGEST), min(max(height, 1), LARGEST))
    yield {
        "id": new_id("ig"),
        "type": "image_generation_call",
        "status": "completed",
        "result": b64encode(picture).decode(),
        "revised_prompt": asked,
    }


def _shell_in_container(tool: Tool, asked: str, new_id: NewId) -> Iterator[Item]:
    call = _shell(tool, asked, new_id)
    yield {**call, "status": "completed"}
    output = {"stdout": f"{asked}\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}
    yield {
        "id": new_id("sho"),
        "type": "shell_call_output",
        "call_id": call["call_id"],
        "status": "completed",
        "output": [output],
        "max_output_length": None,
    }


_OWN: dict[str, Callable[[Tool, str, NewId], Iterator[Item]]] = {
    "web_search": _web_search,
    "file_search": _file_search,
    "code_interpreter": _code_interpreter,
    "image_generation": _image_generation,
    "shell": _shell_in_container,
}


# --- what runs on the caller's side --------------------------------------------------------------------------------


def _computer(tool: Tool, _asked: str, new_id: NewId) -> Item:
    look = {"type": "screenshot"}
    return {
        "id": new_id("cu"),
        "type": "computer_call",
        "call_id": new_id("call"),
        **({"actions": [look]} if tool.type == "computer" else {"action": look}),
        "pending_safety_checks": [],
    }


def _local_shell(_tool: Tool, asked: str, new_id: NewId) -> Item:
    action: Item = {"type": "exec", "command": ["echo", asked], "env": {}}
    return {"id": new_id("lsh"), "type": "local_shell_call", "call_id": new_id("call"), "action": action}


def _shell(tool: Tool, asked: str, new_id: NewId) -> Item:
    action = {"commands": [f"echo {json.dumps(asked)}"], "timeout_ms": None, "max_output_length": None}
    where: Item | None = {"type": "local"}
    if _in_container(tool):
        where = {"type": "container_reference", "container_id": new_id("cntr")}
    return {
        "id": new_id("sh"),
        "type": "shell_call",
        "call_id": new_id("call"),
        "action": action,
        "environment": where,
    }


def _apply_patch(_tool: Tool, asked: str, new_id: NewId) -> Item:
    operation = {"type": "create_file", "path": "mock.txt", "diff": f"+{asked}\n"}
    return {
        "id": new_id("apc"),
        "type": "apply_patch_call",
        "call_id": new_id("call"),
        "operation": operation,
    }


_CALLERS_OWN: dict[str, Callable[[Tool, str, NewId], Item]] = {
    "computer": _computer,
    "local_shell": _local_shell,
    "shell": _shell,
    "apply_patch": _apply_patch,
}


def _in_container(tool: Tool) -> bool:
    environment = getattr(tool, "environment", None)
    return isinstance(environment, dict) and environment.get("type") != "local"


# --- MCP -----------------------------------------------------------------------------------------------------------


def _allowed(tool: MCPTool) -> list[str]:
    """Return the tools of a server that are known without asking it: those that are allowed by name."""
    allowed = tool.allowed_tools
    if isinstance(allowed, dict):
        allowed = allowed.get("tool_names")
    return [str(name) for name in allowed] if isinstance(allowed, list) else []


def _described(name: str) -> dict[str, Any]:
    return {"name": name, "description": None, "input_schema": {"type": "object"}, "annotations": None}


def _asked_of_server(tool: MCPTool, new_id: NewId) -> Used:
    names = _allowed(tool)
    if not names:
        return Used([])
    call = {"server_label": tool.server_label, "name": names[0], "arguments": "{}"}
    if tool.require_approval == "never":
        return Used([_server_call(call, new_id, None)])
    return Used([{"id": new_id("mcpr"), "type": "mcp_approval_request", **call}], is_waiting=True)


def _is_approval(item: Item) -> bool:
    return item["type"] == "mcp_approval_response" and bool(item["approve"])


def _approved(answer: Item, before: Sequence[Item], new_id: NewId) -> Item:
    """Return the call that was allowed; what is not known of it any more is left empty."""
    wanted = answer["approval_request_id"]
    request = next((item for item in before if item.get("id") == wanted), {})
    call = {name: request.get(name, "") for name in ("server_label", "name", "arguments")}
    return _server_call(call, new_id, wanted)


def _server_call(call: Item, new_id: NewId, approval: str | None) -> Item:
    return {
        "id": new_id("mcp"),
        "type": "mcp_call",
        "status": "completed",
        **call,
        "approval_request_id": approval,
        "output": "The mock server connects to no MCP server.",
        "error": None,
    }
