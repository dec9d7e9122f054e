"""Other ways to say the same URL: the engines of the clients 0.x, the deployments and resources of Azure.

    /v1/engines/ENGINE/completions                        is  /v1/completions
    /openai/deployments/NAME/completions?api-version=DAY  is  /v1/completions
    /openai/files?api-version=DAY                         is  /v1/files
    /openai/v1/completions                                is  /v1/completions

Here a request gets the path it means, and its body the model that the path names; nobody further in knows of
engines or deployments. The journal keeps the request as it came. On Azure's paths, Azure's gateway refuses.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from pydantic_core import from_json, to_json
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.config import MAX_JSON_BYTES
from mockserver.domain import deployments
from mockserver.errors import ApiError, azure, engines
from mockserver.routing import Routes
from mockserver.wire import read_ahead
from mockserver.world import World

#: what an engine was asked for, and what a deployment is, under `/v1`
OF_ENGINES = ("chat/completions", "completions", "edits", "embeddings")
OF_DEPLOYMENTS = ("chat/completions", "completions", "embeddings")
#: what an Azure resource has beside its deployments
OF_RESOURCES = ("batches", "files", "fine-tunes", "fine_tuning", "models", "responses", "vector_stores")

_ENGINE = re.compile(rf"/v1/engines/([^/]+)/({'|'.join(OF_ENGINES)})")
_AZURE = re.compile(r"/{1,2}openai/(.*)")  # a base URL with a slash at its end makes two
_DEPLOYMENT = re.compile(rf"deployments/([^/]+)/({'|'.join(OF_DEPLOYMENTS)})")
_RESOURCE = re.compile(rf"(?:{'|'.join(OF_RESOURCES)})(?:/.*)?")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")

Name = Callable[[object], object]
"""Says which model a body should name, by the one it names; None if it names none."""


class Paths:
    """Says engine paths and Azure's as the API's own, and looks up what they ask for."""

    def __init__(self, app: ASGIApp, routes: Routes) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on. Raises ApiError 400 for a request to an engine that names a model as well."""
        path: str = scope["path"] if scope["type"] == "http" else ""
        if path.startswith("/v1/"):
            if (said := _ENGINE.fullmatch(path)) and scope["method"] == "POST":
                self._go_to(f"/v1/{said[2]}", scope)
                receive = naming(_only(said[1]), scope, receive)
            await self.app(scope, receive, send)
        elif said := _AZURE.fullmatch(path):
            await self._gateway(said[1], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _gateway(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the API, or answer in Azure's words whom it does not let through."""
        try:
            receive = self._let_through(path, scope, receive)
            await self.app(scope, receive, send)
        except ApiError as error:
            refusal = error if "key" in scope or isinstance(error, azure.GatewayError) else _locked_out(scope)
            if not isinstance(refusal, azure.GatewayError):
                raise
            answer = Response(to_json(refusal.body), refusal.status, media_type="application/json")
            await answer(scope, receive, send)

    def _let_through(self, path: str, scope: Scope, receive: Receive) -> Receive:
        """Give a request the path it means. Raises GatewayError 404 if that is nothing Azure has."""
        world: World = scope["world"]
        deployment = _DEPLOYMENT.fullmatch(path)
        meant = deployment[2] if deployment else path.removeprefix("v1/")
        is_known = path.startswith("v1/") or (
            _has_version(scope) and (deployment or _RESOURCE.fullmatch(path)) is not None
        )
        if not is_known or not self._go_to(f"/v1/{meant}", scope):
            raise azure.no_such_resource()
        if deployment:
            return naming(lambda _: deployments.running(world, deployment[1]), scope, receive)
        runs = meant in {*OF_DEPLOYMENTS, "responses"}
        look_up = deployments.running if runs else deployments.model_of
        return naming(
            lambda model: look_up(world, model) if isinstance(model, str) else model, scope, receive
        )

    def _go_to(self, path: str, scope: Scope) -> bool:
        """Change the path of a request; return whether it leads to an operation."""
        scope["path"] = path
        self.routes.look_up(scope)
        scope["exchange"].operation = scope["operation"]
        return scope["found"] is not None


def naming(name: Name, scope: Scope, receive: Receive) -> Receive:
    """Return a `receive` that gives a JSON body with its model as `name` says, and any other body as it came.

    What `name` raises is raised where the body is read: by then the request's key has been looked at.
    """
    if b"json" not in dict(scope["headers"]).get(b"content-type", b""):
        return receive
    is_first = True

    async def named() -> Message:
        nonlocal is_first
        if not is_first:
            return await receive()
        is_first = False
        body, more = await read_ahead(receive, MAX_JSON_BYTES)
        if more and len(body) <= MAX_JSON_BYTES:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": _renamed(body, name), "more_body": more}

    return named


def _renamed(body: bytes, name: Name) -> bytes:
    """Return a body with another model; one that cannot be read is for others to refuse."""
    try:
        said = from_json(body, allow_inf_nan=False)
    except ValueError:
        return body
    if not isinstance(said, dict) or (model := name(said.get("model"))) == said.get("model"):
        return body
    return to_json({**said, "model": model})


def _only(engine: str) -> Name:
    def name(model: object) -> str:
        if model is not None:
            raise engines.engine_and_model()
        return engine

    return name


def _has_version(scope: Scope) -> bool:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("api-version", [""])
    return _VERSION.fullmatch(asked[-1]) is not None


def _locked_out(scope: Scope) -> azure.GatewayError:
    """Return what is said to somebody without a key that is known here (of a bearer at `/openai/v1` not verified)."""
    return azure.wrong_key() if b"api-key" in dict(scope["headers"]) else azure.wrong_token()
