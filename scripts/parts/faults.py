"""Every fault: what it does, its settings, a rule with it."""

from collections.abc import Iterator

from mockserver.faults.base import FAULTS, Fault
from mockserver.faults.rule import OneFault


def every() -> Iterator[str]:
    """Yield a section for each fault."""
    for name in sorted(OneFault.one_of):
        fault = FAULTS[name]
        yield from (f"### `{name}`", "", fault.about(), "")
        if settings := list(_settings(fault)):
            yield from (*settings, "")
        yield from ("```yaml", "faults:", f"  - {fault.example}", "```", "")


def _settings(fault: type[Fault]) -> Iterator[str]:
    for key, field in fault.model_fields.items():
        default = field.get_default()
        marks = []
        if field.is_required():
            marks.append("needed")
        elif isinstance(default, str | int | float):
            marks.append(f"left out: `{str(default).lower() if isinstance(default, bool) else default}`")
        if key == fault.shorthand:
            marks.append("or as a bare value")
        told = f" ({'; '.join(marks)})" if marks else ""
        yield f"- `{key}`{told}: {field.description}"
