"""`mockserver scenario import`: the log that the legacy command line printed becomes a scenario that prints it again.

The job's own steps are scripted second by second; its ids and prices are those of the log. What a log cannot tell,
such as the contents of the training file, is left to whoever plays the scenario.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import typer

from mockserver.commands.files import read_text, write_new
from mockserver.config import UserError
from mockserver.scenario.loader import load_text
from mockserver.scenario.problems import Problem, listed
from mockserver.scenario.written import inline
from mockserver.simulation import catalogue
from mockserver.simulation.cli_log import ENDS, Event, JobLog, LogError, Note, parse

#: what a request for a legacy fine-tune means when it does not say
_USUAL_BASE, _USUAL_EPOCHS = "curie", 4
_FARTHEST = 14
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?([0-5]\d))?", re.ASCII)
#: what comes after each kind of event, in the words of a timeline
_NEXT = {
    "created": "cost: auto",
    "costs": "enqueued: true",
    "enqueued": "started: true",
    "queue": "started: true",
    "started": "epoch: 1",
    "epoch": "model: true",
    "model": "result_file: true",
    "result_file": "succeeded: true",
}
#: a time in which whoever plays the scenario has long gone on
_NEVER = "1d"
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario's text, and what of the log it does not say again."""

    text: str
    notes: tuple[Note, ...]


def import_log(log: Path, output: Path | None, utc_offset: str | None) -> None:
    """Write the scenario of a log (`-`: standard input) to a file or to standard output; notes go to stderr."""
    offset = None if utc_offset is None else _offset(utc_offset)
    try:
        story = story_of(parse(read_text(log)), offset, output.name if output else "story.yaml")
        load_text(story.text, "the scenario of this log")
    except LogError as error:
        raise UserError(str(Problem(str(log), error.line, 1, str(error)))) from None
    for note in story.notes:
        typer.echo(str(Problem(str(log), note.line, 1, note.message)), err=True)
    if output is None:
        typer.echo(story.text, nl=False)
    else:
        write_new(output, story.text.encode())
        typer.echo(f"wrote {output}; play it with: mockserver serve --scenario {output}")


def story_of(log: JobLog, told_offset: timedelta | None, name: str) -> Story:
    """Return the scenario of a log; `name` is the file it will be in. Raises UserError for offsets that contradict."""
    notes = [*log.notes]
    offset = _offset_of(log, told_offset, notes)
    paced = _paced(log, offset, notes)
    start, model = paced[0][0] - offset, log.model
    ids = {"job": _id(log, "created", "ft-"), "result_file": _id(log, "result_file", "file-")}
    told_ids = {key: value for key, value in ids.items() if value}
    rule = [
        *([f"match: {inline({'model': model.base})}"] if model else []),
        *([f"ids: {inline(told_ids)}"] if told_ids else []),
        "timeline:",
        *(f"  {step}" for step in _timeline(paced)),
        *_outcome(paced),
    ]
    if untold := _untold(log):
        notes.append(Note(1, f"the log does not tell of {listed(untold)}; the server does"))
    as_of = _as_of(model.base if model else _USUAL_BASE, start, notes)
    title = f"A fine-tune{f' of {model.base}' if model else ''} on {start:%Y-%m-%d}"
    lines = [
        f"# The log of {ids['job'] or 'a fine-tune'}, printed at UTC{_written(offset)}. To see it again:",
        f"#   mockserver serve --scenario {name}",
        f"#   openai api fine_tunes.create -t data.jsonl{_arguments(log)}",
        "version: 1",
        f"title: {inline(title)}",
        *([f"as_of: {as_of}"] if as_of else []),
        f"clock: {{start: {start:%Y-%m-%dT%H:%M:%SZ}, rate: 600, hold_until: fine_tunes.create}}",
        *([f"account: {inline({'slug': model.slug})}"] if model else []),
        "training:",
        *(f"  {'  ' if number else '- '}{line}" for number, line in enumerate(rule)),
    ]
    return Story("\n".join(lines) + "\n", tuple(sorted(notes, key=lambda note: note.line)))


def _offset_of(log: JobLog, told: timedelta | None, notes: list[Note]) -> timedelta:
    """Return how far local time was ahead of UTC: the model's name knows, else the user, else it was UTC."""
    known = log.utc_offset
    if told is not None and known is not None and told != known:
        model = log.first("model")
        assert model is not None, "it knows the offset"
        raise UserError(
            f"--utc-offset: {_written(told)} contradicts {model.said['id']}, whose log is at {_written(known)}"
        )
    if known is None and told is None:
        notes.append(
            Note(1, "no model's name tells the time zone; taken to be UTC, unless --utc-offset tells")
        )
    return known or told or timedelta()


