"""Every page is followed from top to bottom, as a reader would; see `reader.py` for what that means."""

import pytest
from docs.pages import PAGES, blocks, name_of
from docs.reader import Reader

#: pages that need something put in place first have tests of their own
ELSEWHERE = {"docs/adding-a-resource.md"}
FOLLOWED = [page for page in PAGES if name_of(page) not in ELSEWHERE and any(blocks(page))]


@pytest.mark.parametrize("page", FOLLOWED, ids=name_of)
def test_what_a_page_says_works_in_its_order(page, tmp_path, monkeypatch):
    with Reader(tmp_path, monkeypatch) as reader:
        for block in blocks(page):
            reader.read(block)
