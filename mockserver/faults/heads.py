"""The head of an answer: how a scenario may write one, and how it is read and changed on the way out."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from mockserver.scenario.parts import like

RawHeaders = list[tuple[bytes, bytes]]

HeaderName = Annotated[
    str,
    like(
        r"(?!(?i:content-length|transfer-encoding|connection)$)[A-Za-z0-9!#$%&'*+.^_`|~-]+",
        "the name of a header, but none that frames the answer",
    ),
]
HeaderValue = Annotated[str, like(r"[\t -~\xa0-\xff]*", "the value of a header: one line, Latin-1")]


def header(head: Mapping[str, Any], name: bytes) -> bytes | None:
    """Return a header of the head of an answer, by its name in small letters."""
    return next((value for each, value in head["headers"] if each.lower() == name), None)


def with_header(head: Mapping[str, Any], name: bytes, value: bytes) -> RawHeaders:
    """Return the headers of a head, one of them replaced."""
    return [*((each, old) for each, old in head["headers"] if each.lower() != name), (name, value)]


def kind_of(head: Mapping[str, Any]) -> bytes:
    """Return the media type of an answer, without its parameters."""
    return (header(head, b"content-type") or b"").partition(b";")[0].strip().lower()


def phrase(status: int) -> str:
    """Return what HTTP calls a status."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
