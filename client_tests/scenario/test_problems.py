"""What a writer of scenarios is told: the place of each mistake, to the column, and the word meant."""

import pytest

from mockserver.scenario.loader import load_text
from mockserver.scenario.problems import Problem, ScenarioError

DAVINCI = "training:\n  - match: {model: davinci}\n"
FILE = "files: [{id: file-abc, filename: a.jsonl, text: x}]\n"
JOB = "jobs:\n  - {model: ada, training_file: file-abc, created_at: 2023-03-15, "

A_CALL = "a call of the official client, such as files.create"
A_DURATION = "a duration such as 20s, 2h 5m or 500ms (at most 100 years)"

# A wrong scenario, and every line that is said about it.
WRONG = [
    # the file itself
    ("", ["1:1: the scenario is empty; `version: 1` is the least it can say"]),
    ("# nothing\n", ["1:1: the scenario is empty; `version: 1` is the least it can say"]),
    ("- version: 1\n", ["1:1: a scenario must be a mapping, not a list"]),
    ("just text\n", ["1:1: a scenario must be a mapping, not 'just text'"]),
    ("version: 1\ntitle: a: b\n", ["2:9: not YAML: mapping values are not allowed in this context"]),
    ("version: 1\nversion: 1\n", ["2:1: duplicate key 'version' (first on line 1)"]),
    ("version: 2\n", ["1:10: version must be 1, not 2"]),
    # unknown keys, on every level
    ("titel: x\n", ["1:1: unknown key 'titel' (did you mean 'title'?)"]),
    ("xyzzy: x\n", ["1:1: unknown key 'xyzzy'"]),
    ("clock: {rat: 1}\n", ["1:9: unknown key 'rat' (did you mean 'rate'?)"]),
    (
        "account:\n  organisation: org-x\n",
        ["2:3: unknown key 'organisation' (did you mean 'organization'?)"],
    ),
    ("models: [{id: a, owner: b}]\n", ["1:18: unknown key 'owner' (did you mean 'owned_by'?)"]),
    (
        "training:\n  - timeline:\n      - {after: 1s, epoc: 1}\n",
        ["3:21: unknown key 'epoc' (did you mean 'epoch'?)"],
    ),
    (
        DAVINCI + "    outcome: {failed: {mesage: x}}\n",
        ["3:24: unknown key 'mesage' (did you mean 'message'?)"],
    ),
    (DAVINCI + "    outcome: {faild: {}}\n", ["3:15: unknown key 'faild' (did you mean 'failed'?)"]),
    (
        "replies:\n- reply: {text: a}\n- reply: {txt: a}\n",
        ["3:11: unknown key 'txt' (did you mean 'text'?)"],
    ),
    ("training:\n  - match: {modle: x}\n", ["2:13: unknown key 'modle' (did you mean 'model'?)"]),
    (
        'replies:\n- match: {prompt: {contain: "x"}}\n  reply: {text: a}\n',
        ["2:20: unknown operator 'contain' (did you mean 'contains'?)"],
    ),
    # a missing key; not told twice when its misspelling stands there
    ("jobs: [{model: a, training_file: file-a}]\n", ["1:8: 'created_at' is missing"]),
    ("files:\n  - {file_name: a, text: b}\n", ["2:6: unknown key 'file_name' (did you mean 'filename'?)"]),
    ("training: [{outcome: {}}]\n", ["1:22: 'failed' is missing"]),
    # wrong kinds of values
    ("title: 3\n", ["1:8: title must be text, not 3"]),
    ("seed: seven\n", ["1:7: seed must be a whole number, not 'seven'"]),
    ("seed: 1.5\n", ["1:7: seed must be a whole number, not 1.5"]),
    ("files: {}\n", ["1:8: files must be a list, not an empty mapping"]),
    ("models: [a, 3]\n", ["1:13: models[1] must be a mapping, not 3"]),
    ("clock: 600\n", ["1:8: clock must be a mapping, not 600"]),
    ("clock:\n", ["1:7: clock must be a mapping, not empty"]),
    ("account: {api_keys: []}\n", ["1:21: api_keys must be a list of at least 1, not an empty list"]),
    # closed choices and ranges
    ("clock:\n  rate: atuo\n", ["2:9: rate must be a number or 'auto', not 'atuo' (did you mean 'auto'?)"]),
    ("clock: {rate: -1}\n", ["1:15: rate must be a number of at least 0 or 'auto', not -1"]),
    ("clock: {rate: .inf}\n", ["1:15: rate must be a finite number or 'auto', not inf"]),
    (
        "paused_status: pause\n",
        ["1:16: paused_status must be 'paused', 'queued' or 'running', not 'pause' (did you mean 'paused'?)"],
    ),
    (
        "training: [{outcome: suceeded}]\n",
        ["1:22: outcome must be 'succeeded' or a mapping, not 'suceeded' (did you mean 'succeeded'?)"],
    ),
    (
        DAVINCI + "    timeline: [{after: 1s, started: false}]\n",
        ["3:37: started must be true, not false"],
    ),
    (
        DAVINCI + "    timeline: [{after: 1s, queue: true}]\n",
        ["3:35: queue must be a whole number, not true"],
    ),
    (
        DAVINCI + "    timeline: [{after: 1s, epoch: 0}]\n",
        ["3:35: epoch must be a number of at least 1, not 0"],
    ),
    # time and size
    (
        "training: [{takes: 5 weeks}]\n",
        ["1:20: takes must be a duration such as 20s, 2h 5m or 500ms (at most 100 years), not '5 weeks'"],
    ),
    (
        "as_of: 2023\n",
        ["1:8: as_of must be a date, a time such as 2023-03-15T07:27:48Z, or unix seconds, not 2023"],
    ),
    (
        "uploads: {max_bytes: 1 gig}\n",
        ["1:22: max_bytes must be a size such as 512MB, 2GiB or a whole number of bytes, not '1 gig'"],
    ),
    (
        DAVINCI + "    outcome: {failed: {at: epcoh 3}}\n",
        [
            (
                "3:28: at must be 'validation', 'queue', 'epoch 3' or a duration such as 90s, not 'epcoh 3'"
                " (did you mean 'epoch 3'?)"
            )
        ],
    ),
    (
        DAVINCI + "    outcome: {failed: {at: epoch 0}}\n",
        [
            (
                "3:28: at must be 'validation', 'queue', 'epoch 3' or a duration such as 90s, not 'epoch 0'"
                " (did you mean 'epoch 1'?)"
            )
        ],
    ),
    # ids and names
    (
        "account: {organization: personal}\n",
        ["1:25: organization must be an id that begins with org-, not 'personal'"],
    ),
    (
        "training: [{ids: {job: job-1}}]\n",
        ["1:24: job must be an id that begins with ft- or ftjob-, not 'job-1'"],
    ),
    (
        "clock: {hold_until: fine_tune.create}\n",
        [f"1:21: hold_until must be {A_CALL}, not 'fine_tune.create' (did you mean 'fine_tunes.create'?)"],
    ),
    # exactly one of several
    ("files: [{filename: a}]\n", ["1:9: one of rows, path, text or recipe is needed"]),
    (
        "files: [{filename: a, text: b, rows: []}]\n",
        ["1:23: 'text' and 'rows' exclude each other"],
    ),
    ("replies: [{match: {}}]\n", ["1:11: one of reply or replies is needed"]),
    (
        "files: [{filename: a, path: a.jsonl}]\n",
        ["1:23: 'path' needs a scenario that is a file itself; use 'rows' or 'text'"],
    ),
    # a match that cannot be meant
    (
        "replies:\n- match: {prompt: {regex: '(ab'}}\n  reply: {}\n",
        [
            (
                "2:27: regex must be a regular expression (missing ), unterminated subpattern at position 0),"
                " not '(ab'"
            )
        ],
    ),
    (
        "replies: [{match: {endpoint: chat.completion}, reply: {}}]\n",
        [f"1:30: endpoint must be {A_CALL}, not 'chat.completion' (did you mean 'chat.completions'?)"],
    ),
    (
        "faults: [{match: {any: [{endpoint: {in: [files.list, files.creat]}}]}, fault: hang}]\n",
        [f"1:54: in[1] must be {A_CALL}, not 'files.creat' (did you mean 'files.create'?)"],
    ),
    (
        "training: [{match: {not: {prompt: x}}}]\n",
        [
            "1:27: nobody knows the 'prompt' of a fine-tune; ask about model, suffix, api, file_name or metadata"
        ],
    ),
    (
        "training: [{match: {model: ada, stream: true}}]\n",
        [
            "1:33: nobody knows the 'stream' of a fine-tune; ask about model, suffix, api, file_name or metadata"
        ],
    ),
    ("replies: [{match: {temperature: '0'}, reply: {}}]\n", ["1:33: temperature must be a number, not '0'"]),
    (
        "training: [{match: {api: legasy}}]\n",
        ["1:26: api must be 'legacy' or 'modern', not 'legasy' (did you mean 'legacy'?)"],
    ),
    ("training: [{match: davinci}]\n", ["1:20: match must be a mapping, not 'davinci'"]),
    (
        "replies: [{match: {any: [{model: a}, {modle: b}]}, reply: {}}]\n",
        ["1:39: unknown key 'modle' (did you mean 'model'?)"],
    ),
    (
        "replies: [{match: {nto: {model: a}}, reply: {}}]\n",
        ["1:20: unknown key 'nto' (did you mean 'not'?)"],
    ),
    (
        "replies: [{match: {header: {x-team: {stars_with: a}}}, reply: {}}]\n",
        ["1:38: unknown operator 'stars_with' (did you mean 'starts_with'?)"],
    ),
    (
        "replies: [{match: {body: {json_pth: {$.a: 1}}}, reply: {}}]\n",
        ["1:27: unknown operator 'json_pth' (did you mean 'json_path'?)"],
    ),
    (
        "replies: [{match: {body: {json_path: {tools: 1}}}, reply: {}}]\n",
        ['1:39: a path must be a path such as $.messages[-1].content, $.tools[*].type or $["a name"]'],
    ),
    (
        "replies: [{match: {turn: two}, reply: {}}]\n",
        ["1:26: turn must be a number, not 'two'"],
    ),
    (
        "replies: [{match: {last_usr: x}, reply: {}}]\n",
        ["1:20: unknown key 'last_usr' (did you mean 'last_user'?)"],
    ),
    (
        "replies: [{match: {prompt: {gte: 3}}, reply: {}}]\n",
        ["1:29: 'gte' compares numbers, and prompt is not a number"],
    ),
    # what is answered
    (
        "replies:\n- reply: {from_trainig_file: true}\n",
        ["2:11: unknown key 'from_trainig_file' (did you mean 'from_training_file'?)"],
    ),
    ("replies: [{reply: {echo: yes}}]\n", ["1:26: echo must be true, not 'yes'"]),
    (
        "replies: [{reply: {error: insuficient_quota}}]\n",
        [
            (
                "1:27: error must be the code of an official error, such as rate_limit_exceeded,"
                " not 'insuficient_quota' (did you mean 'insufficient_quota'?)"
            )
        ],
    ),
    ("replies: [{reply: {status: 99}}]\n", ["1:28: status must be a number of at least 200, not 99"]),
    ("replies: [{reply: {status: 600}}]\n", ["1:28: status must be a number of at most 599, not 600"]),
    ("replies: [{reply: {delay: soon}}]\n", [f"1:27: delay must be {A_DURATION}, not 'soon'"]),
    (
        "replies: [{reply: {}, per: kye}]\n",
        ["1:28: per must be 'key', 'job' or 'conversation', not 'kye' (did you mean 'key'?)"],
    ),
    (
        "replies: [{reply: {}, then: lop}]\n",
        ["1:29: then must be 'repeat_last', 'loop' or 'error', not 'lop' (did you mean 'loop'?)"],
    ),
    (
        "replies: [{reply: {usage: {prompt_token: 1}}}]\n",
        ["1:28: unknown key 'prompt_token' (did you mean 'prompt_tokens'?)"],
    ),
    (
        "replies: [{reply: {tool_calls: [{name: get weather}]}}]\n",
        ["1:40: name must be the name of a function (letters, digits, - and _), not 'get weather'"],
    ),
    ("replies: [{reply: {headers: {x-a: 3}}}]\n", ["1:35: x-a must be text, not 3"]),
    (
        "on_unmatched: eror\n",
        ["1:15: on_unmatched must be 'generate' or 'error', not 'eror' (did you mean 'error'?)"],
    ),
    (
        "stream: {tokens_per_secnd: 3}\n",
        ["1:10: unknown key 'tokens_per_secnd' (did you mean 'tokens_per_second'?)"],
    ),
    ("stream: {tokens_per_second: 0}\n", ["1:29: tokens_per_second must be a number above 0, not 0"]),
    ("stream: {jitter: 2}\n", ["1:18: jitter must be a number of at most 1, not 2"]),
    # files by recipe, tuned models
    (
        "files: [{filename: a, recipe: {rows: 3, template: {prompt: '{nmae}'}}}]\n",
        ["1:52: unknown placeholder 'nmae' (did you mean 'name'?)"],
    ),
    ("files: [{filename: a, recipe: {rows: 3}}]\n", ["1:31: 'template' is missing"]),
    (
        "files: [{filename: a, recipe: {rows: 0, template: {a: b}}}]\n",
        ["1:38: rows must be a number of at least 1, not 0"],
    ),
    ("tuned: [{id: mine}]\n", ["1:9: 'base' is missing"]),
    (
        FILE + "tuned: [{id: mine, base: davinci, training_file: file-abd}]\n",
        ["2:50: training_file must be the id of one of the files, not 'file-abd' (did you mean 'file-abc'?)"],
    ),
    ("models: [ada]\ntuned: [{id: ada, base: davinci}]\n", ["2:14: id must be unique, not 'ada'"]),
    # a story that cannot happen
    (
        DAVINCI + "    timeline:\n      - {after: 1s, epoch: 2}\n      - {after: 1s, epoch: 2}\n",
        ["5:21: epoch 2 cannot come after epoch 2"],
    ),
    (
        DAVINCI + "    timeline:\n      - {after: 1s, succeeded: true}\n      - {after: 1s, epoch: 1}\n",
        ["5:21: 'epoch' cannot come after 'succeeded'"],
    ),
    (
        DAVINCI + "    timeline:\n      - {after: 1s, started: true}\n      - {after: 1s, queue: 1}\n",
        ["5:21: 'queue' cannot come after 'started'"],
    ),
    (
        DAVINCI + "    timeline:\n      - {after: 1s, model: true}\n      - {after: 1s, model: true}\n",
        ["5:21: 'model' can happen only once"],
    ),
    (
        DAVINCI + "    takes: 3s\n    timeline: [{after: 1s, started: true}]\n",
        ["3:5: 'takes' and 'timeline' exclude each other"],
    ),
    (
        DAVINCI + "    outcome: {failed: {at: queue}}\n    timeline: [{after: 1s, succeeded: true}]\n",
        ["4:28: this job fails, so it cannot have succeeded"],
    ),
    (
        DAVINCI + "    outcome: {failed: {at: epoch 5}}\n    timeline: [{after: 1s, epoch: 1}]\n",
        [
            "3:28: at must be an epoch of the timeline (it has 1 to 1), not 'epoch 5'",
        ],
    ),
    # what does not fit together
    (
        FILE + JOB.replace("abc", "abd") + "}\n",
        ["3:33: training_file must be the id of one of the files, not 'file-abd' (did you mean 'file-abc'?)"],
    ),
    (
        FILE + JOB + "validation_file: file-Zq3kW}\n",
        ["3:84: validation_file must be the id of one of the files, not 'file-Zq3kW'"],
    ),
    (
        FILE + JOB + "ids: {job: ft-1}}\n",
        ["3:78: job must be an id that begins with ftjob- for a job of the modern API, not 'ft-1'"],
    ),
    (
        FILE + JOB + "hyperparameters: {n_epochs: 2}, outcome: {failed: {at: epoch 3}}}\n",
        ["3:122: at must be one of the 2 epochs of this job, not 'epoch 3'"],
    ),
    ("models: [ada, ada]\n", ["1:15: models[1] must be unique, not 'ada'"]),
    # everything at once, in the order of the file
    (
        "version: 2\nclock: {rate: atuo}\ntitel: x\n",
        [
            "1:10: version must be 1, not 2",
            "2:15: rate must be a number or 'auto', not 'atuo' (did you mean 'auto'?)",
            "3:1: unknown key 'titel' (did you mean 'title'?)",
        ],
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_wrong_scenario_is_refused_with_place_and_hint(text, said):
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "s.yaml")

    assert [f"s.yaml:{line}" for line in said] == str(caught.value).splitlines()


def test_a_problem_has_its_parts_apart():
    with pytest.raises(ScenarioError) as caught:
        load_text("clock: {rat: 1}", "s.yaml")

    assert [Problem("s.yaml", 1, 9, "unknown key 'rat'", "rate")] == caught.value.problems


def test_a_problem_of_a_whole_file_has_no_line():
    assert "s.yaml: cannot be read" == str(Problem("s.yaml", None, None, "cannot be read"))


def test_a_long_value_is_shortened():
    with pytest.raises(ScenarioError) as caught:
        load_text(f"seed: {'x' * 500}", "s.yaml")

    assert f"s.yaml:1:7: seed must be a whole number, not '{'x' * 37}…'" == str(caught.value)
