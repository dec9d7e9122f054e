"""The journal: what was asked of this world and what it answered, without anybody's keys."""

from typing import Annotated, Literal

from fastapi import Query

from mockserver.deps import CurrentWorld
from mockserver.journal import Body, Exchange
from mockserver.wire import ResponseModel, control

router = control()


class BodyView(ResponseModel):
    """A body's text as far as it was kept, and its whole size in bytes."""

    text: str
    size: int
    truncated: bool


class ExchangeView(ResponseModel):
    """One request and its answer; `status` is null while the answer is still being made."""

    id: str
    at: float
    operation: str | None
    method: str
    path: str
    query: str
    headers: dict[str, str]
    request: BodyView
    status: int | None
    response_headers: dict[str, str]
    response: BodyView


class ExchangeList(ResponseModel):
    """The latest exchanges, newest first; `dropped` counts those the ring has let go."""

    object: Literal["list"] = "list"
    data: list[ExchangeView]
    total: int
    dropped: int


class Cleared(ResponseModel):
    """How many exchanges were forgotten."""

    cleared: int


@router.get("/requests", operation_id="mock.requests.list")
async def list_(
    world: CurrentWorld,
    operation: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ExchangeList:
    """Return exchanges, newest first; `operation` is an official name such as `fine_tunes.create`."""
    chosen = [one for one in world.journal if operation in (None, one.operation)]
    return ExchangeList(
        data=[_shown(one) for one in reversed(chosen[-limit:])],
        total=len(chosen),
        dropped=world.journal.dropped,
    )


@router.delete("/requests", operation_id="mock.requests.clear")
async def clear(world: CurrentWorld) -> Cleared:
    """Forget every exchange."""
    count = len(world.journal)
    world.journal.clear()
    return Cleared(cleared=count)


def _shown(exchange: Exchange) -> ExchangeView:
    return ExchangeView(
        id=exchange.id,
        at=exchange.at,
        operation=exchange.operation,
        method=exchange.method,
        path=exchange.redact(exchange.path),
        query=exchange.redact(exchange.query),
        headers=exchange.shown_headers(exchange.headers),
        request=_body(exchange, exchange.request),
        status=exchange.status,
        response_headers=exchange.shown_headers(exchange.response_headers),
        response=_body(exchange, exchange.response),
    )


def _body(exchange: Exchange, body: Body) -> BodyView:
    return BodyView(text=exchange.shown_body(body), size=body.size, truncated=body.truncated)
