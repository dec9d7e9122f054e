"""The ledger as the official reports show it: cut into buckets of time, filtered, and added up in groups.

Every token counts as one of text, be it of a picture or a sound. What this server does not offer yet (pictures, speech,
vector stores …) has its report all the same, an empty one.
"""

from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from mockserver.domain.usage import Entry, Line, entries
from mockserver.domain.usage_results import (
    CostAmount,
    CostsResult,
    UsageCompletionsResult,
    UsageEmbeddingsResult,
    UsageModerationsResult,
    UsageResult,
)
from mockserver.simulation.time_buckets import Bucket
from mockserver.world import World

#: the operations that are not reported as completions
ELSEWHERE: Mapping[str, type[UsageResult]] = {
    "embeddings.create": UsageEmbeddingsResult,
    "moderations.create": UsageModerationsResult,
}

#: what something can be grouped by, such as `model`
Names = dict[str, Any]
#: by name, what is wanted; a name that is left out does not matter
Only = Mapping[str, Collection[Any]]
Used = TypeVar("Used", Entry, Line)


def usage(
    world: World, kind: type[UsageResult], buckets: Sequence[Bucket], group_by: Collection[str], only: Only
) -> list[list[UsageResult]]:
    """Return the results of a report, bucket by bucket."""
    used = (
        (entry.at, _names(world, entry), entry)
        for entry in entries(world)
        if not entry.trained and ELSEWHERE.get(entry.operation, UsageCompletionsResult) is kind
    )
    return [
        [_result(kind, names, group) for names, group in groups]
        for groups in _grouped(used, buckets, group_by, only)
    ]


def costs(
    world: World, buckets: Sequence[Bucket], group_by: Collection[str], only: Only
) -> list[list[UsageResult]]:
    """Return what it all costs, bucket by bucket."""
    return [
        [_cost(names, group) for names, group in groups]
        for groups in _grouped(_lines(world), buckets, group_by, only)
    ]


def _names(world: World, entry: Entry) -> Names:
    account = world.scenario.account
    return {
        "project_id": account.project,
        "user_id": account.user,
        "api_key_id": entry.key,
        "model": entry.model,
        "batch": False,
        "service_tier": "default",
        "api_source": "unlabeled",
    }


def _lines(world: World) -> Iterator[tuple[int, Names, Line]]:
    """Yield the lines of the bill, called as the official ones are, such as `ft-gpt-4o-2024-08-06, cached input`."""
    for entry in entries(world):
        whose = entry.rate.replace("ft:", "ft-", 1)
        for line in entry.lines():
            yield entry.at, {**_names(world, entry), "line_item": f"{whose}, {line.item}"}, line


def _grouped(
    used: Iterable[tuple[int, Names, Used]], buckets: Sequence[Bucket], group_by: Collection[str], only: Only
) -> list[list[tuple[Names, list[Used]]]]:
    """Return what is wanted in groups, bucket by bucket; a name that is not grouped by is None."""
    starts = [bucket.start for bucket in buckets]
    found: list[dict[tuple[Any, ...], tuple[Names, list[Used]]]] = [{} for _ in buckets]
    for at, names, one in used:
        place = bisect(starts, at) - 1
        if place < 0 or at >= buckets[place].end:
            continue
        if all(names[name] in wanted for name, wanted in only.items()):
            shown = {name: value if name in group_by else None for name, value in names.items()}
            _, group = found[place].setdefault(tuple(shown.values()), (shown, []))
            group.append(one)
    return [list(groups.values()) for groups in found]


def _result(kind: type[UsageResult], names: Names, group: Sequence[Entry]) -> UsageResult:
    read, cached, said = (
        sum(entry.read for entry in group),
        sum(entry.cached for entry in group),
        sum(entry.said for entry in group),
    )
    measures = {
        "input_tokens": read,
        "input_cached_tokens": cached,
        "input_cache_write_tokens": 0,
        "input_uncached_tokens": read - cached,
        "output_tokens": said,
        "input_text_tokens": read - cached,
        "output_text_tokens": said,
        "input_cached_text_tokens": cached,
        "input_audio_tokens": 0,
        "input_cached_audio_tokens": 0,
        "output_audio_tokens": 0,
        "input_image_tokens": 0,
        "input_cached_image_tokens": 0,
        "output_image_tokens": 0,
        "num_model_requests": sum(entry.requests for entry in group),
    }
    told = measures | names
    return kind(**{name: told[name] for name in kind.model_fields if name in told})


def _cost(names: Names, group: Sequence[Line]) -> CostsResult:
    usd = sum((line.usd for line in group), Decimal(0))
    is_line = names["line_item"] is not None
    return CostsResult(
        amount=CostAmount(value=float(usd), currency="usd"),
        line_item=names["line_item"],
        project_id=names["project_id"],
        api_key_id=names["api_key_id"],
        quantity=sum(line.tokens for line in group) if is_line else None,
        quantity_unit="tokens" if is_line else None,
        user_id=names["user_id"],
        api_source=names["api_source"],
    )
