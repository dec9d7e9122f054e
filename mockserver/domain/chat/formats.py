"""The format an answer is wanted in: text, any JSON, or JSON that fits a schema."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Discriminator, Field

from mockserver.errors import chat as refusals
from mockserver.simulation.messages import Message
from mockserver.simulation.strict_schema import fault
from mockserver.wire import RequestModel
from mockserver.wire_models import FunctionName, FunctionParameters


class ResponseFormatText(RequestModel):
    """Words."""

    type: Literal["text"]


class ResponseFormatJsonObject(RequestModel):
    """An object of JSON."""

    type: Literal["json_object"]


class JsonSchema(RequestModel):
    """A schema by name; strict ones are of the subset that is always kept to."""

    description: str | None = None
    name: FunctionName
    schema_: Annotated[FunctionParameters | None, Field(alias="schema")] = None
    strict: bool = False


class ResponseFormatJsonSchema(RequestModel):
    """JSON that fits a schema."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


ResponseFormat = Annotated[
    ResponseFormatText | ResponseFormatJsonSchema | ResponseFormatJsonObject, Discriminator("type")
]


def check(wanted: ResponseFormat | None, messages: Iterable[Message]) -> None:
    """Raise ApiError 400 for a schema that is not strict, or JSON that nobody has been told of."""
    if isinstance(wanted, ResponseFormatJsonObject):
        if not any("json" in message.text.lower() for message in messages):
            raise refusals.no_json_in_messages()
    elif isinstance(wanted, ResponseFormatJsonSchema) and wanted.json_schema.strict:
        about = wanted.json_schema
        if sentence := fault(about.schema_ or {}, what=f"response_format '{about.name}'"):
            raise refusals.bad_schema(sentence, "response_format")


def schema_of(wanted: ResponseFormat | None) -> FunctionParameters | None:
    """Return the schema an answer has to fit."""
    return wanted.json_schema.schema_ if isinstance(wanted, ResponseFormatJsonSchema) else None
