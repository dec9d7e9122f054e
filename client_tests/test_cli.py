"""The command line as a person meets it: every test starts the real program."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import httpx2
import openai
import pytest

import mockserver
from mockserver.scenario.loader import shipped
from mockserver.server import bind

STILL = "version: 1\nseed: 7\nclock: {start: 2023-03-15, rate: 0}\n"
START = 1_678_838_400
HEADERS = {"authorization": "Bearer sk-x"}
PATIENCE = 30

on_posix = pytest.mark.skipif(os.name != "posix", reason="signals are a matter of POSIX")


def run(*arguments, **options):
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "mockserver", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **options,
    )


class Served:
    """`mockserver serve` on a free port, as a process of its own; `banner` is what it said when it was ready."""

    def __init__(self, *options, prelude=""):
        program = f"{prelude}; from mockserver.cli import main; main()" if prelude else None
        start = ["-c", program] if program else ["-m", "mockserver"]
        self.process = subprocess.Popen(
            [sys.executable, *start, "serve", "--port", "0", *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines = iter(self.process.stdout.readline, "")
        self.banner = "".join(line for _, line in zip(range(11), lines, strict=False))
        self.url = re.search(r"http://\S+(?=/v1)", self.banner)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def client(self):
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key="sk-x", max_retries=0)

    def clock(self, **move):
        url = f"{self.url}/_mock/clock"
        return (httpx2.post(url, json=move) if move else httpx2.get(url)).json()

    def stop(self, how):
        """Send a signal; return the exit code, what was said on stderr, and how long it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said, time.monotonic() - began


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(STILL)
    return path


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "serve", "env", "demo", "health", "scenario", "scenario list"])
def test_every_command_helps(command):
    done = run(*command.split(), "--help")

    assert (0, "") == (done.returncode, done.stderr)
    assert "Usage:" in done.stdout
    assert done.stdout == run(*command.split(), "-h").stdout


def test_the_version_is_that_of_the_package():
    assert f"mockserver {mockserver.__version__}\n" == run("--version").stdout


def test_help_is_quick_because_nothing_heavy_is_imported_for_it():
    heavy = {"fastapi", "uvicorn", "pydantic", "yaml", "rich"}
    program = f"import sys, mockserver.cli; print(*{heavy} & set(sys.modules))"

    assert (
        "\n"
        == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    )


def test_the_scenarios_that_are_shipped_can_be_listed():
    assert list(shipped()) == [line.split()[0] for line in run("scenario", "list").stdout.splitlines()]


# --- what the user gets wrong ----------------------------------------------------------------------------------------


