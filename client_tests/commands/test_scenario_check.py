"""`scenario check` says every mistake of every file with its place, and its exit code is the verdict."""

from mockserver.scenario.loader import shipped

GOOD = "version: 1\ntraining:\n  - takes: 5m\n"
WRONG = "version: 1\ntitel: x\nclock: {rat: 1}\n"
SHADOWED = (
    "version: 1\nreplies:\n  - match: {endpoint: completions}\n    reply: {text: a}\n"
    "  - match: {endpoint: completions, model: davinci}\n    reply: {text: b}\n"
)


def test_a_scenario_without_mistakes_is_said_to_be_playable(run, here):
    (here / "good.yaml").write_text(GOOD)

    told = run("scenario", "check", "good.yaml")

    assert (0, "1 of 1 scenario can be played\n", "") == (told.code, told.out, told.err)


def test_every_mistake_is_told_with_its_place_and_the_word_meant(run, here):
    (here / "wrong.yaml").write_text(WRONG)

    told = run("scenario", "check", "wrong.yaml")

    assert 2 == told.code
    assert (
        "wrong.yaml:2:1: unknown key 'titel' (did you mean 'title'?)\n"
        "wrong.yaml:3:9: unknown key 'rat' (did you mean 'rate'?)\n"
        "0 of 1 scenario can be played, 2 problems\n"
    ) == told.out


def test_all_files_are_looked_at_also_behind_a_wrong_one(run, here):
    (here / "wrong.yaml").write_text(WRONG)
    (here / "good.yaml").write_text(GOOD)

    told = run("scenario", "check", "wrong.yaml", "missing.yaml", "good.yaml", "guide-2023")

    assert 2 == told.code
    assert "missing.yaml: cannot be read: No such file or directory" in told.out
    assert told.out.endswith("2 of 4 scenarios can be played, 3 problems\n")


def test_a_rule_that_never_answers_is_a_warning_and_no_mistake(run, here):
    (here / "shadowed.yaml").write_text(SHADOWED)

    told = run("scenario", "check", "shadowed.yaml")

    assert 0 == told.code
    warning, summary = told.out.splitlines()
    assert warning.startswith("shadowed.yaml:5:5: ")
    assert warning.endswith(" (a warning)")
    assert "1 of 1 scenario can be played, 1 warning" == summary


def test_nothing_to_check_is_a_mistake_of_the_command_line(run):
    assert 2 == run("scenario", "check").code


def test_every_shipped_scenario_passes_without_a_warning(run):
    told = run("scenario", "check", *shipped())

    assert (0, f"{len(shipped())} of {len(shipped())} scenarios can be played\n") == (told.code, told.out)
