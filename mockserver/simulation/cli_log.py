"""The log that the legacy command line printed of a fine-tune, read back.

`openai api fine_tunes.create` and `fine_tunes.follow` of the clients 0.x print `[2023-03-15 15:27:48] message` for each
event, in local time. Such lines are looked for in whatever surrounds them: prompts, progress bars, a whole web page.
A stream that broke off and was followed again tells its story from the start, so the longest telling counts.

Words: those of 2023 (guide, public dumps) and of 2021 (examples of the specification of that time); that of a failure
is not verified.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_LINE = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] (.+)")

#: what a line can tell, in the only order in which it can happen; one of the last three ends it
_WORDS = {
    "created": r"Created fine-tune: (?P<id>\S+)",
    "costs": r"Fine-tune costs \$(?P<dollars>[\d,]+(?:\.\d+)?)",
    "enqueued": r"(?:Fine-tune enqueued|Job enqueued\. Waiting for jobs ahead to complete)"
    r"(?:\. Queue number: (?P<number>\d+))?",
    "queue": r"Fine-tune is in the queue\. Queue number: (?P<number>\d+)",
    "started": r"(?:Fine-tune|Job) started",
    "epoch": r"Completed epoch (?P<epoch>\d+)/(?P<epochs>\d+)",
    "model": r"Uploaded (?:model|snapshot): (?P<id>\S+?)",
    "result_file": r"Uploaded result files?: (?P<id>[\w-]+)",
    "succeeded": r"(?:Fine-tune|Job) succeeded",
    "failed": r"(?:Fine-tune|Job) failed(?:[.:] (?P<message>.+))?",
    "cancelled": r"(?:Fine-tune|Job) cancell?ed",
}
_FORMS = {kind: re.compile(words + ("" if kind == "failed" else r"\.?")) for kind, words in _WORDS.items()}
_ORDER = [*_WORDS]
ENDS = frozenset({"succeeded", "failed", "cancelled"})

#: what the server says in the words of 2023 alone
_WORDS_OF_2021 = re.compile(r"Job |Uploaded snapshot|Uploaded result files")

#: what the command line adds in its own words when the stream has ended and the job has failed
_LAST_WORDS = re.compile(r"\s*Job failed\. Please contact ")

_NAME = re.compile(
    r"(?P<base>[^:]+):ft-(?P<slug>[^:]+?)(?::(?P<suffix>.+?))?-(?P<second>\d{4}(?:-\d\d){5})", re.ASCII
)
#: offsets are multiples of this, and the name is this close to the line that tells of it (measured: 0 or 1 second)
_QUARTER, _CLOSE, _FARTHEST = timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=14)


class LogError(ValueError):
    """A text from which no story can be read; `line` (from 1) is where, or None."""

    def __init__(self, line: int | None, message: str) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Note:
    """What was left out or changed, and on which line (from 1) of the text it stands."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log: where it stands in the text (from 1), local time, what happened and what it names."""

    line: int
    moment: datetime
    kind: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class ModelName:
    """A legacy name, `davinci:ft-personal:suffix-2023-03-15-09-11-14`, in its parts; `second` is UTC."""

    base: str
    slug: str
    suffix: str | None
    second: datetime


@dataclass(frozen=True, slots=True)
class JobLog:
    """The story of one fine-tune: its creation and what came then, each event able to follow the one before it."""

    events: tuple[Event, ...]
    notes: tuple[Note, ...] = ()

    def first(self, kind: str) -> Event | None:
        """Return the first event of a kind."""
        return next((event for event in self.events if event.kind == kind), None)

    @property
    def model(self) -> ModelName | None:
        """The name of the model it made; None for a name of another form."""
        event = self.first("model")
        name = _NAME.fullmatch(event.said["id"]) if event else None
        if name is None:
            return None
        try:
            second = datetime.strptime(name["second"], "%Y-%m-%d-%H-%M-%S")  # noqa: DTZ007 - UTC, by the legacy rule
        except ValueError:
            return None
        return ModelName(name["base"], name["slug"], name["suffix"], second)

    @property
    def utc_offset(self) -> timedelta | None:
        """How far local time was ahead of UTC: the model's name tells UTC, the line about it local time."""
        event, model = self.first("model"), self.model
        if event is None or model is None:
            return None
        ahead = event.moment - model.second
        offset = round(ahead / _QUARTER) * _QUARTER
        return offset if abs(ahead - offset) <= _CLOSE and abs(offset) <= _FARTHEST else None


