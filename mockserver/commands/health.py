"""`mockserver health`: what a container asks to know whether its server is alive."""

import contextlib
import http.client
import json
from urllib.parse import urlsplit


def is_healthy(url: str) -> bool:
    """Whether a mockserver answers at this URL within two seconds."""
    try:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=2)
        with contextlib.closing(connection):
            connection.request("GET", "/_mock/health")
            body = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    return isinstance(body, dict) and body.get("status") == "ok"
