"""An index says what choosing rule by rule says, sooner."""

from hypothesis import given
from hypothesis import strategies as st
from scenario.made_up import FACTS, MATCHES

from mockserver.scenario.index import Index
from mockserver.scenario.models import ReplyRule
from mockserver.scenario.selection import choose


@given(st.lists(MATCHES, max_size=30), st.lists(FACTS, min_size=1, max_size=3))
def test_an_index_chooses_what_asking_every_rule_chooses(matches, requests):
    rules = [ReplyRule.model_validate({"match": match, "reply": {}}) for match in matches]
    index = Index(rules)

    for facts in requests:
        assert choose(rules, facts) == index.choose(facts)


def test_rules_that_share_a_value_are_told_apart_by_something_else():
    """Otherwise five thousand rules for one endpoint would each be compared as a whole."""
    rules = [
        ReplyRule.model_validate(
            {"match": {"endpoint": "completions", "prompt": {"contains": f"order {n};"}}, "reply": {}}
        )
        for n in range(100)
    ]
    index = Index(rules)
    asked = {"endpoint": "completions", "prompt": "Where is order 42;?"}

    assert 42 == index.choose(asked).index
    assert len(set(index._signed(asked))) < 10
