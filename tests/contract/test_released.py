"""What a release has stored, the releases after it can read, migrate and change."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from chassis.kernel import Refused
from chassis.migrations import configure
from chassis.policies import Draft
from chassis.sections import Change, without
from chassis.service import Service, assemble
from chassis.tables import policy_version
from services.gateway.parts import GATEWAY
from tests.platform import MONDAY, SERVICES

POLICIES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "released_policies.json").read_text("utf-8")
)
"""The sections of the haixin pack as the first release with every service stored them."""

RELEASED = {
    "chassis_0001",
    "activity_0001",
    "activity_0002",
    "customers_0001",
    "customers_0002",
    "ownership_0001",
    "ownership_0002",
    "ownership_0003",
    "ownership_0004",
    "ownership_0005",
    "ownership_0006",
    "review_0001",
    "review_0002",
    "scheduler_0001",
    "gateway_0001",
}
"""Migrations that databases somewhere have been through: none may be renamed."""


def test_released_migrations_stay() -> None:
    found = {
        revision.revision
        for service in (*SERVICES, GATEWAY)
        for revision in ScriptDirectory.from_config(configure(service.migrations)).walk_revisions()
    }
    assert found >= RELEASED


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_stored_policy_stays_in_force_and_can_be_changed(service: Service) -> None:
    parts = assemble(service, "sqlite://")
    parts.create_tables()
    section = POLICIES[service.name]
    stored = {
        "version": 1,
        "pack": "haixin-pool",
        "effective_at": MONDAY,
        "time_zone": "Asia/Shanghai",
        "section": section,
        "digest": "of the release",
        "applied_at": MONDAY,
        "applied_by": "admin",
        "base_version": 0,
        "reason": "",
    }
    kept = next(name for name in section["parameters"] if name not in retired(service))
    with parts.database.engine.begin() as connection:
        connection.execute(policy_version.insert(), stored)
        assert parts.policies.in_force(connection, MONDAY).version == 1
        same = Change(kept, section["parameters"][kept]["value"], zh="改写", en="Reworded")
        parts.policies.apply(connection, Draft(changes=[same]), MONDAY, "admin")
        assert parts.policies.in_force(connection, MONDAY).version == len([1, same])
    parts.database.close()


def test_a_pack_that_has_what_is_retired_is_refused() -> None:
    customers = next(service for service in SERVICES if service.name == "customers")
    parts = assemble(customers, "sqlite://")
    with pytest.raises(Refused) as refused:
        parts.policies.check(POLICIES["customers"])
    fields = {violation.field for violation in refused.value.violations}
    assert fields == {f"parameters.{name}" for name in retired(customers)}
    parts.database.close()


def retired(service: Service) -> set[str]:
    """Return the names of the stored parameters that a service reads no longer."""
    section = POLICIES[service.name]
    left = without(section, service.policy.RETIRED)
    return section["parameters"].keys() - left["parameters"].keys()