def parse(text: str) -> JobLog:
    """Read the log of one fine-tune. Raises LogError when there is none, or more than one."""
    notes: list[Note] = []
    tellings: list[list[Event]] = [[]]
    for number, line in enumerate(text.split("\n"), 1):
        event = _event(number, line, notes) or _end(number, line, tellings[-1])
        if event is None:
            continue
        if event.kind == "created" and tellings[-1]:
            tellings.append([])
        tellings[-1].append(event)
    if not tellings[0]:
        raise LogError(
            None, "no line of a fine-tune's log, such as '[2023-03-15 15:27:48] Fine-tune started'"
        )
    told = _possible(_from_creation(max(_of_one_job(tellings), key=len), notes), notes)
    if {event.kind for event in told} <= {"created", "cancelled"}:
        raise LogError(told[-1].line, "nothing had happened to this fine-tune by then")
    return JobLog(tuple(told), tuple(sorted(notes, key=lambda note: note.line)))


def _event(number: int, line: str, notes: list[Note]) -> Event | None:
    """Return what a line tells; None for one that is not of the log."""
    found = _LINE.search(line)
    if found is None:
        return None
    message = found[2].rstrip()
    said = {kind: words.groupdict() for kind, form in _FORMS.items() if (words := form.fullmatch(message))}
    if not said:
        notes.append(Note(number, f"left out, nobody knows what it means: {message}"))
        return None
    if _WORDS_OF_2021.match(message):
        notes.append(Note(number, "these are words of 2021; the server says it in those of 2023"))
    try:
        moment = datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the local time of the log
    except ValueError:
        raise LogError(number, f"'{found[1]}' is no time") from None
    [(kind, named)] = said.items()
    return Event(number, moment, kind, {name: value for name, value in named.items() if value})


def _end(number: int, line: str, told: list[Event]) -> Event | None:
    """Return the failure that the command line's last words tell of, unless the log has said it already."""
    if not _LAST_WORDS.match(line) or not told or told[-1].kind in ENDS:
        return None
    return Event(number, told[-1].moment, "failed", {})


def _of_one_job(tellings: list[list[Event]]) -> list[list[Event]]:
    """Return the tellings of the one job there is; what stands before its creation belongs to it only if alone."""
    named = [telling for telling in tellings if telling[0].kind == "created"]
    for telling in named:
        first, job = telling[0], named[0][0].said["id"]
        if first.said["id"] != job:
            other = first.said["id"]
            raise LogError(first.line, f"a second fine-tune, {other}; the log of {job} has to stand alone")
    return named or tellings


def _from_creation(told: list[Event], notes: list[Note]) -> list[Event]:
    """Return the events with the creation before them, if the log does not tell of it."""
    first = told[0]
    if first.kind == "created":
        return told
    notes.append(Note(first.line, "no log begins so; the fine-tune is taken to be created in this second"))
    return [Event(first.line, first.moment, "created", {}), *told]


def _possible(told: list[Event], notes: list[Note]) -> list[Event]:
    """Return the events without those that cannot follow the ones before them, and none before the one before."""
    kept = told[:1]
    for event in told[1:]:
        last = kept[-1]
        if not _can_follow(event, last):
            notes.append(Note(event.line, f"left out: '{event.kind}' cannot come after '{last.kind}'"))
        elif event.moment < last.moment:
            notes.append(Note(event.line, "earlier than the line before it; taken to be of the same second"))
            kept.append(replace(event, moment=last.moment))
        else:
            kept.append(event)
    return kept


def _can_follow(event: Event, last: Event) -> bool:
    if last.kind in ENDS:
        return False
    if event.kind == last.kind:
        is_later_epoch = event.kind == "epoch" and int(event.said["epoch"]) > int(last.said["epoch"])
        return event.kind == "queue" or is_later_epoch
    return _ORDER.index(event.kind) > _ORDER.index(last.kind)
