"""Between the messages of the protos and the values of the use cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.customers.v1 import customers_pb2 as pb

from chassis.kernel import Advice, Violation
from services.customers.app.duplicates import Check, Hit
from services.customers.app.forms import Description
from services.customers.app.queries import Seen
from services.customers.app.sight import masked
from services.customers.domain.form import CustomerForm
from services.customers.domain.other_names import NameKind, OtherName
from services.customers.domain.policy import CustomersPolicy
from services.customers.store.records import FIELDS
from services.customers.store.scans import Scan

_NAME_KINDS = {
    NameKind.FORMER: pb.NAME_KIND_FORMER,
    NameKind.SHORT: pb.NAME_KIND_SHORT,
}


def read_form(message: pb.CustomerForm) -> CustomerForm:
    """Read a form; fields that are not set are empty."""
    values = {name: getattr(message, name) for name in FIELDS}
    return CustomerForm(**values | {"phones": tuple(message.phones)})


def write_form(form: CustomerForm) -> pb.CustomerForm:
    """Write a form."""
    return pb.CustomerForm(**{name: getattr(form, name) for name in FIELDS})


def write_description(found: Description) -> pb.DescribeFormResponse:
    """Write what the form of a new customer asks for."""
    return pb.DescribeFormResponse(
        fields=[
            pb.FormField(
                field=one.field,
                required=one.required,
                kinds=one.kinds,
                label_zh=one.label.zh,
                label_en=one.label.en,
                clause=one.clause,
                zh=one.rule.zh,
                en=one.rule.en,
            )
            for one in found.fields
        ],
        kinds=found.kinds,
        categories=found.categories,
        phones_limit=found.rules.phones_max.value,
        phones_advised=found.rules.phones_advised.value,
        text_limit=found.rules.text_limit.value,
    )


def write_customer(seen: Seen, policy: CustomersPolicy) -> pb.Customer:
    """Write a customer as its reader may see it."""
    record = seen.record
    form = masked(record.form, policy) if seen.masked else record.form
    message = pb.Customer(
        customer_id=record.customer_id,
        form=write_form(form),
        mnemonic="" if seen.masked else record.mnemonic,
        location=seen.custody.location,
        duplicate_of=record.duplicate_of,
        holder_id=seen.custody.holder_id,
        etag=str(record.version),
        incomplete_fields=record.incomplete,
        masked=seen.masked,
        other_names=[
            pb.OtherName(name=other.name, kind=_NAME_KINDS[other.kind]) for other in seen.others
        ],
    )
    message.create_time.FromDatetime(record.created_at)
    message.update_time.FromDatetime(record.updated_at)
    return message


def read_other_name(message: pb.OtherName) -> OtherName:
    """Read another name of a customer, whose kind the contract has checked."""
    (kind,) = [kind for kind, value in _NAME_KINDS.items() if value == message.kind]
    return OtherName(message.name, kind)


def write_hits(hits: Sequence[Hit]) -> list[pb.DuplicateHit]:
    """Write duplicate hits."""
    return [
        pb.DuplicateHit(
            grade=grade(hit.grade),
            score=hit.score,
            full_name=hit.full_name,
            customer_id=hit.customer_id,
            location=hit.location,
            reasons=[
                pb.DuplicateReason(code=code, zh=say.zh, en=say.en) for code, say in hit.reasons
            ],
            ignored=hit.ignored,
            masked=hit.masked,
        )
        for hit in hits
    ]


def write_check(check: Mapping[Any, Any]) -> pb.DuplicateCheck:
    """Write a recorded duplicate check."""
    message = pb.DuplicateCheck(
        check_id=check["check_id"],
        full_name=check["full_name"],
        ignored=check["ignored"],
        grade=grade(check["grade"]),
        checker_id=check["checker_id"],
        hits=[pb.DuplicateHit(**hit | {"grade": grade(hit["grade"])}) for hit in check["hits"]],
    )
    message.check_time.FromDatetime(check["checked_at"])
    return message


def write_found(check: Check, checker_id: str) -> pb.DuplicateCheck:
    """Write a check just made."""
    found = check.found
    message = pb.DuplicateCheck(
        check_id=check.check_id,
        full_name=check.name.full_name,
        ignored=found.ignored,
        grade=grade(found.grade.value),
        checker_id=checker_id,
        hits=write_hits(found.hits),
    )
    message.check_time.FromDatetime(check.checked_at)
    return message


def write_scan(scan: Scan) -> pb.DuplicateScan:
    """Write a scan for duplicates."""
    message = pb.DuplicateScan(
        scan_id=scan.scan_id,
        state=pb.DuplicateScanState.Value(f"DUPLICATE_SCAN_STATE_{scan.state.upper()}"),
        checked_count=scan.checked,
        total_count=scan.total,
        found_count=scan.found,
        most_found=scan.most_found,
        starter_id=scan.starter_id,
    )
    message.start_time.FromDatetime(scan.started_at)
    message.update_time.FromDatetime(scan.updated_at)
    return message


def write_advice(items: Sequence[Advice | Violation]) -> list[pb.Advice]:
    """Write advice or violations."""
    return [
        pb.Advice(
            field=item.field,
            reason=item.reason,
            clause=item.clause,
            zh=item.say.zh,
            en=item.say.en,
        )
        for item in items
    ]


def grade(name: str) -> pb.DuplicateGrade.ValueType:
    """Return the enum value of a grade."""
    return pb.DuplicateGrade.Value(f"DUPLICATE_GRADE_{name.upper()}")
