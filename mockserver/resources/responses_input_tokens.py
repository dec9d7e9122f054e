"""Input tokens of responses: https://platform.openai.com/docs/api-reference/responses/input-tokens."""

from typing import Literal

from pydantic import Field

from mockserver.deps import CurrentWorld
from mockserver.domain import items
from mockserver.domain.item_types import SentItem
from mockserver.domain.responses import asking, records, rules
from mockserver.domain.responses.shapes import Conversation, Reasoning, ResponseTextParam, conversation_id
from mockserver.domain.responses.tool_types import Tool, ToolChoice
from mockserver.simulation import transcript
from mockserver.simulation.messages import Ask
from mockserver.wire import RequestModel, ResponseModel, resource

router = resource("responses")


class TokenCountsBody(RequestModel):
    """A request for a response, as far as the model reads it."""

    model: str | None = None
    input: str | list[SentItem] | None = None
    previous_response_id: str | None = None
    tools: list[Tool] = Field(default_factory=list)
    text: ResponseTextParam = Field(default_factory=ResponseTextParam)
    reasoning: Reasoning | None = None
    truncation: Literal["auto", "disabled"] = "disabled"
    instructions: str | None = None
    personality: str | None = None
    conversation: Conversation | None = None
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool = True


class TokenCountsResource(ResponseModel):
    """How many tokens the model would read."""

    object: Literal["response.input_tokens"] = "response.input_tokens"
    input_tokens: int


@router.post("/responses/input_tokens", operation_id="responses.input_tokens.count")
async def count(body: TokenCountsBody, world: CurrentWorld) -> TokenCountsResource:
    """Count what a response would cost to read, without making it."""
    model = rules.model_of(world, body.model)
    conversation = conversation_id(body.conversation)
    rules.check_one_before(body.previous_response_id, conversation)
    before = records.said_in(world, conversation) + records.said_until(world, body.previous_response_id)
    read = items.read_input(world, body.input or [])
    asking.settle(body.tools)
    ask = Ask(
        asking.read_messages(body.instructions, before + read),
        functions=asking.offered(body.tools),
        schema=asking.schema_of(body.text),
    )
    return TokenCountsResource(input_tokens=transcript.read(ask, model.base)[1])
