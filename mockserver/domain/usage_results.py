"""What the official reports of usage and costs tell of one group: its measures, and the names of what it is grouped by.

A name that the report is not grouped by is null.
"""

from typing import Literal

from mockserver.wire import ResponseModel

ApiSource = Literal["agents_api", "unlabeled"]


class UsageCompletionsResult(ResponseModel):
    """What models have read and said, on whichever endpoint; `api_source` came with client 3."""

    object: Literal["organization.usage.completions.result"] = "organization.usage.completions.result"
    input_tokens: int
    input_cached_tokens: int
    input_cache_write_tokens: int
    input_uncached_tokens: int
    output_tokens: int
    input_text_tokens: int
    output_text_tokens: int
    input_cached_text_tokens: int
    input_audio_tokens: int
    input_cached_audio_tokens: int
    output_audio_tokens: int
    input_image_tokens: int
    input_cached_image_tokens: int
    output_image_tokens: int
    num_model_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None
    batch: bool | None
    service_tier: str | None
    api_source: ApiSource | None


class UsageEmbeddingsResult(ResponseModel):
    """What was turned into vectors."""

    object: Literal["organization.usage.embeddings.result"] = "organization.usage.embeddings.result"
    input_tokens: int
    num_model_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None


class UsageModerationsResult(ResponseModel):
    """What was looked through for harm."""

    object: Literal["organization.usage.moderations.result"] = "organization.usage.moderations.result"
    input_tokens: int
    num_model_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None


class UsageImagesResult(ResponseModel):
    """Which pictures were made."""

    object: Literal["organization.usage.images.result"] = "organization.usage.images.result"
    images: int
    num_model_requests: int
    source: str | None
    size: str | None
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None


class UsageAudioSpeechesResult(ResponseModel):
    """What was read out."""

    object: Literal["organization.usage.audio_speeches.result"] = "organization.usage.audio_speeches.result"
    characters: int
    num_model_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None


class UsageAudioTranscriptionsResult(ResponseModel):
    """What was listened to."""

    object: Literal["organization.usage.audio_transcriptions.result"] = (
        "organization.usage.audio_transcriptions.result"
    )
    seconds: int
    num_model_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None


class UsageVectorStoresResult(ResponseModel):
    """What is in the vector stores."""

    object: Literal["organization.usage.vector_stores.result"] = "organization.usage.vector_stores.result"
    usage_bytes: int
    project_id: str | None


class UsageCodeInterpreterSessionsResult(ResponseModel):
    """How often code was run."""

    object: Literal["organization.usage.code_interpreter_sessions.result"] = (
        "organization.usage.code_interpreter_sessions.result"
    )
    num_sessions: int
    project_id: str | None


class UsageFileSearchCallsResult(ResponseModel):
    """How often files were searched."""

    object: Literal["organization.usage.file_searches.result"] = "organization.usage.file_searches.result"
    num_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    vector_store_id: str | None


class UsageWebSearchCallsResult(ResponseModel):
    """How often the web was searched."""

    object: Literal["organization.usage.web_searches.result"] = "organization.usage.web_searches.result"
    num_model_requests: int
    num_requests: int
    project_id: str | None
    user_id: str | None
    api_key_id: str | None
    model: str | None
    context_level: str | None
    api_source: ApiSource | None


class CostAmount(ResponseModel):
    """So much money."""

    value: float
    currency: str


class CostsResult(ResponseModel):
    """What it all costs; `user_id` and `api_source` came with client 3."""

    object: Literal["organization.costs.result"] = "organization.costs.result"
    amount: CostAmount
    line_item: str | None
    project_id: str | None
    api_key_id: str | None
    quantity: float | None
    quantity_unit: str | None
    user_id: str | None
    api_source: ApiSource | None


UsageResult = (
    UsageCompletionsResult
    | UsageEmbeddingsResult
    | UsageModerationsResult
    | UsageImagesResult
    | UsageAudioSpeechesResult
    | UsageAudioTranscriptionsResult
    | UsageVectorStoresResult
    | UsageCodeInterpreterSessionsResult
    | UsageFileSearchCallsResult
    | UsageWebSearchCallsResult
    | CostsResult
)
