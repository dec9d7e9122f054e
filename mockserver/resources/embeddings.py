"""Embeddings: https://platform.openai.com/docs/api-reference/embeddings."""

from base64 import b64encode
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field
from pydantic_core import to_json

from mockserver.deps import CurrentKey, CurrentWorld
from mockserver.domain import embeddings
from mockserver.domain.answers import RawAnswer
from mockserver.facts import asked
from mockserver.simulation.embeddings import floats
from mockserver.wire import RequestModel, ResponseModel, Written, resource

router = resource("embeddings")

#: what the document says of an input; who goes against it hears the words of the day from `domain/embeddings.py`
Text = Annotated[str, Field(json_schema_extra={"minLength": 1})]
Tokens = Annotated[list[int], Field(json_schema_extra={"minItems": 1})]
_ARRAY = Field(json_schema_extra={"minItems": 1, "maxItems": embeddings.MOST_INPUTS})


class CreateEmbeddingRequest(RequestModel):
    """What to embed, as text or as tokens. How long it may be depends on the model."""

    input: (
        Text | Annotated[list[Text], _ARRAY] | Annotated[list[int], _ARRAY] | Annotated[list[Tokens], _ARRAY]
    )
    model: str
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=1)] | None = None
    user: str | None = None


class Embedding(ResponseModel):
    """The vector of one input: its numbers, or their 32 bits each, little-endian, in base64."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingUsage(ResponseModel):
    """What a request cost, in tokens."""

    prompt_tokens: int
    total_tokens: int


class CreateEmbeddingResponse(ResponseModel):
    """The vectors of all inputs, in their order."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage


@router.post("/embeddings", operation_id="embeddings.create", response_model=CreateEmbeddingResponse)
async def create(
    body: CreateEmbeddingRequest, request: Request, world: CurrentWorld, key: CurrentKey
) -> Response:
    """Turn one text or many into vectors."""
    model = embeddings.usable(world, body.model)
    facts = asked(request, key) if world.scenario.replies else {}
    done = await embeddings.create(world, model, body.input, dimensions=body.dimensions, facts=facts, key=key)
    if isinstance(done, RawAnswer):
        return Response(done.body, done.status, done.headers, media_type=done.media_type)
    say = floats if body.encoding_format == "float" else _in_base64
    answer = {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": say(vector)}
            for index, vector in enumerate(done.vectors)
        ],
        "model": embeddings.SIGNATURES.get(model.id, model.id),
        "usage": {"prompt_tokens": done.prompt_tokens, "total_tokens": done.prompt_tokens},
    }
    return Written(to_json(answer), done.headers)


def _in_base64(vector: bytes) -> str:
    return b64encode(vector).decode()
