"""An invoice is read into a form, whatever its schema: by the words of the scenario, or else made up, never broken."""

import openai
import pydantic
import pytest


class Invoice(pydantic.BaseModel):
    number: str
    customer: str
    total: float
    paid: bool


class Recipe(pydantic.BaseModel):
    title: str
    minutes: int
    ingredients: list[str]


def in_chat(client, form, *said):
    messages = [{"role": "user", "content": text} for text in said]
    answer = client.chat.completions.parse(model="gpt-4o", messages=messages, response_format=form)
    return answer.choices[0].message.parsed


def in_responses(client, form, *said):
    messages = [{"role": "user", "content": text} for text in said]
    return client.responses.parse(model="gpt-4o", input=messages, text_format=form).output_parsed


@pytest.mark.parametrize("read", [in_chat, in_responses])
def test_the_form_is_filled_in_with_what_the_invoice_says(client, read):
    told = Invoice(number="AB-17", customer="Zoë & Sons", total=1250.5, paid=False)

    assert told == read(client, Invoice, "Invoice AB-17 to Zoë & Sons: 1250.50")
    assert told.model_copy(update={"paid": True}) == read(
        client, Invoice, "Invoice AB-17 to Zoë & Sons: 1250.50", "It was paid on Monday."
    )


@pytest.mark.parametrize("read", [in_chat, in_responses])
@pytest.mark.parametrize("form", [Invoice, Recipe])
def test_any_other_document_makes_an_answer_that_fits_its_schema(client, read, form):
    assert isinstance(read(client, form, "Pancakes for four."), form)


def test_the_third_answer_is_cut_and_says_so(client):
    for _ in range(2):
        in_chat(client, Invoice, "Invoice AB-17")

    with pytest.raises(openai.LengthFinishReasonError) as cut:
        in_chat(client, Invoice, "Invoice AB-17")

    assert '{"number": "AB-17", "custo' == cut.value.completion.choices[0].message.content
