"""Which of two records of one customer is kept (H-6.4a, H-6.5)."""

from typing import Any

from chassis.kernel import Figure, Sentence
from chassis.rules import Rule
from services.ownership.domain.dispute_policy import DisputeRules
from services.ownership.domain.evidence import DuplicateEvidence, FollowUps, Record
from services.ownership.domain.rulings import Asked, Ground, Proposal, decide

KEPT = "kept"


def propose_duplicate(evidence: DuplicateEvidence, rules: DisputeRules) -> Proposal:
    """Propose which of two records of one customer is kept (H-6.4a, H-6.5)."""
    basis = tuple(_followed(record, rules) for record in evidence.records if record.followed)
    asked: Asked = {
        "online_rule": lambda: _online_copy(evidence, rules),
        "protection_time": lambda: _protection(evidence, rules),
        "follow_up_window": lambda: _later_follow_up(evidence, rules),
    }
    return decide(asked, rules, basis)


def _followed(record: Record, rules: DisputeRules) -> Ground:
    basis = rules.performance.first_basis
    followed = record.followed or FollowUps(record.holder_id)
    figures: dict[str, Figure] = {
        "customer_id": record.customer_id,
        "staff_id": record.holder_id,
        "last_follow_up": followed.last.local if followed.last else "",
    }
    say = Sentence(
        "{staff_id} 对 {customer_id} 最后一次有效跟进：{last_follow_up}。",
        "{staff_id}'s last valid follow-up of {customer_id}: {last_follow_up}.",
    )
    if not followed.last:
        say = Sentence(
            "{staff_id} 对 {customer_id} 没有有效跟进。",
            "{staff_id} has no valid follow-up of {customer_id}.",
        )
    return Ground(basis.clause, basis.say, say.fill(figures), figures)


def _online_copy(evidence: DuplicateEvidence, rules: DisputeRules) -> Proposal | None:
    """A held online customer stays with its holder; a copy that nobody holds is void."""
    one, other = evidence.records
    for kept, closed in ((one, other), (other, one)):
        if kept.online and kept.holder_id and not closed.holder_id:
            figures: dict[str, Figure] = {
                "kept": kept.customer_id,
                "closed": closed.customer_id,
                "staff_id": kept.holder_id,
            }
            say = Sentence(
                "在线客户 {kept} 归 {staff_id}，公海中的 {closed} 无效。",
                "The online customer {kept} stays with {staff_id}; the copy {closed} is void.",
            )
            return _keep(kept, closed, rules.duplicate.online_rule, say, figures)
    return None


def _protection(evidence: DuplicateEvidence, rules: DisputeRules) -> Proposal:
    """The earlier protection wins, any before none; of two that nobody holds the older stays."""
    kept, closed = sorted(evidence.records, key=_seniority)
    figures: dict[str, Figure] = {"kept": kept.customer_id, "closed": closed.customer_id}
    for name, record in (("kept", kept), ("closed", closed)):
        figures[f"{name}_protected"] = record.protected
        figures[f"{name}_entered"] = record.entered
    if kept.holder_id and closed.holder_id:
        say = Sentence(
            "保护时间 {kept_protected} 早于 {closed_protected}。",
            "Protected {kept_protected}, before {closed_protected}.",
        )
    elif kept.holder_id:
        say = Sentence(
            "{kept} 自 {kept_protected} 受保护，{closed} 无人保护。",
            "{kept} is protected since {kept_protected}; nobody protects {closed}.",
        )
    else:
        say = Sentence(
            "两条记录均无人保护，保留较早录入的 {kept}（{kept_entered}）。",
            "Nobody protects either; the older record {kept} stays ({kept_entered}).",
        )
    return _keep(kept, closed, rules.duplicate.offline_rule, say, figures)


def _later_follow_up(evidence: DuplicateEvidence, rules: DisputeRules) -> Proposal | None:
    """Where policy asks for follow-ups first: who followed up last keeps the customer."""
    followed = [record for record in evidence.records if record.followed and record.followed.last]
    if not followed:
        return None
    kept = max(followed, key=lambda record: (record.last_at, record.customer_id))
    (closed,) = (record for record in evidence.records if record is not kept)
    figures: dict[str, Figure] = {"kept": kept.customer_id, "staff_id": kept.holder_id}
    say = Sentence(
        "{staff_id} 最后跟进，保留 {kept}。", "{staff_id} followed up last: {kept} stays."
    )
    return _keep(kept, closed, rules.performance.first_basis, say, figures)


def _keep(
    kept: Record, closed: Record, rule: Rule, say: Sentence, figures: dict[str, Figure]
) -> Proposal:
    ground = Ground(rule.clause, rule.say, say.fill(figures), figures)
    return Proposal(KEPT, kept.holder_id, rule, (ground,), kept.customer_id, closed.customer_id)


def _seniority(record: Record) -> tuple[bool, Any, Any, str]:
    protected = record.protected_at if record.holder_id else None
    return (
        protected is None,
        protected or record.entered_at,
        record.entered_at,
        record.customer_id,
    )
