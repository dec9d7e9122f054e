"""No lie between two endpoints: hypothesis walks at random through files, jobs, models and time.

Whatever was done and however far time has gone, every endpoint tells the same story. The model is small, because it
does not know when things happen: it remembers what was said before, and compares what is said now with that.
"""

import csv
import functools

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

RUNNERS = 2
WORLD = f"""
version: 1
clock: {{start: 2026-08-01T12:00:00Z, rate: 0}}
account: {{user: user-theowner}}
runners: {RUNNERS}
uploads: {{processing: 5s}}
training:
  - {{match: {{suffix: doomed}}, takes: 40s, outcome: {{failed: {{at: epoch 2, message: As foretold}}}}}}
  - {{match: {{suffix: queued}}, takes: 40s, queue: 3, queue_gap: 5s}}
  - {{takes: 40s}}
"""
PAIRS = b'{"prompt":"one two","completion":" three"}\n' * 3
CHATS = b'{"messages":[{"role":"user","content":"one two"},{"role":"assistant","content":"three"}]}\n' * 10
#: tokens in one epoch: 2 + 1 in each pair; 3 a message, 3 a chat, 1 a role, and the words themselves in each chat
TOKENS = {PAIRS: 3 * (2 + 1), CHATS: 10 * (3 + (3 + 1 + 2) + (3 + 1 + 1))}
FINAL = {"succeeded", "failed", "cancelled"}
LEGACY = {"validating_files": "pending", "queued": "pending", "paused": "pending"}
#: so many seconds pass before something is done; a job takes forty
AFTER = st.sampled_from([0, 0, 1, 3, 7, 12, 20, 60])
SUFFIXES = st.sampled_from([None, "doomed", "queued", "mine"])
EPOCHS = st.integers(2, 3)


