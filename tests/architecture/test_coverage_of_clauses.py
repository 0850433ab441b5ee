"""No clause in force without a test of its name; no parameter of the rule book left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from chassis.policies import parameters_used
from chassis.rules import Rule
from tests.platform import SERVICES, haixin

ACCEPTANCE = Path(__file__).parents[1] / "acceptance"

WITHOUT_ENGINE: set[str] = set()
"""Clauses that a permission of the pack quotes for what no method does yet."""

NOT_IN_FORCE: dict[str, set[str]] = {}
IN_FORCE = {
    "reallocation.chain",
    "ruling.precedence",
    "duplicate.online_rule",
    "duplicate.offline_rule",
    "dispute.window_days",
    "dispute.exclude_signing_day",
    "dispute.unfollowed_decider",
    "online.external_policy",
    "online.maintenance_period",
    "violations.dismissal_at",
    "violations.malicious_at",
    "violations.window_days",
    "address.override",
    "address.pattern",
    "customer.required_fields",
    "distribution.days",
    "distribution.deadline",
    "distribution.planner",
    "followup.count_mode",
    "followup.identical_scope",
    "followup.min_chars",
    "followup.require_content",
    "followup.require_title",
    "leaver.plan_days",
    "inbound.order",
    "library.allowed_categories",
    "name.insurance_contact_suffix",
    "name.securities_branch_required",
    "phones.advised",
    "phones.insurance_mobile_required",
    "phones.min",
    "pool.reclaim_cooldown_days",
    "quota.excluded_categories",
    "quota.ka",
    "quota.on_overflow",
    "quota.tenure_boundary",
    "quota.tenure_ge_3m",
    "quota.tenure_lt_3m",
    "reallocation.executor",
    "reclaim.days",
    "reclaim.exclude_categories",
    "reclaim.mode",
    "release.mnemonic_format",
    "release.needs_supervisor",
    "release.pool_after_releasers",
    "release.route",
    "review.reason_required_on_reject",
    "review.reviewer",
    "review.sla_hours",
    "rota.cheat_ban_days",
    "rota.filter_order",
    "rota.groups",
    "rota.performance_period",
    "rota.scheme",
    "rota.size",
    "rota.week",
    "visibility.library_readers",
}
"""The parameters of the rule book that engines of this stage decide by."""


def policies() -> dict[str, BaseModel]:
    """Return the typed rules of every service."""
    sections = haixin().sections
    return {s.name: s.policy.model_validate(sections[s.name].rules) for s in SERVICES}


def clauses(value: Any) -> Iterator[str]:
    """Yield every clause id that a rule anywhere in `value` quotes."""
    if isinstance(value, Rule):
        yield from value.clauses
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from clauses(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from clauses(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from clauses(item)


IN_FORCE_CLAUSES = sorted({c for policy in policies().values() for c in clauses(policy)})


@pytest.fixture(scope="module")
def test_names() -> set[str]:
    """Return the names of the acceptance tests."""
    texts = (path.read_text() for path in sorted(ACCEPTANCE.glob("test_*.py")))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)}


@pytest.mark.parametrize("clause", IN_FORCE_CLAUSES)
def test_a_clause_in_force_has_a_test_of_its_name(clause: str, test_names: set[str]) -> None:
    prefix = f"test_{re.sub('[-.]', '_', clause)}_"
    tested = any(name.startswith(prefix) for name in test_names)
    assert tested != (clause in WITHOUT_ENGINE)


def test_the_pack_covers_the_articles_of_this_stage() -> None:
    stems = {re.split(r"[a-z]", clause)[0] for clause in IN_FORCE_CLAUSES}
    assert {"H-2.1", "H-2.2", "H-3.1", "H-3.2", "H-3.3", "H-6.7"} <= stems


def test_every_parameter_of_the_rule_book_is_stated() -> None:
    stated = {name for section in haixin().sections.values() for name in section.parameters}
    wanted = IN_FORCE | {name for names in NOT_IN_FORCE.values() for name in names}
    assert wanted - stated == set()


def test_what_is_not_in_force_is_known_by_name() -> None:
    used = {name: set(parameters_used(policy)) for name, policy in policies().items()}
    idle = {
        name: set(section.parameters) - used.get(name, set())
        for name, section in haixin().sections.items()
    }
    assert {name: names for name, names in idle.items() if names} == NOT_IN_FORCE
    assert set().union(*used.values()) >= IN_FORCE


def test_every_parameter_says_what_it_is() -> None:
    for section in haixin().sections.values():
        for name, parameter in section.parameters.items():
            assert parameter["clauses"], name
            assert re.search(r"[\u4e00-\u9fff]", parameter["zh"]), name
            assert re.search(r"[a-z]", parameter["en"]), name
            assert parameter["unit"], name
