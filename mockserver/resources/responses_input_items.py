"""Input items of responses: https://platform.openai.com/docs/api-reference/responses/input-items."""

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic_core import to_json

from mockserver.deps import CurrentWorld
from mockserver.domain import items
from mockserver.domain.included import Included
from mockserver.domain.item_types import KeptItem
from mockserver.domain.responses import records
from mockserver.errors import unknown_cursor
from mockserver.pages import Order
from mockserver.wire import ResponseModel, Written, resource

router = resource("responses")


class ResponseItemList(ResponseModel):
    """What a response was made from, page by page."""

    object: Literal["list"] = "list"
    data: list[KeptItem]
    has_more: bool
    first_id: str
    last_id: str


@router.get(
    "/responses/{response_id}/input_items",
    operation_id="responses.input_items.list",
    response_model=ResponseItemList,
)
async def list_(
    response_id: str,
    world: CurrentWorld,
    include: Included,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Order = "desc",
    after: str | None = None,
) -> Response:
    """List the items a response was made from: the whole conversation up to it, its own input last."""
    found = records.input_items(world, response_id)
    if order == "desc":
        found.reverse()
    ids = [item["id"] for item in found]
    if after is not None and after not in ids:
        raise unknown_cursor(after)
    start = 0 if after is None else ids.index(after) + 1
    page = [items.shown(item, include) for item in found[start : start + limit]]
    return Written(
        to_json(
            {
                "object": "list",
                "data": page,
                "has_more": len(found) > start + limit,
                "first_id": page[0]["id"] if page else "",
                "last_id": page[-1]["id"] if page else "",
            }
        )
    )
