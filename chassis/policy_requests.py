"""What people ask of policy versions and do with them, whichever service's they are."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from crm.operations.v1 import operations_pb2 as pb
from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import ValidationError

from chassis import keysets, paging
from chassis.contract import FIELD_REQUIRED, INVALID_REQUEST, version_of
from chassis.kernel import ADMINISTRATOR, FORBIDDEN, Decision, Event, Sentence
from chassis.permissions import APPLY_POLICY, OF_THE_PLATFORM
from chassis.policies import Draft, Proposal, Stake
from chassis.policy_history import Reign, Version, in_force_at, reigns, versions
from chassis.policy_messages import (
    write_difference,
    write_parameters,
    write_policy,
)
from chassis.policy_reasons import NO_POLICY, POLICY_UNCONFIRMED
from chassis.rules import OperationsRules, PolicySection
from chassis.sections import Change, differences
from chassis.tables import policy_version as _t
from chassis.unit import UnitOfWork
from chassis.whole_numbers import whole_numbers

_EMPTY: Mapping[str, Any] = {"parameters": {}, "rules": {}}
_SUBJECT = "policy"
"""One for all versions of a service, so that they are heard of in their order."""
_BY_VERSION = keysets.Order((_t.c.version,), descending=True)


def applied(service: str) -> str:
    """Return the type of the event by which a service announces a version, once.

    It is announced when it is applied, with the time from which it counts. Nothing follows at
    that time: whoever wants to know then knows when to ask.
    """
    return f"crm.{service}.policy.applied.v1"


def apply(uow: UnitOfWork, request: pb.ApplyPolicyRequest) -> pb.ApplyPolicyResponse:
    """Store the request's draft as a version, announce it, and keep who did it and why."""
    clause, say = _require(uow, preview=False)
    draft = _draft(request, etag=request.etag, reason=request.reason)
    if draft.section is None and not request.etag:
        violation = FIELD_REQUIRED.violate("etag")
        raise INVALID_REQUEST.refuse(violations=[violation], count=1)
    proposal = uow.policies.propose(uow.connection, draft, uow.now)
    stake = _stake(uow, proposal)
    if stake and not request.confirmed:
        _require_confirmation(uow, stake)
    number = uow.policies.keep(uow.connection, draft, proposal, uow.now, uow.actor.staff_id)
    history = versions(uow.connection)
    row = uow.policies.read(uow.connection, number)
    if number > proposal.newest_version:
        uow.emit(Event(applied(uow.service), _SUBJECT, _announced(row)))
    if row["applied_at"] == uow.now and in_force_at(history, uow.now):
        facts = {
            "version": number,
            "base_version": row["base_version"],
            "effective_time": row["effective_at"].isoformat(),
            "reason": row["reason"],
            "digest": row["digest"],
            "confirmed": request.confirmed,
        }
        decision = Decision("apply_policy", "granted", "APPLIED", clause, say, facts)
        uow.record(decision, f"policy/{number}")
    return pb.ApplyPolicyResponse(
        policy=_policy(uow, row, history), etag=str(max(one.version for one in history))
    )


def _announced(row: sa.RowMapping) -> dict[str, Any]:
    return {
        "version": row["version"],
        "base_version": row["base_version"],
        "pack": row["pack"],
        "effective_time": row["effective_at"].isoformat(),
        "reason": row["reason"],
    }


def preview(uow: UnitOfWork, request: pb.PreviewPolicyRequest) -> pb.PreviewPolicyResponse:
    """Say what a draft would bring, or refuse it as it would be refused when applied."""
    proposal = proposed(uow, request)
    history = versions(uow.connection)
    number = proposal.newest_version + 1
    row = {
        "version": number,
        "pack": proposal.pack,
        "time_zone": proposal.time_zone,
        "effective_at": proposal.effective_at,
        "applied_at": uow.now,
        "applied_by": uow.actor.staff_id,
        "digest": "",
        "base_version": proposal.base_version,
        "reason": "",
    }
    with_it = reigns([*history, Version(number, proposal.effective_at, uow.now)])
    replaced = proposal.replaced_version
    before = uow.policies.read(uow.connection, replaced)["section"] if replaced else _EMPTY
    later = [uow.policies.read(uow.connection, one.version) for one in proposal.later]
    return pb.PreviewPolicyResponse(
        policy=write_policy(
            row,
            in_force=False,
            reign=with_it.get(number),
            parameters=write_parameters(proposal.section, proposal.rules),
        ),
        replaced_version=replaced,
        differences=[write_difference(one) for one in differences(before, proposal.section)],
        later_policies=[
            write_policy(one, in_force=False, reign=with_it.get(one["version"]), parameters=[])
            for one in later
        ],
        etag=str(proposal.newest_version),
        stake=_write_stake(uow, proposal),
    )


def proposed(uow: UnitOfWork, request: pb.PreviewPolicyRequest) -> Proposal:
    """Return the valid version that a previewed draft would bring; refused for who may not."""
    _require(uow, preview=True)
    return uow.policies.propose(uow.connection, _draft(request), uow.now)


