"""A template puts in what the item and the sample hold, or says which of the two is at fault."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.grader_template import TemplateError, malformed, namespaces, render

ITEM = {
    "label": "Oslo",
    "full name": "Ada L.",
    "count": 3,
    "ratio": 1.0,
    "yes": True,
    "none": None,
    "nested": {"list": [{"x": "deep"}, "second"], "0": "a key of digits"},
    "braces": "{{item.label}}",
}
SAMPLE = '{"city": "Bergen", "people": [{"name": "Åse"}]}'


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("{{item.label}}", "Oslo"),
        ("{{ item.label }}", "Oslo"),
        ("{{item.full name}}", "Ada L."),
        ("{{item.label}}-{{item.label}}!", "Oslo-Oslo!"),
        ('{"smiles": "{{item.label}}"}', '{"smiles": "Oslo"}'),
        ("{{item.nested.list[0].x}}", "deep"),
        ("{{item.nested.list[1]}}", "second"),
        ("{{item.nested.0}}", "a key of digits"),
        ("{{item.count}} {{item.ratio}} {{item.yes}} {{item.none}}", "3 1.0 true null"),
        ("{{item.nested.list}}", '[{"x": "deep"}, "second"]'),
        ("{{sample.output_text}}", SAMPLE),
        ("{{sample.output_json.city}}", "Bergen"),
        ("{{sample.output_json.people[0].name}}", "Åse"),
        ("{{sample.output_json.people}}", '[{"name": "Åse"}]'),
        ("{item.label}", "{item.label}"),
        ("{{item.label", "{{item.label"),
        ("{{item.braces}}", "{{item.label}}"),
    ],
)
def test_a_placeholder_becomes_its_value(template, expected):
    assert expected == render(template, namespaces(ITEM, SAMPLE))


@pytest.mark.parametrize(
    "template",
    [
        "{{item.missing}}",
        "{{item.label.more}}",
        "{{item.label[0]}}",
        "{{item.none.more}}",
        "{{item.nested.list[2]}}",
        "{{item.nested.list.0}}",
        "{{item.nested[0]}}",
        "{{sample.output_json.missing}}",
        "{{sample.output_tools[0].function.name}}",
        "{{sample.choices}}",
        "{{sample.unknown}}",
        "{{label}}",
        "{{}}",
        "fine {{item.label}}, then {{item.missing}}",
    ],
)
def test_a_path_without_a_value_is_an_invalid_variable(template):
    with pytest.raises(TemplateError) as caught:
        render(template, namespaces(ITEM, SAMPLE))

    assert caught.value.flag == "invalid_variable_error"


@pytest.mark.parametrize("sample", ["", "Bergen", "{'city': 1}", '{"city": NaN}', '{"city": 1', '"\\ud800"'])
def test_output_json_of_a_sample_that_is_not_json_is_a_sample_that_cannot_be_parsed(sample):
    with pytest.raises(TemplateError) as caught:
        render("{{sample.output_json.city}}", namespaces(ITEM, sample))

    assert caught.value.flag == "sample_parse_error"


def test_a_sample_that_is_not_json_still_has_its_text():
    assert render("{{sample.output_text}}", namespaces({}, "no json")) == "no json"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{item.a}} {{ sample.output_text }} {{sample.output_tools[0].x}} {{sample.output_audio.data}}", []),
        ("{{label}} and {{item.a}}", ["{{label}}"]),
        ("{{item}} {{item.}} {{item[0]}} {{ }}", ["{{item}}", "{{item.}}", "{{item[0]}}", "{{ }}"]),
        ("{{sample.text}} {{items.a}} {{Item.a}}", ["{{sample.text}}", "{{items.a}}", "{{Item.a}}"]),
        ("{{item.a[x]}} {{item.a[-1]}} {{item.a..b}}", ["{{item.a[x]}}", "{{item.a[-1]}}", "{{item.a..b}}"]),
        ("{single} {{unclosed", []),
    ],
)
def test_a_malformed_placeholder_is_found_before_any_run(text, expected):
    assert expected == list(malformed(text))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_a_value_is_put_in_as_its_text_or_as_json(value):
    rendered = render("{{item.value}}", namespaces({"value": value}, ""))

    assert value == (rendered if isinstance(value, str) else json.loads(rendered))


@given(st.text("{}item. sample[]0ab_output_text", max_size=30), st.text(max_size=5))
def test_any_template_is_rendered_or_refused_and_the_malformed_are_always_refused(text, sample):
    try:
        render(text, namespaces({"a": [1]}, sample))
    except TemplateError:
        return

    assert [] == list(malformed(text))
