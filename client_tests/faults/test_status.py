"""Errors by their status: the official words, and headers that a client obeys."""

import pytest
from faults.clients import STYLES, ask

HEADERS = {"authorization": "Bearer sk-test-key-of-some-length"}


@pytest.fixture
def answer(broken, http):
    return lambda fault, path="models": http.get(f"{broken(fault).url}/{path}", headers=HEADERS)


@pytest.mark.parametrize(
    ("status", "kind", "code", "message"),
    [
        (400, "invalid_request_error", None, "Bad Request"),
        (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-test-"),
        (403, "request_forbidden", "unsupported_country_region_territory", "Country, region, or territory"),
        (404, "invalid_request_error", None, "Invalid URL (GET /v1/models)"),
        (413, "invalid_request_error", "request_too_large", "Request body is too large."),
        (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests"),
        (500, "server_error", None, "The server had an error while processing your request."),
        (502, "cf_bad_gateway", None, "Bad gateway."),
        (503, "server_error", None, "That model is currently overloaded with other requests."),
        (599, "server_error", None, "Error"),
    ],
)
def test_the_body_says_what_the_api_says_with_the_status(answer, status, kind, code, message):
    told = answer({"status": status})

    error = told.json()["error"]
    assert (status, kind, code, None) == (told.status_code, error["type"], error["code"], error["param"])
    assert error["message"].startswith(message)
    assert told.headers["x-request-id"].startswith("req_")


def test_headers_are_sent_as_they_are_told(answer):
    told = answer(
        {
            "status": {
                "status": 429,
                "retry_after": "1500ms",
                "retry_after_ms": 1500,
                "headers": {"X-Should-Retry": "false"},
            }
        }
    )

    assert ("2", "1500", "false") == tuple(
        told.headers[name] for name in ("retry-after", "retry-after-ms", "x-should-retry")
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("settings", "waited"),
    [
        ({"retry_after": "7s"}, [7, 7]),
        ({"retry_after_ms": 40}, [0.04, 0.04]),
        ({"retry_after": "7s", "retry_after_ms": 40}, [0.04, 0.04]),  # milliseconds go first
        ({"retry_after": "120s"}, [120, 120]),
        ({"retry_after": "121s"}, []),  # too long to wait: no retry at all
        ({"headers": {"x-should-retry": "false"}}, []),
    ],
    ids=str,
)
def test_the_newest_client_waits_as_it_is_told(broken, waits, style, settings, waited):
    ask(style, broken({"status": {"status": 429} | settings}).url)

    assert waited == waits


@pytest.mark.parametrize("style", STYLES)
def test_a_client_that_is_told_to_retry_retries_what_it_would_not(broken, waits, retries, style):
    world = broken({"status": {"status": 400, "headers": {"x-should-retry": "true"}}})

    assert "openai.BadRequestError" == ask(style, world.url).outcome
    assert 2 == len(waits)
    assert ["0", "1", "2"] == retries(world)


def test_without_a_header_the_wait_doubles_from_half_a_second_less_a_quarter_at_most(broken, waits):
    ask("sync", broken({"status": 503}).url, max_retries=3)

    assert [True] * 3 == [
        longest * 0.75 <= wait <= longest for wait, longest in zip(waits, (0.5, 1, 2), strict=True)
    ]


def test_a_page_for_people_is_html(broken, http):
    told = http.get(f"{broken({'html_error': 503}).url}/models", headers=HEADERS)

    assert (503, "text/html") == (told.status_code, told.headers["content-type"])
    assert "<title>503 Service Unavailable</title>" in told.text
