"""Where in a value one is while it is made, and when it is time to finish it."""

from dataclasses import dataclass, replace

_ROUNDS = 2  # how often a reference comes round within itself before the flattest way out is taken
_DEEP = 12  # containers in one another before it is taken anyway


class NoValueError(ValueError):
    """A part of a schema has no value; one that takes part in a choice may be passed by."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: the name of the nearest property, how many containers up it is, and the references that led here.

    Where it is `closing`, only what must be there is there.
    """

    name: str = ""
    depth: int = 0
    refs: tuple[str, ...] = ("#",)
    closing: bool = False

    def property(self, name: str) -> "Place":
        """Return the place of a property; a mere `name` is the name of what it stands in."""
        full = f"{self.name.removesuffix('s')}_name" if name == "name" and self.name else name
        return replace(self.item(), name=full)

    def item(self) -> "Place":
        """Return the place of an item."""
        return replace(self, depth=self.depth + 1, closing=self.closing or self.depth >= _DEEP)

    def behind(self, ref: str) -> "Place":
        """Return the place to which a reference leads."""
        closing = self.closing or self.refs.count(ref) >= _ROUNDS
        return replace(self, refs=(*self.refs, ref), closing=closing)

    def hurried(self) -> "Place":
        """Return the same place, to be finished."""
        return self if self.closing else replace(self, closing=True)