def page(uow: UnitOfWork, request: pb.ListPoliciesRequest) -> pb.ListPoliciesResponse:
    """List the versions, the newest first."""
    size = paging.page_size(request, 10, 50)
    listed = sa.select(_t)
    found = keysets.read(uow, listed, _BY_VERSION, paging.read_token(request), size + 1)
    rows, token = paging.cut(request, found, size, keysets.keys)
    total = keysets.count(uow, listed)
    history = versions(uow.connection)
    return pb.ListPoliciesResponse(
        policies=[_policy(uow, row, history, brief=request.brief) for row in rows],
        next_page_token=token,
        total_size=total.count,
        total_size_capped=total.capped,
        etag=_etag(history),
    )


def get(uow: UnitOfWork, request: pb.GetPolicyRequest) -> pb.GetPolicyResponse:
    """Read one version."""
    history = versions(uow.connection)
    row = uow.policies.read(uow.connection, request.version)
    return pb.GetPolicyResponse(policy=_policy(uow, row, history), etag=_etag(history))


def compare(uow: UnitOfWork, request: pb.ComparePoliciesRequest) -> pb.ComparePoliciesResponse:
    """Say what differs between two versions."""
    new = uow.policies.read(uow.connection, request.version)
    base = request.base_version or request.version - 1
    old = uow.policies.read(uow.connection, base)["section"] if base else _EMPTY
    found = differences(old, new["section"])
    return pb.ComparePoliciesResponse(
        base_version=base, differences=[write_difference(one) for one in found]
    )


def _require(uow: UnitOfWork, *, preview: bool) -> tuple[str, Sentence]:
    """Return the rule by which the caller may apply a policy, or preview one; refuse who may not.

    The platform's administrator may, under any policy and without one.
    """
    rules: OperationsRules | None = None
    try:
        rules = uow.policy(PolicySection).rules.operations
    except Exception as error:
        if getattr(error, "reason", "") != NO_POLICY.code:
            raise
    granting = [rules.apply_policy, rules.preview_policy if preview else None] if rules else []
    for rule in granting:
        if rule and rule.allows(uow.actor):
            return rule.clause, rule.say
    if not uow.actor.has(ADMINISTRATOR):
        raise granting[0].refusal() if granting and granting[0] else FORBIDDEN.refuse()
    return "", OF_THE_PLATFORM[APPLY_POLICY]


def _stake(uow: UnitOfWork, proposal: Proposal) -> Stake | None:
    """Return what a version would do at once; None where nothing is in force or happens by time."""
    weigh = uow.policies.weigh
    return weigh(uow, proposal) if weigh and proposal.replaced_version else None


def _require_confirmation(uow: UnitOfWork, stake: Stake) -> None:
    rules = uow.policy(PolicySection).rules.operations
    if rules.confirm_share and stake.must_be_confirmed(rules):
        raise POLICY_UNCONFIRMED.refuse(
            rules.confirm_share.clause,
            count=stake.count,
            total=stake.total,
            percent=stake.percent,
            limit=rules.confirm_share.value,
        )


def _write_stake(uow: UnitOfWork, proposal: Proposal) -> pb.PolicyStake | None:
    stake = _stake(uow, proposal)
    if stake is None:
        return None
    rules = uow.policy(PolicySection).rules.operations
    rule = rules.confirm_share
    return pb.PolicyStake(
        count=stake.count,
        total_count=stake.total,
        share_percent=stake.percent,
        limit_percent=rule.value if rule else 0,
        confirmation_required=stake.must_be_confirmed(rules),
        clause=rule.clause if rule else "",
        zh=rule.zh if rule else "",
        en=rule.en if rule else "",
    )


def _draft(request: Any, *, etag: str = "", reason: str = "") -> Draft:
    """Read a draft from a request to apply or to preview one."""
    whole = request.HasField("section")
    missing = [name for name in ("pack", "time_zone") if whole and not getattr(request, name)]
    if not (whole or request.changes or request.base_version):
        missing.append("changes")
    if missing:
        violations = [FIELD_REQUIRED.violate(name) for name in missing]
        raise INVALID_REQUEST.refuse(violations=violations, count=len(missing))
    moment: Timestamp = request.effective_time
    return Draft(
        section=whole_numbers(json_format.MessageToDict(request.section)) if whole else None,
        pack=request.pack,
        time_zone=request.time_zone,
        changes=[
            Change(one.name, whole_numbers(json_format.MessageToDict(one.value)), one.zh, one.en)
            for one in request.changes
        ],
        base_version=request.base_version,
        effective_at=moment.ToDatetime(UTC) if request.HasField("effective_time") else None,
        newest_version=version_of(etag),
        reason=reason,
    )


def _policy(
    uow: UnitOfWork, row: sa.RowMapping, history: Sequence[Version], *, brief: bool = False
) -> pb.Policy:
    number = row["version"]
    reign: Reign | None = reigns(history).get(number)
    return write_policy(
        row,
        in_force=number == in_force_at(history, uow.now),
        reign=reign,
        parameters=[] if brief else write_parameters(row["section"], _rules(uow, number)),
    )


def _rules(uow: UnitOfWork, number: int) -> PolicySection | None:
    """Return a version's rules; None for one that this release cannot read any more."""
    try:
        return uow.policies.version(uow.connection, number)
    except ValidationError:
        return None


def _etag(history: Sequence[Version]) -> str:
    return str(max((one.version for one in history), default=0))
