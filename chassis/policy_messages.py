"""Policy versions, their parameters and what differs between them, as messages."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from crm.operations.v1 import operations_pb2 as pb
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct, Value

from chassis.policy_faults import parameters_held
from chassis.policy_history import Reign
from chassis.rules import Parameter, PolicySection
from chassis.sections import Difference


def write_policy(
    row: Mapping[str, Any] | sa.RowMapping,
    *,
    in_force: bool,
    reign: Reign | None,
    parameters: list[pb.PolicyParameter],
) -> pb.Policy:
    answer = pb.Policy(
        pack=row["pack"],
        version=row["version"],
        applier_id=row["applied_by"],
        in_force=in_force,
        digest=row["digest"],
        time_zone=row["time_zone"],
        base_version=row["base_version"],
        reason=row["reason"],
        parameters=parameters,
    )
    answer.effective_time.FromDatetime(row["effective_at"])
    answer.apply_time.FromDatetime(row["applied_at"])
    if reign:
        answer.start_time.FromDatetime(reign.start)
        if reign.end:
            answer.end_time.FromDatetime(reign.end)
    return answer


def write_parameters(
    section: Mapping[str, Any], rules: PolicySection | None
) -> list[pb.PolicyParameter]:
    """Write the parameters of a section by name; `rules` tell which of them are in force."""
    held: dict[str, list[str]] = {}
    schemas: dict[str, str] = {}
    for path, parameter in parameters_held(rules):
        held.setdefault(parameter.name, []).append(path)
        schemas[parameter.name] = _schema(type(parameter))
    return [
        _parameter(name, parameter, held.get(name, []), schemas.get(name, "{}"))
        for name, parameter in sorted(section.get("parameters", {}).items())
    ]


def write_difference(found: Difference) -> pb.PolicyDifference:
    around = found.around or {}
    answer = pb.PolicyDifference(
        key=found.key,
        fields=found.fields,
        clause=", ".join(around.get("clauses", ())),
        zh=around.get("zh", ""),
        en=around.get("en", ""),
    )
    if found.path[0] == "parameters":
        if found.old:
            answer.old_parameter.CopyFrom(_parameter(found.path[1], found.old))
        if found.new:
            answer.new_parameter.CopyFrom(_parameter(found.path[1], found.new))
        return answer
    if found.old is not None:
        answer.old_rule.CopyFrom(_value(found.old))
    if found.new is not None:
        answer.new_rule.CopyFrom(_value(found.new))
    return answer


def _parameter(
    name: str, parameter: Mapping[str, Any], rules: list[str] | None = None, schema: str = "{}"
) -> pb.PolicyParameter:
    return pb.PolicyParameter(
        name=name,
        value=_value(parameter["value"]),
        unit=parameter["unit"],
        clause=", ".join(parameter["clauses"]),
        zh=parameter["zh"],
        en=parameter["en"],
        ours=parameter.get("ours", False),
        in_force=bool(rules),
        rules=rules,
        value_schema=json_format.Parse(schema, Struct()),
    )


@cache
def _schema(model: type[Parameter[Any]]) -> str:
    """Return the JSON schema of a parameter's value."""
    whole = model.model_json_schema()
    schema = {**whole["properties"]["value"]}
    schema.pop("title", None)
    if "$defs" in whole:
        schema["$defs"] = whole["$defs"]
    return json_format.MessageToJson(json_format.ParseDict(schema, Struct()))


def _value(value: Any) -> Value:
    return json_format.ParseDict(value, Value())
