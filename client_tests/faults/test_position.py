"""Where an answer is cut: at the very byte of the position, however the body comes in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.faults.position import Cut, by_bytes, by_chunks, by_events

EVENTS = [
    b"data: one\n\n",
    b"data: two\ndata: lines\n\n",
    b": ping\n\n",
    b"data: three\n\n",
    b"data: [DONE]\n\n",
]


@st.composite
def in_pieces(draw, body):
    """Draw a way to cut a body into pieces, some of them empty."""
    places = sorted(draw(st.lists(st.integers(0, len(body)), max_size=8)))
    return [body[start:end] for start, end in zip([0, *places], [*places, len(body)], strict=True)]


def before(cut: Cut, pieces) -> bytes | None:
    """Return what goes out before the position; None if the body never gets there. The head comes first."""
    told = b""
    for piece in [b"", *pieces]:
        end = cut(piece)
        if end is not None:
            return told + piece[:end]
        told += piece
    return None


@given(
    st.binary(max_size=40).flatmap(lambda body: st.tuples(st.just(body), in_pieces(body))), st.integers(0, 50)
)
def test_as_many_bytes_go_out_as_it_says(drawn, count):
    body, pieces = drawn

    assert (body[:count] if count <= len(body) else None) == before(by_bytes(count), pieces)


@given(in_pieces(b"".join(EVENTS)), st.integers(0, 6))
def test_as_many_events_go_out_as_it_says_and_comments_are_none(pieces, count):
    ends = [0, 1, 2, 4, 5]  # how many blocks there are up to the end of that event
    told = b"".join(EVENTS[: ends[count]]) if count < len(ends) else None

    assert told == before(by_events(count), pieces)


@given(in_pieces(b"four pieces of a body"), st.integers(0, 12))
def test_as_many_pieces_go_out_as_it_says_and_empty_ones_are_none(pieces, count):
    whole = [piece for piece in pieces if piece]

    assert (b"".join(whole[:count]) if count <= len(whole) else None) == before(by_chunks(count), pieces)
