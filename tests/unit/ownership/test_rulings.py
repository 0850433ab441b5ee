"""What the rules propose from given evidence, as tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.ownership.domain.dispute_policy import DisputeRules
from services.ownership.domain.duplicate_rulings import propose_duplicate
from services.ownership.domain.evidence import (
    DuplicateEvidence,
    FollowUp,
    FollowUps,
    PerformanceEvidence,
    Record,
    UnmaintainedMonth,
    WorkingDays,
)
from services.ownership.domain.performance_rulings import propose_performance
from tests.builders import variant
from tests.platform import haixin

NOON = datetime(2026, 2, 1, 4, tzinfo=UTC)
OURS = ("online_rule", "protection_time", "follow_up_window")


def rules(**parameters: Any) -> DisputeRules:
    """Return the haixin rules of disputes, with other parameter values."""
    pack = variant(haixin(), **parameters)
    stated = pack.sections["ownership"]
    group = stated.rules["dispute"]
    for name, value in parameters.items():
        key = name.replace("__", ".")
        group = _with(group, key, {**stated.parameters[key], "value": value})
    return DisputeRules.model_validate(group)


def _with(value: Any, key: str, parameter: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        if value.get("name") == key:
            return parameter
        return {name: _with(item, key, parameter) for name, item in value.items()}
    return value


def followed(who: str, days_before: int | None, valid: int = 1, invalid: int = 0) -> FollowUps:
    """Return what a person did, the last time so many days before noon of 02-01."""
    if days_before is None:
        return FollowUps(who, None, 0, invalid)
    at = NOON - timedelta(days=days_before)
    return FollowUps(who, FollowUp("f1", at, at.isoformat(), "回访"), valid, invalid)


def days(count: int) -> WorkingDays:
    return WorkingDays(count, tuple(f"day {n}" for n in range(count)), ("a Sunday",), 3)


def signed(
    *,
    count: int | None = 1,
    online: bool = False,
    unmaintained: tuple[UnmaintainedMonth, ...] = (),
) -> PerformanceEvidence:
    """Return Wang's signing of Li's customer, so many working days after Li's last follow-up."""
    return PerformanceEvidence(
        holder_id="li",
        signer_id="wang",
        sign_date=date(2026, 2, 1),
        online=online,
        followed=followed("li", None if count is None else count),
        days=None if count is None else days(count),
        unmaintained=unmaintained,
    )


def month(healed: bool = False, holder: str = "li") -> tuple[UnmaintainedMonth, ...]:
    return (UnmaintainedMonth("2026-01", holder, healed),)


@pytest.mark.parametrize(
    ("evidence", "outcome", "winner", "clause"),
    [
        (signed(count=0), "holder", "li", "H-6.3c, H-6.3d"),
        (signed(count=5), "holder", "li", "H-6.3c, H-6.3d"),
        (signed(count=6), "unfollowed", "", "H-6.3d"),
        (signed(count=None), "unfollowed", "", "H-6.3d"),
        (signed(count=6, unmaintained=month()), "unfollowed", "", "H-6.3d"),
        (signed(count=1, online=True), "holder", "li", "H-6.6c"),
        (signed(count=9, online=True), "holder", "li", "H-6.6c"),
        (signed(count=1, online=True, unmaintained=month()), "signer", "wang", "H-6.6c"),
        (signed(count=1, online=True, unmaintained=month(healed=True)), "holder", "li", "H-6.6c"),
        (signed(count=1, online=True, unmaintained=month(holder="zhao")), "holder", "li", "H-6.6c"),
    ],
)
def test_whose_a_performance_is(
    evidence: PerformanceEvidence, outcome: str, winner: str, clause: str
) -> None:
    proposal = propose_performance(evidence, rules())
    assert (proposal.outcome, proposal.winner_id, proposal.rule.clause) == (outcome, winner, clause)
    assert proposal.grounds[0].clause.startswith("H-6.3a")
    assert proposal.grounds[-1].figures["by"] in OURS
    for ground in proposal.grounds:
        assert "{" not in ground.found.zh + ground.found.en


