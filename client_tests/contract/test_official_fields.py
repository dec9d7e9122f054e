"""Our wire models have the fields of the official document, in its order; each deliberate difference has a reason.

A model is compared with the schema of its name, an item with its `Resource`, which is the item as it is kept. A model
of another name stands in `ELSEWHERE`, one that the document knows nothing of in `OURS`. So nobody needs to list a new
model to have it compared, and nobody can forget one.
"""

import importlib
import pkgutil

import pytest
from pydantic import BaseModel
from typing_extensions import is_typeddict

from mockserver import domain, resources, wire, wire_models
from mockserver.domain import chat_messages, item_parts, item_tools, item_types, usage_queries

#: what has another name in the document, or none: the schema, then the fields (or the alternatives) that lead to it
ELSEWHERE = {
    "ErrorDetail": "Error",
    # files and models
    "FileObject": "OpenAIFile",
    "FileList": "ListFilesResponse",
    "FileDeleted": "DeleteFileResponse",
    "ModelList": "ListModelsResponse",
    "ModelDeleted": "DeleteModelResponse",
    # fine-tuning
    "CreateFineTuningJob": "CreateFineTuningJobRequest",
    "Integration": "CreateFineTuningJobRequest.integrations",
    "Wandb": "CreateFineTuningJobRequest.integrations.wandb",
    "Method": "FineTuneMethod",
    "Supervised": "FineTuneSupervisedMethod",
    "SupervisedHyperparameters": "FineTuneSupervisedHyperparameters",
    "Dpo": "FineTuneDPOMethod",
    "DpoHyperparameters": "FineTuneDPOHyperparameters",
    "Reinforcement": "FineTuneReinforcementMethod",
    "ReinforcementHyperparameters": "FineTuneReinforcementHyperparameters",
    "JobError": "FineTuningJob.error",
    "JobHyperparameters": "FineTuningJob.hyperparameters",
    "JobList": "ListPaginatedFineTuningJobsResponse",
    "JobEvent": "FineTuningJobEvent",
    "JobEventList": "ListFineTuningJobEventsResponse",
    "Checkpoint": "FineTuningJobCheckpoint",
    "CheckpointList": "ListFineTuningJobCheckpointsResponse",
    "CreatePermission": "CreateFineTuningCheckpointPermissionRequest",
    "Permission": "FineTuningCheckpointPermission",
    "PermissionList": "ListFineTuningCheckpointPermissionResponse",
    "PermissionDeleted": "DeleteFineTuningCheckpointPermissionResponse",
    "RunGraderMetadata": "RunGraderResponse.metadata",
    "RunGraderErrors": "RunGraderResponse.metadata.errors",
    # completions and chat
    "Completion": "CreateCompletionResponse",
    "CompletionChoice": "CreateCompletionResponse.choices",
    "Logprobs": "CreateCompletionResponse.choices.logprobs",
    "PromptTokensDetails": "CompletionUsage.prompt_tokens_details",
    "CompletionTokensDetails": "CompletionUsage.completion_tokens_details",
    "WebSearchOptions": "CreateChatCompletionRequest.web_search_options",
    "UserLocation": "CreateChatCompletionRequest.web_search_options.user_location",
    "AudioParam": "CreateChatCompletionRequest.audio",
    "CustomVoice": "VoiceIdsOrCustomVoice",
    "JsonSchema": "ResponseFormatJsonSchema.json_schema",
    "CustomTool": "CustomToolChatCompletions.custom",
    "TextFormat": "CustomToolChatCompletions.custom.format.0",
    "GrammarFormat": "CustomToolChatCompletions.custom.format.1",
    "Grammar": "CustomToolChatCompletions.custom.format.1.grammar",
    "Named": "ChatCompletionNamedToolChoice.function",
    "ImageUrl": "ChatCompletionRequestMessageContentPartImage.image_url",
    "SoundData": "ChatCompletionRequestMessageContentPartAudio.input_audio",
    "FileData": "ChatCompletionRequestMessageContentPartFile.file",
    "CalledFunction": "ChatCompletionMessageToolCall.function",
    "CalledCustom": "ChatCompletionMessageCustomToolCall.custom",
    "SpokenBefore": "ChatCompletionRequestAssistantMessage.audio",
    "ChatCompletionChoice": "CreateChatCompletionResponse.choices",
    "ChatCompletionLogprobs": "CreateChatCompletionResponse.choices.logprobs",
    "ChatCompletionAudio": "ChatCompletionResponseMessage.audio",
    "TopLogprob": "ChatCompletionTokenLogprob.top_logprobs",
    "StoredChatCompletion": "CreateChatCompletionResponse",
    "ChatCompletionStoredMessage": "ChatCompletionMessageList.data",
    # embeddings and moderations
    "EmbeddingUsage": "CreateEmbeddingResponse.usage",
    "ModerationImageURLInput": "CreateModerationRequest.input.2.0",
    "ModerationImageURL": "CreateModerationRequest.input.2.0.image_url",
    "ModerationTextInput": "CreateModerationRequest.input.2.1",
    "ModerationResult": "CreateModerationResponse.results",
    # items and responses
    "InputMessage": "InputMessageResource",
    "InputAudioContent": "InputAudio",
    "InputAudioData": "InputAudio.input_audio",
    "WebSearchFilters": "WebSearchTool.filters",
    "InputTokensDetails": "ResponseUsage.input_tokens_details",
    "OutputTokensDetails": "ResponseUsage.output_tokens_details",
    "IncompleteDetails": "Response.incomplete_details",
    "CostAmount": "CostsResult.amount",
}
#: what the document knows nothing of, and why
OURS = {
    "CreateEditRequest CreateEditResponse EditChoice": "edits ended in January 2024",
    "Engine EngineList": "engines are of 2022",
    "CreateFineTune FineTune FineTuneList FineTuneDeleted FineTuneEvent FineTuneEventList Hyperparams": (
        "the fine-tunes of before October 2023"
    ),
    "ModelPermission": "models had permissions in 2023",
    "Grader": "the parser of graders wants to know which kind it has",
    "CreateConversationItemsBody UpdateChatCompletionRequest": "the document has the schema within the operation",
    "ResponseDeleted": "the document does not say what the answer is",
    "Told": "what a scenario says of a moderation",
}
#: fields that only we have, and why
ADDED = {
    "Model": (("permission", "root", "parent"), "models had them in 2023"),
    "StoredChatCompletion": (
        "seed temperature top_p presence_penalty frequency_penalty tools tool_choice response_format input_user".split(),
        "the document's own example has them, its schema does not",
    ),
    "ChatCompletionStoredMessage": (
        ("name", "tool_call_id"),
        "the document's own example has a name; the answer of a tool has an id",
    ),
    "UsageCompletionsResult": (("api_source",), "client 3 knows it"),
    "UsageWebSearchCallsResult": (("api_source",), "client 3 knows it"),
    "CostsResult": (("user_id", "api_source"), "client 3 knows them"),
    "LocalShellToolCallOutput": (("call_id",), "the document requires it and does not describe it"),
}
#: the order seen on the wire; the document has another
WIRE_ORDER = {
    "FileObject",
    "FileDeleted",
    "Model",
    "ModelDeleted",
    "JobList",
    "JobEventList",
    "JobEvent",
    "Completion",
    "CompletionChoice",
    "Logprobs",
    "CompletionUsage",
    "ErrorDetail",
    "ChatCompletionResponseMessage",
    "CreateChatCompletionResponse",
    "StoredChatCompletion",
    "Embedding",
    "CreateEmbeddingResponse",
    "Response",
}


def wire_models_of(*modules):
    for module in modules:
        for name, found in vars(module).items():
            is_model = isinstance(found, type) and (issubclass(found, BaseModel) or is_typeddict(found))
            if is_model and found.__module__ == module.__name__ and name == found.__name__:
                yield found


def modules_of(package):
    return [importlib.import_module(f"{package.__name__}.{each.name}") for each in pkgutil.iter_modules(package.__path__)]
