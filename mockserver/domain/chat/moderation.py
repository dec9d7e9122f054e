"""The moderation of a chat: what was asked and what is answered, judged like `/v1/moderations` judges texts.

The input is everything that was said, as one; of the output each answer has a result of its own (neither is verified).
What is flagged is told and nothing else: no answer is blocked.
"""

from collections.abc import Iterable
from typing import Any

from mockserver.domain import moderations
from mockserver.domain.dialogue import Spoken
from mockserver.simulation import moderation
from mockserver.simulation.messages import Ask
from mockserver.simulation.moderation import CATEGORIES, THRESHOLD
from mockserver.wire_models import ModerationParam
from mockserver.world import World


def judge_of(world: World, wanted: ModerationParam | None) -> str | None:
    """Return who judges, None if nobody is to. Raises ApiError 400 for a model that does not judge."""
    return None if wanted is None else moderations.usable(world, wanted.model).id


def judged(judge: str, ask: Ask, spoken: Spoken) -> dict[str, Any]:
    """Return what is thought of both sides."""
    asked = "\n".join(message.text for message in ask.messages)
    return {
        "input": _results(judge, [asked]),
        "output": _results(judge, [said.text or "" for said in spoken.said]),
    }


def _results(judge: str, texts: Iterable[str]) -> dict[str, Any]:
    return {"type": "moderation_results", "model": judge, "results": [_result(judge, text) for text in texts]}


def _result(judge: str, text: str) -> dict[str, Any]:
    scores = dict(moderation.score(text))
    flags = {category: score >= THRESHOLD for category, score in scores.items()}
    return {
        "type": "moderation_result",
        "model": judge,
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": scores,
        "category_applied_input_types": {category: ["text"] for category in CATEGORIES},
    }
