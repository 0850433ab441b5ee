"""Sections of policy packs as JSON: `parameters` by name, and `rules` that hold some of them.

A rule refers to a parameter by holding it whole: name, value, unit, clauses and sentences. It is
recognised by being equal to the parameter of that name, so a parameter can be changed wherever it
is held. Pure.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.kernel import Kind, Reason, Violation

Path = tuple[str, ...]
TEXTS = ("clauses", "zh", "en")
FIELDS = ("value", "unit", *TEXTS, "ours")
_NOTHING: Any = object()

PARAMETER_UNKNOWN = Reason(
    "PARAMETER_UNKNOWN",
    Kind.INVALID,
    zh="没有名为“{name}”的参数。",
    en="There is no parameter named '{name}'.",
)
PARAMETER_TWICE = Reason(
    "PARAMETER_TWICE", Kind.INVALID, zh="同一参数给出两次。", en="The parameter is given twice."
)


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for a parameter, and its sentences anew where they are not empty."""

    name: str
    value: Any
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two sections in one place; None on the side that has nothing there.

    Of a parameter `old` and `new` are the whole parameters and `fields` says what differs; of a
    rule they are what it says, with `!param name` for what it holds. `around` is the parameter or
    rule with the clauses and sentences.
    """

    path: Path
    old: Any
    new: Any
    fields: tuple[str, ...] = ()
    around: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """Where it is, dotted."""
        return ".".join(self.path)


def held(section: Mapping[str, Any], value: Any) -> str | None:
    """Return the name of the parameter that a part of the rules is; None when it is none."""
    if not isinstance(value, dict):
        return None
    name = value.get("name")
    known = isinstance(name, str) and section["parameters"].get(name) == value
    return name if known else None


def with_changes(section: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """Return the section with other values for some of its parameters, wherever they are held."""
    parameters = dict(section["parameters"])
    for change in changes:
        parameters[change.name] = _changed(parameters[change.name], change)
    changed = {"parameters": parameters, "rules": section["rules"]}

    def put_in(value: Any) -> Any:
        name = held(section, value)
        if name is not None:
            return parameters[name]
        if isinstance(value, dict):
            return {key: put_in(item) for key, item in value.items()}
        return [put_in(item) for item in value] if isinstance(value, list) else value

    return changed | {"rules": put_in(section["rules"])}


def without(section: Mapping[str, Any], places: Iterable[str]) -> dict[str, Any]:
    """Return the section without the rules at some dotted places, and what only they held."""
    rules = copy.deepcopy(dict(section["rules"]))
    parameters = dict(section["parameters"])
    for place in places:
        *around, last = place.split(".")
        group = rules
        for key in around:
            group = group.get(key, {})
        name = held(section, group.pop(last, None))
        if name is not None:
            del parameters[name]
    return {**section, "parameters": parameters, "rules": rules}


def wrong_names(section: Mapping[str, Any], changes: Sequence[Change]) -> Iterator[Violation]:
    """Yield what is wrong with the names of changes."""
    seen: set[str] = set()
    for number, change in enumerate(changes):
        if change.name in seen:
            yield PARAMETER_TWICE.violate(f"changes[{number}].name")
        elif change.name not in section["parameters"]:
            yield PARAMETER_UNKNOWN.violate(f"changes[{number}].name", name=change.name)
        seen.add(change.name)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two sections: parameters by name, then rules in their order."""
    before, after = old["parameters"], new["parameters"]
    found = [
        _of_parameter(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return [*found, *_between(_folded(old, old["rules"]), _folded(new, new["rules"]), (), None)]


def _changed(parameter: Mapping[str, Any], change: Change) -> dict[str, Any]:
    old, new = parameter["value"], change.value
    texts = {
        "zh": change.zh or _restated(parameter["zh"], old, new),
        "en": change.en or _restated(parameter["en"], old, new),
    }
    return {**parameter, "value": new, **texts}


def _restated(sentence: str, old: Any, new: Any) -> str:
    """Exchange a number in a sentence that states it exactly once."""
    if not all(isinstance(value, int | float) for value in (old, new)):
        return sentence
    if isinstance(old, bool) or isinstance(new, bool):
        return sentence
    stated = re.compile(rf"(?<![\d.]){re.escape(str(old))}(?![\d.]*\d)")
    return stated.sub(str(new), sentence) if len(stated.findall(sentence)) == 1 else sentence


def _of_parameter(name: str, old: Any, new: Any) -> Difference:
    fields = tuple(
        field for field in FIELDS if old and new and old.get(field, False) != new.get(field, False)
    )
    return Difference(("parameters", name), old, new, fields, new or old)


def _folded(section: Mapping[str, Any], value: Any) -> Any:
    """Return rules with `!param name` in place of every parameter that they hold."""
    name = held(section, value)
    if name is not None:
        return f"!param {name}"
    if isinstance(value, dict):
        return {key: _folded(section, item) for key, item in value.items()}
    return [_folded(section, item) for item in value] if isinstance(value, list) else value


def _between(
    old: Any, new: Any, path: Path, around: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if old is not _NOTHING and new is not _NOTHING and old == new:
        return
    for side in (old, new):
        if isinstance(side, dict) and all(key in side for key in TEXTS):
            around = side
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            one, other = old.get(key, _NOTHING), new.get(key, _NOTHING)
            yield from _between(one, other, (*path, key), around)
    elif _alike(old, new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _between(one, other, (*path, str(number)), around)
    else:
        yield Difference(path, _given(old), _given(new), (), around)


def _alike(old: Any, new: Any) -> bool:
    """Whether two lists can be compared item by item: as many items, all of them with parts."""
    both = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    return both and all(isinstance(item, dict) for item in (*old, *new))


def _given(value: Any) -> Any:
    return None if value is _NOTHING else value
