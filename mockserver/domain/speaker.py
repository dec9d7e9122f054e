"""A model that answers in a conversation: who has the answer, and what is left of it where there is room for so much.

The scenario's reply comes first. Without one the model makes the calls it must make or that the user's words invite
to, else fills the schema it is given, else says what it was taught, passes on what its tools have answered, tells the
truth about itself if that is asked, or makes up a text.
"""

import asyncio
import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from mockserver import errors
from mockserver.domain.answers import spelled_out, taught
from mockserver.domain.models import Model
from mockserver.scenario.models import Reply
from mockserver.simulation import calling, tokens, transcript
from mockserver.simulation.choices import Choice, Wish, complete, tell
from mockserver.simulation.honesty import about_itself
from mockserver.simulation.logprobs import Token, pieces, spell, whole_characters
from mockserver.simulation.messages import NO_PARAMETERS, Ask, Call, Function
from mockserver.simulation.sampling import scores
from mockserver.simulation.schemas import generate
from mockserver.simulation.thinking import is_reasoning, thoughts
from mockserver.world import World

if TYPE_CHECKING:
    from mockserver.chance import Random

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
#: how long the text is that an object of JSON is given when nobody says what is in it, in tokens
FILLING = 24


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: a text (a refusal, if `refused`), calls, or both; without a choice there is no text at all."""

    wish: Wish
    choice: Choice | None
    finish_reason: FinishReason
    calls: Sequence[Call] = ()
    refused: bool = False
    told: bool = False

    @property
    def text(self) -> str | None:
        """What is said in words."""
        return self.choice.text if self.choice else None

    def tokens(self) -> Iterator[Token]:
        """Yield the text token by token, with scores if they were asked for."""
        if self.choice is None:
            return iter(())
        wish, said, scored = self.wish, self.choice.tokens, None
        if wish.logprobs is not None:
            scored = scores(wish.context(), said, wish.logprobs, wish.sampling.logit_bias, taught=self.told)
        return spell(said, scored, wish.model)

    def pieces(self) -> Iterator[list[Token]]:
        """Yield the text as it is streamed: token by token, those that make one character together."""
        return whole_characters(self.tokens())

    def texts(self) -> Iterator[str]:
        """Yield the text of each of the `pieces`, sooner than they come."""
        return pieces(self.choice.tokens, self.wish.model) if self.choice else iter(())

    def call_pieces(self, call: Call) -> Iterator[str]:
        """Yield a call's arguments as they are streamed, token by token."""
        return pieces(tokens.remembered(call.arguments, self.wish.model), self.wish.model)