@pytest.mark.parametrize(
    ("window", "outcome"), [(0, "unfollowed"), (3, "unfollowed"), (4, "holder")]
)
def test_the_window_is_policys(window: int, outcome: str) -> None:
    assert (
        propose_performance(signed(count=4), rules(dispute__window_days=window)).outcome == outcome
    )


@pytest.mark.parametrize(
    "order",
    [OURS, ("protection_time", "online_rule", "follow_up_window")],
)
def test_of_an_online_customer_maintenance_decides_before_follow_ups(
    order: tuple[str, ...],
) -> None:
    evidence = signed(count=1, online=True, unmaintained=month())
    proposal = propose_performance(evidence, rules(ruling__precedence=order))
    assert proposal.outcome == "signer"


def test_policy_may_let_follow_ups_go_before_maintenance() -> None:
    order = ("follow_up_window", "online_rule", "protection_time")
    evidence = signed(count=1, online=True, unmaintained=month())
    assert propose_performance(evidence, rules(ruling__precedence=order)).outcome == "holder"


@pytest.mark.parametrize(
    "order", [("online_rule",), ("online_rule", "online_rule"), (*OURS, OURS[0])]
)
def test_a_precedence_asks_every_rule_once(order: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        rules(ruling__precedence=order)


def record(
    name: str,
    holder: str = "",
    *,
    online: bool = False,
    protected: int = 0,
    entered: int = 0,
    last: int | None = None,
) -> Record:
    """Return a record; the numbers are hours after noon of 02-01, `last` days before it."""
    protected_at = NOON + timedelta(hours=protected) if holder else None
    entered_at = NOON + timedelta(hours=entered)
    return Record(
        customer_id=name,
        holder_id=holder,
        online=online,
        protected_at=protected_at,
        protected=protected_at.isoformat() if protected_at else "",
        entered_at=entered_at,
        entered=entered_at.isoformat(),
        followed=followed(holder, last) if holder else None,
    )


@pytest.mark.parametrize(
    ("one", "other", "clause"),
    [
        (record("kept", "li", online=True), record("pool"), "H-6.4a"),
        (record("kept", "li", online=True, entered=9), record("pool", entered=1), "H-6.4a"),
        (record("kept", "li", protected=1), record("c2", "wang", protected=2), "H-6.5"),
        (
            record("kept", "li", protected=1, last=9),
            record("c2", "wang", protected=2, last=1),
            "H-6.5",
        ),
        (record("kept", "li", protected=1, entered=9), record("c2", "wang", protected=2), "H-6.5"),
        (
            record("kept", "li", online=True, protected=1),
            record("c2", "wang", protected=2),
            "H-6.5",
        ),
        (
            record("kept", "li", protected=1),
            record("c2", "wang", online=True, protected=2),
            "H-6.5",
        ),
        (record("kept", "li", protected=5), record("c2", entered=1), "H-6.5"),
        (record("kept", "li", protected=5), record("c2", online=True), "H-6.5"),
        (record("kept", entered=1), record("c2", entered=2), "H-6.5"),
        (record("kept", "li", entered=1), record("later", "wang", entered=2), "H-6.5"),
        (record("kept", "li"), record("zz", "wang"), "H-6.5"),
    ],
)
def test_which_record_is_kept(one: Record, other: Record, clause: str) -> None:
    for records in ((one, other), (other, one)):
        proposal = propose_duplicate(DuplicateEvidence(records), rules())
        assert (proposal.kept_id, proposal.closed_id) == ("kept", other.customer_id)
        assert (proposal.winner_id, proposal.rule.clause) == (one.holder_id, clause)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (record("a", "li", protected=1, last=3), record("b", "wang", protected=2, last=1), "b"),
        (record("a", "li", protected=1, last=3), record("b", "wang", protected=2), "a"),
        (record("a", "li", protected=2), record("b", "wang", protected=1), "b"),
        (record("a", "li", protected=1, last=3), record("b"), "a"),
    ],
)
def test_policy_may_let_the_last_follow_up_decide(one: Record, other: Record, kept: str) -> None:
    asked = rules(ruling__precedence=("follow_up_window", "online_rule", "protection_time"))
    assert propose_duplicate(DuplicateEvidence((one, other)), asked).kept_id == kept
