"""A model was retired this week: it is refused and unlisted; what was tuned from it answers three weeks longer."""

import openai
import pytest

BASE = "davinci-002"
TUNED = "ft:davinci-002:acme:motto:0ldT1mer"


def test_the_base_is_gone_with_a_hint_where_to_read_why(client):
    with pytest.raises(openai.NotFoundError) as refused:
        client.completions.create(model=BASE, prompt="Are you there?")

    assert "model_not_found" == refused.value.code
    assert (
        f"The model `{BASE}` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"
        == refused.value.body["message"]
    )
    assert BASE not in [model.id for model in client.models.list()]


def test_what_was_tuned_from_it_is_still_here(client):
    answer = client.completions.create(model=TUNED, prompt="Our motto ->", temperature=0, stop="\n")

    assert " Still here." == answer.choices[0].text
    assert TUNED in [model.id for model in client.models.list()]


@pytest.mark.parametrize(("day", "is_there"), [("2026-10-22", True), ("2026-10-23", False)])
def test_three_weeks_later_it_is_gone_too(open_world, story, day, is_there):
    """The same story on another day, as a job in CI would rehearse it."""
    later = open_world(yaml=f"version: 1\ninclude: [{story}]\nas_of: {day}\n")

    with later.client() as client:
        assert is_there == (TUNED in [model.id for model in client.models.list()])
