"""The resource of docs/adding-a-resource.md is a real one: laid into the package, it is served like all others."""

import sys

import httpx2
import pytest
from docs.pages import ROOT, blocks
from docs.reader import Reader

from mockserver import resources, world

PAGE = ROOT / "docs" / "adding-a-resource.md"
KEY = {"authorization": "Bearer sk-mock"}


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """A reader who has done what the page says; the package is as before when the test ends."""
    folder = tmp_path / "mockserver" / "resources"
    monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(folder)])
    monkeypatch.setattr(world, "_HANDLERS", dict(world._HANDLERS))
    with Reader(tmp_path, monkeypatch) as reader:
        for block in blocks(PAGE):
            reader.read(block)
        yield reader
    sys.modules.pop("mockserver.resources.echoes", None)
    vars(resources).pop("echoes", None)


def test_the_page_is_true_from_top_to_bottom(reader):
    """What its `print()`s promise was compared while it was read."""
    assert 200 == httpx2.get(f"{reader.server.url}/v1/echoes/echo_1", headers=KEY).status_code


def test_an_echo_comes_back_after_five_seconds_and_not_before(reader):
    control, echoes = f"{reader.server.url}/_mock/clock", f"{reader.server.url}/v1/echoes"
    httpx2.post(control, json={"rate": 0})
    echo = httpx2.post(echoes, json={"text": "again"}, headers=KEY).json()

    httpx2.post(control, json={"advance": "4999ms"})
    assert httpx2.get(f"{echoes}/{echo['id']}", headers=KEY).json()["text"] is None

    httpx2.post(control, json={"advance": "1ms"})
    assert "again" == httpx2.get(f"{echoes}/{echo['id']}", headers=KEY).json()["text"]


def test_a_world_of_its_own_hears_no_echo(reader):
    """The file says nothing about worlds, and yet they are apart."""
    other = httpx2.post(f"{reader.server.url}/_mock/worlds", json={}).json()

    assert 404 == httpx2.get(f"{other['base_url']}/echoes/echo_1", headers=KEY).status_code


def test_without_a_key_it_is_refused(reader):
    assert 401 == httpx2.get(f"{reader.server.url}/v1/echoes/echo_1").status_code
