"""From the scenario's words to a job's plan."""

from collections.abc import Sequence

from mockserver.domain.jobs import Job, Order
from mockserver.domain.tuned_models import steps_of
from mockserver.scenario.models import Course, Failure, TimelineStep, TrainingRule
from mockserver.scenario.selection import choose
from mockserver.scenario.training import STAGES
from mockserver.simulation import plan
from mockserver.simulation.curve import checkpoint_steps, reported_steps
from mockserver.store import Step
from mockserver.world import World

#: how a failure's place is called in a scenario, and the step it stands for
PLACES = {"validation": "job.costs", "queue": "job.started"}

#: a timeline's word -> the step it stands for, where they differ
STEPS = {"cost": "job.costs"}


def rule_for(world: World, order: Order) -> Course:
    """Return the course a job runs: its own, or that of the first rule which matches, or the default one."""
    if order.script is not None:
        return order.script
    file = world.store.get("file", order.training_file)
    facts = {
        "model": order.model,
        "suffix": order.suffix,
        "api": order.api,
        "file_name": file and file["filename"],
        "metadata": order.metadata,
    }
    return choose(world.scenario.training, facts).rule or TrainingRule()


def plan_of(world: World, rule: Course, job: Job) -> list[Step]:
    """Return everything that will happen to a job, unless somebody intervenes."""
    n_epochs = job["resolved"]["n_epochs"]
    if rule.timeline is not None:
        coarse = _scripted(rule.timeline, n_epochs)
    else:
        queue = plan.queue_of_others(rule.queue, rule.queue_gap, world.chance.stream(f"queue:{job['id']}"))
        coarse = plan.spread(rule.takes, n_epochs, queue)
    total = steps_of(job)
    training = plan.Training(
        n_epochs=n_epochs,
        total_steps=total,
        reported=reported_steps(total, n_epochs),
        checkpoints=checkpoint_steps(total, n_epochs)[:-1] if job["api"] == "modern" else (),
    )
    full = plan.detailed(coarse, training)
    return full if rule.failure is None else _failing(full, rule.failure, n_epochs)


def _failing(full: list[Step], failure: Failure, n_epochs: int) -> list[Step]:
    error = {"code": failure.code, "message": failure.message, "param": failure.param}
    at = failure.at
    if at.phase == "time":
        return plan.failing_after(full, at.seconds, error)
    if at.phase == "epoch":
        return plan.failing(full, plan.Failure(("job.epoch", min(at.epoch, n_epochs)), error))
    return plan.failing(full, plan.Failure((PLACES[at.phase], None), error))


def _scripted(timeline: Sequence[TimelineStep], n_epochs: int) -> list[Step]:
    """Return a timeline as steps. What it leaves open follows at once; epochs it does not tell, at the last pace."""
    steps: list[Step] = []
    for stage in STAGES:
        told = [step for step in timeline if step.chosen == stage and (step.epoch or 0) <= n_epochs]
        steps += map(_step, told)
        if stage == "epoch":
            done, pace = (told[-1].epoch or 0, told[-1].after) if told else (0, 0.0)
            steps += [Step(pace, "job.epoch", {"epoch": n}) for n in range(done + 1, n_epochs + 1)]
        elif not told and stage != "queue":
            steps.append(Step(0, STEPS.get(stage, f"job.{stage}")))
    return steps


def _step(step: TimelineStep) -> Step:
    kind = STEPS.get(step.chosen, f"job.{step.chosen}")
    number = step.queue if step.queue is not None else step.enqueued
    if number is not None and number is not True:
        return Step(step.after, kind, {"number": number})
    if step.epoch is not None:
        return Step(step.after, kind, {"epoch": step.epoch})
    if isinstance(step.cost, float):
        return Step(step.after, kind, {"cost": step.cost})
    return Step(step.after, kind)
