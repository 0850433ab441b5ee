"""Whether a customer's record is complete and well-formed (H-3.1d–h, n1–n6, H-2.2e)."""

import re
from collections.abc import Iterator, Sequence

import re2
from stdnum.cn import uscc

from chassis.kernel import Advice, Refused, Violation
from services.customers.domain import reasons as say
from services.customers.domain.folding import fold
from services.customers.domain.form import (
    INSURANCE,
    LABELS,
    SECURITIES,
    AddressOverride,
    CustomerForm,
    Door,
    tidy,
    without,
)
from services.customers.domain.full_names import is_full
from services.customers.domain.names import contact_of, parse
from services.customers.domain.policy import CustomersPolicy, Form, FormField

Finding = Violation | Advice
EXAMPLE_CONTACT = "联系人全名"
SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")


def check(
    form: CustomerForm,
    policy: CustomersPolicy,
    door: Door = Door.LIBRARY,
    override: AddressOverride | None = None,
) -> tuple[list[Violation], list[Advice]]:
    """Return everything that is wrong with a record, and what would be better.

    All faults at once, each with its field, reason and clause; never raises, whatever the
    strings. `door` chooses the required fields; only a record that enters a library needs
    a category. `override` accepts a non-standard address if policy lets its role do so.
    """
    rules = policy.form
    required = frozenset(
        (
            rules.required_fields if door is Door.LIBRARY else policy.pool_import.required_fields
        ).value
    )
    findings: list[Finding] = list(_unfit_texts(form, rules))
    unfit = frozenset(finding.field for finding in findings)
    form = tidy(without(form, unfit), policy)
    for group in (
        _missing(form, rules, required - unfit),
        _kind(form, policy),
        _category(form, rules, door) if "category" not in unfit else (),
        _name(form, rules) if form.full_name else (),
        _address(form, rules, override) if form.business_address else (),
        _people(form, rules),
        _phones(form, rules, required) if "phones" not in unfit else (),
        _credit_code(form, rules),
    ):
        findings.extend(group)
    return (
        [finding for finding in findings if isinstance(finding, Violation)],
        [finding for finding in findings if isinstance(finding, Advice)],
    )


def refusal(violations: Sequence[Violation]) -> Refused:
    """Build the refusal of a record, quoting the clause of every fault once."""
    clauses = dict.fromkeys(c for v in violations for c in v.clause.split(", ") if c)
    return say.FORM_REFUSED.refuse(", ".join(clauses), violations, count=len(violations))


def _unfit_texts(form: CustomerForm, rules: Form) -> Iterator[Violation]:
    """Find texts that nothing else can be asked of: too long, or not printable."""
    limit = rules.text_limit.value
    for name, label in LABELS.items():
        value = getattr(form, name)
        texts = value if isinstance(value, tuple) else (value,)
        if any(len(text) > limit for text in texts):
            yield say.TEXT_TOO_LONG.violate(
                name, _clause(rules, name), zh=label.zh, en=label.en, limit=limit
            )
        elif not all(map(is_printable, texts)):
            yield say.TEXT_UNPRINTABLE.violate(name, _clause(rules, name), zh=label.zh, en=label.en)


def is_printable(text: str) -> bool:
    """Whether a text has nothing invisible but spaces, of whatever width."""
    return SPACES.sub(" ", text.strip()).isprintable()


def _missing(
    form: CustomerForm, rules: Form, required: frozenset[FormField]
) -> Iterator[Violation]:
    for name, label in LABELS.items():
        if name in required and not getattr(form, name):
            yield say.FIELD_MISSING.violate(name, _clause(rules, name), zh=label.zh, en=label.en)


def _kind(form: CustomerForm, policy: CustomersPolicy) -> Iterator[Finding]:
    rules = policy.form
    if form.industry_kind not in policy.identity.key_parts.value:
        yield say.KIND_UNKNOWN.violate(
            "industry_kind", _clause(rules, "industry_kind"), value=form.industry_kind[:40]
        )
        return
    core = parse(form.full_name).core
    for kind, words in rules.kind_hints.value.items():
        if kind != form.industry_kind and any(word in core for word in words):
            yield say.KIND_DOUBTFUL.advise("industry_kind", rules.kind_hints.clause, kind=kind)


