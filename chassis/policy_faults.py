"""What is wrong with a section, by key and clause, in the two languages that people read."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from chassis.kernel import Kind, Reason, Sentence, Violation
from chassis.rules import Parameter, Wrong
from chassis.sections import FIELDS, held

POLICY_FIELD = "POLICY_FIELD"
PARAMETER_DIFFERS = Reason(
    "PARAMETER_DIFFERS",
    Kind.INVALID,
    zh="规则“{rule}”中的参数与所列参数不一致。",
    en="The rule '{rule}' holds another parameter than the one listed.",
)
_ZH = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "bool_type": "须为“是”或“否”",
    "bool_parsing": "须为“是”或“否”",
    "string_type": "须为文字",
    "list_type": "须为列表",
    "tuple_type": "须为列表",
    "dict_type": "须为一组键和值",
    "model_type": "须为一组键和值",
    "model_attributes_type": "须为一组键和值",
    "literal_error": "须为以下之一：{expected}",
    "enum": "须为以下之一：{expected}",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "string_pattern_mismatch": "须符合格式 {pattern}",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "value_error": "不符合要求：{error}",
}
"""By pydantic's kinds of errors; what is not here is told in English."""


def faults(section: Mapping[str, Any], error: ValidationError) -> Iterator[Violation]:
    """Yield what the model says of a section's rules, each thing once.

    What lies in a parameter is told as `parameters.<name>.<part>` with the parameter's clauses.
    """
    found = [(one, *_inside(section, one["loc"])) for one in error.errors()]
    closer = {name: max(len(rest) for _, n, rest in found if n == name) for _, name, _ in found}
    told: set[tuple[str, str]] = set()
    for one, name, rest in found:
        if name and len(rest) < closer[name]:
            continue  # said of the whole because of what is wrong inside, or of another member
        field = _dotted(("parameters", name, *rest) if name else one["loc"])
        say = _say(one)
        if (field, say.en) in told:
            continue
        told.add((field, say.en))
        clauses = section["parameters"][name]["clauses"] if name else ()
        yield Violation(field, POLICY_FIELD, ", ".join(clauses), say)


def faults_of_parameters(error: ValidationError) -> Iterator[Violation]:
    """Yield what is wrong with the list of parameters itself."""
    for one in error.errors():
        yield Violation(_dotted(("parameters", *one["loc"])), POLICY_FIELD, "", _say(one))


def held_otherwise(section: Mapping[str, Any], rules: BaseModel) -> Iterator[Violation]:
    """Yield every parameter that the rules hold otherwise than the section lists it."""
    for path, parameter in parameters_held(rules):
        listed = section["parameters"].get(parameter.name)
        if listed is None or type(parameter).model_validate(listed) != parameter:
            field = f"parameters.{parameter.name}"
            yield PARAMETER_DIFFERS.violate(field, parameter.clause, rule=path)


def parameters_held(rules: Any, path: str = "") -> Iterator[tuple[str, Parameter[Any]]]:
    """Yield the parameters that an engine's rules hold, which are in force, and where."""
    if isinstance(rules, Parameter):
        yield path, rules
        return
    parts: list[tuple[str, Any]] = []
    if isinstance(rules, BaseModel):
        parts = [(name, getattr(rules, name)) for name in type(rules).model_fields]
    elif isinstance(rules, Mapping):
        parts = list(rules.items())
    elif isinstance(rules, list | tuple):
        parts = [(str(number), item) for number, item in enumerate(rules)]
    for name, part in parts:
        yield from parameters_held(part, f"{path}.{name}" if path else name)


def _inside(section: Mapping[str, Any], loc: tuple[int | str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the parameter that a place of the rules lies in and what follows; '' for none.

    A place may name members of unions, which are no keys.
    """
    here: Any = section.get("rules")
    for number, part in enumerate(loc):
        parts = dict(enumerate(here)) if isinstance(here, list) else here
        if not isinstance(parts, dict) or part not in parts:
            continue
        here = parts[part]
        if name := held(section, here):
            rest = loc[number + 1 :]
            begin = next((n for n, one in enumerate(rest) if one in FIELDS), len(rest))
            return name, rest[begin:]
    return "", ()


def _dotted(loc: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in loc)


def _say(one: Any) -> Sentence:
    raised = one.get("ctx", {}).get("error")
    if isinstance(raised, Wrong):
        return raised.say
    context = {key: str(value) for key, value in one.get("ctx", {}).items()}
    zh = _ZH.get(one["type"], "{message}").format_map({**context, "message": one["msg"]})
    return Sentence(zh, one["msg"])
