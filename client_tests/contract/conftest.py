"""What the contract tests share: both OpenAPI documents, a socket to write bytes to, the shape of a refusal."""

import http.client
import json
import socket
from pathlib import Path

import pytest
from contract.judging import Judge

from mockserver.app import create_api

DOCUMENT = Path(__file__).parents[3] / "shared/reference/openai-openapi-2026-08.json"
HOW_TO_GET_IT = (
    f"OpenAI's own OpenAPI document is not at {DOCUMENT}: take openapi.yaml (version 2.3.0, August 2026) from "
    "https://github.com/openai/openai-openapi and save it there as JSON"
)
METHODS = ("get", "post", "delete", "put", "patch")


class Answer:
    """A whole HTTP answer, read off a socket; `http.client` raises for anything less."""

    def __init__(self, connection, method):
        with http.client.HTTPResponse(connection, method=method) as response:
            response.begin()
            self.status_code, self.headers, self.content = response.status, response.headers, response.read()


@pytest.fixture(scope="session")
def operations():
    """Every operation of the server's document: method, path, description."""
    return [
        (method, path, described[method])
        for path, described in create_api().openapi()["paths"].items()
        for method in METHODS
        if method in described
    ]


@pytest.fixture
def speak(mock):
    """Send bytes as they are and return the answer; closing without one fails the test."""

    def send(*lines, body=b"", method="GET"):
        head = b"".join(line if line.endswith(b"\n") else line + b"\r\n" for line in lines)
        port = int(mock.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(head + b"\r\n" + body)
            return Answer(connection, method)

    return send


@pytest.fixture(scope="session")
def refused():
    """Assert that an answer is a refusal in the official shape and return what it says."""

    def said(answer, *statuses):
        assert answer.status_code in statuses, answer.content[:500]
        assert answer.headers["content-type"] == "application/json"
        body = json.loads(answer.content)
        assert ["error"] == list(body)
        assert ["message", "type", "param", "code"] == list(body["error"])
        assert isinstance(body["error"]["message"], str)
        return body["error"]["message"]

    return said


@pytest.fixture(scope="session")
def official():
    """OpenAI's own OpenAPI document; it is not part of the project, and what needs it is skipped without it."""
    if not DOCUMENT.is_file():
        pytest.skip(HOW_TO_GET_IT)
    return json.loads(DOCUMENT.read_bytes())


@pytest.fixture
def judge(http, server, official):
    """Call this test's world as the official document writes it; see `judging.py`."""
    return Judge(http, server.url, official)
