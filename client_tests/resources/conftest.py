"""What the tests of fine-tuning share."""

import pytest


@pytest.fixture
def jobs(client):
    return client.fine_tuning.jobs


@pytest.fixture
def train(client, chats):
    """Upload examples, the twelve chats unless told, and create a job that trains on them."""

    def create(data=chats, **asked):
        file = client.files.create(file=data, purpose="fine-tune")
        told = {"model": "gpt-4o-mini-2024-07-18", "training_file": file.id}
        return client.fine_tuning.jobs.create(**told | asked)

    return create


@pytest.fixture
def preferences():
    """Twelve examples of a preferred and another answer, for a DPO job."""
    line = (
        '{{"input":{{"messages":[{{"role":"user","content":"Say {n}"}}]}},'
        '"preferred_output":[{{"role":"assistant","content":"Number {n}"}}],'
        '"non_preferred_output":[{{"role":"assistant","content":"No"}}]}}\n'
    )
    return "".join(line.format(n=n) for n in range(12)).encode()


@pytest.fixture
def questions():
    """Twelve questions with the label a grader compares the answer with, for a reinforcement job."""
    line = '{{"messages":[{{"role":"user","content":"Say {n}"}}],"label":"Number {n}"}}\n'
    return "".join(line.format(n=n) for n in range(12)).encode()


@pytest.fixture
def statuses(jobs):
    """Ask what some jobs are."""
    return lambda *some: [jobs.retrieve(job.id).status for job in some]


@pytest.fixture
def lasted(jobs):
    """Ask how many seconds there were between the creation and the end of some jobs."""

    def seconds(*some):
        ended = (jobs.retrieve(job.id) for job in some)
        return [job.finished_at - job.created_at for job in ended]

    return seconds


@pytest.fixture
def said(jobs):
    """Ask for the messages of a job, the oldest first."""

    def messages(job):
        events = list(jobs.list_events(job.id, limit=100))
        return [event.message for event in reversed(events) if event.type == "message"]

    return messages