class Speaker:
    """A model in one conversation, with room for so many tokens, those of its thoughts included."""

    def __init__(
        self, world: World, model: Model, ask: Ask, told: Reply, prompt: Sequence[int], room: int, name: str
    ) -> None:
        self._world = world
        self._model = model
        self._ask = ask
        self._told = told
        self._prompt = prompt
        self._name = name
        #: how many tokens it thinks before it answers
        self.thinking = 0
        if is_reasoning(model.base):
            self.thinking = min(room, thoughts(model.base, ask.effort, self._chance))
        self._wish = Wish(
            model.base,
            prompt,
            limit=room - self.thinking,
            stops=ask.stops,
            n=ask.n,
            best_of=ask.n,
            sampling=ask.sampling,
            logprobs=ask.logprobs,
            anew=True,
        )

    async def answers(self) -> tuple[list[Said], int]:
        """Return as many answers as are asked for, and what they cost in tokens without the thoughts."""
        told, asked = self._told, transcript.last_user(self._ask.messages)
        if told.tool_calls:
            calls = [Call(call.name, _written(call.arguments), call.id or "") for call in told.tool_calls]
            return self._each(lambda: self._calling(calls, told.text), alike=True)
        if told.refusal is not None:
            return self._in_words(told.refusal, refused=True)
        text = spelled_out(told, asked)
        return await self._unscripted(asked) if text is None else self._in_words(text)

    async def _unscripted(self, asked: str) -> tuple[list[Said], int]:
        ask, insist = self._ask, bool(self._told.from_training_file)
        if not insist and (functions := calling.called(ask)):
            return self._each(lambda: self._calling([self._call(each, asked) for each in functions]))
        if not insist and (schema := ask.schema) is not None:
            return self._each(lambda: self._telling(_written(self._made_for(schema))))
        text = await taught(self._world, self._model, asked, insist=insist)
        if text is None:
            text = calling.passed_on(ask.messages) or about_itself(asked, self._model.id)
            if ask.json:
                return self._each(lambda: self._telling(_written({"answer": text or self._filling()})))
        if text is None and self._ask.sampling.endless:  # everybody else's requests need not wait for that
            return await asyncio.to_thread(self._in_words, None)
        return self._in_words(text)

    def _in_words(self, text: str | None, *, refused: bool = False) -> tuple[list[Said], int]:
        told = text is not None
        if text is not None and not self._ask.sampling.logit_bias:
            choices, cost = tell(self._wish, text)
        else:
            choices, cost = complete(self._wish, self._chance, text)
        return [self._said(choice, refused=refused, told=told) for choice in choices], cost

    def _each(self, make: Callable[[], tuple[Said, int]], *, alike: bool = False) -> tuple[list[Said], int]:
        """Make every answer by itself, or one for all if they are alike."""
        if alike or self._ask.sampling.greedy:
            said, cost = make()
            return [said] * self._ask.n, cost * self._ask.n
        made = [make() for _ in range(self._ask.n)]
        return [said for said, _ in made], sum(cost for _, cost in made)

    def _telling(self, text: str) -> tuple[Said, int]:
        [choice], cost = tell(replace(self._wish, n=1, best_of=1), text)
        return self._said(choice, told=True), cost

    def _calling(self, wanted: Sequence[Call], text: str | None = None) -> tuple[Said, int]:
        """Return an answer that makes calls, perhaps after a word; the one that the limit reaches is cut short."""
        choice, cost = None, 0
        if text is not None:
            [choice], cost = tell(replace(self._wish, n=1, best_of=1), text)
        calls: list[Call] = []
        for call in wanted:
            arguments = tokens.remembered(call.arguments, self._wish.model)
            frame = transcript.PER_CALL + len(tokens.remembered(call.name, self._wish.model))
            left = self._wish.limit - cost - frame
            if left < 0:
                return self._said(choice, calls, is_cut=True), cost
            own = call.id or self._world.ids.new("call")
            if left < len(arguments):
                calls.append(
                    replace(call, id=own, arguments=tokens.decode(arguments[:left], self._wish.model))
                )
                return self._said(choice, calls, is_cut=True), self._wish.limit
            calls.append(replace(call, id=own))
            cost += frame + len(arguments)
        return self._said(choice, calls), cost

    def _said(
        self,
        choice: Choice | None,
        calls: Sequence[Call] = (),
        *,
        refused: bool = False,
        told: bool = True,
        is_cut: bool = False,
    ) -> Said:
        reason: FinishReason = "length" if is_cut else "tool_calls" if calls else "stop"
        if choice is not None and not calls and not is_cut:
            reason = choice.finish_reason
        return Said(self._wish, choice, self._told.finish_reason or reason, calls, refused=refused, told=told)

    def _call(self, function: Function, asked: str) -> Call:
        """Return a call of a function with arguments that fit; a custom tool is given what the user said."""
        if function.custom:
            return Call(function.name, asked, custom=True)
        return Call(function.name, _written(self._made_for(function.parameters or NO_PARAMETERS)))

    def _made_for(self, schema: Mapping[str, Any]) -> Any:
        try:
            return generate(schema, self._chance)
        except ValueError as error:
            raise errors.invalid(f"No value fits this JSON Schema: {error}.") from error

    def _filling(self) -> str:
        wish = replace(self._wish, n=1, best_of=1, limit=FILLING, stops=(), logprobs=None)
        [choice], _ = complete(wish, self._chance)
        return choice.text.strip()

    @cached_property
    def _chance(self) -> "Random":
        """The answer's own; with a seed, or when chance has no part in it, that of everybody who asks the same."""
        seed = self._ask.seed
        if seed is None and not self._ask.sampling.greedy:
            return self._world.chance.stream(f"answer:{self._name}")
        asked = blake2b(array("I", self._prompt).tobytes(), digest_size=16).hexdigest()
        return self._world.chance.stream(f"answer:{seed}:{self._model.base}:{asked}")


def _written(value: Any) -> str:
    """Return a value as models write JSON; a text is left as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
