"""What Azure's gateway says when it says no: in front of the API, and in shapes of its own.

Its refusals have a code and a message, neither type nor param; one of them is not even an `error`. What the API
behind it refuses looks the same on Azure as at OpenAI. The bodies are those of published transcripts.
"""

from typing import Any

from mockserver.errors import ApiError


class GatewayError(ApiError):
    """A refusal of the gateway, with the whole body of its answer."""

    def __init__(self, status: int, code: str, message: str, body: dict[str, Any] | None = None) -> None:
        super().__init__(status, message, code=code)
        self.body = body or {"error": {"code": code, "message": message}}


def no_such_resource() -> GatewayError:
    """Answer a URL that is none of Azure's, or that has no `api-version`."""
    return GatewayError(404, "404", "Resource not found")


def no_such_deployment() -> GatewayError:
    """Answer a request to a deployment that does not exist."""
    return GatewayError(
        404,
        "DeploymentNotFound",
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
        "minutes, please wait a moment and try again.",
    )


def wrong_key() -> GatewayError:
    """Answer an `api-key` the resource does not know."""
    return GatewayError(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for "
        "an active subscription and use a correct regional API endpoint for your resource.",
    )


def wrong_token() -> GatewayError:
    """Answer a request without an `api-key`, whose access token is missing or not accepted."""
    message = (
        "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired."
    )
    return GatewayError(401, "401", message, {"statusCode": 401, "message": message})
