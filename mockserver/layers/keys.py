"""The API asks for a key; a world accepts any, unless its scenario lists the ones it knows."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver import errors


class Keys:
    """Refuses requests under `/v1` without a key, or with one the world does not know."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass or raise ApiError 401."""
        if scope["type"] == "http" and not scope["path"].startswith("/_mock"):
            key = presented_key(scope)
            scope["exchange"].secret = key
            known = scope["world"].scenario.account.api_keys
            if not key:
                raise errors.missing_key()
            if known is not None and key not in known:
                raise errors.wrong_key(key)
            scope["key"] = key
        await self.app(scope, receive, send)


def presented_key(scope: Scope) -> str | None:
    """Return the key of `Authorization: Bearer`, or of Azure's `api-key` header."""
    key = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and token.strip():
                return str(token.strip())
        elif name == b"api-key":
            key = value.decode("latin-1")
    return key
