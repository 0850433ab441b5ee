"""What a reviewer may decide, given what policy asks to record and what the system found."""

from collections.abc import Mapping, Sequence

from services.review.domain.policy import CaseType
from services.review.domain.reasons import (
    CHECK_CONTRADICTED,
    CHECK_FAILED,
    CHECKS_MISSING,
    CHECKS_UNKNOWN,
    NOTHING_FAILED,
    OVERRIDE_REASON_REQUIRED,
    REASON_REQUIRED,
)


def check_verdict(
    case_type: CaseType,
    approve: bool,
    checks: Mapping[str, bool],
    reason: str,
    findings: Mapping[str, Sequence[str]],
) -> None:
    """Refuse a verdict that policy does not allow.

    `findings` gives, for each kind of evidence, what the system found against passing it.
    """
    _check_recorded(case_type, checks)
    if not approve:
        if case_type.reason_on_reject.value and not reason.strip():
            raise REASON_REQUIRED.refuse(clause=case_type.reason_on_reject.clause)
        if case_type.checks and all(checks.values()):
            clause = ", ".join(dict.fromkeys(check.clause for check in case_type.checks))
            raise NOTHING_FAILED.refuse(clause=clause)
        return
    for check in case_type.checks:
        found = findings.get(check.evidence, ())
        if not checks[check.name]:
            raise CHECK_FAILED.refuse(clause=check.clause, check=check.name)
        if found and check.contradicted == "refuse":
            raise CHECK_CONTRADICTED.refuse(clause=check.clause, findings=", ".join(found))
        if found and not reason.strip():
            raise OVERRIDE_REASON_REQUIRED.refuse(clause=check.clause, findings=", ".join(found))


def _check_recorded(case_type: CaseType, checks: Mapping[str, bool]) -> None:
    names = {check.name for check in case_type.checks}
    missing = sorted(names - checks.keys())
    if missing:
        clause = ", ".join(check.clause for check in case_type.checks if check.name in missing)
        raise CHECKS_MISSING.refuse(clause=clause, missing=", ".join(missing))
    unknown = sorted(checks.keys() - names)
    if unknown:
        raise CHECKS_UNKNOWN.refuse(unknown=", ".join(unknown))
