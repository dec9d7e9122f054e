r"""An answer token by token, as `logprobs` and streams show it.

A token that is only part of a character is shown like `bytes:\xe2\x96` and finishes no text; the last part
finishes the character. Offsets count characters from the beginning of the prompt, echoed or not (as on the
wire in 2023-09, simonw/llm#284).
"""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mockserver.simulation import tokens
from mockserver.simulation.choices import Choice, Wish
from mockserver.simulation.sampling import Score, scores
from mockserver.simulation.text import after


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is shown, the text it finishes, where it begins, its bytes, and its score.

    `logprob` and `top` (by what the tokens show as, likeliest first) are None where no scores were asked for,
    and for the first token of a prompt, before which nothing stands.
    """

    shown: str
    text: str
    offset: int
    raw: bytes = b""
    logprob: float | None = None
    top: dict[str, float] | None = None


def read_out(wish: Wish, choice: Choice, *, taught: bool) -> list[Token]:
    """Return the tokens of a choice, behind those of its prompt if that is echoed."""
    model = wish.model
    scored = echoed = None
    if wish.logprobs is not None:
        scored = scores(wish.context(), choice.tokens, wish.logprobs, wish.sampling.logit_bias, taught=taught)
        echoed = _prompt_scores(wish, wish.logprobs) if wish.echo else None
    prompt = spell(wish.prompt, echoed, model, 0) if wish.echo else ()
    return [*prompt, *spell(choice.tokens, scored, model, len(tokens.decode(wish.prompt, model)))]


def _prompt_scores(wish: Wish, top: int) -> list[Score | None]:
    found = scores(after((), wish.model, wish.suffix), wish.prompt, top, {}, taught=False)
    return [None, *found[1:]]


def spell(
    said: Sequence[int], scored: Sequence[Score | None] | None, model: str, offset: int = 0
) -> Iterator[Token]:
    """Yield tokens with their scores, if there are any, as they are shown behind `offset` characters."""
    decoder = getincrementaldecoder("utf-8")("replace")
    for place, token in enumerate(said):
        raw = tokens.decode_bytes([token], model)
        text = decoder.decode(raw, final=place == len(said) - 1)
        score = scored[place] if scored else None
        if score is None:
            yield Token(_shown(raw), text, offset, raw)
        else:
            top = {_shown(tokens.decode_bytes([each], model)): log for each, log in score.top.items()}
            yield Token(_shown(raw), text, offset, raw, score.logprob, top)
        offset += len(text)


def _shown(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + raw.decode("ascii", "backslashreplace")


def pieces(said: Sequence[int], model: str) -> Iterator[str]:
    """Yield the text of tokens as `whole_characters` groups it, for who wants nothing but the text, and that soon."""
    decoder = getincrementaldecoder("utf-8")("replace")
    for raw in tokens.bytes_of(said, model):
        if text := decoder.decode(raw):
            yield text
    if rest := decoder.decode(b"", final=True):
        yield rest


def whole_characters(said: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield tokens one by one, but those that finish a character only together in one piece."""
    parts: list[Token] = []
    for token in said:
        parts.append(token)
        if token.text:
            yield parts
            parts = []
