"""What the contents of items are made of, named as in the official document: plain dicts with a type.

They are typed dicts, so that an item stays the JSON it is, while pydantic checks it and the OpenAPI document tells it.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

#: the most characters of a text, and of what is sent within a URL (official document)
Text = Annotated[str, Field(max_length=10_485_760)]
ImageUrl = Annotated[
    str, Field(max_length=20_971_520, json_schema_extra={"pattern": "^(https?://|data:image/)"})
]
FileData = Annotated[str, Field(max_length=73_400_320)]
#: the id that a call and its output share
CallId = Annotated[str, Field(min_length=1, max_length=64)]
Status = Literal["in_progress", "completed", "incomplete"]
ImageDetail = Literal["low", "high", "auto", "original"]
#: parts of parts that are kept as they came
Json = dict[str, Any]


class InputTextContent(TypedDict):
    """Words for the model."""

    type: Literal["input_text"]
    text: Text
    prompt_cache_breakpoint: NotRequired[Json | None]


class InputImageContent(TypedDict):
    """An image, by its URL, its data or the id of a file."""

    type: Literal["input_image"]
    image_url: NotRequired[ImageUrl | None]
    file_id: NotRequired[str | None]
    detail: NotRequired[ImageDetail | None]
    prompt_cache_breakpoint: NotRequired[Json | None]


class InputFileContent(TypedDict):
    """A file, by its data, its URL or its id."""

    type: Literal["input_file"]
    file_id: NotRequired[str | None]
    filename: NotRequired[str | None]
    file_data: NotRequired[FileData | None]
    prompt_cache_breakpoint: NotRequired[Json | None]
    file_url: NotRequired[str | None]
    detail: NotRequired[Literal["auto", "low", "high"] | None]


class InputAudioData(TypedDict):
    """A sound, in base64."""

    data: str
    format: Literal["mp3", "wav"]


class InputAudioContent(TypedDict):
    """A sound for the model; the API takes it though the official document does not list it (seen 2026)."""

    type: Literal["input_audio"]
    input_audio: InputAudioData


class OutputTextContent(TypedDict):
    """Words of the model, with what they cite and how likely they were."""

    type: Literal["output_text"]
    text: str
    annotations: NotRequired[list[Json] | None]
    logprobs: NotRequired[list[Json] | None]


class RefusalContent(TypedDict):
    """What the model says when it will not answer."""

    type: Literal["refusal"]
    refusal: str


class SummaryTextContent(TypedDict):
    """A part of the summary of what a model thought."""

    type: Literal["summary_text"]
    text: str


class ReasoningTextContent(TypedDict):
    """A part of what a model thought."""

    type: Literal["reasoning_text"]
    text: str


class ComputerScreenshotImage(TypedDict):
    """What a computer's screen shows."""

    type: Literal["computer_screenshot"]
    image_url: NotRequired[ImageUrl | None]
    file_id: NotRequired[str | None]


InputContent = Annotated[
    InputTextContent | InputImageContent | InputFileContent | InputAudioContent, Field(discriminator="type")
]
OutputMessageContent = Annotated[OutputTextContent | RefusalContent, Field(discriminator="type")]
#: a part of any message
MessageContent = Annotated[
    InputTextContent
    | InputImageContent
    | InputFileContent
    | InputAudioContent
    | OutputTextContent
    | RefusalContent,
    Field(discriminator="type"),
]
#: what a tool may answer beside a text
ToolOutputContent = Annotated[
    InputTextContent | InputImageContent | InputFileContent, Field(discriminator="type")
]

#: what a part may be, anywhere, in a message to the model, in one of the model, in the output of a tool
PARTS = (
    "input_text",
    "input_image",
    "input_audio",
    "output_text",
    "refusal",
    "input_file",
    "computer_screenshot",
    "summary_text",
)
INPUT_PARTS = ("input_text", "input_image", "input_file", "input_audio")
OUTPUT_PARTS = ("output_text", "refusal")
TOOL_PARTS = ("input_text", "input_image", "input_file")
