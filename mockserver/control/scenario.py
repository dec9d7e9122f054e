"""The scenario of a running world: read it, or let the world go on with another one.

Rules, models, limits and faults of the new scenario count from the next request on. What a world is made of when it
begins (account, clock, files, jobs, seed) stays as it is until the world is reset.
"""

from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import PlainTextResponse

from mockserver import errors
from mockserver.deps import AllWorlds, CurrentWorld
from mockserver.scenario.loader import load_shipped, load_text
from mockserver.scenario.models import Scenario
from mockserver.scenario.problems import ScenarioError
from mockserver.scenario.written import written
from mockserver.wire import RequestModel, ResponseModel, control
from mockserver.world import BEGINNING, World

router = control()


class PlayScenario(RequestModel):
    """A shipped scenario's name, or a whole scenario as YAML text: exactly one of them."""

    scenario: str | None = None
    yaml: str | None = None


class ScenarioView(ResponseModel):
    """What counts in a world. `new` is what the last call has changed, `waiting` what a reset will."""

    object: Literal["scenario"] = "scenario"
    title: str
    new: list[str]
    waiting: list[str]
    scenario: dict[str, Any]


@router.get(
    "/scenario",
    operation_id="mock.scenario.read",
    response_model=ScenarioView,
    responses={200: {"content": {"application/yaml": {}}}},
)
async def read(
    world: CurrentWorld, as_: Annotated[Literal["json", "yaml"], Query(alias="as")] = "json"
) -> ScenarioView | PlainTextResponse:
    """Return what counts now, without what is as it always is; `as=yaml` returns the text of a scenario file."""
    if as_ == "yaml":
        return PlainTextResponse(written(_said(world.scenario)), media_type="application/yaml")
    return _shown(world, [])


@router.post("/scenario", operation_id="mock.scenario.play")
async def play(body: PlayScenario, world: CurrentWorld, worlds: AllWorlds) -> ScenarioView:
    """Go on with another scenario. One with faults is refused and nothing changes."""
    if len(body.model_fields_set) != 1:
        raise errors.invalid("exactly one of scenario, yaml is needed", "scenario")
    try:
        scenario = (
            load_text(body.yaml, "scenario") if body.yaml is not None else load_shipped(str(body.scenario))
        )
    except ScenarioError as error:
        raise errors.invalid(str(error), "scenario", "invalid_scenario") from error
    worlds.rehearse(scenario)
    return _shown(world, world.play(scenario))


def _shown(world: World, new: list[str]) -> ScenarioView:
    waiting = [
        name for name in sorted(BEGINNING) if getattr(world.told, name) != getattr(world.scenario, name)
    ]
    return ScenarioView(title=world.scenario.title, new=new, waiting=waiting, scenario=_said(world.scenario))


def _said(scenario: Scenario) -> dict[str, Any]:
    return {"version": 1, **scenario.model_dump(mode="json", exclude_defaults=True)}