def _category(form: CustomerForm, rules: Form, door: Door) -> Iterator[Violation]:
    if not form.category and door is Door.POOL:
        return
    if form.category not in rules.allowed_categories.value:
        yield say.CATEGORY_NOT_ALLOWED.violate(
            "category",
            rules.allowed_categories.clause,
            allowed=", ".join(rules.allowed_categories.value),
        )


def _name(form: CustomerForm, rules: Form) -> Iterator[Violation]:
    name, limits = form.full_name, rules.company_name_length.value
    if not limits.least <= len(name) <= limits.most:
        yield say.NAME_LENGTH.violate(
            "full_name", _clause(rules, "full_name"), least=limits.least, most=limits.most
        )
    elif not is_full(name, rules.name_endings.value):
        yield say.NAME_NOT_FULL.violate("full_name", _clause(rules, "full_name"), name=name)
    if form.industry_kind == INSURANCE:
        suffix = rules.insurance_contact_suffix
        if not form.contact:
            example = suffix.value.format(name=name, contact=EXAMPLE_CONTACT)
            yield say.CONTACT_REQUIRED.violate("contact", suffix.clause, example=example)
        elif contact_of(name) not in ("", fold(form.contact)):
            yield say.CONTACT_DIFFERS.violate("contact", suffix.clause)
    branch = rules.securities_branch_required
    if form.industry_kind == SECURITIES and branch.value and not parse(name).branch:
        yield say.BRANCH_REQUIRED.violate("full_name", branch.clause)


def _address(
    form: CustomerForm, rules: Form, override: AddressOverride | None
) -> Iterator[Finding]:
    clause = rules.address_pattern.clause
    if re2.search(rules.address_pattern.value, form.business_address):
        return
    allowed = rules.address_override.value
    if override is None or override.role not in allowed.roles:
        yield say.ADDRESS_INCOMPLETE.violate("business_address", clause)
    elif allowed.reason_required and not fold(override.reason):
        yield say.OVERRIDE_REASON.violate("business_address", rules.address_override.clause)
    else:
        yield say.ADDRESS_OVERRIDDEN.advise("business_address", rules.address_override.clause)


def _people(form: CustomerForm, rules: Form) -> Iterator[Violation]:
    people: tuple[tuple[FormField, str], ...] = (
        ("hr_lead", form.hr_lead),
        ("contact", form.contact),
    )
    for name, value in people:
        if value and not re2.fullmatch(rules.person_name.value, value):
            label = LABELS[name]
            yield say.PERSON_NAME.violate(name, _clause(rules, name), zh=label.zh, en=label.en)


def _phones(form: CustomerForm, rules: Form, required: frozenset[FormField]) -> Iterator[Finding]:
    phones, field = form.phones, "phones"
    mobiles = [phone for phone in phones if re2.fullmatch(rules.mobile.value, phone)]
    wrong = [
        phone
        for phone in phones
        if phone not in mobiles and not re2.fullmatch(rules.landline.value, phone)
    ]
    for phone in wrong[: rules.phones_max.value]:
        yield say.PHONE_FORMAT.violate(field, rules.landline.clause, phone=phone)
    if len(phones) > rules.phones_max.value:
        yield say.PHONES_TOO_MANY.violate(
            field, rules.phones_max.clause, limit=rules.phones_max.value
        )
    if not phones and field not in required:
        return
    if phones and len(phones) < rules.phones_min.value:
        yield say.PHONES_TOO_FEW.violate(
            field, rules.phones_min.clause, limit=rules.phones_min.value
        )
    mobile_needed = form.industry_kind == INSURANCE and rules.insurance_mobile_required.value
    if phones and mobile_needed and not mobiles:
        yield say.MOBILE_REQUIRED.violate(field, rules.insurance_mobile_required.clause)
    if phones and not wrong and len(phones) < rules.phones_advised.value:
        yield say.SECOND_NUMBER.advise(
            field, rules.phones_advised.clause, advised=rules.phones_advised.value
        )


def _credit_code(form: CustomerForm, rules: Form) -> Iterator[Violation]:
    if form.unified_credit_code and not uscc.is_valid(form.unified_credit_code):
        yield say.CREDIT_CODE.violate("unified_credit_code", _clause(rules, "unified_credit_code"))


def _clause(rules: Form, name: FormField) -> str:
    """Return the clause that asks for a field."""
    item = rules.items.get(name)
    return item.clause if item else rules.required_fields.clause
