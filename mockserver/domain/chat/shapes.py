"""What answers of chat completions looked like on a day: which of their fields were there.

Days are those of the client releases that brought a field. Of the empty content in a stream's first chunk, and of the
service tier in every answer, they are not verified. Every era at once has every field.
"""

from datetime import UTC, datetime
from functools import lru_cache

SINCE = {
    "first_content": "2023-06-13",  # the first chunk has an empty content
    "system_fingerprint": "2023-11-06",  # client 1.1.0
    "logprobs": "2023-12-17",  # client 1.5.0
    "refusal": "2024-08-06",  # client 1.40.0
    "reasoning_tokens": "2024-09-12",  # client 1.45.0
    "cached_tokens": "2024-10-01",  # client 1.51.0
    "audio_tokens": "2024-10-17",  # client 1.52.0
    "accepted_prediction_tokens": "2024-11-04",  # client 1.54.0
    "rejected_prediction_tokens": "2024-11-04",  # client 1.54.0
    "service_tier": "2025-01-01",  # in every answer
    "annotations": "2025-03-11",  # client 1.66.0
}


@lru_cache(maxsize=256)
def fields(as_of: int | None) -> frozenset[str]:
    """Return the fields an answer has at a unix time; None is every era at once."""
    if as_of is None:
        return frozenset(SINCE)
    today = datetime.fromtimestamp(as_of, UTC).date().isoformat()
    return frozenset(name for name, day in SINCE.items() if day <= today)
