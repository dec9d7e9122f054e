"""The guide of March 2023, typed again: the real command line of that time prints what the guide quotes.

Nothing is masked: the scenario tells the ids, the clock tells the times, the training files the costs.
"""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import httpx2
import openai
import pytest
from matrix.environments import environment
from matrix.shell import Shell

from mockserver.scenario.loader import load
from mockserver.scenario.models import Scenario
from mockserver.testing.server import MockServer

DATA = Path(__file__).parent.parent / "data"
LOG = (DATA / "guide-log.txt").read_text(encoding="utf-8")
FILES = json.loads((DATA / "guide-files.json").read_bytes())
MODELS = json.loads((DATA / "guide-models.json").read_bytes())

JOB = "ft-kF14mQsWGkU4qRwDSsZL1Wr0"
RESULT_FILE = "file-pH9nCn1Eqt51N7AgrZ2GXVwg"
CURIE, DAVINCI = "curie:ft-personal-2023-03-15-03-15-09", "davinci:ft-personal-2023-03-15-09-11-14"
PREPARE = ("tools", "fine_tunes.prepare_data", "-f", "data.jsonl", "-q")
CREATE = ("api", "fine_tunes.create", "-t", "./data_prepared.jsonl", "-m")
CHINA = "CST-8"  # eight hours ahead of UTC, in words that every system knows


@dataclass(frozen=True, slots=True)
class Walk:
    """The guide, walked up to the tuned model: the terminal to go on in, and what was printed on the way."""

    shell: Shell
    server: MockServer
    before: "CompletedProcess[str]"
    typo: "CompletedProcess[str]"
    chat_model: "CompletedProcess[str]"
    created: "CompletedProcess[str]"


