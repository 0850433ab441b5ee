"""Policy versions of one service: applied with an effective time, never overwritten."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, TypeAdapter, ValidationError

from chassis import tables
from chassis.kernel import Kind, Reason, Violation
from chassis.rules import Parameter, PolicySection, Strict

Model = TypeVar("Model", bound=Strict)

NO_POLICY = Reason(
    "NO_POLICY",
    Kind.STATE,
    zh="尚无生效的策略，系统未启用。",
    en="No policy is in force yet.",
    next_zh="请管理员先应用策略包。",
    next_en="Ask an administrator to apply a policy pack.",
)
POLICY_INVALID = Reason(
    "POLICY_INVALID",
    Kind.INVALID,
    zh="策略包有 {count} 处错误，未应用。",
    en="The policy has {count} errors and was not applied.",
)
POLICY_FIELD = Reason("POLICY_FIELD", Kind.INVALID, zh="{problem}", en="{problem}")

UNKNOWN_TIME_ZONE = Reason(
    "UNKNOWN_TIME_ZONE", Kind.INVALID, zh="没有时区“{name}”。", en="There is no time zone '{name}'."
)

_PARAMETERS = TypeAdapter(dict[str, Parameter[Any]])
_t = tables.policy_version
_CURRENT = (
    sa.select(_t.c.version, _t.c.pack, _t.c.time_zone)
    .where(_t.c.effective_at <= sa.bindparam("now"))
    .order_by(_t.c.effective_at.desc(), _t.c.version.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class InForce(Generic[Model]):
    """The policy in force: the rules, and what a decision quotes of them."""

    rules: Model
    version: int
    pack: str
    time_zone: str


class PolicyStore:
    """Reads and writes the versions of one service's policy. Parsed versions are kept in memory."""

    def __init__(self, model: type[PolicySection]) -> None:
        self.model = model
        self.parsed: dict[int, PolicySection] = {}

    def in_force(self, connection: sa.Connection, now: datetime) -> InForce[Any]:
        """Return the latest version effective at `now`; refused when there is none."""
        row = connection.execute(_CURRENT, {"now": now}).first()
        if row is None:
            raise NO_POLICY.refuse()
        return InForce(self.version(connection, row.version), row.version, row.pack, row.time_zone)

    def version(self, connection: sa.Connection, version: int) -> PolicySection:
        """Return the rules of one version, for what was begun under it."""
        if version not in self.parsed:
            section = connection.execute(
                sa.select(_t.c.section).where(_t.c.version == version)
            ).scalar_one()
            self.parsed[version] = self.model.model_validate(section["rules"])
        return self.parsed[version]

    def check(self, section: dict[str, Any]) -> PolicySection:
        """Return the typed rules of a section, or refuse it naming every wrong key."""
        violations: list[Violation] = []
        rules: PolicySection | None = None
        try:
            rules = self.model.model_validate(section.get("rules", {}))
        except ValidationError as error:
            violations += _violations(error)
        try:
            _PARAMETERS.validate_python(section.get("parameters", {}))
        except ValidationError as error:
            violations += _violations(error, "parameters")
        if rules is None or violations:
            raise POLICY_INVALID.refuse(violations=violations, count=len(violations))
        return rules

    def apply(
        self,
        connection: sa.Connection,
        *,
        pack: str,
        section: dict[str, Any],
        time_zone: str,
        effective_at: datetime,
        now: datetime,
        applied_by: str,
    ) -> int:
        """Store `section` as the next version and return its number.

        Applying what the newest version says, with the same effective time, changes nothing.
        """
        self.check(section)
        _check_time_zone(time_zone)
        digest = section_digest(section)
        latest = connection.execute(
            sa.select(_t.c.version, _t.c.digest, _t.c.effective_at)
            .order_by(_t.c.version.desc())
            .limit(1)
        ).first()
        if latest and latest.digest == digest and latest.effective_at == effective_at:
            return int(latest.version)
        version = latest.version + 1 if latest else 1
        connection.execute(
            _t.insert(),
            {
                "version": version,
                "pack": pack,
                "effective_at": effective_at,
                "time_zone": time_zone,
                "section": section,
                "digest": digest,
                "applied_at": now,
                "applied_by": applied_by,
            },
        )
        return int(version)


def _violations(error: ValidationError, *around: str) -> list[Violation]:
    return [
        Violation(
            ".".join([*around, *(str(part) for part in problem["loc"])]),
            POLICY_FIELD.code,
            "",
            POLICY_FIELD.refuse(problem=problem["msg"]).say,
        )
        for problem in error.errors()
    ]


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        violation = UNKNOWN_TIME_ZONE.violate("time_zone", name=name)
        raise POLICY_INVALID.refuse(violations=[violation], count=1) from None


def section_digest(section: dict[str, Any]) -> str:
    """Return the SHA-256 of a section, independent of key order."""
    return hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest()


def parameters_used(rules: BaseModel) -> Iterator[str]:
    """Yield the parameters that an engine's rules refer to: those that are in force."""
    for name in type(rules).model_fields:
        yield from _names(getattr(rules, name))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Parameter):
        yield value.name
    elif isinstance(value, BaseModel):
        yield from parameters_used(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names(item)
