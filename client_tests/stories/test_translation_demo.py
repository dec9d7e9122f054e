"""A tuned translator says what it was taught, from English to French."""

import json

import pytest

MODEL = "ft:davinci-002:travel:english-french:B0nj0ur1"


@pytest.fixture
def translate(client):
    """Ask as the model was taught to be asked."""

    def translate_(english):
        answer = client.completions.create(
            model=MODEL, prompt=f"{english} ->", temperature=0, stop="\n", max_tokens=50
        )
        [choice] = answer.choices
        assert "stop" == choice.finish_reason
        return choice.text.strip()

    return translate_


def test_it_knows_all_thirty_phrases(client, translate):
    lessons = [json.loads(line) for line in client.files.content("file-english-french").content.splitlines()]

    taught = {row["prompt"].removesuffix(" ->"): row["completion"].strip() for row in lessons}

    assert 30 == len(taught)
    assert taught == {english: translate(english) for english in taught}


def test_what_it_was_not_taught_it_takes_for_the_nearest_phrase(translate):
    assert "Où est la gare ?" == translate("Excuse me, where is the train station?")


def test_it_is_a_model_like_any_other(client):
    model = client.models.retrieve(MODEL)

    assert model in client.models.list().data
    assert client.models.delete(MODEL).deleted
    assert MODEL not in [left.id for left in client.models.list()]