@pytest.fixture(scope="module", params=["0.27.2", "0.28.1"])
def version(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def walk(version, tmp_path_factory):
    """Nobody has to wait: the clock jumps to whatever somebody waits for."""
    with MockServer(_guide(rate="auto")) as server:
        shell = _terminal(version, tmp_path_factory.mktemp("guide"), server)
        before = shell.openai("api", "files.list")
        typo = shell.openai(*CREATE, "davanci")
        uploaded = typo.stdout.split()[-1]
        yield Walk(
            shell,
            server,
            before,
            typo,
            chat_model=shell.openai(*CREATE, "gpt-3.5-turbo", typed="\n"),
            created=shell.openai(*CREATE, "davinci", typed=f"{uploaded}\n"),
        )


def _guide(**clock: object) -> Scenario:
    """Return the shipped scenario with another clock; where its files are, it knows itself."""
    guide = load("guide-2023")
    return guide.model_copy(update={"clock": guide.clock.model_copy(update=clock)})


def _terminal(version: str, folder: Path, server: MockServer) -> Shell:
    """Return a terminal in a folder with the guide's second file, somewhere in China."""
    (folder / "data_prepared.jsonl").write_bytes((DATA / "data_prepared.jsonl").read_bytes())
    return Shell(environment(version), folder, server.base_url, timezone=CHINA)


def _printed(walk: Walk, *command: str):
    """Return what a command of the API prints, as JSON."""
    told = walk.shell.openai("api", *command)
    assert 0 == told.returncode, told.stderr
    return json.loads(told.stdout)


# --- the data ---------------------------------------------------------------------------------------------------


def test_prepare_data_writes_the_guides_second_file_byte_for_byte(version, tmp_path):
    (tmp_path / "data.jsonl").write_bytes((DATA / "data.jsonl").read_bytes())

    told = Shell(environment(f"{version}-datalib"), tmp_path, "http://127.0.0.1:9/v1").openai(*PREPARE)

    assert (DATA / "data_prepared.jsonl").read_bytes() == (tmp_path / "data_prepared.jsonl").read_bytes()
    assert "it'll approximately take 2.47 minutes to train a `curie` model" in told.stdout


def test_the_files_of_that_morning_are_listed_as_the_guide_shows_them(walk):
    """Only the size of the result file is our own: the guide does not show what is in it."""
    results, training = json.loads(walk.before.stdout)["data"]

    assert FILES["data"][1] == training
    assert FILES["data"][0] | {"bytes": results["bytes"]} == results


# --- the job ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "model"), [("typo", "davanci"), ("chat_model", "gpt-3.5-turbo")])
def test_a_model_that_is_no_base_is_refused_in_the_guides_words(walk, said, model):
    refused = getattr(walk, said)

    assert 1 == refused.returncode
    assert refused.stderr.endswith(
        f"Invalid base model: {model} (model must be one of ada, babbage, curie, davinci) or a fine-tuned model "
        "created by your organization: org-3KbHduxfiYR8Ou7S4hUp2WsT (HTTP status code: 400)\n"
    )


def test_a_file_of_the_same_name_and_size_can_be_used_again(walk):
    """The command asks; an empty line uploads the file once more, an id takes the one that is there."""
    [uploaded] = [
        line.split()[-1] for line in walk.typo.stdout.splitlines() if line.startswith("Uploaded file from")
    ]

    assert "Uploaded file from ./data_prepared.jsonl: file-" in walk.chat_model.stdout
    assert f"Reusing already uploaded file: {uploaded}\n" in walk.created.stdout


def test_creating_a_fine_tune_prints_the_guides_log_line_by_line(walk):
    assert 0 == walk.created.returncode
    assert LOG.splitlines() == walk.created.stdout[walk.created.stdout.index("[2023-") :].splitlines()


def test_following_it_afterwards_prints_the_same_log(walk):
    assert LOG == walk.shell.openai("api", "fine_tunes.follow", "-i", JOB).stdout


def test_the_log_comes_line_by_line_while_time_passes(version, tmp_path, http):
    """The scenario as it is shipped, ten minutes a second, and a teacher who skips what is boring."""
    skips = {f"Created fine-tune: {JOB}": 779, "Fine-tune enqueued": 5000, "Fine-tune started": 200}
    with MockServer("guide-2023") as server:
        shell = _terminal(version, tmp_path, server)
        lines = []
        with shell.start(*CREATE, "davinci") as command:
            for line in command.stdout:
                lines.append(line)
                if seconds := skips.get(line.partition("] ")[2].rstrip()):
                    _move_clock(http, server, advance=seconds)

    assert 0 == command.returncode
    assert "".join(lines).endswith(LOG)


def test_the_events_and_the_job_agree_with_the_log(walk):
    said = [line.partition("] ")[2] for line in LOG.splitlines() if line.startswith("[")]
    events = _printed(walk, "fine_tunes.events", "-i", JOB)["data"]
    job = _printed(walk, "fine_tunes.get", "-i", JOB)

    assert said == [event["message"] for event in events]
    assert events == job["events"]
    assert ("succeeded", DAVINCI, RESULT_FILE) == (
        job["status"],
        job["fine_tuned_model"],
        job["result_files"][0]["id"],
    )
    assert {"n_epochs": 4, "batch_size": 1, "prompt_loss_weight": 0.01, "learning_rate_multiplier": 0.1} == (
        job["hyperparams"]
    )


def test_both_fine_tunes_are_listed_without_their_logs(walk):
    listed = _printed(walk, "fine_tunes.list")["data"]

    assert [CURIE, DAVINCI] == [job["fine_tuned_model"] for job in listed[:2]]
    assert not any("events" in job for job in listed)


def test_the_results_are_eight_steps_of_two_examples_in_four_epochs(walk):
    """The guide's result file has 510 bytes: a header of 102 and eight rows."""
    told = walk.shell.openai("api", "fine_tunes.results", "-i", JOB)

    header, *rows = csv.reader(io.StringIO(told.stdout.rstrip()))
    assert [
        "step",
        "elapsed_tokens",
        "elapsed_examples",
        "training_loss",
        "training_sequence_accuracy",
        "training_token_accuracy",
    ] == header
    assert [(str(step), str(step)) for step in range(1, 9)] == [(row[0], row[2]) for row in rows]


def test_a_finished_fine_tune_cannot_be_cancelled_a_new_one_can(walk):
    refused = walk.shell.openai("api", "fine_tunes.cancel", "-i", JOB)
    assert (1, True) == (refused.returncode, refused.stderr.endswith("(HTTP status code: 400)\n"))

    second = walk.shell.openai(*CREATE, "ada", "--no_follow", "--no_check_if_files_exist").stdout
    cancelled = _printed(walk, "fine_tunes.cancel", "-i", json.loads(second[second.index("{") :])["id"])

    assert ("cancelled", "Fine-tune cancelled") == (cancelled["status"], cancelled["events"][-1]["message"])


# --- the models -------------------------------------------------------------------------------------------------


def test_both_models_are_listed_as_the_guide_shows_them(walk, version):
    """The later client prints the keys in the order of the wire, which is the guide's; the earlier sorts them."""
    listed = _printed(walk, "models.list")["data"]
    tuned = [model for model in listed if ":ft-" in model["id"]]

    assert MODELS == tuned
    if version == "0.28.1":
        assert json.dumps(MODELS) == json.dumps(tuned)


def test_todays_client_sees_the_trained_tokens_and_the_costs(pairs):
    """In March 2023 its endpoint was not there yet, so the guide is played in a world without a date."""
    story = load("guide-2023").model_copy(update={"as_of": None})
    with (
        MockServer(story) as server,
        openai.OpenAI(base_url=server.base_url, api_key="sk-test-key") as client,
    ):
        file = client.files.create(file=("data_prepared.jsonl", pairs), purpose="fine-tune")
        client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "davinci"})
        httpx2.post(f"{server.url}/_mock/clock", json={"run_until": {"job": JOB}}).raise_for_status()

        davinci = client.fine_tuning.jobs.retrieve(JOB)
        curie = next(job for job in client.fine_tuning.jobs.list() if job.model == "curie")
        logs = {
            job.id: client.get(f"/fine-tunes/{job.id}/events", cast_to=object)["data"]
            for job in (davinci, curie)
        }

    costs = {
        job: [event["message"] for event in log if "costs" in event["message"]] for job, log in logs.items()
    }
    assert (1008, 1288) == (davinci.trained_tokens, curie.trained_tokens)
    assert {davinci.id: ["Fine-tune costs $0.03"], curie.id: ["Fine-tune costs $0.00"]} == costs


