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
from mockserver.domain.usage_queries import Asked

#: what has another name in the document, or none: the schema, then the fields (or the alternatives) that lead to it
ELSEWHERE = {
    "ErrorBody": "ErrorResponse",
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
#: what the document knows nothing of, or does not name, and why
OURS = {
    "CreateEditRequest CreateEditResponse EditChoice": "edits ended in January 2024",
    "Engine EngineList": "models were called engines until 2022",
    "CreateFineTune FineTune FineTuneList FineTuneDeleted FineTuneEvent FineTuneEventList Hyperparams": (
        "the fine-tunes of before August 2023"
    ),
    "ModelPermission": "models had permissions in 2023",
    "Grader": "what all graders have; each kind has its own parser",
    "Told": "what a scenario says of a moderation",
    "CreateConversationItemsBody UpdateChatCompletionRequest": "written into the operation, without a name",
    "ResponseDeleted": "the document leaves the answer open",
}
#: fields that only we have, and why
ADDED = {
    "Model": ("permission root parent", "models had them in 2023"),
    "StoredChatCompletion": (
        "seed temperature top_p presence_penalty frequency_penalty tools tool_choice response_format input_user",
        "the document's example of a stored completion has them",
    ),
    "ChatCompletionStoredMessage": (
        "name tool_call_id",
        "the document's example of a message has a name; what a tool has said has the id of its call",
    ),
    "InputMessage": ("phase", "EasyInputMessage, the other form to send one in, has it"),
    "LocalShellToolCallOutput": ("call_id", "the document requires it, but does not describe it"),
    "Response": ("store", "seen on the wire"),
    "UsageCompletionsResult": ("api_source", "client 3 knows it"),
    "UsageWebSearchCallsResult": ("api_source", "client 3 knows it"),
    "CostsResult": ("user_id api_source", "client 3 knows them"),
}
#: fields that only the document has, and why
LEFT_OUT = {
    "PromptTokensDetails": (
        "text_tokens image_tokens cache_write_tokens",
        "recorded chats have none of them",
    ),
    "CompletionTokensDetails": ("text_tokens", "recorded chats do not have it"),
    "Response": (
        "prompt output_text prompt_cache_options moderation",
        "output_text is the client's own; the others are not simulated",
    ),
}
#: who has another order than the document, and which
ORDERS = {
    "FileObject FileDeleted Model ModelDeleted JobList JobEventList Completion CompletionChoice Logprobs "
    "CompletionUsage PromptTokensDetails CompletionTokensDetails CreateChatCompletionResponse ChatCompletionChoice "
    "ChatCompletionResponseMessage ChatCompletionAudio StoredChatCompletion ChatCompletionStoredMessage Response "
    "CreateEmbeddingResponse Embedding ErrorDetail": "the order seen on the wire",
    "FileSearchToolCall WebSearchToolCall ComputerToolCall ComputerToolCallOutput ToolSearchCall ToolSearchOutput "
    "LocalShellToolCall FunctionShellCall FunctionShellCallOutput ApplyPatchToolCall ApplyPatchToolCallOutput "
    "InputMessage OutputMessage FunctionToolCall FunctionToolCallOutput CustomToolCall CustomToolCallOutput "
    "ReasoningItem": "every item begins with its type, id and status",
    "DpoHyperparameters ReinforcementHyperparameters": "what all methods have comes first",
}
#: query parameters that only one side describes, and why
PARAMETERS = {
    ("get", "/chat/completions", "metadata"): "it comes as metadata[key], which is no name",
    ("get", "/fine_tuning/jobs", "metadata"): "it comes as metadata[key], which is no name",
    ("get", "/organization/costs", "line_items"): "client 3 sends it",
}


def wire_types():
    """Return all models and typed dicts with fields, but for those of queries, which are told as parameters."""
    packages = [domain, resources]
    found = [
        each
        for package in packages
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    modules = [wire, wire_models, *(importlib.import_module(each.name) for each in found)]
    own = {
        each: None
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    }
    models = [each for each in own if issubclass(each, BaseModel) and not issubclass(each, Asked)]
    return [each for each in (*models, *filter(is_typeddict, own)) if fields(each)]


def fields(model):
    if is_typeddict(model):
        return list(model.__annotations__)
    return [field.alias or name for name, field in model.model_fields.items()]


class Schemas:
    """The schemas of the official document, and the properties in them, wherever they are kept."""

    def __init__(self, document):
        self.named = document["components"]["schemas"]

    def __contains__(self, name):
        return name in self.named

    def properties(self, schema):
        """Return the properties of an object, of the items of a list, of the first alternative that has any."""
        schema = self.followed(schema)
        found = dict(schema.get("properties", ()))
        for part in schema.get("allOf", ()):
            found |= self.properties(part)
        return found or next(filter(None, map(self.properties, alternatives(schema))), {})

    def followed(self, schema):
        while "$ref" in schema or "items" in schema:
            schema = schema["items"] if "items" in schema else self.named[schema["$ref"].rpartition("/")[2]]
        return schema

    def at(self, place):
        """Return the properties at a place such as `WebSearchTool.filters` or `CreateModerationRequest.input.2`."""
        name, *steps = place.split(".")
        schema = self.named[name]
        for step in steps:
            inner = alternatives(self.followed(schema)) if step.isdigit() else self.properties(schema)
            schema = inner[int(step) if step.isdigit() else step]
        return list(self.properties(schema))


def alternatives(schema):
    return schema.get("anyOf") or schema.get("oneOf") or []


@pytest.fixture
def schemas(official):
    return Schemas(official)


def among(table):
    """Return the names a table speaks of, several to an entry."""
    return {name for names in table for name in names.split()}


@pytest.mark.parametrize("model", wire_types(), ids=lambda model: model.__name__)
def test_our_models_have_the_official_fields_in_the_official_order(schemas, model):
    name = model.__name__
    if name in among(OURS):
        assert name not in schemas
        return
    kept = f"{name}Resource"
    place = ELSEWHERE.get(name, kept if is_typeddict(model) and kept in schemas else name)
    ours, theirs = fields(model), schemas.at(place)
    for table, known in ((ADDED, ours), (LEFT_OUT, theirs)):
        for field in table.get(name, [""])[0].split():
            known.remove(field)

    assert sorted(theirs) == sorted(ours)
    assert (theirs == ours) == (name not in among(ORDERS)), "a deliberate order is one that differs"


def test_every_difference_is_that_of_a_model_there_is():
    names = {model.__name__ for model in wire_types()}

    assert among([*ELSEWHERE, *OURS, *ADDED, *LEFT_OUT, *ORDERS]) <= names


def test_our_operations_take_the_official_parameters(official, operations):
    for method, url, ours in operations:
        path = url.removeprefix("/v1")
        theirs = official["paths"].get(path, {}).get(method)
        if theirs:
            expected = {("query", name) for *at, name in PARAMETERS if [method, path] == at}
            assert expected == set(parameters(theirs)) ^ set(parameters(ours)), url


def parameters(operation):
    """Return where each parameter stands and its name; that of a list may have brackets behind it."""
    return [(each["in"], each["name"].removesuffix("[]")) for each in operation.get("parameters", ())]
