"""What the mock says when it is asked what it is: the truth."""

import re

_ASKED = re.compile(
    r"\b(?:what|who) (?:are|r) you\b"
    r"|\bare you (?:an? )?(?:real|human|person|robot|bot|mock|fake|ai\b|gpt|chat ?gpt|openai)"
    r"|\b(?:what|which) (?:ai |language )?model (?:are you|is this|am i)|\bwho (?:made|built|created|trained) you\b"
    r"|\bwhat(?:'s| is) your name\b",
    re.IGNORECASE,
)


def about_itself(asked: str, model: str) -> str | None:
    """Return what is answered to a question about the one who answers; None for any other text."""
    if not _ASKED.search(asked):
        return None
    return (
        f"I am mockserver, a local stand-in for the OpenAI API, and I play {model} here. "
        "No model wrote this: my answers are scripted, taught or made up, the same each time."
    )