# --- the answers ------------------------------------------------------------------------------------------------

SCRIPT = """
import openai

completion = openai.Completion.create(
  model="davinci:ft-personal-2023-03-15-09-11-14",
  max_tokens=100,
  stop=[".\\n"],
  temperature={temperature},
  prompt="How to jump to the specified work station?\\nAgent:"
)
print(completion)
print(completion["choices"][0]["text"])
"""


def test_the_guides_script_prints_the_guides_completions(tmp_path, http):
    """With the client of the guide, which sorts the keys, and at the seconds of the evening they were made in."""
    with MockServer(_guide(rate="auto")) as server:
        shell = _terminal("0.27.2", tmp_path, server)
        shell.openai(*CREATE, "davinci")
        for temperature, moment in (0, "2023-03-16T02:56:13Z"), (1, "2023-03-16T02:57:30Z"):
            _move_clock(http, server, advance_to=moment)

            printed = shell.python(SCRIPT.format(temperature=temperature)).stdout

            assert (DATA / f"guide-temperature-{temperature}.txt").read_text(encoding="utf-8") == printed


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (
            "How can a working station operate again?",
            " 9Were the harvesters concentrated into the factory first and how do they get",
        ),
        (
            "How to jump to the specified work station?",
            "\n\nYou can set a jump prompt on the Startup tab of a workstation",
        ),
        ("Where can I see the use record of spare parts?", " (Article 29)\n\nhttp://www.waju.or."),
    ],
)
def test_the_guides_first_tries_end_at_the_default_of_sixteen_tokens(walk, prompt, text):
    asked = {"model": DAVINCI, "temperature": 0, "stop": [".\n"], "prompt": prompt}
    told = json.loads(
        walk.shell.python(f"import openai; print(openai.Completion.create(**{asked!r}))").stdout
    )

    [choice] = told["choices"]
    assert (text, "length") == (choice["text"], choice["finish_reason"])
    assert 16 == told["usage"]["completion_tokens"]


def _move_clock(http: httpx2.Client, server: MockServer, **how: float | str) -> None:
    assert 200 == http.post(f"{server.url}/_mock/clock", json=how).status_code