def _as_of(base: str, start: datetime, notes: list[Note]) -> str | None:
    """Return the day whose API is played; None for one on which the server knows no such model yet, or no more."""
    day = datetime(start.year, start.month, start.day, tzinfo=UTC)
    if base in catalogue.tunable("fine_tunes", int(day.timestamp())):
        return f"{day:%Y-%m-%d}"
    notes.append(Note(1, f"the server cannot fine-tune {base} as of that day, so as_of is left out"))
    return None


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[2]) > _FARTHEST:
        raise UserError(f"--utc-offset: '{text}' is not an offset such as +08:00")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -offset if found[1] == "-" else offset


def _written(offset: timedelta) -> str:
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta() else '+'}{hours:02}:{minutes:02}"


def _arguments(log: JobLog) -> str:
    """Return what the command that created the job was told beside its file."""
    model, epoch = log.model, log.first("epoch")
    epochs = int(epoch.said["epochs"]) if epoch else _USUAL_EPOCHS
    words = [f" -m {model.base}"] if model else []
    words += [f" --n_epochs {epochs}"] if epochs != _USUAL_EPOCHS else []
    words += [f' --suffix "{model.suffix}"'] if model and model.suffix else []
    return "".join(words)


def _id(log: JobLog, kind: str, prefix: str) -> str | None:
    """Return an id the log names, unless somebody has made it unreadable."""
    event = log.first(kind)
    told = event.said.get("id", "") if event else ""
    return told if re.fullmatch(rf"{prefix}[A-Za-z0-9_-]+", told, re.ASCII) else None


def _paced(log: JobLog, offset: timedelta, notes: list[Note]) -> list[tuple[datetime, Event]]:
    """Return the events at their moments (local time); a model is there in the second that its name carries."""
    paced = [(log.events[0].moment, log.events[0])]
    for event in log.events[1:]:
        moment = event.moment
        if event.kind == "model" and log.model and log.utc_offset is not None:
            moment = log.model.second + offset
            if moment != event.moment:
                notes.append(Note(event.line, f"said again at {moment:%H:%M:%S}, the second in the name"))
        paced.append((max(paced[-1][0], moment), event))
    return paced


def _timeline(paced: list[tuple[datetime, Event]]) -> Iterator[str]:
    """Yield the steps, each with the time since the one before it, and remarks where the log knows no more.

    What a timeline leaves open follows at once, so the step that did not come is put too far away to come.
    """
    for (before, last), (moment, event) in pairwise(paced):
        after = _duration(moment - before)
        match event.kind:
            case "failed":
                yield f"- {{after: {_NEVER}, {_next(last)}}} # did not come"
            case "cancelled":
                yield f"- {{after: {_NEVER}, {_next(last)}}} # did not come: {after} after the line before it,"
                yield "# its owner gave it up: openai api fine_tunes.cancel"
            case _:
                yield f"- {{after: {after}, {_step(event)}}}"
    if event.kind not in ENDS:
        yield "# The log ends here; what is left follows at once."


def _outcome(paced: list[tuple[datetime, Event]]) -> Iterator[str]:
    """Yield how the job ends, if it fails."""
    (start, _), (end, event) = paced[0], paced[-1]
    if event.kind == "failed":
        yield f"outcome: {inline({'failed': {'at': _duration(end - start), **event.said}})}"


def _next(last: Event) -> str:
    """Return the step that would have come after an event."""
    match last.kind:
        case "epoch" if last.said["epoch"] != last.said["epochs"]:
            return f"epoch: {int(last.said['epoch']) + 1}"
        case kind:
            return _NEXT[kind]


def _untold(log: JobLog) -> list[str]:
    """Return what must have happened before the last event, though no line says so."""
    told = {event.kind for event in log.events}
    stages = [*_NEXT, "succeeded"]
    reached = max(place for place, kind in enumerate(stages) if kind in told)
    return [kind for kind in stages[:reached] if kind not in told | {"queue"}]


def _step(event: Event) -> str:
    said = event.said
    match event.kind:
        case "costs":
            return f"cost: {inline(float(said['dollars'].replace(',', '')))}"
        case "enqueued" | "queue" if "number" in said:
            return f"{event.kind}: {said['number']}"
        case "epoch":
            return f"epoch: {said['epoch']}"
        case kind:
            return f"{kind}: true"


def _duration(length: timedelta) -> str:
    """Return a duration as a person writes it: `54m 4s`."""
    left = length // timedelta(seconds=1)
    parts = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts) or "0s"
