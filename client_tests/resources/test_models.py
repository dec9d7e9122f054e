"""Models, official and tuned, through the real client over a real socket."""

import openai
import pytest

MARCH_2023 = "as_of: 2023-03-15\n"


@pytest.fixture
def scenario():
    """What a test's scenario says beside the clock; a test that needs more parametrizes it."""
    return ""


@pytest.fixture
def server(open_world, scenario):
    """A world whose clock stands still on a whole second."""
    return open_world(yaml="version: 1\nclock: {start: 2025-06-01T12:00:00Z, rate: 0}\n" + scenario)


@pytest.fixture
def ten_pairs():
    """Ten prompt-completion pairs, as `davinci-002` trains on."""
    return b"".join(b'{"prompt":"Say %d","completion":" %d"}\n' % (n, n) for n in range(10))


def ids(client):
    return [model.id for model in client.models.list()]


# --- the catalogue -----------------------------------------------------------------------------------------


def test_what_is_listed_can_be_retrieved_and_is_the_same(client):
    for model in client.models.list().data[::20]:
        assert model == client.models.retrieve(model.id)


def test_left_without_a_date_every_era_is_there_at_once(client):
    assert {"davinci", "gpt-3.5-turbo", "gpt-4", "gpt-4o", "text-embedding-3-small"} <= set(ids(client))


@pytest.mark.parametrize(
    ("scenario", "there", "not_there"),
    [
        (
            MARCH_2023,
            {"davinci", "gpt-3.5-turbo", "text-davinci-003"},
            {"gpt-4o", "davinci-002", "gpt-4-turbo"},
        ),
        ("as_of: 2024-02-01\n", {"gpt-4", "davinci-002"}, {"davinci", "text-davinci-003", "gpt-4o"}),
        ("as_of: 2025-08-10\n", {"gpt-4o", "gpt-4.1", "gpt-5"}, {"davinci", "gpt-4-32k"}),
    ],
    ids=["2023", "2024", "2025"],
)
def test_on_a_date_the_models_are_those_that_existed_then(client, there, not_there):
    listed = set(ids(client))

    assert there <= listed
    assert set() == not_there & listed
    for name in not_there:
        with pytest.raises(openai.NotFoundError, match=f"The model '{name}' does not exist"):
            client.models.retrieve(name)


def test_a_model_of_today_has_the_official_fields_and_says_when_it_shuts_down(client):
    assert {
        "id": "davinci",
        "object": "model",
        "created": 1649359874,
        "owned_by": "openai",
        "shutdown_date": "2024-01-04",
    } == client.models.retrieve("davinci").to_dict()


@pytest.mark.parametrize("scenario", [MARCH_2023])
def test_a_model_of_2023_has_a_permission_a_root_and_a_parent(client):
    model = client.models.retrieve("davinci").to_dict()
    (permission,) = model.pop("permission")

    assert {
        "id": "davinci",
        "object": "model",
        "created": 1649359874,
        "owned_by": "openai",
        "root": "davinci",
        "parent": None,
    } == model
    assert permission.pop("id").startswith("modelperm-")
    assert {
        "object": "model_permission",
        "created": 1649359874,
        "allow_create_engine": False,
        "allow_sampling": True,
        "allow_logprobs": True,
        "allow_search_indices": False,
        "allow_view": True,
        "allow_fine_tuning": False,
        "organization": "*",
        "group": None,
        "is_blocking": False,
    } == permission


def test_an_unknown_model_is_a_404_in_the_official_words(client):
    for ask in (client.models.retrieve, client.models.delete):
        with pytest.raises(openai.NotFoundError) as caught:
            ask("org/no-such-model")

        assert {
            "message": "The model 'org/no-such-model' does not exist",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
        } == caught.value.body


def test_an_official_model_cannot_be_deleted(client):
    with pytest.raises(openai.PermissionDeniedError, match="gpt-4o"):
        client.models.delete("gpt-4o")

    assert "gpt-4o" in ids(client)


# --- the scenario's own ------------------------------------------------------------------------------------

OWN = "models: [house-model, {id: org/other, created: 2022-01-01T00:00:00Z, owned_by: acme}]\n"


