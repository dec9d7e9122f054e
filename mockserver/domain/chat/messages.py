"""The messages of a chat as they are sent: roles, parts and calls, named as in the official document.

Unlike elsewhere, null is not the same as absent here: only the fields that may be null are, and a message's content
is one of them if the assistant has said something else.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, field_validator

from mockserver.simulation.pictures import Detail
from mockserver.wire import RequestModel


class Part(BaseModel):
    """Something within a message. Unknown fields are refused."""

    model_config: ClassVar[ConfigDict] = RequestModel.model_config


class PromptCacheBreakpointParam(Part):
    """Where a prefix ends that is to be cached; the mock caches every prefix."""

    mode: Literal["explicit"]


class ChatCompletionRequestMessageContentPartText(Part):
    """A text."""

    type: Literal["text"]
    text: str
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None = None


class ImageUrl(Part):
    """Where a picture is: a URL, which is never followed, or the picture itself as a `data:` URL."""

    url: str
    detail: Detail | None = None


class ChatCompletionRequestMessageContentPartImage(Part):
    """A picture."""

    type: Literal["image_url"]
    image_url: ImageUrl
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None = None


class SoundData(Part):
    """A sound, in base64."""

    data: str
    format: Literal["wav", "mp3"]


class ChatCompletionRequestMessageContentPartAudio(Part):
    """A sound."""

    type: Literal["input_audio"]
    input_audio: SoundData
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None = None


class FileData(Part):
    """A file: an uploaded one, or itself as a `data:` URL or in base64."""

    filename: str | None = None
    file_data: str | None = None
    file_id: str | None = None


class ChatCompletionRequestMessageContentPartFile(Part):
    """A file."""

    type: Literal["file"]
    file: FileData
    prompt_cache_breakpoint: PromptCacheBreakpointParam | None = None


class ChatCompletionRequestMessageContentPartRefusal(Part):
    """What the assistant said when it declined."""

    type: Literal["refusal"]
    refusal: str


TextPart = ChatCompletionRequestMessageContentPartText
ImagePart = ChatCompletionRequestMessageContentPartImage
AudioPart = ChatCompletionRequestMessageContentPartAudio
FilePart = ChatCompletionRequestMessageContentPartFile
RefusalPart = ChatCompletionRequestMessageContentPartRefusal

UserPart = Annotated[TextPart | ImagePart | AudioPart | FilePart, Discriminator("type")]
AssistantPart = Annotated[TextPart | RefusalPart, Discriminator("type")]
TextContent = str | Annotated[list[TextPart], Field(min_length=1)]


class _Worded(Part):
    @field_validator("content", mode="before", check_fields=False)
    @classmethod
    def _says_something(cls, content: Any) -> Any:
        if content is None:
            raise ValueError("Invalid value for 'content': expected a string, got null.")
        return content


class ChatCompletionRequestDeveloperMessage(_Worded):
    """What the developer wants."""

    content: TextContent
    role: Literal["developer"]
    name: str | None = None


class ChatCompletionRequestSystemMessage(_Worded):
    """What the system wants."""

    content: TextContent
    role: Literal["system"]
    name: str | None = None


class ChatCompletionRequestUserMessage(_Worded):
    """What the user says."""

    content: str | Annotated[list[UserPart], Field(min_length=1)]
    role: Literal["user"]
    name: str | None = None


class Answered(BaseModel):
    """Something of an answer that is sent back: as it came, or with what a client has added to it.

    The client sends back what it has parsed (`parsed`, `parsed_arguments`); that the API overlooks it and everything
    else there is not verified.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", strict=True)


class CalledFunction(Answered):
    """The function that was called, and what with."""

    name: str
    arguments: str


class CalledCustom(Answered):
    """The custom tool that was called, and what with."""

    name: str
    input: str


class ChatCompletionMessageToolCall(Answered):
    """A call of a function."""

    id: str
    type: Literal["function"]
    function: CalledFunction


class ChatCompletionMessageCustomToolCall(Answered):
    """A call of a custom tool."""

    id: str
    type: Literal["custom"]
    custom: CalledCustom


ToolCall = Annotated[
    ChatCompletionMessageToolCall | ChatCompletionMessageCustomToolCall, Discriminator("type")
]


class SpokenBefore(Answered):
    """A spoken answer of before."""

    id: str


class ChatCompletionRequestAssistantMessage(Answered):
    """What the model said before."""

    content: str | Annotated[list[AssistantPart], Field(min_length=1)] | None = None
    refusal: str | None = None
    role: Literal["assistant"]
    name: str | None = None
    audio: SpokenBefore | None = None
    tool_calls: Annotated[list[ToolCall], Field(min_length=1)] | None = None
    function_call: CalledFunction | None = None


class ChatCompletionRequestToolMessage(_Worded):
    """What a tool has answered to a call."""

    role: Literal["tool"]
    content: TextContent
    tool_call_id: str


class ChatCompletionRequestFunctionMessage(Part):
    """What a function has answered, in the words of 2023."""

    role: Literal["function"]
    content: str | None
    name: str


AssistantMessage = ChatCompletionRequestAssistantMessage
ToolMessage = ChatCompletionRequestToolMessage

ChatCompletionRequestMessage = Annotated[
    ChatCompletionRequestDeveloperMessage
    | ChatCompletionRequestSystemMessage
    | ChatCompletionRequestUserMessage
    | ChatCompletionRequestAssistantMessage
    | ChatCompletionRequestToolMessage
    | ChatCompletionRequestFunctionMessage,
    Discriminator("role"),
]