class Story(RuleBasedStateMachine):
    """One world; `files` and `jobs` hold what it has given out, `gone` what was deleted."""

    files, jobs = Bundle("files"), Bundle("jobs")

    def __init__(self, http, server_url):
        super().__init__()
        self.http = http
        opened = http.post(f"{server_url}/_mock/worlds", json={"yaml": WORLD}).json()
        self.server_url, self.id = server_url, opened["id"]
        self.root = opened["base_url"].removesuffix("/v1")
        self.now = 0.0
        self.uploaded = {}  # file id -> its contents
        self.gone = set()  # files and models that were deleted
        self.orphans = set()  # models whose job was forgotten
        self.orders = {}  # job id -> (contents of the training file, epochs)
        self.ended = {}  # job id -> what was told of it when it had ended

    def teardown(self):
        assert 200 == self.http.delete(f"{self.server_url}/_mock/worlds/{self.id}").status_code

    def call(self, method, path, **request):
        """Return status and body; there is no server error, and every refusal has the official shape."""
        headers = {"authorization": "Bearer sk-x"}
        answer = self.http.request(method, f"{self.root}{path}", headers=headers, **request)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert {"message", "type", "param", "code"} == answer.json()["error"].keys()
        return answer.status_code, answer.text if path.endswith("/content") else answer.json()

    def get(self, path):
        status, body = self.call("GET", path)
        assert 200 == status, body
        return body

    def all_pages(self, path, limit):
        """Collect a list page by page."""
        found, cursor = [], ""
        while True:
            page = self.get(f"{path}?limit={limit}{cursor}")
            found += page["data"]
            if not page["has_more"]:
                return found
            assert limit == len(page["data"])
            cursor = f"&after={page['data'][-1]['id']}"

    # --- what somebody does ------------------------------------------------------------------------------------------

    def advance(self, seconds):
        status, clock = self.call("POST", "/_mock/clock", json={"advance": seconds})
        assert (200, pytest.approx(self.now + seconds)) == (status, clock["now"])
        self.now = clock["now"]

    @initialize(target=files)
    def begin(self):
        return multiple(self.upload(PAIRS), self.upload(CHATS))

    @rule(target=files, contents=st.sampled_from([PAIRS, CHATS]))
    def upload(self, contents):
        form = {"purpose": (None, "fine-tune"), "file": ("data.jsonl", contents)}
        status, file = self.call("POST", "/v1/files", files=form)
        assert (200, len(contents)) == (status, file["bytes"])
        self.uploaded[file["id"]] = contents
        return file["id"]

    @rule(
        target=jobs,
        after=AFTER,
        file=files,
        suffix=SUFFIXES,
        epochs=EPOCHS,
        misfit=st.sampled_from(5 * [0] + [1]),
    )
    def train(self, after, file, suffix, epochs, misfit):
        """Pairs go to the legacy API and chats to today's, or now and then the other way round, which fails."""
        self.advance(after)
        asked = {"training_file": file} | ({"suffix": suffix} if suffix else {})
        if (self.uploaded.get(file) == PAIRS) != bool(misfit):
            asked |= {"model": "davinci", "n_epochs": epochs}
            status, job = self.call("POST", "/v1/fine-tunes", json=asked)
        else:
            asked |= {"model": "gpt-4o-mini-2024-07-18", "hyperparameters": {"n_epochs": epochs}}
            status, job = self.call("POST", "/v1/fine_tuning/jobs", json=asked)
        assert (200 if file in self.uploaded.keys() - self.gone else 400) == status, job
        if status == 400:
            return multiple()
        self.orders[job["id"]] = self.uploaded[file], epochs
        return job["id"]

    @rule(after=AFTER, job=jobs, move=st.sampled_from(["cancel", "pause", "resume"]), legacy=st.booleans())
    def interfere(self, after, job, move, legacy):
        self.advance(after)
        before = self.get(f"/v1/fine_tuning/jobs/{job}")
        legal = {
            "cancel": before["status"] not in FINAL,
            "pause": before["status"] in {"queued", "running"},
            "resume": before["status"] == "paused",
        }
        api = "fine-tunes" if legacy and move == "cancel" else "fine_tuning/jobs"
        status, _ = self.call("POST", f"/v1/{api}/{job}/{move}")
        assert (200 if legal[move] else 400) == status

    @rule(after=AFTER, job=jobs, idle=st.integers(0, 100))
    def pausing_costs_nothing_but_the_pause(self, after, job, idle):
        """A running job that is paused and resumed has as much before it as it had."""
        self.call("POST", "/_mock/clock", json={"run_until": {"job": job, "status": "running"}})
        self.time_goes_forward()
        self.advance(after)
        before = self.get(f"/v1/fine_tuning/jobs/{job}")
        if before["status"] != "running":
            return
        self.call("POST", f"/v1/fine_tuning/jobs/{job}/pause")
        assert self.get(f"/v1/fine_tuning/jobs/{job}")["estimated_finish"] is None
        self.advance(idle)
        self.call("POST", f"/v1/fine_tuning/jobs/{job}/resume")
        after = self.get(f"/v1/fine_tuning/jobs/{job}")
        if after["status"] == "running":
            assert before["estimated_finish"] + idle == after["estimated_finish"]

    @rule(file=files)
    def delete_file(self, file):
        status, _ = self.call("DELETE", f"/v1/files/{file}")
        if status == 409:
            return
        assert (404 if file in self.gone else 200) == status
        self.gone.add(file)

    @rule(target=files, after=AFTER, job=jobs)
    def notice_results(self, after, job):
        self.advance(after)
        return multiple(*self.get(f"/v1/fine_tuning/jobs/{job}")["result_files"])

    @rule(after=AFTER, job=consumes(jobs))
    def forget(self, after, job):
        """A job can be forgotten when it has ended; its models and files stay."""
        self.advance(after)
        made = self.models_of(job)
        ended = self.get(f"/v1/fine_tuning/jobs/{job}")["status"] in FINAL
        status, _ = self.call("DELETE", f"/v1/fine-tunes/{job}")
        assert (200 if ended else 400) == status
        if ended:
            self.orphans |= made
            del self.orders[job]
            for path in (f"/v1/fine-tunes/{job}", f"/v1/fine_tuning/jobs/{job}"):
                assert 404 == self.call("GET", path)[0] == self.call("GET", f"{path}/events")[0]

    @rule(after=AFTER, job=jobs, which=st.integers(0, 3))
    def delete_model(self, after, job, which):
        self.advance(after)
        for model in sorted(self.models_of(job))[which : which + 1]:
            status, _ = self.call("DELETE", f"/v1/models/{model}")
            assert (404 if model in self.gone else 200) == status
            self.gone.add(model)

    # --- what holds, whatever was done -------------------------------------------------------------------------------

    @invariant()
    def time_goes_forward(self):
        now = self.get("/_mock/clock")["now"]
        assert now >= self.now
        self.now = now

    @invariant()
    def a_deleted_thing_is_gone_everywhere(self):
        listed = {file["id"] for file in self.get("/v1/files")["data"]}
        assert set(self.uploaded) - self.gone <= listed
        assert not listed & self.gone
        for name in self.gone:
            path = f"/v1/files/{name}" if name.startswith("file-") else f"/v1/models/{name}"
            assert 404 == self.call("GET", path)[0]

    @invariant()
    def both_apis_tell_the_same_of_every_job(self):
        modern, legacy = (
            self.get("/v1/fine_tuning/jobs?limit=100")["data"],
            self.get("/v1/fine-tunes")["data"],
        )
        assert list(self.orders) == [job["id"] for job in legacy] == [job["id"] for job in reversed(modern)]
        assert sorted(job["created_at"] for job in legacy) == [job["created_at"] for job in legacy]
        assert sum(job["status"] == "running" for job in modern) <= RUNNERS
        for job, fine_tune in zip(modern, reversed(legacy), strict=True):
            done = job["status"] == "succeeded"
            assert LEGACY.get(job["status"], job["status"]) == fine_tune["status"]
            assert job["created_at"] == fine_tune["created_at"]
            assert job["result_files"] == [file["id"] for file in fine_tune["result_files"]]
            assert [job["training_file"]] == [file["id"] for file in fine_tune["training_files"]]
            assert job["fine_tuned_model"] == (fine_tune["fine_tuned_model"] if done else None)
            assert done == (job["trained_tokens"] is not None)
            assert (job["status"] == "failed") == (job["error"] is not None)
            assert job["finished_at"] == (fine_tune["updated_at"] if job["status"] in FINAL else None)
            if job["status"] in FINAL:
                assert self.ended.setdefault(job["id"], job) == job

    @invariant()
    def a_model_exists_exactly_from_its_upload_to_its_deletion(self):
        told = self.orphans.union(*map(self.models_of, self.orders)) - self.gone
        listed = {
            each["id"] for each in self.get("/v1/models")["data"] if each["owned_by"] == "user-theowner"
        }
        assert told == listed
        for model in listed:
            assert model == self.get(f"/v1/models/{model}")["id"]

    def models_of(self, job):
        """Return the models a job has uploaded, by what its logs and its checkpoints say."""
        said = [event["message"] for event in self.get(f"/v1/fine-tunes/{job}/events")["data"]]
        uploaded = {
            each.removeprefix("Uploaded model: ") for each in said if each.startswith("Uploaded model: ")
        }
        kept = self.get(f"/v1/fine_tuning/jobs/{job}/checkpoints")["data"]
        return uploaded | {checkpoint["fine_tuned_model_checkpoint"] for checkpoint in kept}

    # --- a closer look, now and then ---------------------------------------------------------------------------------

    @rule(limit=st.integers(1, 4))
    def a_list_is_the_same_in_pages_of_any_size(self, limit):
        for path in ("/v1/files", "/v1/fine_tuning/jobs"):
            assert self.get(path)["data"] == self.all_pages(path, limit)

    @rule(after=AFTER, job=jobs, limit=st.integers(1, 100))
    def the_log_of_a_job_is_in_order_and_agrees_with_its_results(self, after, job, limit):
        self.advance(after)
        events = self.all_pages(f"/v1/fine_tuning/jobs/{job}/events", limit)[::-1]
        assert sorted(event["created_at"] for event in events) == [event["created_at"] for event in events]
        seen = self.get(f"/v1/fine_tuning/jobs/{job}")
        contents, epochs = self.orders[job]
        if seen["status"] == "succeeded":
            assert TOKENS[contents] * epochs == seen["trained_tokens"]
            assert seen["finished_at"] == events[-1]["created_at"]
        for file in set(seen["result_files"]) - self.gone:
            rows = list(csv.DictReader(self.get(f"/v1/files/{file}/content").splitlines()))
            measured = [event["data"] for event in events if event["type"] == "metrics"]
            assert len(rows) == len(measured) == measured[-1]["total_steps"]
            column = "train_loss" if "train_loss" in rows[0] else "training_loss"
            for row, metrics in zip(rows, measured, strict=True):
                assert int(row["step"]) == metrics["step"]
                assert float(row[column]) == pytest.approx(metrics["train_loss"], abs=1e-5)

    @rule(after=AFTER)
    def a_tuned_model_can_be_asked_exactly_while_it_exists(self, after):
        self.advance(after)
        for model in self.orphans.union(*map(self.models_of, self.orders)):
            if model.startswith("davinci"):
                status, answer = self.call(
                    "POST", "/v1/completions", json={"model": model, "prompt": "one two"}
                )
                assert (404 if model in self.gone else 200) == status, answer


@pytest.mark.timeout(600)  # a failure is told in few steps after minutes of looking for them
def test_whatever_happens_every_endpoint_tells_the_same_story(mock, http):
    run_state_machine_as_test(
        functools.partial(Story, http, mock.url),
        settings=settings(
            max_examples=100,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
