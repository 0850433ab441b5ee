"""The form of a customer, and how it is written down."""

import unicodedata
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from chassis.kernel import Sentence
from services.customers.domain.folding import fold
from services.customers.domain.names import contact_of
from services.customers.domain.policy import CustomersPolicy, FormField

GENERAL = "general"
INSURANCE = "insurance_individual"
SECURITIES = "securities"
MAX_NORMALISED = 1000

LABELS: dict[FormField, Sentence] = {
    "full_name": Sentence("企业全称", "full company name"),
    "business_address": Sentence("经营地址", "business address"),
    "hr_lead": Sentence("HR负责人", "HR lead"),
    "phones": Sentence("客户电话", "customer telephone"),
    "industry_kind": Sentence("客户类型", "kind of customer"),
    "category": Sentence("客户类别", "category"),
    "contact": Sentence("联系人", "contact"),
    "unified_credit_code": Sentence("统一社会信用代码", "unified social credit code"),
}


class Door(StrEnum):
    """The way by which a record enters; each has its own required fields."""

    LIBRARY = "library"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class CustomerForm:
    """What is recorded of a customer. Absent values are empty."""

    full_name: str = ""
    business_address: str = ""
    hr_lead: str = ""
    phones: tuple[str, ...] = ()
    industry_kind: str = GENERAL
    category: str = ""
    contact: str = ""
    unified_credit_code: str = ""


@dataclass(frozen=True, slots=True)
class AddressOverride:
    """Somebody accepts an address that is not of the standard form."""

    role: str
    reason: str


def tidy(form: CustomerForm, policy: CustomersPolicy) -> CustomerForm:
    """Return the form as it is to be stored: trimmed, numbers in half width, blanks left out.

    The contact of an individual is taken from the name's brackets when not stated, and
    the name carries it in the form that policy says. Never raises; what it returns for
    texts that `check` finds unfit is of no use.
    """
    name, contact = form.full_name.strip(), form.contact.strip()
    kind = form.industry_kind.strip() or GENERAL
    if kind == INSURANCE:
        inside = contact_of(name)
        if inside and fold(contact) in ("", inside):
            name, group = _split_last_group(name)
            contact = contact or group
            inside = ""
        if name and contact and not inside:
            template = policy.form.insurance_contact_suffix.value
            name = template.format(name=name, contact=contact)
    return replace(
        form,
        full_name=name,
        business_address=form.business_address.strip(),
        hr_lead=form.hr_lead.strip(),
        phones=tuple(dict.fromkeys(p for p in map(half_width, form.phones) if p)),
        industry_kind=kind,
        category=form.category.strip(),
        contact=contact,
        unified_credit_code=half_width(form.unified_credit_code).upper(),
    )


def without(form: CustomerForm, names: frozenset[str]) -> CustomerForm:
    """Return the form with these fields left empty."""
    empty = CustomerForm()
    return CustomerForm(
        **{f.name: getattr(empty if f.name in names else form, f.name) for f in fields(form)}
    )


def half_width(text: str) -> str:
    """Return a number or code in half-width characters, trimmed."""
    return unicodedata.normalize("NFKC", text[:MAX_NORMALISED]).strip()


def _split_last_group(name: str) -> tuple[str, str]:
    """Split `X（Y）` into X and Y, as written."""
    trimmed = name.rstrip()
    start = max(trimmed.rfind(mark) for mark in "(（﹙⁽₍〔【〖〘〚〈《«‹[［{｛⟨⟦「『｢")
    return trimmed[:start].rstrip(), trimmed[start + 1 : -1].strip()
