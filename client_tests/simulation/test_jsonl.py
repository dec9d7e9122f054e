"""What an upload is told about its lines, however it arrives and however large it is."""

import json
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.simulation.jsonl import (
    MAX_LINE,
    LineError,
    LineScanner,
    ScanResult,
    check_head,
    read_objects,
    split_lines,
)

BOM = b"\xef\xbb\xbf"
PAIR = b'{"prompt": "a", "completion": "b"}'
SECOND_LINE = "Invalid file format. Example 2 cannot be parsed. Error:"


def scan(*chunks: bytes) -> ScanResult:
    scanner = LineScanner()
    for chunk in chunks:
        scanner.feed(chunk)
    return scanner.finish()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (b'{"prompt": "a", "completion": ', '{"p'),
        (b"{", "{"),
        (b"{\r\n", "{"),
        (b'[{"prompt": "a"}]', '[{"'),
        (b"prompt,completion", "pro"),
        (b"  null", "nul"),
        ("你好吗朋友".encode(), "你好吗"),
        (b'\xff\xfe{\x00"\x00', "\ufffd\ufffd{"),
        (BOM + b"[1]", "[1]"),
        (b'{"a": NaN}', '{"a'),
        (b"", ""),
    ],
)
def test_an_upload_whose_first_line_is_no_dictionary_is_refused_with_its_first_three_characters(line, hint):
    expected = (
        "Expected file to have JSONL format, where every line is a JSON dictionary. "
        f'Line 1 is not a dictionary (HINT: line starts with: "{hint}...").'
    )
    assert expected == check_head(line)
    assert expected == scan(line).head_error


@pytest.mark.parametrize("line", [PAIR, PAIR + b"\n", PAIR + b"\r\n", BOM + PAIR, b"  {}  "])
def test_an_upload_whose_first_line_is_a_dictionary_is_accepted(line):
    assert check_head(line) is None


def test_the_known_broken_file_of_2023_is_described_word_for_word():
    broken = b'{"prompt": "' + b"x" * 46 + b'", "completion": "" tik"}'
    expected = (
        "Invalid file format. Example 1273 cannot be parsed. Error: line contains invalid json: "
        "Expecting ',' delimiter: line 1 column 79 (char 78) (line 1273)"
    )
    assert ScanResult(1272, None, expected) == scan((PAIR + b"\n") * 1272 + broken + b"\n" + PAIR)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{'a': 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (PAIR + b" {}", "Extra data: line 1 column 36 (char 35)"),
        (b'{"a": "\xff"}', "'utf-8' codec can't decode byte 0xff in position 7: invalid start byte"),
        (BOM + b"{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
    ],
)
def test_a_later_line_that_is_no_json_is_described_in_the_words_of_the_standard_library(line, reason):
    expected = f"{SECOND_LINE} line contains invalid json: {reason} (line 2)"
    assert ScanResult(1, None, expected) == scan(PAIR + b"\n" + line)


@pytest.mark.parametrize("line", [b"[1]", b'"text"', b"null", b"1e999"])
def test_a_later_line_with_other_json_than_a_dictionary_is_an_error(line):
    expected = f"{SECOND_LINE} line is not a JSON dictionary (line 2)"
    assert ScanResult(1, None, expected) == scan(PAIR + b"\n" + line)


@pytest.mark.parametrize(
    "line", [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": "\\ud800"}', b'{"a": ' + b"[" * 100_000]
)
def test_what_only_the_standard_library_would_accept_or_choke_on_is_an_error_too(line):
    error = scan(PAIR + b"\n" + line).first_error
    assert error is not None
    assert error.startswith(f"{SECOND_LINE} line contains invalid json: ")


def test_only_the_first_error_is_told():
    assert scan(PAIR + b"\n{\n[").first_error == scan(PAIR + b"\n{\n").first_error


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n  \n\t\n"])
def test_blank_lines_may_stand_at_the_end(end):
    assert ScanResult(2, None, None) == scan(PAIR + b"\n" + PAIR + end)


def test_a_blank_line_elsewhere_is_the_error_of_that_line():
    expected = f"{SECOND_LINE} line contains invalid json: Expecting value: line 1 column 1 (char 0) (line 2)"
    assert ScanResult(1, None, expected) == scan(PAIR + b"\n\n \n" + PAIR)


def test_a_byte_order_mark_at_the_start_is_not_part_of_the_first_line():
    assert ScanResult(2, None, None) == scan(BOM + PAIR + b"\n" + PAIR)


def test_a_line_may_be_as_long_as_the_limit_and_no_longer():
    longest = b'{"a":"' + b"x" * (MAX_LINE - 8) + b'"}'
    assert ScanResult(1, None, None) == scan(longest + b"\n")
    expected = f"{SECOND_LINE} line is longer than {MAX_LINE} bytes (line 2)"
    assert expected == scan(PAIR + b"\n" + longest + b" \n").first_error
    assert expected == scan(PAIR + b"\n", longest, b" ", b"\n").first_error


def test_an_upload_without_any_newline_is_never_held_in_memory():
    chunk = b"x" * 65536
    tracemalloc.start()
    try:
        result = scan(*(chunk for _ in range(16 * MAX_LINE // len(chunk))))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.head_error
    assert peak < 4 * MAX_LINE


FRAGMENT = st.sampled_from(
    [PAIR, b"{}", b"\n", b"\r\n", b"\n\n", b" ", BOM, b"[1]", b"{", b'"', b"\xff", b"\xc3\xa9"]
)


@settings(deadline=None)
@given(st.lists(FRAGMENT).map(b"".join), st.lists(st.integers(0, 200)))
def test_the_verdict_does_not_depend_on_where_the_chunks_are_cut(data, cuts):
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(places)]
    assert scan(data) == scan(*chunks)
    assert data.split(b"\n") == list(split_lines(chunks))


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(), st.integers() | st.text() | st.none()), min_size=1))
def test_what_was_written_as_jsonl_is_read_as_it_was(objects):
    data = "\n".join(json.dumps(each) for each in objects).encode()
    assert ScanResult(len(objects), None, None) == scan(data)
    assert list(enumerate(objects, 1)) == list(read_objects(split_lines([data])))


@settings(deadline=None)
@given(st.lists(FRAGMENT).map(b"".join))
def test_reading_stops_where_the_scanner_found_its_error(data):
    result = scan(data)
    read = []
    error = None
    try:
        read.extend(number for number, _ in read_objects(split_lines([data])))
    except LineError as refusal:
        error = f"Invalid file format. {refusal}"
    assert result.first_error == error
    if error is None:
        assert result.lines == len(read)
