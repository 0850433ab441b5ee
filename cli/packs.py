"""What a policy pack says, compared with what is in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from chassis.pack import Pack, PackError, Section, load_pack
from chassis.policies import parameters_used, section_digest
from chassis.rules import PolicySection

SERVICES = ("customers", "ownership", "review", "activity", "scheduler")


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that a pack changes; `old` or `new` is None where it is only on one side."""

    section: str
    name: str
    old: Any
    new: Any
    clause: str
    say: Mapping[str, str]


def read_pack(path: Path) -> Pack:
    """Load a pack that the services accept; raises ClickException with every problem."""
    try:
        pack = load_pack(path)
    except PackError as error:
        raise click.ClickException("\n".join(error.problems)) from None
    problems = list(pack.problems(models()))
    if problems:
        raise click.ClickException("\n".join(problems))
    missing = [name for name in SERVICES if name not in pack.sections]
    if unknown := sorted(pack.sections.keys() - set(SERVICES)):
        raise click.ClickException(f"{path.name}: no such service: {', '.join(unknown)}")
    if missing:
        raise click.ClickException(f"{path.name}: no section for {', '.join(missing)}")
    return pack


def models() -> dict[str, type[PolicySection]]:
    """Return the policy model of every service that exists."""
    from services.activity.domain.policy import ActivityPolicy
    from services.customers.domain.policy import CustomersPolicy
    from services.ownership.domain.policy import OwnershipPolicy
    from services.review.domain.policy import ReviewPolicy
    from services.scheduler.domain.policy import SchedulerPolicy

    return {
        "customers": CustomersPolicy,
        "ownership": OwnershipPolicy,
        "review": ReviewPolicy,
        "activity": ActivityPolicy,
        "scheduler": SchedulerPolicy,
    }


def application(pack: Pack, service: str, moment: datetime) -> dict[str, Any]:
    """Return the request that puts a pack's section into force from `moment` on."""
    return {
        "pack": pack.meta.name,
        "effective_time": moment.isoformat(),
        "time_zone": pack.meta.time_zone,
        "section": pack.sections[service].to_json(),
    }


def in_force(section: str, content: Section) -> frozenset[str]:
    """Return the parameters of a section that an engine refers to."""
    return frozenset(parameters_used(models()[section].model_validate(content.rules)))


def changes(section: str, new: Section, old: Mapping[str, Any] | None) -> Iterator[Change]:
    """Yield what differs between a section and the policy in force (None: there is none)."""
    before = {one["name"]: one for one in (old or {}).get("parameters", ())}
    for name in dict.fromkeys([*new.parameters, *before]):
        stated, known = new.parameters.get(name), before.get(name)
        value = stated["value"] if stated else None
        known_value = known.get("value") if known else None
        clause = ", ".join(stated["clauses"]) if stated else str((known or {}).get("clause", ""))
        texts = (stated or known or {}).get
        told = {"zh": texts("zh", ""), "en": texts("en", "")}
        reworded = bool(stated and known) and any(
            told[key] != (known or {}).get(key) for key in told
        )
        if stated is None or known is None or value != known_value or reworded:
            yield Change(section, name, known_value, value, clause, told)


def rules_differ(new: Section, old: Mapping[str, Any] | None) -> bool:
    """Whether anything of a section differs from the policy in force, parameters included."""
    return old is None or section_digest(new.to_json()) != old.get("digest")
