"""The verbs of the journeys in the words of the clients from 1.0 on: `client.files.create`, sync or async.

Values leave as the client gives them, as plain dictionaries; lists are read to their end through the client's own
paging. The clients do not retry, so that one refusal is one request.
"""

import asyncio
from collections.abc import AsyncIterable
from typing import Any

import openai

_LOOP = asyncio.Runner()


class Client:
    """One key at one base URL; `api` is the fine-tuning endpoint it trains at, `place` whose paths it speaks."""

    Refused = openai.APIStatusError

    def __init__(self, base_url: str, key: str, style: str, api: str, place: str) -> None:
        name, where = "OpenAI", {"base_url": base_url}
        if place == "azure":
            name, where = "AzureOpenAI", {"azure_endpoint": base_url, "api_version": "2024-10-21"}
        make = getattr(openai, f"Async{name}" if style == "async" else name)
        self._client = make(api_key=key, max_retries=0, **where)
        self._is_async = style == "async"
        self._api = api
        self._jobs = self._client.fine_tunes if api == "legacy" else self._client.fine_tuning.jobs

    def upload(self, text: str, name: str = "data.jsonl", purpose: str = "fine-tune") -> Any:
        return self._one(self._client.files.create(file=(name, text.encode()), purpose=purpose))

    def files(self) -> Any:
        return self._all(self._client.files.list())

    def file(self, file: str) -> Any:
        return self._one(self._client.files.retrieve(file))

    def content(self, file: str) -> str:
        return self._wait(self._client.files.content(file)).content.decode()

    def delete_file(self, file: str) -> Any:
        return self._one(self._client.files.delete(file))

    def tune(self, model: str, training_file: str, n_epochs: int | None = None) -> Any:
        asked = {} if n_epochs is None else {"hyperparameters": {"n_epochs": n_epochs}}
        return self._one(self._jobs.create(model=model, training_file=training_file, **asked))

    def jobs(self) -> Any:
        return self._all(self._jobs.list())

    def job(self, job: str) -> Any:
        return self._one(self._jobs.retrieve(job))

    def cancel(self, job: str) -> Any:
        return self._one(self._jobs.cancel(job))

    def events(self, job: str, limit: int = 100) -> Any:
        """Return all events; of the modern API in pages of `limit`."""
        if self._api == "legacy":
            return self._one(self._jobs.list_events(job))["data"]
        return self._all(self._jobs.list_events(job, limit=limit))

    def follow(self, job: str) -> Any:
        return self._all(self._jobs.list_events(job, stream=True))

    def models(self) -> Any:
        return self._all(self._client.models.list())

    def model(self, model: str) -> Any:
        return self._one(self._client.models.retrieve(model))

    def delete_model(self, model: str) -> Any:
        return self._one(self._client.models.delete(model))

    def complete(self, **asked: Any) -> Any:
        return self._one(self._client.completions.create(**asked))

    def stream(self, **asked: Any) -> Any:
        return self._all(self._client.completions.create(stream=True, **asked))

    def chat(self, **asked: Any) -> Any:
        said = self._client.chat.completions.create(**asked)
        return self._all(said) if asked.get("stream") else self._one(said)

    def embed(self, **asked: Any) -> Any:
        return self._one(self._client.embeddings.create(**asked))

    def edit(self, **asked: Any) -> Any:
        return self._one(self._client.edits.create(**asked))

    @staticmethod
    def refusal(error: Any) -> dict[str, Any]:
        return {
            "kind": type(error).__name__,
            "status": error.status_code,
            "message": error.body["message"],
            "param": error.param,
            "code": error.code,
        }

    def _one(self, value: Any) -> Any:
        return _plain(self._wait(value))

    def _all(self, values: Any) -> Any:
        found = _LOOP.run(_gathered(values)) if self._is_async else values
        return [_plain(one) for one in found]

    def _wait(self, value: Any) -> Any:
        return _LOOP.run(value) if self._is_async else value


async def _gathered(values: Any) -> list[Any]:
    """Read a list, which is an iterator before it is awaited, or a stream, which is one after."""
    source = values if isinstance(values, AsyncIterable) else await values
    return [one async for one in source]


def _plain(value: Any) -> Any:
    """Return what came over the wire, also where it is newer than the client's types."""
    return value.model_dump(mode="json", exclude_unset=True, warnings=False)
