"""The verbs of the journeys in the words of the clients 0.x: `openai.File.create`, in async style `acreate`.

Values leave as the client gives them, as plain dictionaries. Where a client has no async form of a verb, its sync
form stands in: the lists of events have none, what `File.adownload` gives can no longer be read, and `aretrieve` asks
Azure for a deployment.
"""

import asyncio
import inspect
from typing import Any

import openai
from openai import openai_response


class Client:
    """One key at one base URL; `api` is the fine-tuning endpoint it trains at, `place` whose paths it speaks.

    On Azure a model is an engine.
    """

    Refused = openai.error.OpenAIError

    def __init__(self, base_url: str, key: str, style: str, api: str, place: str) -> None:
        self._at_azure = place == "azure"
        self._place = (base_url, key, *(("azure", "2023-05-15") if self._at_azure else ("open_ai", None)))
        self._style = style
        self._api = api
        self._jobs = openai.FineTune if api == "legacy" else openai.FineTuningJob

    def upload(self, text: str, name: str = "data.jsonl", purpose: str = "fine-tune") -> Any:
        return self._do(openai.File, "create", text.encode(), purpose=purpose, user_provided_filename=name)

    def files(self) -> Any:
        return self._do(openai.File, "list")["data"]

    def file(self, file: str) -> Any:
        return self._do(openai.File, "retrieve", file)

    def content(self, file: str) -> str:
        self._go_there()
        return openai.File.download(file).decode()

    def delete_file(self, file: str) -> Any:
        return self._do(openai.File, "delete", file)

    def tune(self, model: str, training_file: str, n_epochs: int | None = None) -> Any:
        asked = {"model": model, "training_file": training_file}
        if n_epochs is not None and self._api == "legacy":
            asked["n_epochs"] = n_epochs
        elif n_epochs is not None:
            asked["hyperparameters"] = {"n_epochs": n_epochs}
        return self._do(self._jobs, "create", **asked)

    def jobs(self) -> Any:
        return self._do(self._jobs, "list")["data"]

    def job(self, job: str) -> Any:
        return self._do(self._jobs, "retrieve", job)

    def cancel(self, job: str) -> Any:
        return self._do(self._jobs, "cancel", job)

    def events(self, job: str, limit: int = 100) -> Any:
        """Return all events; of the modern API in pages of `limit`, by hand as users of these clients did."""
        if self._api == "legacy":
            return self._do(self._jobs, "list_events", job)["data"]
        told: list[Any] = []
        more = True
        while more:
            after = {"after": told[-1]["id"]} if told else {}
            page = self._do(self._jobs, "list_events", job, limit=limit, **after)
            told += page["data"]
            more = page["has_more"]
        return told

    def follow(self, job: str) -> Any:
        return self._do(self._jobs, "stream_events", job)

    def models(self) -> Any:
        return self._do(openai.Model, "list")["data"]

    def model(self, model: str) -> Any:
        return self._do(openai.Model, "retrieve", model)

    def delete_model(self, model: str) -> Any:
        return self._do(openai.Model, "delete", model)

    def complete(self, **asked: Any) -> Any:
        return self._run(openai.Completion, **asked)

    def stream(self, **asked: Any) -> Any:
        return self._run(openai.Completion, stream=True, **asked)

    def chat(self, **asked: Any) -> Any:
        return self._run(openai.ChatCompletion, **asked)

    def embed(self, **asked: Any) -> Any:
        return self._run(openai.Embedding, **asked)

    def edit(self, **asked: Any) -> Any:
        return self._run(openai.Edit, **asked)

    def engines(self) -> Any:
        return self._do(openai.Engine, "list")["data"]

    def engine(self, engine: str) -> Any:
        return self._do(openai.Engine, "retrieve", engine)

    @staticmethod
    def refusal(error: Any) -> dict[str, Any]:
        said = error.error or {}
        return {
            "kind": type(error).__name__,
            "status": error.http_status,
            "message": error.user_message,
            "param": said.get("param"),
            "code": said.get("code"),
        }

    def _go_there(self) -> None:
        openai.api_base, openai.api_key, openai.api_type, openai.api_version = self._place

    def _run(self, resource: Any, **asked: Any) -> Any:
        if self._at_azure:
            asked["engine"] = asked.pop("model")
        return self._do(resource, "create", **asked)

    def _do(self, resource: Any, verb: str, *arguments: Any, **named: Any) -> Any:
        self._go_there()
        is_async = self._style == "async" and not (self._at_azure and verb == "retrieve")
        call = getattr(resource, f"a{verb}", None) if is_async else None
        if call is not None:
            return _plain(asyncio.run(_awaited(call(*arguments, **named))))
        return _plain(getattr(resource, verb)(*arguments, **named))


async def _awaited(promise: Any) -> Any:
    value = await promise
    return [one async for one in value] if inspect.isasyncgen(value) else value


def _plain(value: Any) -> Any:
    """Return a value, or the values of a stream, as dictionaries; `adelete` gives the bare answer."""
    if isinstance(value, openai_response.OpenAIResponse):
        return value.data
    if isinstance(value, openai.openai_object.OpenAIObject):
        return value.to_dict_recursive()
    return [_plain(one) for one in value]
