import struct
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation import media_tokens

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 2048, 4096)


@given(st.binary(max_size=100), st.integers(0, 120))
def test_base64_is_decoded_bare_or_in_a_data_url(contents, at_most):
    encoded = b64encode(contents).decode()

    assert contents == media_tokens.decoded(encoded)
    assert contents == media_tokens.decoded(f"data:image/png;base64,{encoded}")
    assert contents[:at_most] == media_tokens.decoded(encoded, at_most)


@pytest.mark.parametrize(
    "told", ["https://example.com/a,b.png", "x", "data:text/plain,ж", "data:;base64,!!!!"]
)
def test_what_cannot_be_decoded_has_no_contents(told):
    assert b"" == media_tokens.decoded(told)


@given(st.text(max_size=50), st.integers(0, 50))
def test_anything_can_be_tried(told, at_most):
    assert len(media_tokens.decoded(told, at_most)) <= at_most


@pytest.mark.parametrize(
    ("head", "detail", "cost"),
    [
        (PNG, "high", 1105),  # the official guide's own example
        (PNG, None, 1105),
        (PNG, "low", 85),
        (b"", None, 765),  # the official guide's figure for 1024 x 1024
        (b"GIF89a", "low", 85),
    ],
)
def test_an_image_costs_what_its_size_and_detail_say(head, detail, cost):
    assert cost == media_tokens.image(head, detail, "gpt-4o")


def test_models_see_differently():
    assert media_tokens.image(PNG, None, "gpt-4o") != media_tokens.image(PNG, None, "gpt-4o-mini")


def test_a_sound_costs_ten_tokens_a_second():
    assert 30 == media_tokens.sound(bytes(3 * 16_000))


@pytest.mark.parametrize(("size", "cost"), [(0, 0), (1, 1), (4, 1), (5, 2), (4000, 1000)])
def test_a_file_costs_a_token_for_every_four_bytes(size, cost):
    assert cost == media_tokens.file(size)
