"""Whatever path, method or query is asked for, the server answers: no server error, official refusals only."""

import re

import pytest

KEY = {"authorization": "Bearer sk-x"}
METHODS = {"GET", "POST", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH", "PUT", "PROPFIND"}
#: what no number, no choice and no cursor can be
NONSENSE = {
    "number": ["-1", "", "many", "1e3", "9" * 5000, "%D9%A1", "%00", "1.5"],
    "choice": ["%00", "%FF", "%ED%A0%80", "sideways", "", "x" * 5000],
    "cursor": ["%00", "%FF", "%ED%A0%80", "nothing", "", "x" * 5000],
}


@pytest.mark.parametrize(
    "name",
    [
        "%00",
        "%FF",
        "%ED%A0%80",
        "%0D%0AX: y",
        "..%2F..%2Fetc%2Fpasswd",
        "%2E%2E",
        "%F0%9F%92%A9",
        "a%20b",
        "'--",
        "x" * 5000,
    ],
)
def test_a_nasty_name_is_the_name_of_nothing(mock, http, refused, operations, name):
    for method, path, _ in operations:
        if "{" in path and method in {"get", "delete"}:
            answer = http.request(method, mock.url + re.sub(r"\{\w+\}", name, path), headers=KEY)
            if "/conversations/" in path and answer.status_code == 400:
                assert "Expected an ID that begins with 'conv'." in refused(answer, 400)
            else:
                refused(answer, 404)


@pytest.mark.parametrize("root", ["", "/w/default"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/",
        "/v1/nope",
        "/v1//files",
        "/v2/files",
        "/v1/fine-tunes/a/b",
        "/_mock",
        "/_mock/",
        "/_mockery",
    ],
)
def test_a_url_nobody_serves_is_the_official_404(mock, http, refused, root, path):
    answer = http.get(f"{mock.url}{root}{path}", headers=KEY)

    assert f"Invalid URL (GET {path})" == refused(answer, 404)


@pytest.mark.parametrize("path", ["/w/", "/w/nope", "/w/nope/v1/models", "/w/%00/v1/models"])
def test_a_world_that_does_not_exist_is_a_404(mock, http, refused, path):
    assert refused(http.get(mock.url + path, headers=KEY), 404).startswith("No such world")


def test_a_method_a_path_does_not_know_is_a_405_that_names_all_it_knows(mock, http, refused, operations):
    for path in {path for _, path, _ in operations}:
        known = {method.upper() for method, where, _ in operations if where == path}
        for method in METHODS - fitting(operations, path):
            answer = http.request(method, mock.url + re.sub("[{}]", "", path), headers=KEY)
            assert known == set(answer.headers["allow"].split(", ")), path
            if method == "HEAD":
                assert (405, b"") == (answer.status_code, answer.content)
            else:
                assert refused(answer, 405).startswith(f"Not allowed to {method} on ")


def fitting(operations, path):
    """Return the methods of every path that fits: `/responses/compact` could be a response of that name as well."""
    return {
        method.upper() for method, where, _ in operations if re.fullmatch(re.sub(r"{\w+}", ".+", where), path)
    }


@pytest.fixture
def ask(mock, http, operations):
    """Ask every operation that reads something all the nonsense of one kind; yield its parameter and its answer."""

    def ask(kind):
        for method, path, described in operations:
            for parameter in described.get("parameters", ()):
                if (method, parameter["in"], kind_of(parameter)) == ("get", "query", kind):
                    for value in NONSENSE[kind]:
                        url = f"{mock.url}{re.sub('[{}]', '', path)}?start_time=0&{parameter['name']}={value}"
                        yield parameter["name"], http.get(url, headers=KEY)

    return ask


def kind_of(parameter):
    wanted = parameter["schema"].get("anyOf", [parameter["schema"]])
    wanted = [each.get("items", each) for each in wanted]
    if any(each["type"] in {"integer", "number", "boolean"} for each in wanted):
        return "number"
    if any("enum" in each or "const" in each for each in wanted):
        return "choice"
    return "cursor" if parameter["name"] in {"after", "page"} else "text"


@pytest.mark.parametrize("kind", ["number", "choice"])
def test_a_query_that_makes_no_sense_is_a_400(ask, refused, kind):
    answers = [answer for name, answer in ask(kind) if name != "starting_after"]  # any number will do there

    assert len(answers) > 50
    for answer in answers:
        refused(answer, 400)


def test_a_cursor_nobody_has_given_out_is_a_400(ask, refused):
    answers = [answer for _, answer in ask("cursor")]

    assert len(answers) > 50
    for answer in answers:
        refused(answer, 400, 404)  # the latter for a list in something that does not exist


@pytest.mark.parametrize(
    "query", ["&&==&a", "limit=1&limit=2", "model=%00", "metadata[%00]=%FF", "nothing=known"]
)
@pytest.mark.parametrize("path", ["files", "fine_tuning/jobs", "chat/completions"])
def test_a_query_that_asks_for_nothing_we_know_finds_what_there_is(mock, http, path, query):
    assert 200 == http.get(f"{mock.base_url}/{path}?{query}", headers=KEY).status_code
