"""What a base model can do beside answering in words, by its name (official model pages; newest families not verified).

A model that nobody knows, such as a scenario's own, can do everything that is not told of the known ones.
"""

import re
from functools import cache

_TEXT_ONLY = re.compile(
    r"gpt-3\.5.*|gpt-4(-32k.*|-0\d{3}|-1106-preview|-0125-preview|-turbo-preview)?|o1-(mini|preview).*|o3-mini.*"
    r"|gpt-oss-.*|.*-audio.*|gpt-audio.*|.*-search-(preview|api).*"
)
_WITH_SOUND = re.compile(r".*-audio.*|gpt-audio.*")
_WITH_SEARCH = re.compile(r".*-search-(preview|api).*")
#: models of which it is known that they do not speak or hear
_WITHOUT_SOUND = re.compile(r"gpt-.*|o\d.*|chatgpt-.*|codex-.*|computer-use-.*")
_WITHOUT_JSON = re.compile(
    r"gpt-4(-32k.*|-0\d{3})?|gpt-3\.5-turbo(-16k)?-0(301|613)|o1-(mini|preview).*|.*-audio.*"
)
_WITHOUT_SCHEMAS = re.compile(
    r"gpt-3\.5.*|gpt-4(-.*)?|gpt-4o-2024-05-13|chatgpt-4o-latest|o1-(mini|preview).*|.*-audio.*"
)
_WITHOUT_STOP = re.compile(r"o3(?!-mini).*|o4.*|gpt-[5-9](?!.*chat).*")
_CALLING_UNTHINKING = re.compile(r"gpt-5\.[4-9].*|gpt-[6-9].*")
_ONE_CALL = re.compile(r"o\d.*")
_BEGINNERS = re.compile(r"o1-(mini|preview).*")

#: the efforts a reasoning model can make
_EFFORTS = (
    (r"o1-(mini|preview).*", ()),
    (r"gpt-5-pro.*", ("high",)),
    (r"gpt-5\.\d-pro.*", ("medium", "high", "xhigh")),
    (r"gpt-5(?!\.).*", ("minimal", "low", "medium", "high")),
    (r"gpt-5\.1(?!-codex-max).*", ("none", "low", "medium", "high")),
    (r"gpt-5\.[2-5].*|gpt-5\.1-codex-max.*", ("none", "low", "medium", "high", "xhigh")),
    (r"gpt-.*", ("none", "low", "medium", "high", "xhigh", "max")),
)
_USUAL_EFFORTS = ("low", "medium", "high")


def sees(model: str) -> bool:
    """Whether it looks at pictures."""
    return not _TEXT_ONLY.fullmatch(model)


def needs_sound(model: str) -> bool:
    """Whether it is made for speech, so that something has to be heard or spoken."""
    return bool(_WITH_SOUND.fullmatch(model))


def speaks(model: str) -> bool:
    """Whether it can hear and speak."""
    return needs_sound(model) or not _WITHOUT_SOUND.fullmatch(model)


def searches(model: str) -> bool:
    """Whether it looks into the web before it answers."""
    return bool(_WITH_SEARCH.fullmatch(model))


def takes_format(model: str, kind: str) -> bool:
    """Whether its answers can be held to `json_object` or `json_schema`; every other format is taken."""
    unable = {"json_object": _WITHOUT_JSON, "json_schema": _WITHOUT_SCHEMAS}.get(kind)
    return unable is None or not unable.fullmatch(model)


def takes_stop(model: str) -> bool:
    """Whether it can be stopped by a text."""
    return not _WITHOUT_STOP.fullmatch(model)


def takes_tools(model: str) -> bool:
    """Whether it calls anything, and listens to the system: the first reasoning models did not."""
    return not _BEGINNERS.fullmatch(model)


def takes_parallel_calls(model: str) -> bool:
    """Whether it can be told to make one call at a time, or many."""
    return not _ONE_CALL.fullmatch(model)


def thinks_or_calls(model: str) -> bool:
    """Whether chat completions let it call functions only without thinking (seen of gpt-5.4)."""
    return bool(_CALLING_UNTHINKING.fullmatch(model))


@cache
def efforts(model: str) -> tuple[str, ...]:
    """Return how hard a reasoning model can be told to think."""
    return next((words for family, words in _EFFORTS if re.fullmatch(family, model)), _USUAL_EFFORTS)
