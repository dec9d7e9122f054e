"""A classifier of 2023 is measured while it learns, and then tells glad reviews from cross ones."""

import csv
import io
import json

import pytest

GLAD = " glad"
COLUMNS = [
    "step",
    "elapsed_tokens",
    "elapsed_examples",
    "training_loss",
    "training_sequence_accuracy",
    "training_token_accuracy",
    "validation_loss",
    "validation_sequence_accuracy",
    "validation_token_accuracy",
    "classification/accuracy",
    "classification/precision",
    "classification/recall",
    "classification/auroc",
    "classification/auprc",
    "classification/f1.0",
]


@pytest.fixture
def trained(still, client):
    """The fine-tune as one ordered it then, when it is done."""
    body = {
        "model": "ada",
        "training_file": "file-reviews",
        "validation_file": "file-more-reviews",
        "compute_classification_metrics": True,
        "classification_positive_class": GLAD,
    }
    job = client.post("/fine-tunes", body=body, cast_to=object)
    still.finish(job["id"])
    return client.get(f"/fine-tunes/{job['id']}", cast_to=object)


def test_the_result_file_has_the_metrics_of_every_epoch(client, trained):
    [results] = trained["result_files"]

    rows = list(csv.DictReader(io.StringIO(client.files.content(results["id"]).text)))

    assert "compiled_results.csv" == results["filename"]
    assert COLUMNS == list(rows[0])
    measured = [row for row in rows if row["classification/accuracy"]]
    assert trained["hyperparams"]["n_epochs"] == len(measured)
    assert all(0 <= float(row[name]) <= 1 for row in measured for name in COLUMNS[9:])
    first, last = (float(measured[place]["classification/accuracy"]) for place in (0, -1))
    assert first <= last


def test_the_classifier_answers_with_a_class_and_how_sure_it_is(client, trained):
    reviews = [json.loads(line) for line in client.files.content("file-reviews").content.splitlines()]
    for review in reviews:
        answer = client.completions.create(
            model=trained["fine_tuned_model"],
            prompt=review["prompt"],
            max_tokens=1,
            temperature=0,
            logprobs=2,
        )
        [choice] = answer.choices
        assert review["completion"] == choice.text
        assert max(choice.logprobs.top_logprobs[0].values()) == choice.logprobs.token_logprobs[0]
