"""What moves a lifecycle on: the clock, those who look, nobody, or somebody's hand.

    clock     each step happens when its time has come
    polls     each look at the object takes it one step further
    instant   everything has happened as soon as anybody asks
    manual    nothing happens until the control API says so

A step is what a timeline can tell of; the metrics and checkpoints between two of them come along. What lies before the
beginning of the story has happened, whatever moves the rest.
"""

from typing import Literal

from mockserver.scenario.parts import Section

Driver = Literal["clock", "polls", "instant", "manual"]

#: steps that come along with the next one
UNTOLD = frozenset({"job.metrics", "job.checkpoint"})


class Progress(Section):
    """What moves each kind of object on."""

    files: Driver = "clock"
    """From uploaded to processed; how long that takes by the clock is `processing` of `uploads`."""
    fine_tuning: Driver = "clock"
    """The fine-tunes of both APIs."""

    def driver(self, kind: str) -> Driver:
        """Return what makes steps of a kind happen, such as `job.started`."""
        if kind == "file.processed":
            return self.files
        return self.fine_tuning if kind.startswith("job.") else "clock"

    @property
    def by_clock(self) -> bool:
        """Whether the clock moves everything."""
        return self.files == self.fine_tuning == "clock"
