"""Faults of a running world: see what they have done, put some in front of the others, take those away again."""

from typing import Annotated, Any, Literal

from pydantic import Field

from mockserver import errors
from mockserver.deps import CurrentWorld
from mockserver.domain import faults
from mockserver.domain.faults import Armed
from mockserver.scenario.additions import load_rules
from mockserver.scenario.problems import ScenarioError
from mockserver.wire import RequestModel, ResponseModel, control
from mockserver.world import World

router = control()


class AddFaults(RequestModel):
    """Rules as in a scenario's `faults`; the first of them is asked first."""

    rules: Annotated[list[dict[str, Any]], Field(min_length=1)]


class FaultRuleView(ResponseModel):
    """A rule; how many requests it agreed with, how many of them it struck, how many it still may (null: any)."""

    id: str
    rule: dict[str, Any]
    asked: int
    fired: int
    left: int | None


class FaultRuleList(ResponseModel):
    """Every rule, the scenario's too, in the order in which they are asked."""

    object: Literal["list"] = "list"
    data: list[FaultRuleView]


class FaultsCleared(ResponseModel):
    """How many rules were taken away."""

    cleared: int


@router.get("/faults", operation_id="mock.faults.list")
async def list_(world: CurrentWorld) -> FaultRuleList:
    """Return the rules and what they have done."""
    return _listed(world)


@router.post("/faults", operation_id="mock.faults.add")
async def add(body: AddFaults, world: CurrentWorld) -> FaultRuleList:
    """Put rules in front of all others. If one is wrong, none is added."""
    try:
        faults.of(world).add(load_rules("faults", body.rules).faults)
    except ScenarioError as error:
        raise errors.invalid(str(error), "rules", "invalid_scenario") from error
    return _listed(world)


@router.delete("/faults", operation_id="mock.faults.clear")
async def clear(world: CurrentWorld) -> FaultsCleared:
    """Take the added rules away again."""
    return FaultsCleared(cleared=faults.of(world).clear())


def _listed(world: World) -> FaultRuleList:
    return FaultRuleList(data=[_shown(armed) for armed in faults.of(world).rules])


def _shown(armed: Armed) -> FaultRuleView:
    return FaultRuleView(
        id=armed.id,
        rule=armed.rule.model_dump(mode="json", exclude_defaults=True),
        asked=armed.asked,
        fired=armed.fired,
        left=armed.left,
    )
