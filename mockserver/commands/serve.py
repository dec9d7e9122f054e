"""`mockserver serve`: a banner that says where everything is, the server until Ctrl-C, and what it would have cost."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from mockserver import __version__
from mockserver.clock import utc
from mockserver.commands.watch import Watch, WatchingServer
from mockserver.config import Settings, UserError
from mockserver.domain import usage
from mockserver.domain.seeding import populate
from mockserver.domain.usage_totals import Total, told, total
from mockserver.errors import ApiError
from mockserver.scenario.durations import parse_instant
from mockserver.scenario.loader import load
from mockserver.scenario.models import ModelSpec, Scenario
from mockserver.server import Server, bind, url_of
from mockserver.world import World
from mockserver.worlds import DEFAULT, Worlds


@dataclass(frozen=True)
class Overrides:
    """What the command line changes in a scenario."""

    rate: str | None = None
    as_of: str | None = None
    seed: int | None = None
    models: list[str] = field(default_factory=list)
    api_keys: list[str] = field(default_factory=list)

    def apply(self, scenario: Scenario) -> Scenario:
        """Return the scenario with these changes. Ends the program for a value that makes no sense."""
        for option, values in (("--model", self.models), ("--api-key", self.api_keys)):
            if "" in values:
                raise UserError(f"{option}: it cannot be empty")
        changes: dict[str, Any] = {}
        if self.rate is not None:
            changes["clock"] = scenario.clock.model_copy(update={"rate": _rate(self.rate)})
        if self.as_of is not None:
            try:
                changes["as_of"] = parse_instant(self.as_of)
            except ValueError:
                raise UserError(f"--as-of: '{self.as_of}' is not a date such as 2023-03-15") from None
        if self.seed is not None:
            changes["seed"] = self.seed
        if self.models:
            changes["models"] = [*scenario.models, *(ModelSpec(id=name) for name in self.models)]
        if self.api_keys:
            changes["account"] = scenario.account.model_copy(update={"api_keys": self.api_keys})
        return scenario.model_copy(update=changes)


def _rate(told: str) -> Any:
    if told == "auto":
        return told
    with contextlib.suppress(ValueError):
        if 0 <= float(told) < float("inf"):
            return float(told)
    raise UserError(f"--rate: '{told}' is neither a number of at least 0 nor auto")


@dataclass
class CountedWorlds(Worlds):
    """Worlds that tell in the end what was used in all of them since they were opened, also in those that are gone."""

    _gone: Total = field(default_factory=Total)

    def begin(self, world_id: str, scenario: Scenario, folder: Path | None) -> World:
        """Let a world live; what was used in it before, or in the story it begins with, does not count."""
        world = super().begin(world_id, scenario, folder)
        self._gone -= total(usage.entries(world))
        return world

    def end(self, world: World) -> None:
        """Let go of a world; what was used in it counts."""
        self._gone += total(usage.entries(world))
        super().end(world)

    def close(self) -> None:
        """Close every world and say what was used; nothing needs no words."""
        used = sum((total(usage.entries(world)) for world in self), self._gone)
        super().close()
        if used.calls > 0:
            typer.echo(told(used))


def serve(
    name: str,
    *,
    host: str,
    port: int,
    state: Path | None,
    overrides: Overrides,
    hosts: list[str],
    watched: bool = False,
) -> None:
    """Serve a scenario until the process is told to stop; a `watched` one is played anew whenever it is saved."""
    scenario = overrides.apply(load(name))
    try:
        listener = bind(host, port)
    except OSError as error:
        raise UserError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    settings = Settings(host=host, port=port, state=state, allowed_hosts=(host, *hosts))
    try:
        if state:
            state.mkdir(parents=True, exist_ok=True)
        worlds = CountedWorlds(scenario, populate, state)
    except OSError as error:
        raise UserError(f"--state: {error}") from error
    except ApiError as error:
        raise UserError(f"{name}: {error.message}") from error
    if overrides.rate is not None:  # a kept clock goes on at the rate it had, unless told otherwise
        worlds[DEFAULT].clock.set_rate(scenario.clock.rate)
        worlds[DEFAULT].touch()
    typer.echo(banner(name, url_of(listener), worlds))
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - the reason for the warning
        typer.echo("  Everyone on this network can reach it: there is no real authentication.", err=True)
    server = Server(settings, worlds)
    if watched:
        watch = Watch(name, lambda: overrides.apply(load(name)), worlds)
        server = WatchingServer(settings, worlds, watch)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def banner(name: str, url: str, worlds: Worlds) -> str:
    """Return what a person wants to know about a server that has just started."""
    world = worlds[DEFAULT]
    held = f", stands still until {world.scenario.clock.hold_until}" if world.clock.held else ""
    rows = {
        "scenario": f"{name}" + (f": {world.scenario.title}" if world.scenario.title else ""),
        "clock": f"{utc(world.clock.now):%Y-%m-%d %H:%M:%S} UTC, rate {world.clock.rate:g}{held}"
        if world.clock.rate != "auto"
        else f"{utc(world.clock.now):%Y-%m-%d %H:%M:%S} UTC, rate auto{held}",
        "as of": f"{world.scenario.as_of:%Y-%m-%d}" if world.scenario.as_of else "every era at once",
        "seed": str(world.scenario.seed),
        "state": str(worlds.state) if worlds.state else "in memory, gone when the server stops",
        "control": f"{url}/_mock (see {url}/_mock/openapi.json)",
    }
    lines = [f"mockserver {__version__} is ready at {url}/v1", ""]
    lines += [f"  {label:<10}{value}" for label, value in rows.items()]
    lines += ["", f"  export OPENAI_BASE_URL={url}/v1 OPENAI_API_KEY=sk-mock", ""]
    return "\n".join(lines)
