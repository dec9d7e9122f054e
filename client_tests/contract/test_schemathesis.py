"""The server against its own OpenAPI document: schemathesis plays thousands of requests, right ones and wrong ones.

Every check of schemathesis runs. One is told more than a schema can say: `positive_data_acceptance` takes for a
fault what is a rule of the domain (a training file has to exist), so the rules are written down in `rules.py`, and
only a refusal in one of these words is accepted for a request that fits the document.
"""

import re

import pytest
import requests
import schemathesis
from contract.known import FILLED, KNOWN, KNOWN_THERE, MADE, STORY
from contract.rules import RULES
from hypothesis import settings
from schemathesis.checks import CHECKS

from mockserver.app import create_api
from mockserver.scenario.loader import load_text
from mockserver.testing.server import MockServer


def dictionaries(known, place=""):
    """Return the values that parameters may have as schemathesis wants them told."""
    return {f"{place}{name}": {"values": values} for name, values in known.items()}


def parameters(known, place="", probability=0.6):
    return {name: {"dictionary": f"{place}{name}", "probability": probability} for name in known}


#: what takes items, in dozens of forms; that every one of them is read is seen where a conversation begins
ITEMS = ["/v1/conversations/{conversation_id}/items", *FILLED]

OPTIONS = {
    "dictionaries": dictionaries(KNOWN)
    | {
        name: told
        for place, known in KNOWN_THERE.items()
        for name, told in dictionaries(known, place).items()
    },
    "parameters": parameters(KNOWN),
    "operations": [
        {"include-operation-id": place, "parameters": parameters(known, place, 0.9)}
        for place, known in KNOWN_THERE.items()
    ]
    + [{"include-path": ITEMS, "phases": {"coverage": {"enabled": False}}}],
    "headers": {"Authorization": "Bearer sk-contract"},
    "generation": {"deterministic": True, "max-examples": 40},
    "checks": {"positive_data_acceptance": {"enabled": False}},
}


@schemathesis.check
def fits_and_is_accepted(ctx, response, case):
    """What fits the document is accepted, unless a rule that no schema can tell forbids it."""
    if 400 == response.status_code:
        error = response.json()["error"]
        if any(re.match(rule, f"{error['code']}: {error['message']}", re.DOTALL) for rule in RULES):
            return None
    return CHECKS.get_one("positive_data_acceptance")(ctx, response, case)


#: what would take away the world that the other calls are made in
ENDING = ["mock.worlds.delete", "mock.scenario.play"]
#: what changes how the next calls are answered
CHANGING = ["mock.faults.add", "mock.replies.add", "mock.reset"]
everything = schemathesis.openapi.from_dict(
    create_api().openapi(), config=schemathesis.Config.from_dict(OPTIONS)
)
schema = everything.exclude(operation_id=ENDING)


@everything.hook.apply_to(path=list(FILLED))
def map_body(context, body):
    """Fill in what may be left out but for a refusal, or hardly any body would come further than to that."""
    return FILLED[context.operation.path] | body if isinstance(body, dict) else body


@everything.hook
def filter_query(_context, query):
    """Leave out 1.0, which the server takes for an integer in a query; whether the API does is not known."""
    return not any(re.fullmatch(r"-?\d+\.0", str(value)) for value in (query or {}).values())


@pytest.fixture(scope="module")
def story():
    with MockServer(load_text(STORY)) as running:
        yield running


@pytest.fixture(scope="module")
def begin_anew(story, http):
    def reset():
        assert 200 == http.post(f"{story.url}/_mock/reset").status_code
        for path, body, made in MADE.values():
            answer = http.post(f"{story.base_url}/{path}", json=body, headers=OPTIONS["headers"])
            assert made == answer.json()["id"]

    return reset


@pytest.fixture(scope="module")
def calls(story):
    """How schemathesis calls: over one connection, to the story."""
    with requests.Session() as session:
        yield {"base_url": story.url, "session": session}


@schema.parametrize()
def test_every_operation_does_what_its_document_says(case, calls, begin_anew):
    """Each case meets all that the world began with: what one has changed of it is undone before the next."""
    response = case.call(**calls)
    case.validate_response(response, transport_kwargs=calls)
    if response.status_code < 300 and case.method != "GET" and re.search("{|_mock", case.path):
        begin_anew()


def test_calls_that_follow_from_each_other_agree(calls, begin_anew):
    """What was created can be fetched, what was deleted cannot: along the links between the operations."""

    class Walk(schema.exclude(operation_id=CHANGING).as_state_machine()):
        def setup(self):
            begin_anew()

        def get_call_kwargs(self, _case):
            return calls

    Walk.run(
        settings=settings(
            max_examples=40, stateful_step_count=8, derandomize=True, database=None, deadline=None
        )
    )
