"""What models can do is known by their names."""

import pytest

from mockserver.simulation import abilities


@pytest.mark.parametrize(
    ("model", "able"),
    [
        ("gpt-4o", True),
        ("gpt-4-turbo-2024-04-09", True),
        ("gpt-4-vision-preview", True),
        ("gpt-5", True),
        ("o1", True),
        ("somebodys-own", True),
        ("gpt-4", False),
        ("gpt-4-0613", False),
        ("gpt-4-turbo-preview", False),
        ("gpt-3.5-turbo", False),
        ("o3-mini", False),
        ("gpt-4o-audio-preview", False),
    ],
)
def test_who_sees(model, able):
    assert able == abilities.sees(model)


@pytest.mark.parametrize(
    ("model", "needs", "speaks"),
    [
        ("gpt-4o-audio-preview", True, True),
        ("gpt-audio-mini", True, True),
        ("gpt-4o", False, False),
        ("o3", False, False),
        ("somebodys-own", False, True),
    ],
)
def test_who_speaks(model, needs, speaks):
    assert (needs, speaks) == (abilities.needs_sound(model), abilities.speaks(model))


@pytest.mark.parametrize(
    ("model", "objects", "schemas"),
    [
        ("gpt-4o-2024-08-06", True, True),
        ("gpt-4o-2024-05-13", True, False),
        ("gpt-4-turbo", True, False),
        ("gpt-4-0613", False, False),
        ("gpt-3.5-turbo-0125", True, False),
        ("o1", True, True),
        ("o1-mini", False, False),
    ],
)
def test_who_can_be_held_to_a_format(model, objects, schemas):
    assert (objects, schemas, True) == tuple(
        abilities.takes_format(model, kind) for kind in ("json_object", "json_schema", "text")
    )


@pytest.mark.parametrize(
    ("model", "efforts"),
    [
        ("o3-mini", ("low", "medium", "high")),
        ("o1-mini", ()),
        ("gpt-5-mini", ("minimal", "low", "medium", "high")),
        ("gpt-5-pro", ("high",)),
        ("gpt-5.1", ("none", "low", "medium", "high")),
        ("gpt-5.2", ("none", "low", "medium", "high", "xhigh")),
        ("gpt-5.4-pro", ("medium", "high", "xhigh")),
        ("gpt-6-sol", ("none", "low", "medium", "high", "xhigh", "max")),
    ],
)
def test_how_hard_a_model_can_think(model, efforts):
    assert efforts == abilities.efforts(model)


@pytest.mark.parametrize(
    ("model", "stop", "tools", "parallel", "either"),
    [
        ("gpt-4o", True, True, True, False),
        ("o1", True, True, False, False),
        ("o3", False, True, False, False),
        ("o1-preview", True, False, False, False),
        ("gpt-5", False, True, True, False),
        ("gpt-5-chat-latest", True, True, True, False),
        ("gpt-5.4", False, True, True, True),
    ],
)
def test_what_else_a_model_takes(model, stop, tools, parallel, either):
    assert (stop, tools, parallel, either) == (
        abilities.takes_stop(model),
        abilities.takes_tools(model),
        abilities.takes_parallel_calls(model),
        abilities.thinks_or_calls(model),
    )


def test_who_searches():
    assert abilities.searches("gpt-4o-search-preview-2025-03-11")
    assert abilities.searches("gpt-5-search-api")
    assert not abilities.searches("gpt-5")
