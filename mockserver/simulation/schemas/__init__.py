"""A value for a JSON Schema: the answer of a model that was asked for structured output, or a call's arguments.

Values are usable: their texts are what their property's name or format lets one expect, their numbers small, their
lists short. The same schema and dice give the same value. All of OpenAI's strict subset is understood, and what tools
bring beside it. Understood is no more than the assertions of one value: `contains`, `if`, `dependentRequired` and
`unevaluated…` are passed over.

    schema ─ a reference and `allOf` are merged into one ─ an alternative is chosen ─ a type is chosen ─ value

Schemas that contain themselves are left by the flattest way out once they have come round.
"""

from mockserver.simulation.schemas.make import generate

__all__ = ["generate"]
