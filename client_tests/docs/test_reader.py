"""The reader notices when a page is wrong; otherwise the tests of the pages could not fail."""

import pytest
from docs.pages import blocks
from docs.reader import Reader

WRONG = {
    "a print that prints something else": "```python\nprint(1 + 1)  # 3\n```\n",
    "a script that fails": "```python\nraise ValueError\n```\n",
    "output of another command": "```sh\nmockserver env\n```\n\n```text\nexport NOTHING=else\n```\n",
    "a line too few": "```sh\nmockserver env\n```\n\n```text\nexport OPENAI_BASE_URL=…\n```\n",
    "an answer with another value": (
        '```sh\ncurl http://127.0.0.1:8080/_mock/worlds\n```\n\n```json\n{"object": "list", "data": []}\n```\n'
    ),
    "an option that is not there": "```sh\nmockserver serve --speed 3\n```\n",
    "a scenario with a mistake": "```yaml\ntrainings: []\n```\n",
    "a program nobody knows": "```sh\nfrobnicate\n```\n",
    "a target that cannot be made": "```sh\nmake coffee\n```\n",
}


def follow(text, tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with Reader(tmp_path, monkeypatch) as reader:
        for block in blocks(page):
            reader.read(block)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_noticed_at_its_place(text, tmp_path, monkeypatch):
    with pytest.raises(BaseException) as found:  # noqa: PT011 - whatever the page provokes
        follow(text, tmp_path, monkeypatch)

    assert "in page.md:" in "".join(found.value.__notes__)


def test_an_excused_block_is_not_run_and_says_why(tmp_path, monkeypatch, capsys):
    follow("<!-- not run: it is an example -->\n```python\nraise ValueError\n```\n", tmp_path, monkeypatch)

    assert "page.md:3 is not run: it is an example\n" == capsys.readouterr().out


def test_dots_stand_for_anything(tmp_path, monkeypatch):
    follow("```sh\nmockserver env\n```\n\n```text\nexport …\n…\n```\n", tmp_path, monkeypatch)
