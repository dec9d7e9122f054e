"""Lifecycles are tables: (state, trigger) -> state. Everything that may happen to a job stands here, and only here.

A fine-tuning job's life, in today's words (legacy `pending` is the first two, and paused):

    validating_files -> queued -> running -> succeeded
    validating_files, queued, running     -> failed
    queued, running -> paused             -> queued
    every state that is not final         -> cancelled

An illegal move raises and changes nothing.
"""

from collections.abc import Mapping

Table = Mapping[tuple[str, str], str]

FINAL = frozenset({"succeeded", "failed", "cancelled"})

JOB: Table = {
    ("validating_files", "validated"): "queued",
    ("validating_files", "fail"): "failed",
    ("validating_files", "cancel"): "cancelled",
    ("queued", "start"): "running",
    ("queued", "fail"): "failed",
    ("queued", "pause"): "paused",
    ("queued", "cancel"): "cancelled",
    ("running", "succeed"): "succeeded",
    ("running", "fail"): "failed",
    ("running", "pause"): "paused",
    ("running", "cancel"): "cancelled",
    ("paused", "resume"): "queued",
    ("paused", "cancel"): "cancelled",
}


class IllegalMoveError(Exception):
    """A trigger that the state does not know."""

    def __init__(self, state: str, trigger: str) -> None:
        super().__init__(f"a {state} job cannot {trigger}")
        self.state = state
        self.trigger = trigger


def move(table: Table, state: str, trigger: str) -> str:
    """Return the state that follows. Raises IllegalMoveError if the table has no such move."""
    try:
        return table[state, trigger]
    except KeyError:
        raise IllegalMoveError(state, trigger) from None