@pytest.mark.parametrize("scenario", [OWN, OWN + MARCH_2023], ids=["every era", "2023"])
def test_a_scenario_has_models_of_its_own_beside_the_official_ones(client):
    own = client.models.retrieve("org/other")

    assert ("org/other", 1640995200, "acme") == (own.id, own.created, own.owned_by)
    assert "house-model" == client.models.retrieve("house-model").id
    assert {"house-model", "org/other", "gpt-3.5-turbo"} <= set(ids(client))


@pytest.mark.parametrize("scenario", ["models: [{id: gpt-4, owned_by: acme}]\n"])
def test_a_model_is_listed_once_even_if_the_scenario_has_it_too(client):
    assert 1 == ids(client).count("gpt-4")


@pytest.mark.parametrize("scenario", ["models: [{id: house-model, owned_by: acme}]\n"])
def test_a_model_of_the_scenario_can_be_tuned(server, jobs, train):
    job = train(model="house-model")
    server.finish(job.id)

    assert jobs.retrieve(job.id).fine_tuned_model.startswith("ft:house-model:personal::")


# --- tuned models ------------------------------------------------------------------------------------------


def test_a_tuned_model_is_listed_from_its_event_on_and_not_a_moment_earlier(client, server, jobs, train):
    job = train()
    announced = "New fine-tuned model created: "
    moments = set()

    for _ in range(80):
        messages = [event.message for event in jobs.list_events(job.id, limit=100)]
        told = [text.removeprefix(announced) for text in messages if text.startswith(announced)]
        tuned = [name for name in ids(client) if name.startswith("ft:") and ":ckpt-" not in name]
        assert told == tuned
        moments.add(len(tuned))
        server.advance(0.25)

    assert {0, 1} == moments
    assert [jobs.retrieve(job.id).fine_tuned_model] == tuned


def test_a_tuned_model_is_of_the_second_of_its_event_and_of_its_owner(client, server, jobs, train):
    job = train()
    server.finish(job.id)

    (event,) = [
        event for event in jobs.list_events(job.id) if event.message.startswith("New fine-tuned model")
    ]
    model = client.models.retrieve(jobs.retrieve(job.id).fine_tuned_model)

    assert event.created_at == model.created
    assert model.owned_by.startswith("user-")


def test_a_deleted_model_is_gone_everywhere_and_its_job_remembers_it(client, server, jobs, train, ten_pairs):
    job = train(ten_pairs, model="davinci-002")
    server.finish(job.id)
    name = jobs.retrieve(job.id).fine_tuned_model
    assert name == client.completions.create(model=name, prompt="Say 3").model

    answer = client.models.delete(name)

    assert (name, True, "model") == (answer.id, answer.deleted, answer.object)
    assert name not in ids(client)
    for ask in (client.models.retrieve, client.models.delete):
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            ask(name)
    with pytest.raises(openai.NotFoundError, match="does not exist or you do not have access to it"):
        client.completions.create(model=name, prompt="Say 3")
    assert name == jobs.retrieve(job.id).fine_tuned_model


def test_a_tuned_model_can_be_tuned_again(client, server, jobs, train):
    first = train()
    server.finish(first.id)
    name = jobs.retrieve(first.id).fine_tuned_model
    second = train(model=name)
    server.finish(second.id)

    again = jobs.retrieve(second.id)

    assert name == again.model
    assert again.fine_tuned_model.startswith("ft:gpt-4o-mini-2024-07-18:personal::")
    assert {name, again.fine_tuned_model} <= set(ids(client))


@pytest.mark.parametrize("scenario", [MARCH_2023])
def test_a_tuned_model_of_2023_descends_from_the_root_of_its_base(client, server, pairs):
    file = client.files.create(file=pairs, purpose="fine-tune").id
    job = client.post("/fine-tunes", body={"training_file": file, "model": "davinci"}, cast_to=object)
    server.finish(job["id"])

    (tuned,) = [name for name in ids(client) if name.startswith("davinci:ft-personal-2025-06-01-12-00-")]
    model = client.models.retrieve(tuned).to_dict()

    assert ("davinci:2020-05-03", "davinci:2020-05-03") == (model["root"], model["parent"])
    (permission,) = model["permission"]
    assert permission["id"].startswith("snapperm-")
    assert permission["organization"].startswith("org-")
    assert permission["allow_fine_tuning"]