def refused(*arguments, **options):
    """Run something that is refused; return what was said."""
    done = run(*arguments, **options)
    assert (2, "") == (done.returncode, done.stdout)
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rate", "fast"], "--rate: 'fast' is neither a number of at least 0 nor auto"),
        (["--rate", "-1"], "--rate: '-1'"),
        (["--rate", "nan"], "--rate: 'nan'"),
        (["--as-of", "yesterday"], "--as-of: 'yesterday' is not a date such as 2023-03-15"),
        (["--scenario", "guide-2032"], "did you mean 'guide-2023'?"),
        (["--scenario", "no-such-file.yaml"], "no-such-file.yaml: cannot be read"),
        (["--host", "no-such-host.invalid"], "cannot listen on no-such-host.invalid:0"),
        (["--model", ""], "--model: it cannot be empty"),
        (["--api-key", ""], "--api-key: it cannot be empty"),
        (["--port", "99999"], "'--port'"),
        (["--seed", "seven"], "'--seed'"),
        (["--sede", "7"], "--sede"),
        (["--state", __file__], "--state"),
        (["guide-2023"], "guide-2023"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_in_a_line(options, said):
    assert said in refused("serve", "--port", "0", *options)


def test_a_scenario_with_mistakes_is_refused_with_their_places(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text("version: 1\nclok: {rate: 0}\nseed: seven\n")

    said = refused("serve", "--scenario", path)

    assert f"{path}:2:1: " in said
    assert "did you mean 'clock'?" in said
    assert f"{path}:3:7: " in said


def test_a_scenario_whose_jobs_cannot_be_made_is_refused(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(
        "version: 1\nfiles:\n  - {id: file-abc, filename: x, text: ''}\n"
        "jobs:\n  - {model: no-such-model, training_file: file-abc, created_at: 2023-03-15}\n"
    )

    assert "no-such-model" in refused("serve", "--port", "0", "--scenario", path)


def test_a_port_that_is_taken_is_refused():
    with closing(bind("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in refused(
            "serve", "--port", port
        )


def test_state_that_cannot_be_read_is_refused_and_not_touched(tmp_path):
    database = tmp_path / "default" / "state.sqlite"
    database.parent.mkdir()
    database.write_bytes(b"garbage" * 1000)

    said = refused("serve", "--port", "0", "--state", tmp_path)

    assert f"{database}: the kept state cannot be read" in said
    assert "move it away to start afresh" in said
    assert b"garbage" * 1000 == database.read_bytes()


def test_state_that_another_server_keeps_is_refused(tmp_path):
    with Served("--state", tmp_path) as served:
        said = refused("serve", "--port", "0", "--state", tmp_path)

        assert "default/state.sqlite: another server keeps its state here; stop it, or give this one" in said
        assert served.clock()["now"]
        served.stop(signal.SIGKILL)

    with Served("--state", tmp_path) as served:
        assert served.clock()["now"]


# --- serve -----------------------------------------------------------------------------------------------------------


def test_the_banner_says_where_everything_is_and_the_server_answers_as_soon_as_it_is_said():
    with Served("--scenario", "guide-2023") as served:
        assert 200 == httpx2.get(f"{served.url}/v1/models", headers=HEADERS).status_code

        told = [re.sub(r"127\.0\.0\.1:\d+", "ADDRESS", line) for line in served.banner.splitlines()]
    assert [
        f"mockserver {mockserver.__version__} is ready at http://ADDRESS/v1",
        "",
        "  scenario  guide-2023: The guide of March 2023",
        "  clock     2023-03-15 07:27:48 UTC, rate 600, stands still until fine_tunes.create",
        "  as of     2023-03-15",
        "  seed      0",
        "  state     in memory, gone when the server stops",
        "  control   http://ADDRESS/_mock (see http://ADDRESS/_mock/openapi.json)",
        "",
        "  export OPENAI_BASE_URL=http://ADDRESS/v1 OPENAI_API_KEY=sk-mock",
        "",
    ] == told


def test_options_change_what_the_scenario_says(story):
    options = [
        "--rate",
        "auto",
        "--seed",
        "9",
        "--as-of",
        "2023-03-15",
        "--model",
        "my-model",
        "--api-key",
        "sk-mine",
    ]
    with Served("--scenario", story, *options, "--allow-host", "mock.example") as served:
        url = f"{served.url}/v1/models"
        mine = {"authorization": "Bearer sk-mine", "host": "mock.example"}

        assert "auto" == served.clock()["rate"]
        assert 401 == httpx2.get(url, headers=HEADERS).status_code
        models = {model["id"] for model in httpx2.get(url, headers=mine).json()["data"]}
        assert {"my-model", "davinci"} <= models
        assert "gpt-4o" not in models
        assert "seed      9" in served.banner


def test_a_server_that_everyone_can_reach_says_so():
    with Served("--host", "0.0.0.0") as served:
        assert served.url.startswith("http://127.0.0.1:")
        assert served.clock()["now"]
        _, said, _ = served.stop(signal.SIGTERM)

    assert "Everyone on this network can reach it" in said


@on_posix
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_the_server_within_a_second_though_a_stream_is_open(how, code, pairs):
    with Served() as served, served.client() as client:
        file = client.files.create(file=pairs, purpose="fine-tune")
        served.clock(rate=0)
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})
        url = f"{served.url}/v1/fine-tunes/{job['id']}/events?stream=true"
        with httpx2.stream("GET", url, headers=HEADERS) as stream:
            assert "Created fine-tune" in next(stream.iter_lines())

            ended, said, seconds = served.stop(how)

    assert (code, "") == (ended, said)
    assert seconds < 1


@on_posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_was_answered_is_there_after_a_restart_and_time_has_not_gone_back(story, tmp_path, pairs, how):
    options = ["--scenario", story, "--state", tmp_path / "state"]
    with Served(*options) as served, served.client() as client:
        assert str(tmp_path / "state") in served.banner
        file = client.files.create(file=pairs, purpose="fine-tune")
        job = client.post("/fine-tunes", cast_to=object, body={"training_file": file.id, "model": "ada"})[
            "id"
        ]
        served.clock(advance=10)
        other = httpx2.post(
            f"{served.url}/_mock/worlds", json={"yaml": "version: 1\ntitle: Another\n"}
        ).json()
        before = client.get(f"/fine-tunes/{job}", cast_to=object)
        served.stop(how)

    with Served(*options) as served, served.client() as client:
        assert START + 10 == served.clock()["now"]
        assert pairs == client.files.content(file.id).content
        assert before == client.get(f"/fine-tunes/{job}", cast_to=object)
        worlds = {world["id"] for world in httpx2.get(f"{served.url}/_mock/worlds").json()["data"]}
        assert {"default", other["id"]} == worlds
        served.clock(run_until={"job": job})
        assert START + 20 == client.get(f"/fine-tunes/{job}", cast_to=object)["updated_at"]


def test_a_kept_clock_goes_on_at_its_rate_unless_the_command_line_says_another(story, tmp_path):
    options = ["--scenario", story, "--state", tmp_path / "state"]
    with Served(*options) as served:
        served.clock(rate=7)

    told = []
    for option in ([], ["--rate", "auto"], [], ["--rate", "3"]):
        with Served(*options, *option) as served:
            told.append(served.clock()["rate"])

    assert [7, "auto", "auto", 3] == told


@on_posix
def test_a_real_disk_that_is_full_refuses_the_upload_leaves_nothing_and_goes_on(tmp_path, pairs):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, 2_500_000))"
    with Served("--state", tmp_path, prelude=limit) as served, served.client() as client:
        with pytest.raises(openai.InternalServerError, match="no disk space left") as refusal:
            client.files.create(file=b"x" * 3_000_000, purpose="user_data")

        assert 507 == refusal.value.status_code
        assert [] == list((tmp_path / "default" / "blobs").iterdir())
        assert [] == list(client.files.list())
        file = client.files.create(file=pairs, purpose="fine-tune")
        assert pairs == client.files.content(file.id).content


