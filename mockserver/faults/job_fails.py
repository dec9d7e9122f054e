"""A fine-tune that comes to nothing."""

from typing import ClassVar

from pydantic_core import from_json

from mockserver.faults.base import Fault
from mockserver.faults.call import Call, World
from mockserver.scenario.training import Failure
from mockserver.store import Due, Step

#: how a place in a job's life is called in a scenario, and the step that would happen there
PLACES = {"validation": "job.costs", "queue": "job.started"}
#: a job that fails never has a model
TOO_LATE = frozenset({"job.model", "job.succeeded"})


class JobFails(Failure, Fault):
    """A fine-tune that is created fails later on, at the latest before it has a model."""

    shorthand: ClassVar[str | None] = "at"
    endpoints: ClassVar[tuple[str, ...]] = ("fine_tunes.create", "fine_tuning.jobs.create")
    example: ClassVar[str] = "{match: {model: davinci}, fault: {job_fails: epoch 3}}"

    async def play(self, call: Call) -> None:
        """Let the job be created, then change what is to happen to it."""

        def change(body: bytes) -> bytes:
            self._doom(call.world, from_json(body)["id"])
            return body

        await call.rewrite(change)

    def _doom(self, world: World, job_id: str) -> None:
        """Cut a job's plan off where it fails."""
        job = world.store.get("job", job_id)
        assert job is not None, "it was created a moment ago"
        deadline = job["created_at"] + self.at.seconds if self.at.phase == "time" else None
        with world.moment():
            rest = self._behind(world.store.due_of(job_id), deadline)
            for due in rest:
                world.store.drop(due)
            if rest:
                moment = rest[0].at if deadline is None else deadline
                error = {"code": self.code, "message": self.message, "param": self.param}
                world.store.schedule(job_id, moment, [Step(0, "job.failed", error)])
        world.touch()

    def _behind(self, plan: list[Due], deadline: float | None) -> list[Due]:
        """Return the steps of a plan that the failure prevents."""
        epochs = [due.data["epoch"] for due in plan if due.kind == "job.epoch"]
        last_epoch = min(self.at.epoch, max(epochs, default=0))

        def strikes(due: Due) -> bool:
            if deadline is not None and due.at > deadline:
                return True
            if self.at.phase == "epoch" and due.kind == "job.epoch":
                return bool(due.data["epoch"] >= last_epoch)
            return due.kind == PLACES.get(self.at.phase) or due.kind in TOO_LATE

        first = next((place for place, due in enumerate(plan) if strikes(due)), len(plan))
        return plan[first:]
