"""The permissions of a policy by name, and those that a person has.

A permission is named by its place in the service's section of the pack: `claim.permission`,
`conduct.violations.confirm`, `case_types.new_customer.applicants`. Names are as stable as the
pack's keys; what a name stands for can be asked without knowing any role.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from chassis.kernel import ADMINISTRATOR, Identity, Sentence
from chassis.rules import Granting, Scope

APPLY_POLICY = "operations.apply_policy"
OPERATE = "operations.operate"
OF_THE_PLATFORM: Mapping[str, Sentence] = {
    APPLY_POLICY: Sentence("系统管理员可以应用策略包。", "An administrator applies policy packs."),
    OPERATE: Sentence(
        "系统管理员可以处理积压和失败的消息。", "An administrator may tend parked messages."
    ),
}
"""What the platform's administrator may do in every service, under any policy and without one."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A permission that somebody has, the widest reach of it, and the rule that gives it."""

    name: str
    scope: Scope
    clause: str
    say: Sentence


def named_permissions(rules: Any, name: str = "") -> Iterator[tuple[str, Granting]]:
    """Yield every permission of a section's rules with its name, in the order of the model."""
    if isinstance(rules, Granting):
        yield name, rules
    elif isinstance(rules, BaseModel):
        for field in type(rules).model_fields:
            yield from named_permissions(getattr(rules, field), _below(name, field))
    elif isinstance(rules, Mapping):
        for key, value in rules.items():
            yield from named_permissions(value, _below(name, key))


def permissions_of(actor: Identity, rules: BaseModel | None) -> list[Granted]:
    """Return what `actor` may do by a section's rules, by name; without rules, by the platform."""
    found = {}
    if actor.has(ADMINISTRATOR):
        found = {n: Granted(n, "company", "", say) for n, say in OF_THE_PLATFORM.items()}
    for name, rule in named_permissions(rules):
        scope = rule.reach(actor)
        if scope:
            found[name] = Granted(name, scope, rule.clause, rule.say)
    return [found[name] for name in sorted(found)]


def _below(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
