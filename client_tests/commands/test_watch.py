"""`serve --watch`: what is saved is played, what is wrong is not, and nobody waits for either."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from mockserver.commands.serve import Overrides
from mockserver.commands.watch import Watch
from mockserver.domain.seeding import populate
from mockserver.scenario.loader import load
from mockserver.worlds import DEFAULT, Worlds

STORY = "version: 1\nseed: 7\nclock: {start: 2023-03-15, rate: 0}\n"
ONE, TWO = "replies: [{reply: {text: one}}]\n", "replies: [{reply: {text: two}}]\n"
PATIENCE = 30

pytestmark = pytest.mark.anyio


class Stage:
    """A world that plays `story.yaml`, and somebody who writes it."""

    def __init__(self, overrides=None):
        overrides = overrides or Overrides()
        self._second = 0
        self.save(STORY + ONE)
        self.worlds = Worlds(overrides.apply(load("story.yaml")), populate)
        self._watch = Watch("story.yaml", lambda: overrides.apply(load("story.yaml")), self.worlds)

    def save(self, text, name="story.yaml"):
        """Write a file, a second after the last one."""
        self._second += 1
        Path(name).write_text(text, encoding="utf-8")
        os.utime(name, (self._second, self._second))

    def remove(self, name):
        """Take a file away."""
        Path(name).unlink()

    async def look(self, times=2):
        for _ in range(times):
            await self._watch.look()

    @property
    def world(self):
        return self.worlds[DEFAULT]

    @property
    def said(self):
        return [rule.reply.text for rule in self.world.scenario.replies]


@pytest.fixture
def stage():
    made = Stage()
    yield made
    made.worlds.close()


async def test_what_is_saved_is_played_and_it_is_said_what_is_new(stage, capsys):
    stage.save(STORY + TWO)
    await stage.look()

    assert ["two"] == stage.said
    assert "story.yaml: new from now on: replies\n" == capsys.readouterr().err


async def test_nothing_happens_while_nothing_is_saved(stage, capsys):
    await stage.look(times=5)

    assert (["one"], "") == (stage.said, capsys.readouterr().err)


async def test_what_a_world_began_with_waits_for_its_reset(stage, capsys):
    stage.save(
        "version: 1\nseed: 8\nclock: {start: 2024-03-15, rate: 1}\naccount: {slug: acme}\nrunners: 3\n" + TWO
    )
    await stage.look()

    world = stage.world
    assert (7, "personal", 3) == (world.scenario.seed, world.scenario.account.slug, world.scenario.runners)
    assert (0, "2023-03-15") == (world.clock.rate, f"{world.scenario.clock.start:%Y-%m-%d}")
    assert (
        "story.yaml: new from now on: replies, runners; new when the world is reset: account, clock, seed\n"
        == capsys.readouterr().err
    )

    world = stage.worlds.reset(DEFAULT)
    assert (8, "acme", 3, 1) == (
        world.scenario.seed,
        world.scenario.account.slug,
        world.scenario.runners,
        world.clock.rate,
    )


async def test_a_wrong_scenario_is_refused_with_its_places_and_the_old_one_goes_on(stage, capsys):
    stage.save("version: 1\ntitel: x\nclock: {rat: 1}\n")
    await stage.look(times=5)

    assert ["one"] == stage.said
    assert (
        "story.yaml:2:1: unknown key 'titel' (did you mean 'title'?)\n"
        "story.yaml:3:9: unknown key 'rat' (did you mean 'rate'?)\n"
        "story.yaml: refused; what was played before goes on\n"
    ) == capsys.readouterr().err

    stage.save(STORY + TWO)
    await stage.look()
    assert ["two"] == stage.said


async def test_a_scenario_whose_jobs_cannot_be_made_is_refused_too(stage, capsys):
    stage.save(
        STORY + TWO + "files: [{id: file-a, filename: x, text: ''}]\n"
        "jobs: [{model: no-such-model, training_file: file-a, created_at: 2023-03-15}]\n"
    )
    await stage.look()

    assert ["one"] == stage.said
    assert "no-such-model" in capsys.readouterr().err


async def test_a_file_that_is_still_being_written_is_left_alone(stage):
    stage.save("version: 1\nrepl")
    await stage.look(times=1)
    stage.save(STORY + TWO)
    await stage.look(times=1)
    assert ["one"] == stage.said

    await stage.look(times=1)
    assert ["two"] == stage.said


async def test_a_file_that_is_taken_away_and_put_back_is_played_once(stage, capsys):
    stage.remove("story.yaml")
    await stage.look(times=3)
    assert (["one"], "") == (stage.said, capsys.readouterr().err)

    stage.save(STORY + TWO)
    await stage.look(times=3)
    assert (["two"], 1) == (stage.said, capsys.readouterr().err.count("\n"))


async def test_the_files_it_includes_are_watched_as_well_also_new_ones(stage):
    stage.save("replies: [{reply: {text: included}}]\n", "more.yaml")
    stage.save(f"{STORY}include: [more.yaml]\n{TWO}")
    await stage.look()
    assert ["two", "included"] == stage.said

    stage.save("replies: [{reply: {text: changed}}]\n", "more.yaml")
    await stage.look()
    assert ["two", "changed"] == stage.said

    stage.save(STORY + ONE)
    stage.remove("more.yaml")
    await stage.look()
    assert ["one"] == stage.said


async def test_saving_without_a_change_is_said_to_be_that(stage, capsys):
    stage.save(f"# A remark\n{STORY}{ONE}")
    await stage.look()

    assert "story.yaml: saved; nothing is new\n" == capsys.readouterr().err


async def test_what_the_command_line_has_changed_stays_changed():
    stage = Stage(Overrides(seed=99, models=["mine"]))
    stage.save(STORY + TWO)
    await stage.look()

    assert ["two"] == stage.said
    assert ["mine"] == [model.id for model in stage.world.scenario.models]
    assert 99 == stage.worlds.reset(DEFAULT).scenario.seed
    stage.worlds.close()


async def test_other_worlds_keep_theirs_and_new_ones_begin_with_what_was_saved(stage):
    before = stage.worlds.create(stage.worlds.scenario)
    stage.save(STORY + TWO)
    await stage.look()

    after = stage.worlds.create(stage.worlds.scenario)
    assert ["one"] == [rule.reply.text for rule in before.scenario.replies]
    assert ["two"] == [rule.reply.text for rule in after.scenario.replies]


def test_a_running_server_reads_what_is_saved(here):
    """The real program, from one save to the next."""
    (here / "story.yaml").write_text(STORY + ONE)
    program = [
        sys.executable,
        "-m",
        "mockserver",
        "serve",
        "--scenario",
        "story.yaml",
        "--watch",
        "--port",
        "0",
    ]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            url = re.search(r"http://\S+(?=/v1)", server.stdout.readline())[0]
            assert "one" == said_by(url)

            (here / "story.yaml").write_text(STORY + "replies: [{reply: {txt: two}}]\n")
            assert "story.yaml:4:20: unknown key 'txt' (did you mean 'text'?)\n" == server.stderr.readline()
            assert "story.yaml: refused; what was played before goes on\n" == server.stderr.readline()
            assert "one" == said_by(url)

            (here / "story.yaml").write_text(STORY + TWO)
            assert "story.yaml: new from now on: replies\n" == server.stderr.readline()
            assert "two" == said_by(url)
        finally:
            server.terminate()
            _, rest = server.communicate(timeout=PATIENCE)
    assert "" == rest


def said_by(url):
    body = {"model": "davinci-002", "prompt": "Hello"}
    answer = httpx2.post(f"{url}/v1/completions", json=body, headers={"authorization": "Bearer sk-x"})
    return answer.json()["choices"][0]["text"]
