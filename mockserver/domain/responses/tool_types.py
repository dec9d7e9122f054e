"""The tools a response may use, and how one is chosen, named as in the official document.

A tool is sent once and told again in every response: what it leaves out is told as the API tells it.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from mockserver.wire import RequestModel
from mockserver.wire_models import FunctionParameters

#: what functions and custom tools are called (official document)
ToolName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", max_length=128)]
Json = dict[str, Any]
Callers = list[Literal["direct", "programmatic"]]
ContextSize = Literal["low", "medium", "high"]


class FunctionTool(RequestModel):
    """A function the caller runs; strict if it says nothing and its parameters can be held to it."""

    type: Literal["function"]
    name: ToolName
    description: str | None = None
    parameters: FunctionParameters | None = None
    output_schema: Json | None = None
    strict: bool | None = None
    defer_loading: bool | None = None
    allowed_callers: Callers | None = None


class FileSearchTool(RequestModel):
    """A search in vector stores."""

    type: Literal["file_search"]
    vector_store_ids: list[str]
    max_num_results: Annotated[int, Field(ge=1, le=50)] = 20
    ranking_options: Json = Field(default_factory=lambda: {"ranker": "auto", "score_threshold": 0.0})
    filters: Json | None = None


class ComputerTool(RequestModel):
    """A computer."""

    type: Literal["computer"]


class ComputerUsePreviewTool(RequestModel):
    """A computer, as it was first offered."""

    type: Literal["computer_use_preview"]
    environment: Literal["windows", "mac", "linux", "ubuntu", "browser"]
    display_width: int
    display_height: int


class ApproximateLocation(RequestModel):
    """Roughly where the user is."""

    type: Literal["approximate"] = "approximate"
    country: str | None = None
    region: str | None = None
    city: str | None = None
    timezone: str | None = None


class WebSearchFilters(RequestModel):
    """Where to search."""

    allowed_domains: list[str] | None = None


class WebSearchTool(RequestModel):
    """A search in the web."""

    type: Literal["web_search", "web_search_2025_08_26"]
    external_web_access: bool | None = None
    filters: WebSearchFilters | None = None
    user_location: ApproximateLocation | None = None
    search_context_size: ContextSize = "medium"


class MCPTool(RequestModel):
    """The tools of an MCP server; the mock connects to none."""

    type: Literal["mcp"]
    server_label: str
    server_url: str | None = None
    connector_id: str | None = None
    tunnel_id: Annotated[str, Field(pattern=r"^tunnel_[a-z0-9]{32}$")] | None = None
    authorization: str | None = None
    server_description: str | None = None
    headers: dict[str, str] | None = None
    allowed_tools: list[str] | Json | None = None
    allowed_callers: Callers | None = None
    require_approval: Literal["always", "never"] | Json = "always"
    defer_loading: bool | None = None


class CodeInterpreterTool(RequestModel):
    """A place to run Python in."""

    type: Literal["code_interpreter"]
    container: str | Json
    allowed_callers: Callers | None = None


class ProgrammaticToolCallingParam(RequestModel):
    """Tools called by programs the model writes; the mock's writes none."""

    type: Literal["programmatic_tool_calling"]


class ImageGenTool(RequestModel):
    """A painter."""

    type: Literal["image_generation"]
    model: str = "gpt-image-1"
    quality: Literal["low", "medium", "high", "auto"] = "auto"
    size: str = "auto"
    output_format: Literal["png", "webp", "jpeg"] = "png"
    output_compression: Annotated[int, Field(ge=0, le=100)] = 100
    moderation: Literal["auto", "low"] = "auto"
    background: Literal["transparent", "opaque", "auto"] = "auto"
    input_fidelity: Literal["high", "low"] | None = None
    input_image_mask: Json | None = None
    partial_images: Annotated[int, Field(ge=0, le=3)] = 0
    action: Literal["generate", "edit", "auto"] | None = None


