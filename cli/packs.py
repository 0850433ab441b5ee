"""Policy packs as files, and the requests that they make of the services."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from chassis.policy_faults import parameters_held
from chassis.rules import PolicySection
from cli.pack_file import Pack, PackError, Section, load_pack

SERVICES = ("customers", "ownership", "review", "activity", "scheduler")


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


def application(pack: Pack, service: str, moment: datetime | None) -> dict[str, Any]:
    """Return the request that puts a pack's section into force from `moment` on; None: now."""
    return {
        "pack": pack.meta.name,
        **({"effective_time": moment.isoformat()} if moment else {}),
        "time_zone": pack.meta.time_zone,
        "section": pack.sections[service].to_json(),
    }


def in_force(section: str, content: Section) -> frozenset[str]:
    """Return the parameters of a section that an engine refers to."""
    rules = models()[section].model_validate(content.rules)
    return frozenset(parameter.name for _, parameter in parameters_held(rules))
