"""Usage and costs: https://platform.openai.com/docs/api-reference/usage.

Officially an admin key is asked for; here every key is as good as another, as long as the world lets it in.
"""

from typing import Annotated, Literal

from fastapi import Query

from mockserver.deps import CurrentWorld
from mockserver.domain import usage_reports
from mockserver.domain.usage_queries import (
    CompletionsQuery,
    CostsQuery,
    FileSearchesQuery,
    ImagesQuery,
    ModelsQuery,
    ProjectsQuery,
    UsageQuery,
    WebSearchesQuery,
)
from mockserver.domain.usage_results import (
    UsageAudioSpeechesResult,
    UsageAudioTranscriptionsResult,
    UsageCodeInterpreterSessionsResult,
    UsageCompletionsResult,
    UsageEmbeddingsResult,
    UsageFileSearchCallsResult,
    UsageImagesResult,
    UsageModerationsResult,
    UsageResult,
    UsageVectorStoresResult,
    UsageWebSearchCallsResult,
)
from mockserver.simulation.time_buckets import Bucket
from mockserver.wire import ResponseModel, resource
from mockserver.world import World

router = resource("usage")


class UsageTimeBucket(ResponseModel):
    """What was used in a stretch of time, `end_time` not included; nothing at all has no results."""

    object: Literal["bucket"] = "bucket"
    start_time: int
    end_time: int
    results: list[UsageResult]


class UsageResponse(ResponseModel):
    """A page of buckets, oldest first; `next_page` is the cursor of the next."""

    object: Literal["page"] = "page"
    data: list[UsageTimeBucket]
    has_more: bool
    next_page: str | None


@router.get("/organization/usage/completions", operation_id="admin.organization.usage.completions")
async def completions(query: Annotated[CompletionsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what models have read and said, on whichever endpoint."""
    return _usage(world, query, UsageCompletionsResult)


@router.get("/organization/usage/embeddings", operation_id="admin.organization.usage.embeddings")
async def embeddings(query: Annotated[ModelsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what was turned into vectors."""
    return _usage(world, query, UsageEmbeddingsResult)


@router.get("/organization/usage/moderations", operation_id="admin.organization.usage.moderations")
async def moderations(query: Annotated[ModelsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what was looked through for harm."""
    return _usage(world, query, UsageModerationsResult)


@router.get("/organization/usage/images", operation_id="admin.organization.usage.images")
async def images(query: Annotated[ImagesQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report which pictures were made."""
    return _usage(world, query, UsageImagesResult)


@router.get("/organization/usage/audio_speeches", operation_id="admin.organization.usage.audio_speeches")
async def audio_speeches(query: Annotated[ModelsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what was read out."""
    return _usage(world, query, UsageAudioSpeechesResult)


@router.get(
    "/organization/usage/audio_transcriptions", operation_id="admin.organization.usage.audio_transcriptions"
)
async def audio_transcriptions(query: Annotated[ModelsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what was listened to."""
    return _usage(world, query, UsageAudioTranscriptionsResult)


@router.get("/organization/usage/vector_stores", operation_id="admin.organization.usage.vector_stores")
async def vector_stores(query: Annotated[ProjectsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what is in the vector stores."""
    return _usage(world, query, UsageVectorStoresResult)


@router.get(
    "/organization/usage/code_interpreter_sessions",
    operation_id="admin.organization.usage.code_interpreter_sessions",
)
async def code_interpreter_sessions(
    query: Annotated[ProjectsQuery, Query()], world: CurrentWorld
) -> UsageResponse:
    """Report how often code was run."""
    return _usage(world, query, UsageCodeInterpreterSessionsResult)


@router.get(
    "/organization/usage/file_search_calls", operation_id="admin.organization.usage.file_search_calls"
)
async def file_search_calls(
    query: Annotated[FileSearchesQuery, Query()], world: CurrentWorld
) -> UsageResponse:
    """Report how often files were searched."""
    return _usage(world, query, UsageFileSearchCallsResult)


@router.get("/organization/usage/web_search_calls", operation_id="admin.organization.usage.web_search_calls")
async def web_search_calls(query: Annotated[WebSearchesQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report how often the web was searched."""
    return _usage(world, query, UsageWebSearchCallsResult)


@router.get("/organization/costs", operation_id="admin.organization.usage.costs")
async def costs(query: Annotated[CostsQuery, Query()], world: CurrentWorld) -> UsageResponse:
    """Report what it all costs, day by day."""
    buckets, following = query.buckets(world.clock.now)
    return _page(buckets, usage_reports.costs(world, buckets, query.group_by, query.only()), following)


def _usage(world: World, query: UsageQuery, kind: type[UsageResult]) -> UsageResponse:
    buckets, following = query.buckets(world.clock.now)
    results = usage_reports.usage(world, kind, buckets, query.group_by, query.only())
    return _page(buckets, results, following)


def _page(buckets: list[Bucket], results: list[list[UsageResult]], following: str | None) -> UsageResponse:
    data = [
        UsageTimeBucket(start_time=bucket.start, end_time=bucket.end, results=found)
        for bucket, found in zip(buckets, results, strict=True)
    ]
    return UsageResponse(data=data, has_more=following is not None, next_page=following)
