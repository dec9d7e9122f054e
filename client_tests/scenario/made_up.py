"""Matches and requests that a test makes up."""

from hypothesis import strategies as st

WORDS = st.sampled_from(["", "a", "sun", "sunny", "sunny day", "day", "rain", "a rainy day", "sun?"])
TEXT_TESTS = (
    WORDS
    | st.fixed_dictionaries({"equals": WORDS})
    | st.dictionaries(st.sampled_from(["contains", "starts_with", "ends_with", "glob"]), WORDS, min_size=1)
    | st.fixed_dictionaries({"regex": st.sampled_from(["sun|rain", "^a", "(?P<what>day)"])})
    | st.fixed_dictionaries({"glob": st.sampled_from(["*sunny*", "s?n*", "rain*day", "*"])})
    | st.fixed_dictionaries({"in": st.lists(WORDS, min_size=1, max_size=2)})
    | st.fixed_dictionaries({"absent": st.booleans()})
)
MATCHES = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "prompt": TEXT_TESTS,
            "message": TEXT_TESTS,
            "endpoint": st.sampled_from(["completions", "chat.completions.create"]),
            "temperature": st.sampled_from([0, 1, {"gte": 1}, {"absent": True}]),
            "stream": st.booleans(),
            "header": st.fixed_dictionaries({"X-Team": TEXT_TESTS}),
            "body": st.just({"json_path": {"$.n": 1}}),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "any": st.lists(inner, min_size=1, max_size=2),
            "all": st.lists(inner, min_size=1),
            "not": inner,
        },
    ),
    max_leaves=3,
)
FACTS = st.fixed_dictionaries(
    {"endpoint": st.sampled_from(["completions", "chat.completions", "files.create"])},
    optional={
        "prompt": WORDS | st.lists(WORDS),
        "messages": st.lists(st.fixed_dictionaries({"role": st.just("user"), "content": WORDS}), max_size=2),
        "temperature": st.sampled_from([0, 0.0, 1, 2, None, True]),
        "stream": st.booleans(),
        "headers": st.fixed_dictionaries({"x-team": WORDS}),
        "body": st.fixed_dictionaries({"n": st.sampled_from([1, 1.0, True, 2])}),
    },
)
