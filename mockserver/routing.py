"""Which operation a request will reach: found once, for everybody it meets on its way.

A path without parameters is looked up; only the others are compared one by one. What is found goes into the scope:
`operation`, its name as the official client calls it, and `found`, its route.
"""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope


class Routes:
    """Every route of the application."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._exact: dict[tuple[str, str], Route] = {}
        self._others: list[Route] = []
        for route in routes:
            if not isinstance(route, Route):
                continue
            if route.param_convertors:
                self._others.append(route)
            else:
                for method in route.methods or ():
                    self._exact.setdefault((method, route.path), route)

    def look_up(self, scope: Scope) -> None:
        """Put what a request asks for into its scope; None for an unknown URL or method."""
        scope["found"] = found = self._find(scope)
        scope["operation"] = getattr(found, "operation_id", None)

    def _find(self, scope: Scope) -> Route | None:
        found = self._exact.get((scope["method"], scope["path"]))
        if found is not None:
            return found
        return next((route for route in self._others if route.matches(scope)[0] is Match.FULL), None)


def operation(scope: Scope) -> str | None:
    """Return the official name of the operation a request will reach, such as `fine_tunes.create`."""
    name: str | None = scope.get("operation")
    return name
