"""Files made by a recipe: as many rows as told, the same for the same seed."""

import json

import pytest

from mockserver.scenario.loader import load_text
from mockserver.scenario.recipes import INVENTED, ROW, Recipe

TEMPLATE = {
    "prompt": "{row}. Where does {name} live? Tell {name}!",
    "completion": " {city}",
    "tags": ["{word}", 1],
}


def rows(seed=0, count=50, template=TEMPLATE):
    return list(Recipe(rows=count, template=template).lines(f"{seed}"))


def test_every_row_is_the_template_filled_in():
    made = rows()

    assert 50 == len(made)
    assert [f"{number}. " for number in range(1, 51)] == [
        row["prompt"][: row["prompt"].index(" ") + 1] for row in made
    ]
    assert all("{" not in "".join([row["prompt"], row["completion"], row["tags"][0]]) for row in made)
    assert {1} == {row["tags"][1] for row in made}
    assert 40 < len({row["completion"] for row in made})


def test_within_a_row_a_name_is_the_same_person():
    for row in rows(template={"prompt": "{name}", "completion": "{name}"}):
        assert row["prompt"] == row["completion"]


def test_the_seed_decides():
    assert rows(seed=1) == rows(seed=1)
    assert rows(seed=1) != rows(seed=2)


def test_everything_on_offer_can_be_invented():
    [row] = rows(count=1, template={name: f"{{{name}}}" for name in (*INVENTED, ROW)})

    assert all(row.values())


def test_a_file_of_a_scenario_is_made_with_the_worlds_seed():
    file = load_text("files: [{filename: a.jsonl, recipe: {rows: 3, template: {prompt: '{name}'}}}]").files[0]

    assert 3 == len(file.content(7).splitlines())
    assert file.content(7) == file.content(7) != file.content(8)
    assert {"prompt"} == set(json.loads(file.content(7).splitlines()[0]))


def test_two_files_of_one_recipe_differ():
    one, other = load_text(
        "files:\n- &a {filename: a.jsonl, recipe: &r {rows: 3, template: {prompt: '{name}'}}}\n"
        "- {filename: b.jsonl, recipe: *r}\n"
    ).files

    assert one.content(7) != other.content(7)


@pytest.mark.parametrize("seed", [0, 7])
def test_a_world_has_the_file_its_recipe_makes(open_world, seed):
    recipe = "{rows: 200, template: {prompt: '{name}', completion: '{city}'}}"
    yaml = f"seed: {seed}\nfiles: [{{id: file-a, filename: a.jsonl, recipe: {recipe}}}]"
    world, again = open_world(yaml=yaml), open_world(yaml=yaml)

    content = world.client().files.content("file-a").read()

    assert 200 == len(content.splitlines())
    assert content == again.client().files.content("file-a").read()
