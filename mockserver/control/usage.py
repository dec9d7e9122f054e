"""What was used in this world since it began, and what it would have cost."""

from typing import Any, Literal

from mockserver.deps import CurrentWorld
from mockserver.domain import usage
from mockserver.domain.usage import Entry
from mockserver.domain.usage_totals import Total, total
from mockserver.wire import ResponseModel, control

router = control()


class Used(ResponseModel):
    """Calls, tokens and USD; some of the input was cached. A fine-tune is a call, too."""

    calls: int
    input_tokens: int
    input_cached_tokens: int
    output_tokens: int
    trained_tokens: int
    usd: float


class UsedModel(Used):
    """What was used of one model through one operation."""

    model: str
    operation: str


class Usage(ResponseModel):
    """Everything that was used, by model and operation and in total."""

    object: Literal["usage"] = "usage"
    data: list[UsedModel]
    total: Used


@router.get("/usage", operation_id="mock.usage")
async def read(world: CurrentWorld) -> Usage:
    """Return what was used and what it would have cost, by model and operation and in total."""
    entries = list(usage.entries(world))
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.model, entry.operation), []).append(entry)
    data = [
        UsedModel(**_shown(total(group)), model=model, operation=operation)
        for (model, operation), group in sorted(groups.items())
    ]
    return Usage(data=data, total=Used(**_shown(total(entries))))


def _shown(used: Total) -> dict[str, Any]:
    return {
        "calls": used.calls,
        "input_tokens": used.read,
        "input_cached_tokens": used.cached,
        "output_tokens": used.said,
        "trained_tokens": used.trained,
        "usd": float(used.usd),
    }
