"""Paths into JSON: what they find, and how they are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from mockserver.scenario.json_path import find, parse

BODY = {
    "model": "gpt-4o",
    "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": [{"text": "Hi"}]}],
    "tools": [{"function": {"name": "one"}}, {"function": {"name": "two"}}, {"type": "web"}],
    "a name": {"x.y": None},
    "flag-1": False,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("found", "path"),
    [
        ([BODY], "$"),
        (["gpt-4o"], "$.model"),
        (["user"], "$.messages[1].role"),
        (["user"], "$.messages[-1].role"),
        (["Hi"], "$.messages[-1].content[0].text"),
        (["system", "user"], "$.messages[*].role"),
        (["one", "two"], "$.tools[*].function.name"),
        ([None], '$["a name"]["x.y"]'),
        ([False], "$.flag-1"),
        ([None], '$["a name"][*]'),
        ([], "$.nothing"),
        ([], "$.messages[2]"),
        ([], "$.messages[-3]"),
        ([], "$.messages.role"),
        ([], "$.model[0]"),
        ([], "$.model[*]"),
    ],
)
def test_a_path_finds_everything_it_leads_to(found, path):
    assert found == find(parse(path), BODY)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "model",
        ".model",
        "$model",
        "$.",
        "$..x",
        "$.x[",
        "$.x[]",
        "$.x[a]",
        "$.x['a']",
        "$.1",
        '$["\\q"]',
        3,
        None,
    ],
)
def test_what_is_no_path_is_refused(path):
    with pytest.raises(PydanticCustomError, match="must be a path such as"):
        parse(path)


@given(st.lists(st.text(max_size=4)), JSON)
def test_a_name_in_quotes_may_be_any_text(names, value):
    document = value
    for name in reversed(names):
        document = {name: document}
    path = "$" + "".join(f"[{json.dumps(name)}]" for name in names)

    assert [value] == find(parse(path), document)
