"""Conditions of rules: CEL expressions over named, typed facts.

The one place that knows the expression library. Expressions are compiled and type-checked
when a pack is loaded; evaluation is bounded by the library's budget and has no side effects.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

FactTypes = Mapping[str, str]
"""Fact name to type: `string`, `int`, `double`, `bool` or `strings` (a list of strings)."""

_TYPES = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "strings": cel.Type.List(cel.Type.STRING),
}


def check_condition(expression: str, types: FactTypes) -> None:
    """Raise ValueError unless `expression` compiles to a truth value over facts of these types."""
    _compiled(expression, tuple(sorted(types.items())))


def holds(expression: str, types: FactTypes, facts: Mapping[str, Any]) -> bool:
    """Evaluate a checked expression; raises ValueError when a fact is missing or ill-typed."""
    compiled = _compiled(expression, tuple(sorted(types.items())))
    missing = types.keys() - facts.keys()
    if missing:
        raise ValueError(f"facts missing for {expression!r}: {sorted(missing)}")
    result = compiled.eval(data={name: facts[name] for name in types}).plain_value()
    if not isinstance(result, bool):
        raise ValueError(f"{expression!r} gave {result!r}")  # noqa: TRY004 - the callers' one error
    return result


@lru_cache(maxsize=1024)
def _compiled(expression: str, types: tuple[tuple[str, str], ...]) -> cel.Expression:
    environment = cel.NewEnv(variables={name: _TYPES[kind] for name, kind in types})
    try:
        compiled = environment.compile(expression)
    except Exception as error:  # noqa: BLE001 - the library raises bare ones
        raise ValueError(f"condition {expression!r}: {error}") from None
    if compiled.return_type() != cel.Type.BOOL:
        raise ValueError(f"condition {expression!r} is not true or false")
    return compiled