class LocalShellToolParam(RequestModel):
    """The caller's shell, as it was first offered."""

    type: Literal["local_shell"]


class FunctionShellToolParam(RequestModel):
    """A shell, the caller's or one in a container."""

    type: Literal["shell"]
    environment: Json | None = None
    allowed_callers: Callers | None = None


class CustomToolParam(RequestModel):
    """A tool that is given text; the mock does not follow its grammar."""

    type: Literal["custom"]
    name: ToolName
    description: str | None = None
    format: Json = Field(default_factory=lambda: {"type": "text"})
    defer_loading: bool | None = None
    allowed_callers: Callers | None = None


class NamespaceToolParam(RequestModel):
    """Functions and custom tools under one name."""

    type: Literal["namespace"]
    name: Annotated[str, Field(min_length=1)]
    description: str
    tools: list[Annotated[FunctionTool | CustomToolParam, Discriminator("type")]]


class ToolSearchToolParam(RequestModel):
    """A search for tools; the mock's models know all of them."""

    type: Literal["tool_search"]
    execution: Literal["server", "client"] = "server"
    description: str | None = None
    parameters: Json | None = None


class WebSearchPreviewTool(RequestModel):
    """A search in the web, as it was first offered."""

    type: Literal["web_search_preview", "web_search_preview_2025_03_11"]
    user_location: ApproximateLocation | None = None
    search_context_size: ContextSize = "medium"
    search_content_types: list[Literal["text", "image"]] | None = None


class ApplyPatchToolParam(RequestModel):
    """Changes to the caller's files."""

    type: Literal["apply_patch"]
    allowed_callers: Callers | None = None


Tool = Annotated[
    FunctionTool
    | FileSearchTool
    | ComputerTool
    | ComputerUsePreviewTool
    | WebSearchTool
    | MCPTool
    | CodeInterpreterTool
    | ProgrammaticToolCallingParam
    | ImageGenTool
    | LocalShellToolParam
    | FunctionShellToolParam
    | CustomToolParam
    | NamespaceToolParam
    | ToolSearchToolParam
    | WebSearchPreviewTool
    | ApplyPatchToolParam,
    Discriminator("type"),
]


class ToolChoiceAllowed(RequestModel):
    """Some of the tools."""

    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[Json]


class ToolChoiceTypes(RequestModel):
    """A tool of the API's own."""

    type: Literal[
        "file_search",
        "web_search",
        "web_search_2025_08_26",
        "web_search_preview",
        "web_search_preview_2025_03_11",
        "computer",
        "computer_use_preview",
        "computer_use",
        "image_generation",
        "code_interpreter",
        "programmatic_tool_calling",
        "apply_patch",
        "shell",
        "local_shell",
    ]


class ToolChoiceFunction(RequestModel):
    """A function."""

    type: Literal["function"]
    name: str


class ToolChoiceMCP(RequestModel):
    """A tool of an MCP server."""

    type: Literal["mcp"]
    server_label: str
    name: str | None = None


class ToolChoiceCustom(RequestModel):
    """A custom tool."""

    type: Literal["custom"]
    name: str


ToolChoice = (
    Literal["none", "auto", "required"]
    | Annotated[
        ToolChoiceAllowed | ToolChoiceTypes | ToolChoiceFunction | ToolChoiceMCP | ToolChoiceCustom,
        Discriminator("type"),
    ]
)


def told(tool: Tool) -> Json:
    """Return a tool as a response tells it."""
    described = tool.model_dump(exclude_none=True)
    match tool:
        case FunctionTool():
            first = {"type": "function", "description": None, "name": tool.name, "parameters": None}
            return first | {"strict": bool(tool.strict)} | described
        case WebSearchTool():
            return {"filters": None, "user_location": None} | described
        case FileSearchTool():
            return {"filters": None} | described
        case NamespaceToolParam():
            return described | {"tools": [told(each) for each in tool.tools]}
    return described
