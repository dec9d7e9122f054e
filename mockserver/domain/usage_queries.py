"""What can be asked of the reports of usage and costs: a span of time in buckets, filters, and what to group by.

A list comes as `name=a&name=b`, as curl writes it, or as `name[]=a&name[]=b`, as the official client does. The filters
of what is never there (sizes of pictures, vector stores …) are taken, and have nothing to let through.
"""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from mockserver.errors import usage as refusals
from mockserver.simulation.time_buckets import DAY, WIDTHS, Bucket, Span, moment_of

#: how many buckets a page has, by their width: as a rule and at most (official page)
LIMITS = {"1m": (60, 1440), "1h": (24, 168), "1d": (7, 31)}
COSTS_LIMIT, MOST_COSTS = 7, 180
#: the filters, and the names they are about
FILTERS = {
    "project_ids": "project_id",
    "user_ids": "user_id",
    "api_key_ids": "api_key_id",
    "models": "model",
    "line_items": "line_item",
}

Moment = Annotated[int, Field(ge=0)]


def _listed(name: str) -> Any:
    return Field(default=(), validation_alias=AliasChoices(name, f"{name}[]"))


class Asked(BaseModel):
    """What every report can be asked."""

    start_time: Moment
    end_time: Moment | None = None
    project_ids: Sequence[str] = _listed("project_ids")
    group_by: Sequence[str] = _listed("group_by")
    page: str | None = None

    def only(self) -> dict[str, Collection[Any]]:
        """Return by name what is wanted; a filter that is left out, or empty, lets everything through."""
        asked = ((name, getattr(self, filter_, ())) for filter_, name in FILTERS.items())
        return {name: wanted for name, wanted in asked if wanted}

    def begin(self) -> int | None:
        """Return the moment at which the page begins, None for the first. Raises ApiError 400 for a strange cursor."""
        if self.page is None:
            return None
        try:
            return moment_of(self.page)
        except ValueError:
            raise refusals.unknown_page(self.page) from None


class UsageQuery(Asked):
    """What every report of usage can be asked."""

    bucket_width: Literal["1m", "1h", "1d"] = "1d"
    limit: Annotated[int, Field(ge=1)] | None = None

    @field_validator("limit")
    @classmethod
    def _fits_the_width(cls, limit: int, info: ValidationInfo) -> int:
        _, most = LIMITS[info.data.get("bucket_width", "1m")]
        if limit > most:
            raise PydanticCustomError(
                "less_than_equal", "Input should be less than or equal to {le}", {"le": most}
            )
        return limit

    def buckets(self, now: int) -> tuple[list[Bucket], str | None]:
        """Return the buckets of a page and the cursor of the next; without an end, up to the present second."""
        width = WIDTHS[self.bucket_width]
        usual, _ = LIMITS[self.bucket_width]
        end = now + 1 if self.end_time is None else min(self.end_time, now - now % width + width)
        return Span(self.start_time, end, width).page(self.begin(), self.limit or usual)


class ProjectsQuery(UsageQuery):
    """What a report can be asked that tells projects apart, and nothing else."""

    group_by: Sequence[Literal["project_id"]] = _listed("group_by")


class KeysQuery(UsageQuery):
    """What a report can be asked that tells users and keys apart."""

    user_ids: Sequence[str] = _listed("user_ids")
    api_key_ids: Sequence[str] = _listed("api_key_ids")


class _Models(KeysQuery):
    models: Sequence[str] = _listed("models")


class ModelsQuery(_Models):
    """What a report can be asked that tells models apart."""

    group_by: Sequence[Literal["project_id", "user_id", "api_key_id", "model"]] = _listed("group_by")


class CompletionsQuery(_Models):
    """What the report of completions can be asked."""

    batch: bool | None = None
    group_by: Sequence[
        Literal["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]
    ] = _listed("group_by")

    def only(self) -> dict[str, Collection[Any]]:
        """Return by name what is wanted; there are no batches here."""
        return super().only() | ({} if self.batch is None else {"batch": [self.batch]})


class ImagesQuery(_Models):
    """What the report of pictures can be asked."""

    sources: Sequence[Literal["image.generation", "image.edit", "image.variation"]] = _listed("sources")
    sizes: Sequence[Literal["256x256", "512x512", "1024x1024", "1792x1792", "1024x1792"]] = _listed("sizes")
    group_by: Sequence[Literal["project_id", "user_id", "api_key_id", "model", "size", "source"]] = _listed(
        "group_by"
    )


class FileSearchesQuery(KeysQuery):
    """What the report of searches in files can be asked."""

    vector_store_ids: Sequence[str] = _listed("vector_store_ids")
    group_by: Sequence[Literal["project_id", "user_id", "api_key_id", "vector_store_id"]] = _listed(
        "group_by"
    )


class WebSearchesQuery(_Models):
    """What the report of searches in the web can be asked."""

    context_levels: Sequence[Literal["low", "medium", "high"]] = _listed("context_levels")
    group_by: Sequence[
        Literal["project_id", "user_id", "api_key_id", "model", "context_level", "api_source"]
    ] = _listed("group_by")


class CostsQuery(Asked):
    """What the report of costs can be asked; `line_items`, and to group by users, came with client 3."""

    bucket_width: Literal["1d"] = "1d"
    api_key_ids: Sequence[str] = _listed("api_key_ids")
    line_items: Sequence[str] = _listed("line_items")
    group_by: Sequence[Literal["project_id", "user_id", "line_item", "api_key_id", "api_source"]] = _listed(
        "group_by"
    )
    limit: Annotated[int, Field(ge=1, le=MOST_COSTS)] = COSTS_LIMIT

    def buckets(self, now: int) -> tuple[list[Bucket], str | None]:
        """Return the days of a page and the cursor of the next; without an end, up to today."""
        end = min(self.end_time or now + 1, now + 1)
        return Span(self.start_time, end, DAY, whole=True).page(self.begin(), self.limit)
