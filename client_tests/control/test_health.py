"""Is the server ready, and which one is it?"""

import mockserver
from mockserver.testing.server import MockServer


def health(url, http):
    answer = http.get(f"{url}/_mock/health")
    assert 200 == answer.status_code
    return answer.json()


def test_a_server_that_is_ready_says_which_one_it_is(mock, http):
    assert {
        "status": "ok",
        "version": mockserver.__version__,
        "instance": mock.worlds.instance,
        "state": "memory",
        "worlds": len(list(mock.worlds)),
    } == health(mock.url, http)


def test_two_servers_can_be_told_apart(mock, http):
    with MockServer() as other:
        assert health(mock.url, http)["instance"] != health(other.url, http)["instance"]


def test_a_server_that_keeps_its_state_says_where(http, tmp_path):
    with MockServer(state=tmp_path) as kept:
        assert str(tmp_path) == health(kept.url, http)["state"]
