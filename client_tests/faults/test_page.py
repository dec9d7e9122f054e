"""The page about faults says what the code says and what was measured, and its example of a new fault is one."""

import re
import subprocess
import sys

import pytest
from docs.pages import ROOT, blocks
from faults.test_newest_client import TABLE

from mockserver.faults.base import FAULTS
from mockserver.faults.rule import FaultRule
from mockserver.scenario.loader import load_text
from mockserver.scenario.written import inline

PAGE = ROOT / "docs" / "faults.md"
PART = re.compile(r"(?<=<!-- faults: by scripts/parts/faults.py -->\n).*(?=<!-- /faults -->)", re.DOTALL)
ROW = re.compile(r"\| `(.+)` \| (✓?) ?\| `(.+)` \| (\d+) \| (\d+) \|")
TRY = """
import sys
import httpx2
from mockserver import faults
faults.__path__.append(sys.argv[1])
from mockserver.scenario.loader import load_text
from mockserver.testing.server import MockServer
with MockServer(load_text("faults: [{fault: {double_done: 3}}]")) as server:
    body = {"model": "gpt-3.5-turbo-instruct", "prompt": "Hi", "max_tokens": 1, "stream": True}
    headers = {"authorization": "Bearer sk-x"}
    print(httpx2.post(f"{server.base_url}/completions", json=body, headers=headers).text.count("[DONE]"))
"""


def test_the_page_has_a_section_for_every_fault():
    told = subprocess.run(
        [sys.executable, "-c", "from parts.faults import every; print('\\n'.join(every()))"],
        cwd=ROOT / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    (said,) = PART.findall(PAGE.read_text(encoding="utf-8"))

    assert told.stdout.strip("\n") == said.strip("\n")


@pytest.mark.parametrize("name", FAULTS)
def test_a_faults_example_is_a_rule_with_it(name):
    (rule,) = load_text(f"faults:\n  - {FAULTS[name].example}\n").faults

    assert name == rule.fault.chosen


def test_what_the_page_says_was_measured_was_measured():
    measured = {
        (inline(fault).strip("'"), "✓" if stream else "", outcome, str(chunks), str(requests))
        for fault, stream, outcome, chunks, requests in TABLE
    }
    said = ROW.findall(PAGE.read_text(encoding="utf-8"))

    assert set(said) <= measured
    chosen = {FaultRule.model_validate({"fault": fault}).fault.chosen for fault, *_ in TABLE}
    assert chosen == {re.match(r"\{?(\w+)", fault)[1] for fault, *_ in said}


def test_the_smallest_fault_on_the_page_is_the_one_that_is_there():
    whole = (ROOT / "mockserver" / "faults" / "hang.py").read_text(encoding="utf-8")

    assert whole in [block.text for block in blocks(PAGE)]


def test_the_new_fault_on_the_page_is_a_fault_once_its_file_is_there(tmp_path):
    (block,) = [block for block in blocks(PAGE) if block.file == "mockserver/faults/double_done.py"]
    (tmp_path / "double_done.py").write_text(block.text, encoding="utf-8")

    told = subprocess.run(
        [sys.executable, "-c", TRY, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "3\n" == told.stdout, told.stderr
