"""A scenario that builds on others: what comes first, what wins, and whose mistake a mistake is."""

import pytest

from mockserver.scenario.loader import load, load_text
from mockserver.scenario.problems import ScenarioError


@pytest.fixture
def write(tmp_path):
    """Write a scenario beside the others and return its path."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def said(source):
    with pytest.raises(ScenarioError) as caught:
        load(source)
    return str(caught.value).splitlines()


def test_own_rules_come_before_included_ones_in_their_order(write):
    write("a.yaml", "include: [deeper/c.yaml]\nreplies: [{reply: {text: a}}]\n")
    write("b.yaml", "replies: [{reply: {text: b}}]\n")
    write("deeper/c.yaml", "include: [../b.yaml]\nreplies: [{reply: {text: c}}]\n")
    own = write("own.yaml", "include: [a.yaml, b.yaml]\nreplies: [{reply: {text: own}}]\n")

    assert ["own", "a", "c", "b"] == [rule.reply.text for rule in load(own).replies]


def test_what_the_file_says_itself_wins_and_the_rest_is_filled_up(write):
    write("base.yaml", "title: base\nseed: 3\nclock: {rate: 600, start: 2023-03-15}\naccount: {slug: base}\n")
    write("other.yaml", "title: other\naccount: {slug: other, user: user-other}\n")
    scenario = load(write("own.yaml", "include: [base.yaml, other.yaml]\nclock: {rate: auto}\nseed: 0\n"))

    assert ("base", 0, "auto", 2023) == (
        scenario.title,
        scenario.seed,
        scenario.clock.rate,
        scenario.clock.start.year,
    )
    assert ("base", "user-other") == (scenario.account.slug, scenario.account.user)


def test_a_shipped_scenario_is_included_by_its_name_even_by_a_text():
    scenario = load_text("include: [guide-2023]\nclock: {rate: auto}\n")

    assert ("The guide of March 2023", "auto") == (scenario.title, scenario.clock.rate)
    assert b"prompt" in scenario.files[0].content()


def test_paths_begin_at_the_file_that_tells_them(write, tmp_path):
    write("deeper/base.yaml", "files: [{filename: a, path: data.jsonl}]\n")
    write("deeper/data.jsonl", "deep")
    write("data.jsonl", "shallow")
    own = write("own.yaml", "include: [deeper/base.yaml]\nfiles: [{filename: b, path: data.jsonl}]\n")

    assert [b"shallow", b"deep"] == [file.content() for file in load(own).files]


def test_files_refer_to_each_other(write):
    write("data.yaml", "files: [{id: file-a, filename: a, text: x}]\n")
    job = "jobs: [{model: ada, training_file: file-a, created_at: 2023-03-15}]\n"

    assert 1 == len(load(write("own.yaml", f"include: [data.yaml]\n{job}")).jobs)


def test_a_file_included_in_two_ways_counts_once(write):
    write("base.yaml", "models: [ada-of-mine]\n")
    write("a.yaml", "include: [base.yaml]\n")
    write("b.yaml", "include: [./base.yaml]\n")

    assert 1 == len(load(write("own.yaml", "include: [a.yaml, b.yaml]\n")).models)


def test_a_mistake_is_told_in_the_file_it_was_made_in(write, tmp_path):
    write("base.yaml", "replies:\n  - reply: {text: a}\n  - reply: {txt: a}\n")
    own = write("own.yaml", "include: [base.yaml]\nreplies: [{reply: {text: 3}}]\n")

    assert [
        f"{own}:2:26: text must be text, not 3",
        f"{tmp_path}/base.yaml:3:13: unknown key 'txt' (did you mean 'text'?)",
    ] == said(own)


def test_what_does_not_fit_together_is_told_where_it_stands(write, tmp_path):
    write("base.yaml", "\n\nmodels:\n  - mine\n")
    own = write("own.yaml", "include: [base.yaml]\nmodels: [mine]\n")

    assert [f"{tmp_path}/base.yaml:4:5: models[1] must be unique, not 'mine'"] == said(own)


def test_text_that_is_no_yaml_is_told_in_its_own_file(write, tmp_path):
    write("base.yaml", "title: a: b\n")
    own = write("own.yaml", "include: [base.yaml]\n")

    assert [f"{tmp_path}/base.yaml:1:9: not YAML: mapping values are not allowed in this context"] == said(
        own
    )


@pytest.mark.parametrize(
    ("included", "problem"),
    [
        ("", "1:1: the scenario is empty; `version: 1` is the least it can say"),
        ("- a\n", "1:1: a scenario must be a mapping"),
    ],
)
def test_what_is_included_is_a_scenario_itself(write, tmp_path, included, problem):
    write("base.yaml", included)

    assert [f"{tmp_path}/base.yaml:{problem}"] == said(write("own.yaml", "include: [base.yaml]\n"))


def test_a_circle_is_refused_at_the_word_that_closes_it(write, tmp_path):
    own = write("own.yaml", "include: [a.yaml]\n")
    write("a.yaml", "title: a\ninclude:\n  - own.yaml\n")
    circle = f"{own} \u2192 {tmp_path}/a.yaml \u2192 {own}"

    assert [f"{tmp_path}/a.yaml:3:5: includes itself: {circle}"] == said(own)


def test_a_file_that_includes_itself_is_refused(write):
    own = write("own.yaml", "include: [own.yaml]\n")

    assert [f"{own}:1:11: includes itself: {own} \u2192 {own}"] == said(own)


def test_a_file_that_is_not_there_is_told_where_it_is_wanted(write):
    write("base.yaml", "{}")
    own = write("own.yaml", "include: [bsae.yaml]\n")

    message = (
        "cannot include 'bsae.yaml': cannot be read: No such file or directory (did you mean 'base.yaml'?)"
    )
    assert [f"{own}:1:11: {message}"] == said(own)


def test_an_unknown_name_is_told_where_it_is_wanted():
    with pytest.raises(ScenarioError) as caught:
        load_text("include: [guide-2032]\n", "s.yaml")

    [problem] = caught.value.problems
    assert ("s.yaml", 1, 11, "guide-2023") == (problem.file, problem.line, problem.column, problem.hint)
    assert problem.message.startswith("cannot include 'guide-2032': no such scenario; there are ")


@pytest.mark.parametrize("path", ["/etc/passwd.yaml", "../guide-2023.yaml"])
def test_a_text_cannot_include_files_of_this_machine(path):
    with pytest.raises(ScenarioError, match="a text may include shipped ones only, by name"):
        load_text(f"include: [{path}]\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("include: guide-2023\n", "1:10: include must be a list, not 'guide-2023'"),
        ("include: [3]\n", "1:11: include[0] must be text, not 3"),
    ],
)
def test_what_is_included_is_a_list_of_names(text, problem):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "s.yaml")

    assert f"s.yaml:{problem}" == str(caught.value)
