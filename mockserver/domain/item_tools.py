"""The calls of the tools that are built into the API, and what came of them, named as in the official document.

Their own fields are checked; the actions and results within them only for being objects, and pass as they came.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from mockserver.domain.item_parts import CallId, ComputerScreenshotImage, Json, Status, Text


class FileSearchToolCall(TypedDict):
    """A search in files, and what it found."""

    type: Literal["file_search_call"]
    id: str
    status: Literal["in_progress", "searching", "completed", "incomplete", "failed"]
    queries: list[str]
    results: NotRequired[list[Json] | None]


class WebSearchToolCall(TypedDict):
    """A search in the web."""

    type: Literal["web_search_call"]
    id: str
    status: Literal["in_progress", "searching", "completed", "failed"]
    action: Json


class ImageGenToolCall(TypedDict):
    """An image that was made."""

    type: Literal["image_generation_call"]
    id: str
    status: Literal["in_progress", "completed", "generating", "failed"]
    result: str | None


class CodeInterpreterToolCall(TypedDict):
    """A program that was run, and what came of it."""

    type: Literal["code_interpreter_call"]
    id: str
    status: Literal["in_progress", "completed", "incomplete", "interpreting", "failed"]
    container_id: str
    code: str | None
    outputs: list[Json] | None


class ComputerToolCall(TypedDict):
    """Something to do on a computer."""

    type: Literal["computer_call"]
    id: str
    status: Status
    call_id: str
    action: NotRequired[Json | None]
    actions: NotRequired[list[Json] | None]
    pending_safety_checks: list[Json]


class ComputerToolCallOutput(TypedDict):
    """What the screen shows afterwards."""

    type: Literal["computer_call_output"]
    id: NotRequired[str | None]
    status: NotRequired[Literal["in_progress", "completed", "incomplete", "failed"] | None]
    call_id: CallId
    output: ComputerScreenshotImage
    acknowledged_safety_checks: NotRequired[list[Json] | None]
    created_by: NotRequired[str | None]


class ToolSearchCall(TypedDict):
    """A search for tools."""

    type: Literal["tool_search_call"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: NotRequired[CallId | None]
    execution: NotRequired[Literal["server", "client"]]
    arguments: Any
    created_by: NotRequired[str | None]


class ToolSearchOutput(TypedDict):
    """The tools that were found."""

    type: Literal["tool_search_output"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: NotRequired[CallId | None]
    execution: NotRequired[Literal["server", "client"]]
    tools: list[Json]
    created_by: NotRequired[str | None]


class AdditionalTools(TypedDict):
    """Tools that come to those of the request."""

    type: Literal["additional_tools"]
    id: NotRequired[str | None]
    role: Literal["developer"]
    tools: list[Json]


class LocalShellToolCall(TypedDict):
    """A command to run on the caller's machine."""

    type: Literal["local_shell_call"]
    id: str
    status: Status
    call_id: str
    action: Json


class LocalShellToolCallOutput(TypedDict):
    """What that command has printed; `call_id` the official document requires without describing it."""

    type: Literal["local_shell_call_output"]
    id: str
    call_id: NotRequired[str | None]
    output: str
    status: NotRequired[Status | None]


class FunctionShellCall(TypedDict):
    """Commands to run in a shell."""

    type: Literal["shell_call"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: CallId
    action: Json
    environment: NotRequired[Json | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class FunctionShellCallOutput(TypedDict):
    """What those commands have printed."""

    type: Literal["shell_call_output"]
    id: NotRequired[str | None]
    status: NotRequired[Status | None]
    call_id: CallId
    output: list[Json]
    max_output_length: NotRequired[int | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class ApplyPatchToolCall(TypedDict):
    """A change to a file."""

    type: Literal["apply_patch_call"]
    id: NotRequired[str | None]
    status: Literal["in_progress", "completed"]
    call_id: CallId
    operation: Json
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class ApplyPatchToolCallOutput(TypedDict):
    """Whether that change was made."""

    type: Literal["apply_patch_call_output"]
    id: NotRequired[str | None]
    status: Literal["completed", "failed"]
    call_id: CallId
    output: NotRequired[Text | None]
    caller: NotRequired[Json | None]
    created_by: NotRequired[str | None]


class MCPListTools(TypedDict):
    """The tools of an MCP server."""

    type: Literal["mcp_list_tools"]
    id: str
    server_label: str
    tools: list[Json]
    error: NotRequired[str | None]


class MCPApprovalRequest(TypedDict):
    """A call that has to be allowed first."""

    type: Literal["mcp_approval_request"]
    id: str
    server_label: str
    name: str
    arguments: str


class MCPApprovalResponse(TypedDict):
    """Whether it is allowed."""

    type: Literal["mcp_approval_response"]
    id: NotRequired[str | None]
    approval_request_id: str
    approve: bool
    reason: NotRequired[str | None]


class MCPToolCall(TypedDict):
    """A call to a tool of an MCP server, and its result."""

    type: Literal["mcp_call"]
    id: str
    server_label: str
    name: str
    arguments: str
    output: NotRequired[str | None]
    error: NotRequired[Json | None]
    status: NotRequired[Literal["in_progress", "completed", "incomplete", "calling", "failed"] | None]
    approval_request_id: NotRequired[str | None]


class Program(TypedDict):
    """A program that calls tools."""

    type: Literal["program"]
    id: str
    call_id: CallId
    code: Text
    fingerprint: Text


class ProgramOutput(TypedDict):
    """What that program has returned."""

    type: Literal["program_output"]
    id: str
    call_id: CallId
    result: Text
    status: Literal["completed", "incomplete"]


BuiltInTool = (
    FileSearchToolCall
    | WebSearchToolCall
    | ImageGenToolCall
    | CodeInterpreterToolCall
    | ComputerToolCall
    | ComputerToolCallOutput
    | ToolSearchCall
    | ToolSearchOutput
    | AdditionalTools
    | LocalShellToolCall
    | LocalShellToolCallOutput
    | FunctionShellCall
    | FunctionShellCallOutput
    | ApplyPatchToolCall
    | ApplyPatchToolCallOutput
    | MCPListTools
    | MCPApprovalRequest
    | MCPApprovalResponse
    | MCPToolCall
    | Program
    | ProgramOutput
)
