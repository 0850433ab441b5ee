"""Whose the performance of a signing is (H-6.3, H-6.6c)."""

from chassis.kernel import Figure, Sentence
from services.ownership.domain.dispute_policy import DisputeRules
from services.ownership.domain.evidence import PerformanceEvidence
from services.ownership.domain.rulings import Asked, Ground, Proposal, decide

HOLDER, SIGNER, UNFOLLOWED = "holder", "signer", "unfollowed"


def propose_performance(evidence: PerformanceEvidence, rules: DisputeRules) -> Proposal:
    """Propose whose the performance of a signing is (H-6.3, H-6.6c)."""
    basis = (_last_follow_up(evidence, rules), _ignored(evidence, rules))
    asked: Asked = {
        "online_rule": lambda: _secondary_development(evidence, rules),
        "protection_time": lambda: None,
        "follow_up_window": lambda: _window(evidence, rules),
    }
    return decide(asked, rules, basis)


def _last_follow_up(evidence: PerformanceEvidence, rules: DisputeRules) -> Ground:
    """The first ground of every ruling: the last valid follow-up of the original rep."""
    excluded = rules.performance.exclude_signing_day
    basis = rules.performance.first_basis
    clauses = f"{basis.clause}, {excluded.clause}" if excluded.value else basis.clause
    figures: dict[str, Figure] = {
        "staff_id": evidence.holder_id,
        "sign_date": evidence.sign_date.isoformat(),
        "signing_day_excluded": excluded.value,
        "last_follow_up": "",
    }
    last = evidence.followed.last
    if last is None:
        say = Sentence(
            "{staff_id} 在签单（{sign_date}）前没有有效的跟进记录。",
            "{staff_id} has no valid follow-up before the signing ({sign_date}).",
        )
    else:
        figures |= {"last_follow_up": last.local, "follow_up_id": last.follow_up_id}
        say = Sentence(
            "{staff_id} 在签单（{sign_date}）前最后一次有效跟进：{last_follow_up}。",
            "{staff_id}'s last valid follow-up before the signing ({sign_date}): {last_follow_up}.",
        )
    return Ground(clauses, basis.say, say.fill(figures), figures)


def _ignored(evidence: PerformanceEvidence, rules: DisputeRules) -> Ground:
    rule = rules.performance.invalid_ignored
    figures: dict[str, Figure] = {
        "staff_id": evidence.holder_id,
        "valid": evidence.followed.valid_count,
        "invalid": evidence.followed.invalid_count,
    }
    say = Sentence(
        "{staff_id} 的记录：有效 {valid} 条，无效 {invalid} 条不作参考。",
        "Records of {staff_id}: {valid} valid; {invalid} invalid, ignored.",
    )
    return Ground(rule.clause, rule.say, say.fill(figures), figures)


def _secondary_development(evidence: PerformanceEvidence, rules: DisputeRules) -> Proposal | None:
    """An online customer is the developing rep's once a month went by without maintenance."""
    if not evidence.online:
        return None
    rule = rules.performance.secondary_development
    missed = [
        month.month
        for month in evidence.unmaintained
        if month.holder_id == evidence.holder_id and not month.healed
    ]
    figures: dict[str, Figure] = {"months": ", ".join(missed), "staff_id": evidence.holder_id}
    if missed:
        say = Sentence(
            "在线客户，{staff_id} 在 {months} 未维护，此后也没有有效记录。",
            "An online customer that {staff_id} did not maintain in {months}, nor validly since.",
        )
        outcome, winner = SIGNER, evidence.signer_id
    else:
        say = Sentence(
            "在线客户，{staff_id} 没有未维护的月份。",
            "An online customer of which {staff_id} left no month unmaintained.",
        )
        outcome, winner = HOLDER, evidence.holder_id
    ground = Ground(rule.clause, rule.say, say.fill(figures), figures)
    return Proposal(outcome, winner, rule, (ground,))


def _window(evidence: PerformanceEvidence, rules: DisputeRules) -> Proposal:
    """The original rep keeps what was followed up within the window before the signing."""
    window = rules.performance.window_days
    days = evidence.days
    figures: dict[str, Figure] = {"window": window.value}
    if days is None:
        say = Sentence(
            "没有可计算的有效跟进，期限为 {window} 个工作日。",
            "There is no valid follow-up to count from; the window is {window} working days.",
        )
        within = False
    else:
        within = days.count <= window.value
        figures |= {
            "count": days.count,
            "counted": ", ".join(days.counted),
            "skipped": ", ".join(days.skipped),
            "calendar_version": days.calendar_version,
        }
        sign = "≤" if within else ">"
        told = [
            ("{counted}", "{counted}") if days.counted else None,
            ("不计 {skipped}", "not counted: {skipped}") if days.skipped else None,
            ("日历版本 {calendar_version}", "calendar version {calendar_version}"),
        ]
        zh, en = zip(*filter(None, told), strict=True)
        say = Sentence(
            f"跟进次日至签单日共 {{count}} 个工作日 {sign} {{window}}（{'；'.join(zh)}）。",
            f"From the day after it to the signing: {{count}} working days {sign} {{window}} "
            f"({'; '.join(en)}).",
        )
    ground = Ground(window.clause, window.say, say.fill(figures), figures)
    if within:
        return Proposal(HOLDER, evidence.holder_id, window, (ground,))
    return Proposal(UNFOLLOWED, "", rules.performance.unfollowed, (ground,))
