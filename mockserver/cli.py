"""The command line: serve, demo, env, scenario. Whatever is heavy is imported by the command that needs it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mockserver import __version__
from mockserver.config import UserError

app = typer.Typer(
    name="mockserver",
    help="A local stand-in for the OpenAI HTTP API with state and time.",
    no_args_is_help=True,
    rich_markup_mode=None,  # rich costs --help a tenth of a second
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
scenarios = typer.Typer(help="The stories a server can play.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(scenarios, name="scenario")


class Shell(StrEnum):
    """The shells `mockserver env` speaks."""

    sh = "sh"
    powershell = "powershell"
    cmd = "cmd"


EXPORTS = {
    Shell.sh: "export {name}={value}",
    Shell.powershell: '$Env:{name} = "{value}"',
    Shell.cmd: "set {name}={value}",
}


def _version(value: bool) -> None:  # noqa: FBT001 - the shape of a typer callback
    if value:
        typer.echo(f"mockserver {__version__}")
        raise typer.Exit


@app.callback()
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Play a local stand-in for the OpenAI HTTP API."""


@app.command()
def serve(
    scenario: Annotated[str, typer.Option(help="A shipped scenario's name, or a YAML file.")] = "default",
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8080,
    state: Annotated[
        Path | None, typer.Option(help="Keep everything in this folder.", file_okay=False)
    ] = None,
    rate: Annotated[str | None, typer.Option(help="Virtual seconds per second, or auto.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Serve the API of this day, such as 2023-03-15.")] = None,
    seed: Annotated[int | None, typer.Option(help="The seed of all chance.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="A model to add; may be repeated.")] = None,
    api_key: Annotated[
        list[str] | None, typer.Option(help="A key to accept, and no other; may be repeated.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A Host header to accept beside loopback; * for all.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Play the scenario anew whenever it is saved.")
    ] = False,
) -> None:
    """Serve a scenario until Ctrl-C."""
    from mockserver.commands.serve import Overrides
    from mockserver.commands.serve import serve as run

    overrides = Overrides(rate=rate, as_of=as_of, seed=seed, models=model or [], api_keys=api_key or [])
    run(
        scenario,
        host=host,
        port=port,
        state=state,
        overrides=overrides,
        hosts=allow_host or [],
        watched=watch,
    )


@app.command()
def env(
    url: Annotated[str, typer.Option(help="Where the server is.")] = "http://127.0.0.1:8080",
    shell: Annotated[Shell, typer.Option(help="Whose words to use.")] = Shell.sh,
    key: Annotated[str, typer.Option(help="The API key to export.")] = "sk-mock",
) -> None:
    """Print the lines that point clients of every version at the server."""
    base = f"{url.rstrip('/').removesuffix('/v1')}/v1"
    for name, value in (("OPENAI_BASE_URL", base), ("OPENAI_API_BASE", base), ("OPENAI_API_KEY", key)):
        typer.echo(EXPORTS[shell].format(name=name, value=value))


@app.command()
def demo(
    scenario: Annotated[str, typer.Option(help="The scenario to play the guide on.")] = "guide-2023",
    rate: Annotated[float, typer.Option(help="Virtual seconds per second.", min=1)] = 600,
) -> None:
    """Play the guide of 2023 with the real client: upload, queue, train, answer."""
    from mockserver.commands.demo import demo as run

    run(scenario, rate)


@app.command()
def health(
    url: Annotated[str, typer.Option(help="Where the server is.")] = "http://127.0.0.1:8080",
) -> None:
    """Exit with 0 if a server answers, with 1 if not."""
    from mockserver.commands.health import is_healthy

    if not is_healthy(url):
        typer.echo(f"mockserver: no server answers at {url}", err=True)
        raise typer.Exit(1)
    typer.echo("ok")


@scenarios.command("list")
def scenario_list() -> None:
    """Name the scenarios that come with mockserver."""
    from mockserver.scenario.loader import load, shipped

    for name in shipped():
        typer.echo(f"{name:32}{load(name).title}")


@scenarios.command("check")
def scenario_check(
    scenario: Annotated[list[str], typer.Argument(help="YAML files, or names of shipped scenarios.")],
) -> None:
    """Say what is wrong with scenarios, place by place; exit with 2 if one cannot be played."""
    from mockserver.commands.scenario_check import check

    if not check(scenario):
        raise typer.Exit(2)


@scenarios.command("show")
def scenario_show(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a YAML file.")],
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Show all it says, with what it includes and every default.")
    ] = False,
) -> None:
    """Print a scenario."""
    from mockserver.commands.scenario_show import show

    show(scenario, resolved=resolved)


@scenarios.command("explain")
def scenario_explain(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a YAML file.")],
    request: Annotated[
        str, typer.Option(metavar="JSON", help="The body of a request as JSON, or @ and the file it is in.")
    ],
    endpoint: Annotated[
        str | None, typer.Option(help="The call it is sent with, such as chat.completions.")
    ] = None,
) -> None:
    """Say which rules a request would meet, and why the others let it pass."""
    from mockserver.commands.scenario_explain import explain

    explain(scenario, request, endpoint)


@scenarios.command("schema")
def scenario_schema() -> None:
    """Print the JSON Schema of scenarios, for editors."""
    from mockserver.commands.scenario_show import show_schema

    show_schema()


@scenarios.command("new")
def scenario_new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="NAME", help="The shipped scenario to begin with.")
    ] = None,
) -> None:
    """Write a scenario to begin with."""
    from mockserver.commands.scenario_new import new

    new(file, source)


@scenarios.command("import")
def scenario_import(
    log: Annotated[Path, typer.Argument(help="What the legacy command line printed; - for standard input.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.")] = None,
    utc_offset: Annotated[
        str | None, typer.Option(help="The log's time zone, such as +08:00; a model's name tells it too.")
    ] = None,
) -> None:
    """Make a scenario of a fine-tune's log, so that its replay prints the same log."""
    from mockserver.commands.scenario_import import import_log

    import_log(log, output, utc_offset)


def main() -> None:
    """Run the command line; what the user got wrong ends in one line and exit code 2, never in a traceback."""
    try:
        app()
    except UserError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
