"""`mockserver demo`: the guide of March 2023, played by the real client against a server of its own.

A file goes up, a fine-tune waits in the queue, trains through its epochs and becomes a model that answers. On a
terminal the queue and the epochs are drawn live; elsewhere each event is a plain line.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mockserver.clock import Clock, utc
from mockserver.config import UserError
from mockserver.scenario.loader import load, shipped
from mockserver.testing.server import MockServer
from mockserver.worlds import DEFAULT

if TYPE_CHECKING:
    from openai import OpenAI

PROMPT = "How to jump to the specified work station?\nAgent:"
MOMENT = "%Y-%m-%d %H:%M:%S"
QUEUE, EPOCH = "Fine-tune is in the queue. Queue number: ", "Completed epoch "


@dataclass
class Progress:
    """How far the fine-tune is, as its own log tells."""

    clock: Clock
    longest: int = 0
    queue: int | None = None
    epoch: int = 0
    epochs: int = 4
    last: str = ""

    def hear(self, event: dict[str, Any]) -> None:
        """Take in one event of the log."""
        self.last = event["message"]
        if self.last.startswith(QUEUE):
            self.queue = int(self.last.removeprefix(QUEUE))
            self.longest = max(self.longest, self.queue)
        elif self.last.startswith(EPOCH):
            self.epoch, self.epochs = map(int, self.last.removeprefix(EPOCH).split("/"))

    def __rich__(self) -> RenderableType:
        """Return the picture: virtual time, queue, epochs, the last thing said."""
        rows = Table.grid(padding=(0, 2))
        waited = self.longest - self.queue if self.queue is not None else 0
        ahead = "-" if self.queue is None else f"{self.queue} ahead"
        rows.add_row("clock", f"{utc(self.clock.time):{MOMENT}}")
        rows.add_row("queue", ProgressBar(max(1, self.longest), waited, width=40), ahead)
        rows.add_row(
            "epochs", ProgressBar(self.epochs, self.epoch, width=40), f"{self.epoch} of {self.epochs}"
        )
        rows.add_row("", Text(self.last, style="dim"))
        return Panel(rows, title="fine-tune", title_align="left", width=78)


def demo(scenario: str, rate: float, console: Console | None = None) -> None:
    """Play the guide. Ends with exit code 2 when the real client is not installed."""
    try:
        import openai  # noqa: PLC0415 - only the demo needs the client, and it is an extra
    except ImportError:
        raise UserError("the demo needs the real client: pip install 'openai>=3.54,<4'") from None
    console = console or Console(highlight=False)
    story = load(scenario)
    paced = story.model_copy(update={"clock": story.clock.model_copy(update={"rate": rate})})
    with MockServer(paced) as server, openai.OpenAI(base_url=server.base_url, api_key="sk-demo") as client:
        console.print(f"[bold]openai {openai.__version__}[/] talks to [bold]{server.base_url}[/]")
        console.print(f"playing [bold]{scenario}[/] at {rate:g} virtual seconds a second\n")
        _play(console, client, server.worlds[DEFAULT].clock)


def _play(console: Console, client: "OpenAI", clock: Clock) -> None:
    content = (shipped()["guide-2023"].parent / "guide-2023" / "data_prepared.jsonl").read_bytes()
    file = client.files.create(file=("data_prepared.jsonl", content), purpose="fine-tune")
    console.print(f"[green]✓[/] uploaded {file.filename}: {file.bytes:,} bytes, {file.id}")

    order = {"training_file": file.id, "model": "davinci"}
    job: Any = client.post("/fine-tunes", cast_to=object, body=order)
    console.print(f"[green]✓[/] created {job['id']} on davinci\n")

    with _told(console, clock) as hear:
        for event in _follow(client, job["id"]):
            hear(event)

    job = client.get(f"/fine-tunes/{job['id']}", cast_to=object)
    model = job["fine_tuned_model"]
    [costs] = [event["message"] for event in job["events"] if "costs" in event["message"]]
    console.print(f"\n[green]✓[/] {job['status']}: [bold]{escape(str(model))}[/] ({costs})\n")
    for temperature in (0, 1):
        said = client.completions.create(
            model=model, prompt=PROMPT, max_tokens=100, stop=[".\n"], temperature=temperature
        )
        usage = said.usage
        assert usage is not None
        console.print(f"[bold]temperature {temperature}[/]", PROMPT.replace("\n", " ⏎ "))
        console.print(Panel(escape(said.choices[0].text.strip()), width=78))
        console.print(
            f"  {said.choices[0].finish_reason}, {usage.prompt_tokens} + {usage.completion_tokens} = "
            f"{usage.total_tokens} tokens\n"
        )
    console.print("Your turn: [bold]mockserver serve --scenario guide-2023[/], then point any client at it.")


def _follow(client: "OpenAI", job_id: str) -> Iterator[dict[str, Any]]:
    """Yield the events of a legacy fine-tune as they come; today's client has no method for them any more."""
    from openai import Stream  # noqa: PLC0415 - only the demo needs the client, and it is an extra

    stream: Any = client.get(
        f"/fine-tunes/{job_id}/events",
        cast_to=object,
        options={"params": {"stream": True}},
        stream=True,
        stream_cls=Stream[object],
    )
    yield from stream


@contextmanager
def _told(console: Console, clock: Clock) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yield what to call with each event: draws on a terminal, prints lines elsewhere."""
    if console.is_terminal:
        progress = Progress(clock)
        with Live(progress, console=console, refresh_per_second=12):
            yield progress.hear
    else:
        yield lambda event: print(f"[{utc(event['created_at']):{MOMENT}}] {event['message']}")  # noqa: T201 - the log
