"""What a scenario may say about limits."""

import pytest

from mockserver.scenario.limits import Limits, ModelLimits
from mockserver.scenario.loader import load_text
from mockserver.scenario.problems import ScenarioError

STORY = """
version: 1
limits:
  requests_per_minute: 60
  tokens_per_day: 1000
  spend: 2.5
  models:
    davinci-00*: {requests_per_minute: 3}
    "*": {tokens_per_minute: 500}
"""


def test_nothing_said_is_a_generous_account_without_daily_limits():
    limits = load_text("version: 1", "story").limits

    assert Limits() == limits
    assert (10_000, 2_000_000) == (limits.requests_per_minute, limits.tokens_per_minute)
    assert (None, None, None) == (limits.requests_per_day, limits.tokens_per_day, limits.spend)


def test_the_first_pattern_that_fits_a_model_changes_what_it_names_and_nothing_else():
    limits = load_text(STORY, "story").limits

    assert ModelLimits(requests_per_minute=3, tokens_per_minute=2_000_000, tokens_per_day=1000) == limits.of(
        "davinci-002"
    )
    assert ModelLimits(requests_per_minute=60, tokens_per_minute=500, tokens_per_day=1000) == limits.of("ada")


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("{requests_per_minut: 3}", "story:2:10: unknown key 'requests_per_minut'"),
        ("{requests_per_minute: 0}", "story:2:31:"),
        ("{requests_per_minute: 1.5}", "story:2:31:"),
        ("{tokens_per_minute: '3'}", "story:2:29:"),
        ("{spend: -1}", "story:2:17:"),
        ("{spend: .inf}", "story:2:17:"),
        ("{models: {gpt-4: {spend: 1}}}", "story:2:27: unknown key 'spend'"),
        ("{models: [gpt-4]}", "story:2:18:"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(told, place):
    with pytest.raises(ScenarioError) as refused:
        load_text(f"version: 1\nlimits: {told}\n", "story")

    assert str(refused.value).startswith(place)


def test_limits_written_down_read_back_the_same():
    scenario = load_text(STORY, "story")

    assert scenario.limits == type(scenario).model_validate_json(scenario.model_dump_json()).limits
