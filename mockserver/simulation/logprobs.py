r"""An answer token by token, as `logprobs` and streams show it.

A token that is only part of a character is shown like `bytes:\xe2\x96` and finishes no text; the last part finishes
the character. Offsets count characters from the beginning of the prompt, echoed or not (as on the wire in 2023-09).
"""

from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mockserver.simulation import tokens
from mockserver.simulation.choices import Choice, Wish
from mockserver.simulation.sampling import Score, scores
from mockserver.simulation.text import after


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is shown, the text it finishes, where it begins, and its score.

    `logprob` and `top` (by what the tokens show as, best first) are None where no scores were asked for, and for the
    first token of a prompt, before which nothing stands.
    """

    shown: str
    text: str
    offset: int
    logprob: float | None = None
    top: dict[str, float] | None = None


def read_out(wish: Wish, choice: Choice, *, echo: bool, top: int | None, taught: bool) -> list[Token]:
    """Return the tokens of a choice, behind those of its prompt if echoed, with the scores of the `top` likeliest.

    The texts of the tokens together are the text of the choice. `top` None scores nothing.
    """
    model, start = wish.model, len(tokens.decode(wish.prompt, wish.model))
    found = list(_spelled(wish.prompt, _prompt_scores(wish, top), model, 0)) if echo else []
    scored: Sequence[Score | None] = []
    if top is not None:
        scored = scores(wish.context(), choice.tokens, top, wish.sampling.logit_bias, taught=taught)
    return [*found, *_spelled(choice.tokens, scored, model, start)]


def shown(token: int, model: str) -> str:
    """Return how a token is shown."""
    raw = tokens.decode_bytes([token], model)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + raw.decode("ascii", "backslashreplace")


def _prompt_scores(wish: Wish, top: int | None) -> Sequence[Score | None]:
    if top is None or not wish.prompt:
        return []
    context = after((), wish.model, wish.suffix)
    return [None, *scores(context, wish.prompt, top, {}, taught=False)[1:]]


def _spelled(
    said: Sequence[int], scored: Sequence[Score | None], model: str, offset: int
) -> Iterator[Token]:
    decoder = getincrementaldecoder("utf-8")("replace")
    for place, token in enumerate(said):
        text = decoder.decode(tokens.decode_bytes([token], model), final=place == len(said) - 1)
        score = scored[place] if scored else None
        if score is None:
            yield Token(shown(token, model), text, offset)
        else:
            top = {shown(each, model): logprob for each, logprob in score.top.items()}
            yield Token(shown(token, model), text, offset, score.logprob, top)
        offset += len(text)
