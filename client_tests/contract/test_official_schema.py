"""OpenAI's own OpenAPI document as the judge of every answer this server gives."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CHOICE = "CreateCompletionResponse/properties/choices/items/properties"
LOGPROBS = f"{CHOICE}/logprobs/anyOf/0/properties"
#: where the document is wrong about the service it describes: the schema, a value it forgets, why that value is right
ERRATA = [
    ("OpenAIFile/properties/purpose", "evals", "the same document lets files of this purpose in"),
    ("ListFilesResponse/properties/first_id", None, "an empty page has no first file"),
    ("ListFilesResponse/properties/last_id", None, "an empty page has no last file"),
    ("FineTuningJob/properties/status", "paused", "the document's own example of a paused job says so"),
    (f"{CHOICE}/finish_reason", None, "in a stream, only the last chunk of a choice has a reason"),
    ("CreateCompletionResponse/properties/usage", None, "in a stream, only the chunk after the last has one"),
    (f"{LOGPROBS}/token_logprobs/items", None, "with echo, the first token has no probability"),
    (f"{LOGPROBS}/top_logprobs/items", None, "with echo, the first token has no rivals"),
]
#: what is answered in another form than documented
NOT_JSON = {("GET", "/files/{file_id}/content"): "the document says a JSON string; it is the file itself"}


def corrected(document):
    """Return the document with its errata, and `exclusiveMinimum: true` (of OpenAPI 3.0) as the 3.1 it says it is."""

    def modern(node):
        if isinstance(node, list):
            return [modern(each) for each in node]
        if not isinstance(node, dict):
            return node
        node = {name: modern(value) for name, value in node.items()}
        if node.get("exclusiveMinimum") is True:
            node["exclusiveMinimum"] = node.pop("minimum")
        return node

    document = modern(document)
    for place, value, _ in ERRATA:
        *way, name = place.split("/")
        node = document["components"]["schemas"]
        for step in way:
            node = node[int(step) if step.isdigit() else step]
        node[name] = {"anyOf": [node[name], {"const": value}]}
    return document


class Judge:
    """Calls the API as the official document writes it, and holds every answer against the document."""

    def __init__(self, http, url, document):
        self.http, self.url, self.seen = http, url, set()
        self.registry = Registry().with_resource(
            "official:", DRAFT202012.create_resource(corrected(document))
        )

    def __call__(self, method, path, *ids, **request):
        """Call, for instance, `GET /files/{file_id}` with its id; return the JSON of the answer, or its bytes."""
        where = path
        for each in ids:
            where = re.sub(r"{\w+}", each, where, count=1)
        answer = self.http.request(
            method, self.url + where, headers={"authorization": "Bearer sk-x"}, **request
        )
        assert 200 == answer.status_code, answer.text
        self.seen.add((method, path))
        if (method, path) in NOT_JSON:
            return answer.content
        if answer.headers["content-type"].startswith("text/event-stream"):
            chunks = [line[6:] for line in answer.text.splitlines() if line]
            assert "[DONE]" == chunks.pop()
            return [self.judged(method, path, json.loads(chunk)) for chunk in chunks]
        return self.judged(method, path, answer.json())

    def judged(self, method, path, body):
        place = ["paths", path, method.lower(), "responses", "200", "content", "application/json", "schema"]
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in place)
        judge = Draft202012Validator({"$ref": f"official:#/{pointer}"}, registry=self.registry)
        faults = [
            f"{method} {path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in judge.iter_errors(body)
        ]
        assert not faults, "\n".join(faults)
        return body


GRADER = {
    "type": "string_check",
    "name": "same",
    "input": "{{sample.output_text}}",
    "reference": "B",
    "operation": "eq",
}
MINI = "gpt-4o-mini-2024-07-18"
JOB, JOBS = "/fine_tuning/jobs/{fine_tuning_job_id}", "/fine_tuning/jobs"
PERMISSIONS = "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"


@pytest.fixture
def judge(http, server, official):
    return Judge(http, server.url, official)


@pytest.fixture
def upload(judge):
    def upload(contents, purpose="fine-tune", **more):
        form = {"purpose": purpose} | more
        return judge("POST", "/files", data=form, files={"file": ("data.jsonl", contents)})["id"]

    return upload


def tell_of_files(judge, upload):
    judge("GET", "/files")
    kept = upload(
        b"anything", "evals", **{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    )
    for purpose in ("assistants", "batch", "user_data", "vision"):
        upload(b'{"custom_id":"1"}\n', purpose)
    judge("GET", "/files", params={"limit": 2, "order": "asc"})
    judge("GET", "/files/{file_id}", kept)
    assert b"anything" == judge("GET", "/files/{file_id}/content", kept)
    judge("DELETE", "/files/{file_id}", kept)


def tell_of_jobs(judge, server, training_file, faulty_file):
    """Jobs of every method, in every state; return the one that has succeeded."""
    reinforcement = {"grader": GRADER, "hyperparameters": {"reasoning_effort": "low"}}
    orders = [
        {"training_file": training_file, "validation_file": training_file, "suffix": "mine", "seed": 7}
        | {
            "metadata": {"a": "b"},
            "integrations": [{"type": "wandb", "wandb": {"project": "p", "tags": ["t"]}}],
        },
        {"training_file": training_file, "hyperparameters": {"n_epochs": 2, "batch_size": 3}},
        {"training_file": training_file, "method": {"type": "supervised", "supervised": {}}},
        {"training_file": faulty_file, "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2}}}},
        {"training_file": training_file, "method": {"type": "reinforcement", "reinforcement": reinforcement}},
    ]
    made = [judge("POST", JOBS, json={"model": MINI} | order)["id"] for order in orders]
    for seconds in (0, 2, 2, 4, 6, 100):
        server.advance(seconds)
        judge("GET", JOBS)
        for job in made:
            judge("GET", JOB, job)
            judge("GET", f"{JOB}/events", job)
            judge("GET", f"{JOB}/checkpoints", job)
    assert "failed" == judge("GET", JOB, made[3])["status"]
    return made[0]


def tell_of_interference(judge, server, training_file):
    job = judge("POST", JOBS, json={"model": MINI, "training_file": training_file})["id"]
    server.finish(job, "running")
    for move in ("pause", "resume", "cancel"):
        judge("POST", f"{JOB}/{move}", job)
        judge("GET", JOBS, params={"limit": 1})
        judge("GET", JOB, job)


def tell_of_a_tuned_model(judge, job):
    tuned = judge("GET", JOB, job)["fine_tuned_model"]
    judge("GET", f"{JOB}/events", job, params={"limit": 1})
    kept = judge("GET", f"{JOB}/checkpoints", job)["data"][-1]["fine_tuned_model_checkpoint"]
    judge("POST", PERMISSIONS, kept, json={"project_ids": ["proj_a", "proj_b"]})
    given = judge("GET", PERMISSIONS, kept, params={"limit": 1})["data"]
    judge("DELETE", PERMISSIONS + "/{permission_id}", kept, given[0]["id"])
    judge("GET", "/models")
    for model in (tuned, MINI, "davinci"):
        judge("GET", "/models/{model}", model)
    judge("DELETE", "/models/{model}", tuned)


def tell_of_graders(judge):
    for operation in ("eq", "ne", "like", "ilike"):
        grader = GRADER | {"operation": operation}
        judge("POST", "/fine_tuning/alpha/graders/validate", json={"grader": grader})
        judge(
            "POST", "/fine_tuning/alpha/graders/run", json={"grader": grader, "item": {}, "model_sample": "B"}
        )


def tell_of_completions(judge):
    for asked in (
        {},
        {"prompt": ["one", "two"], "n": 2, "best_of": 3, "max_tokens": 3},
        {"prompt": "one two", "logprobs": 2, "echo": True, "stop": ["\n"], "seed": 1},
        {"prompt": [3, 4, 5], "suffix": "!", "logit_bias": {"50": -100}, "max_tokens": 0, "echo": True},
        {"prompt": "one", "stream": True, "logprobs": 1},
        {"prompt": "one", "stream": True, "n": 2, "stream_options": {"include_usage": True}},
    ):
        judge("POST", "/completions", json={"model": "davinci-002", "prompt": "one"} | asked)


def test_every_answer_is_one_the_official_document_describes(
    judge, server, upload, official, operations, chats
):
    tell_of_files(judge, upload)
    training_file = upload(chats)
    job = tell_of_jobs(judge, server, training_file, upload(b'{"messages":[]}\n'))
    tell_of_interference(judge, server, training_file)
    tell_of_a_tuned_model(judge, job)
    tell_of_graders(judge)
    tell_of_completions(judge)

    paths = official["paths"]
    ours = {
        (method.upper(), path.removeprefix("/v1"))
        for method, path, _ in operations
        if path.startswith("/v1/")
    }
    assert judge.seen == {(method, path) for method, path in ours if method.lower() in paths.get(path, ())}


def test_only_the_legacy_fine_tunes_are_no_longer_in_the_official_document(official, operations):
    paths = official["paths"]
    ours = {path.removeprefix("/v1") for _, path, _ in operations if path.startswith("/v1/")}

    assert {path for path in ours if path.startswith("/fine-tunes")} == ours - set(paths)
