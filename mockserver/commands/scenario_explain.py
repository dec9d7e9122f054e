"""`mockserver scenario explain`: which rules a request would meet, and why the others let it pass.

The request is given as JSON: the body that a client would send, and beside its fields, where a rule asks for them,
what stands around the body: `endpoint`, `headers`, `key`, `attempt` and `query`. Counts are those of a fresh world.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from mockserver.app import create_api
from mockserver.commands.files import read_text
from mockserver.config import UserError
from mockserver.faults.rule import FaultRule
from mockserver.scenario.endpoints import INFERENCE, called
from mockserver.scenario.loader import load
from mockserver.scenario.models import Scenario, TrainingRule
from mockserver.scenario.problems import listed, nearest
from mockserver.scenario.selection import Rule
from mockserver.scenario.selection import explain as explained

#: what stands around the body of a request, and what it is if nothing is said
AROUND: dict[str, Any] = {"endpoint": None, "headers": {}, "key": None, "attempt": 1, "query": ""}

#: the calls that create a fine-tune: what a rule calls their API, and the model they train if none is named
CREATIONS = {"fine_tunes.create": ("legacy", "curie"), "fine_tuning.jobs.create": ("modern", None)}


def explain(source: str, request: str, endpoint: str | None) -> None:
    """Say what every rule of a scenario does with a request. Raises UserError for one that makes no sense."""
    scenario = load(source)
    facts = facts_of(_json(request), endpoint)
    if doubt := _doubt(facts["endpoint"]):
        typer.echo(doubt, err=True)
    lines = [*_faults(scenario, facts), *_training(scenario, facts), *_replies(scenario, facts)]
    typer.echo("\n".join(lines) or f"no rule is about {facts['endpoint']}")


def facts_of(request: dict[str, Any], endpoint: str | None) -> dict[str, Any]:
    """Return what is known of a request: the fields of its body, and what stands around it."""
    around = {name: request.get(name, usual) for name, usual in AROUND.items()}
    fields = {name: value for name, value in request.items() if name not in AROUND}
    body = fields.get("body", fields)
    around["endpoint"] = endpoint or around["endpoint"]
    if not isinstance(around["endpoint"], str):
        raise UserError('which endpoint is asked? Say --endpoint completions, or "endpoint" in the request')
    return {**(body if isinstance(body, dict) else {}), "body": body, **around}


def _doubt(endpoint: str) -> str | None:
    """Return what speaks against an endpoint: that no call of the server has such a name."""
    served = [getattr(route, "operation_id", None) for route in create_api().routes]
    names = {*INFERENCE, *(name for name in served if name and not name.startswith("mock."))}
    if names & {*called(endpoint)}:
        return None
    hint = nearest(endpoint, sorted(names))
    return f"no call of this server is named '{endpoint}'" + (f" (did you mean '{hint}'?)" if hint else "")


def _json(told: str) -> dict[str, Any]:
    """Return the request: JSON, or `@` and the file it is in."""
    text = read_text(Path(told[1:])) if told.startswith("@") else told
    try:
        request = json.loads(text)
    except ValueError as error:
        raise UserError(f"--request: not JSON: {error}") from None
    if not isinstance(request, dict):
        raise UserError("--request: must be a JSON object")
    return request


def _faults(scenario: Scenario, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what each fault rule does. A fault stands before the answer, and may leave it be."""
    first = None
    for place, rule in enumerate(scenario.faults):
        passed = _passed_by(rule, facts)
        if passed is None and first is None:
            first = place
            yield f"faults[{place}]: strikes with {rule.fault.chosen}{_limits(rule)}"
        elif passed is None:
            yield f"faults[{place}]: would strike, but faults[{first}] comes first"
        else:
            yield f"faults[{place}]: {passed}"


def _passed_by(rule: FaultRule, facts: dict[str, Any]) -> str | None:
    """Return why a fault rule does not strike; None if it does."""
    if why := rule.match.check(facts).why:
        return why
    if rule.attempts is not None and facts["attempt"] not in rule.attempts:
        return f"attempt is not {listed(map(str, rule.attempts))}: it is {facts['attempt']}"
    if not rule.fault.only.concerns(facts):
        return f"{rule.fault.chosen} cannot happen to this call"
    return None


def _limits(rule: FaultRule) -> str:
    said = [f"the first {rule.times} times" if rule.times != 1 else "the first time"] if rule.times else []
    said += [f"with a probability of {rule.probability:g}"] if rule.probability < 1 else []
    return "".join(f", {one}" for one in said)


def _training(scenario: Scenario, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what each training rule says to a job, if a job is created."""
    if facts["endpoint"] not in CREATIONS:
        return
    api, usual = CREATIONS[facts["endpoint"]]
    job = {"model": facts.get("model") or usual, "suffix": facts.get("suffix"), "api": api}
    yield from _first_of("training", scenario.training, job, "the job runs so")
    if not any(rule.match.check(job).ok for rule in scenario.training):
        yield f"no training rule is about this job: it takes {TrainingRule().takes:g}s"


def _replies(scenario: Scenario, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what each reply rule says to a call of a model."""
    if not {*called(facts["endpoint"])} & {*INFERENCE}:
        return
    prompt = facts.get("prompt")
    prompts = prompt if isinstance(prompt, list) else [prompt]
    for number, one in enumerate(prompts, 1):
        if len(prompts) > 1:
            yield f"prompt {number} of {len(prompts)}:"
        said = explained(scenario, {**facts, "prompt": one})
        yield from (f"replies[{place}]: {verdict}" for place, verdict in said)
        if not any(verdict == "answers" for _, verdict in said):
            yield "no reply rule answers: " + (
                "the request is refused"
                if scenario.on_unmatched == "error"
                else "the model answers by itself"
            )


def _first_of(section: str, rules: Sequence[Rule], facts: dict[str, Any], does: str) -> Iterator[str]:
    """Yield what each rule says, of which the first that agrees counts."""
    first = None
    for place, rule in enumerate(rules):
        why = rule.match.check(facts).why
        if why is None and first is None:
            first = place
            yield f"{section}[{place}]: {does}"
        else:
            yield f"{section}[{place}]: {why or f'would do, but {section}[{first}] comes first'}"
