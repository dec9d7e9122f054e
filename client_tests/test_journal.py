"""The journal alone: what the ring keeps, and that nobody's key is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.journal import KEPT_BODY, REDACTED, Body, Exchange, Journal

CANARY = "sk-canary-8f3b1c7d9e5a"


def exchange(number=0, *, headers=(), query="", path="/v1/models", body=b""):
    made = Exchange(
        id=f"req_{number}",
        at=0.0,
        method="GET",
        path=path,
        query=query,
        headers=[(name.encode(), value.encode("latin-1")) for name, value in headers],
        secret=CANARY,
    )
    made.request.add(body)
    return made


def noted(journal, number=0, body=b""):
    one = exchange(number, body=body)
    journal.open(one)
    journal.close(one)
    return one


def kept(journal):
    return [one.id for one in journal]


# --- the ring --------------------------------------------------------------------------------------------------------


def test_the_oldest_exchanges_go_when_there_are_too_many():
    journal = Journal(exchanges=3)

    for number in range(5):
        noted(journal, number)

    assert ["req_2", "req_3", "req_4"] == kept(journal)
    assert (3, 2) == (len(journal), journal.dropped)


def test_the_oldest_exchanges_go_when_they_hold_too_many_bytes():
    journal = Journal(size=10_000)

    for number in range(5):
        noted(journal, number, body=b"x" * 3000)

    assert ["req_3", "req_4"] == kept(journal)[-2:]
    assert sum(one.cost for one in journal) <= 10_000
    assert len(journal) + journal.dropped == 5


def test_the_last_exchange_stays_however_large_it_is():
    journal = Journal(size=100)

    noted(journal, 1, body=b"x" * 3000)
    noted(journal, 2, body=b"x" * 3000)

    assert ["req_2"] == kept(journal)


def test_an_exchange_can_be_seen_before_it_is_answered():
    journal = Journal()
    one = exchange(1)

    journal.open(one)

    assert ["req_1"] == kept(journal)
    assert (None, False) == (one.status, one.finished)


def test_clearing_forgets_everything():
    journal = Journal(exchanges=1)
    noted(journal, 1)
    noted(journal, 2)

    journal.clear()

    assert (0, 0, []) == (len(journal), journal.dropped, kept(journal))


events = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 3000)),
        st.tuples(st.just("end"), st.integers(0, 30)),
        st.tuples(st.just("clear"), st.none()),
    ),
    max_size=60,
)


@given(events)
def test_room_is_neither_lost_nor_won_whenever_exchanges_end_or_are_dropped(told):
    """Exchanges may outlive their place in the ring, and end twice: with their last byte and with their connection."""
    journal = Journal(exchanges=5, size=8000)
    made = []
    for verb, value in told:
        if verb == "open":
            made.append(exchange(len(made), body=b"x" * value))
            journal.open(made[-1])
        elif verb == "clear":
            journal.clear()
        elif made:
            journal.close(made[value % len(made)])

    for one in list(journal):
        journal.close(one)

    assert len(journal) <= 5
    assert sum(one.cost for one in journal) <= 8000 or len(journal) == 1
    for number in range(100, 105):
        noted(journal, number, body=b"x" * 1000)
    assert [f"req_{number}" for number in range(100, 105)] == kept(journal)


# --- bodies ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40_000), max_size=6))
def test_a_body_is_kept_up_to_a_limit_and_counted_whole(sizes):
    body = Body()
    for number, size in enumerate(sizes):
        body.add(bytes([number]) * size)

    whole = b"".join(bytes([number]) * size for number, size in enumerate(sizes))
    assert whole[:KEPT_BODY] == bytes(body.kept)
    assert (len(whole), len(whole) > KEPT_BODY) == (body.size, body.truncated)


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "proxy-authorization",
        "cookie",
        "set-cookie",
    ],
)
def test_headers_that_carry_credentials_are_redacted_by_name(name):
    shown = exchange().shown_headers([(name.encode(), b"Bearer another-secret"), (b"accept", b"*/*")])

    assert {name: REDACTED, "accept": "*/*"} == shown


def test_the_presented_key_is_redacted_by_value_wherever_it_turns_up():
    one = exchange(
        query=f"key={CANARY}&x=1", path=f"/v1/files/{CANARY}", body=f'{{"user": "{CANARY}"}}'.encode()
    )
    one.response.add(f"you said {CANARY} and {CANARY}".encode())

    told = [
        one.redact(one.path),
        one.redact(one.query),
        one.shown_body(one.request),
        one.shown_body(one.response),
        *one.shown_headers([(b"x-trace", f"a-{CANARY}-b".encode())]).values(),
    ]

    assert CANARY not in "".join(told)
    assert f"key={REDACTED}&x=1" == told[1]
    assert f"you said {REDACTED} and {REDACTED}" == told[3]


def test_no_part_of_a_key_is_left_where_a_body_was_cut():
    one = exchange(body=b"x" * (KEPT_BODY - 12) + CANARY.encode() + b"the rest")

    assert CANARY[:8] not in one.shown_body(one.request)


def test_a_body_that_is_not_text_can_be_shown():
    one = exchange(body=b"\xff\xfePNG")

    assert "\ufffd\ufffdPNG" == one.shown_body(one.request)


def test_without_a_key_nothing_is_replaced():
    one = Exchange(id="req_1", at=0, method="GET", path="/", query="", headers=[])

    assert "a text" == one.redact("a text")
