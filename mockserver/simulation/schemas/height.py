"""How many containers the flattest value of a schema needs: the way out of schemas that contain themselves.

A reference costs what it leads to, a choice what its flattest branch costs, an object one more than what it must
contain. A schema that can never be finished is infinitely high. The estimate is low where `allOf` joins choices that
exclude each other; whoever follows it meets that on the way.
"""

from collections.abc import Mapping
from math import inf
from typing import Any

from mockserver.simulation.schemas.fit import kinds
from mockserver.simulation.schemas.shape import Schema, references, target


class Heights:
    """The heights of the schemas within a root; those of references are found when the first is asked for."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._of_refs: dict[str, float] = {}

    def of(self, schema: Schema) -> float:
        """Return the containers the flattest value needs, infinity if there is no value."""
        if isinstance(schema, bool):
            return 0 if schema else inf
        if "enum" in schema or "const" in schema:
            return 0 if schema.get("enum", True) else inf
        asked = [self.of(each) for each in schema.get("allOf", ())]
        if "$ref" in schema:
            asked.append(self._of_ref(schema["$ref"]))
        asked += [
            min(map(self.of, schema[choice]), default=inf)
            for choice in ("anyOf", "oneOf")
            if choice in schema
        ]
        asked.append(min((self._of_kind(schema, kind) for kind in kinds(schema)), default=0))
        return max(asked)

    def _of_kind(self, schema: Mapping[str, Any], kind: str) -> float:
        parts: list[Schema] = []
        if kind == "object":
            named = schema.get("properties", {})
            other = schema.get("additionalProperties", True)
            parts = [named.get(name, other) for name in schema.get("required", ())]
        elif kind == "array" and (least := schema.get("minItems", 0)):
            places = schema.get("prefixItems", [])
            parts = places[:least] if least <= len(places) else [*places, schema.get("items", True)]
        return 1 + max(map(self.of, parts), default=0) if kind in {"object", "array"} else 0

    def _of_ref(self, ref: str) -> float:
        if ref not in self._of_refs:
            self._solve(ref)
        return self._of_refs[ref]

    def _solve(self, ref: str) -> None:
        """Find the heights of a reference and of all it leads to: from infinity downwards until none changes."""
        found = [ref]
        for each in found:
            self._of_refs.setdefault(each, inf)
            found += [
                new for new in dict.fromkeys(references(target(self._root, each))) if new not in self._of_refs
            ]
            self._of_refs |= dict.fromkeys(found, inf) | self._of_refs
        changed = True
        while changed:
            changed = False
            for each in reversed(found):
                height = self.of(target(self._root, each))
                changed |= height < self._of_refs[each]
                self._of_refs[each] = height