# --- env and health --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "line"),
    [("sh", "export {}={}"), ("powershell", '$Env:{} = "{}"'), ("cmd", "set {}={}")],
)
def test_env_speaks_the_words_of_the_shell(shell, line):
    base = "http://127.0.0.1:8080/v1"
    names = {"OPENAI_BASE_URL": base, "OPENAI_API_BASE": base, "OPENAI_API_KEY": "sk-mock"}

    assert [line.format(*pair) for pair in names.items()] == run("env", "--shell", shell).stdout.splitlines()


@pytest.mark.parametrize(
    "url", ["http://localhost:9", "http://localhost:9/", "http://localhost:9/v1", "http://localhost:9/v1/"]
)
def test_env_takes_the_url_as_people_write_it(url):
    assert "export OPENAI_BASE_URL=http://localhost:9/v1\n" in run("env", "--url", url).stdout


@on_posix
def test_a_shell_understands_what_env_says():
    command = (
        f'eval "$({sys.executable} -m mockserver env --key sk-7)"; echo $OPENAI_BASE_URL $OPENAI_API_KEY'
    )

    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)

    assert "http://127.0.0.1:8080/v1 sk-7\n" == done.stdout


def test_health_tells_a_server_that_answers_from_one_that_does_not(mock):
    done = run("health", "--url", mock.url)

    assert (0, "ok\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{free}", "http://127.0.0.1:x", "http://no-such-host.invalid", "", "{other}"]
)
def test_health_ends_with_1_where_no_mockserver_answers(url):
    with closing(socket.create_server(("127.0.0.1", 0))) as other, closing(bind("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
        taken.close()
        url = url.format(free=free, other=f"http://127.0.0.1:{other.getsockname()[1]}")

        done = run("health", "--url", url)

    assert (1, "", f"mockserver: no server answers at {url}\n") == (done.returncode, done.stdout, done.stderr)
