"""The server's own OpenAPI document: what FastAPI knows, with the errors and streams this API really gives."""

from typing import Any

from fastapi import FastAPI

from mockserver.wire import ErrorBody

SECURITY = {"ApiKey": {"type": "http", "scheme": "bearer"}}
#: a stream, told event by event as OpenAPI 3.2 does
STREAM = {"itemSchema": {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}}


def describe(api: FastAPI) -> None:
    """Make `api.openapi()` tell the truth about refusals and keys; the document is made once, when asked for."""
    generate = api.openapi

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            _correct(generate())
        return api.openapi_schema or {}

    api.openapi = document  # type: ignore[method-assign] # FastAPI's documented way to change its document


def _correct(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    error = ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(error.pop("$defs"))
    schemas["ErrorBody"] = error
    document["components"]["securitySchemes"] = SECURITY
    refused = {
        "description": "Refused, in the official error shape",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = refused
            content = operation["responses"]["200"].get("content", {})
            if "text/event-stream" in content:
                content["text/event-stream"] = STREAM
            if path.startswith("/v1/"):
                operation["security"] = [{"ApiKey": []}]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
