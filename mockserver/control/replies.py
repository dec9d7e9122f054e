"""Replies for a running world: rules that are asked before those of its scenario.

They go with the scenario they were added to: another one or a reset leaves none of them. No file keeps them.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from mockserver import errors
from mockserver.deps import CurrentWorld
from mockserver.scenario.additions import load_rules
from mockserver.scenario.models import ReplyRule
from mockserver.scenario.problems import ScenarioError
from mockserver.wire import RequestModel, ResponseModel, control
from mockserver.world import World

router = control()


class AddReplies(RequestModel):
    """Rules as in a scenario's `replies`; the first of them is asked first."""

    rules: Annotated[list[dict[str, Any]], Field(min_length=1)]


class ReplyRuleList(ResponseModel):
    """The rules that were added, in the order in which they are asked."""

    object: Literal["list"] = "list"
    data: list[dict[str, Any]]


class Cleared(ResponseModel):
    """How many rules were taken away."""

    cleared: int


@router.get("/replies", operation_id="mock.replies.list")
async def list_(world: CurrentWorld) -> ReplyRuleList:
    """Return the rules that were added, not those of the scenario."""
    return _listed(world)


@router.post("/replies", operation_id="mock.replies.add")
async def add(body: AddReplies, world: CurrentWorld) -> ReplyRuleList:
    """Put rules in front of all others. If one is wrong, none is added."""
    try:
        rules = load_rules("replies", body.rules).replies
    except ScenarioError as error:
        raise errors.invalid(str(error), "rules", "invalid_scenario") from error
    _replace(world, [*rules, *world.scenario.replies])
    return _listed(world)


@router.delete("/replies", operation_id="mock.replies.clear")
async def clear(world: CurrentWorld) -> Cleared:
    """Take the added rules away again."""
    count = len(_added(world))
    _replace(world, world.told.replies)
    return Cleared(cleared=count)


def _added(world: World) -> list[ReplyRule]:
    return world.scenario.replies[: len(world.scenario.replies) - len(world.told.replies)]


def _replace(world: World, rules: list[ReplyRule]) -> None:
    world.scenario = world.scenario.model_copy(update={"replies": rules})


def _listed(world: World) -> ReplyRuleList:
    return ReplyRuleList(data=[rule.model_dump(mode="json", exclude_defaults=True) for rule in _added(world)])
