"""Marks: what tells who a customer is besides its name, written so that equal ones are equal."""

import hashlib
import re
import unicodedata
from enum import StrEnum

from stdnum.cn import uscc

from services.customers.domain.folding import bare, fold
from services.customers.domain.form import CustomerForm, half_width

LONGEST = 120
SHORTEST_ADDRESS = 8
"""A shorter one is a street or a town, which many share."""

SHORTEST_PERSON = 2
_EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|#|x).*$", re.IGNORECASE)
_NOISE = re.compile(r"[\s()（）./]")
_COUNTRY = re.compile(r"^(?:\+|00)86-?|^86-?(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"[48]00\d{7}")
_LANDLINE = re.compile(r"0?(\d{2,3})-?(\d{7,8})(?:-\d{1,6})?")


class MarkKind(StrEnum):
    """What a mark is. A person's name is shared by many: it brings nobody up by itself."""

    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    ADDRESS = "address"
    CONTACT = "contact"


def marks(form: CustomerForm) -> frozenset[str]:
    """Return the marks of a form as `kind:value`, 120 characters at most. Never raises.

    Credit codes only with a right checksum; telephone numbers with their area, without country
    and extension; addresses that are more than a street, without signs; people's names.
    """
    found = {credit_code_mark(form)}
    found |= {_mark(MarkKind.PHONE, _number(phone)) for phone in form.phones}
    address = "".join(ch for ch in bare(fold(form.business_address)) if ch.isalnum())
    if len(address) >= SHORTEST_ADDRESS:
        found.add(_mark(MarkKind.ADDRESS, address))
    for person in (fold(form.hr_lead), fold(form.contact)):
        if len(person) >= SHORTEST_PERSON:
            found.add(_mark(MarkKind.CONTACT, person))
    return frozenset(found - {""})


def kind_of(mark: str) -> MarkKind:
    """Return what a mark is."""
    return MarkKind(mark.partition(":")[0])


def credit_code_mark(form: CustomerForm) -> str:
    """Return the mark of a form's credit code; '' when it has none."""
    return _mark(MarkKind.CREDIT_CODE, credit_code(form.unified_credit_code))


def credit_code(text: str) -> str:
    """Return a unified social credit code with a right checksum as registered, else ''."""
    code = half_width(text).upper()
    return str(uscc.compact(code)) if code and uscc.is_valid(code) else ""


def _number(phone: str) -> str:
    text = unicodedata.normalize("NFKC", phone[:LONGEST]).strip().replace("–", "-")
    text = _COUNTRY.sub("", _NOISE.sub("", _EXTENSION.sub("", text)))
    plain = text.replace("-", "")
    if not plain.isascii():
        return ""
    if _MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain):
        return plain
    landline = _LANDLINE.fullmatch(text)
    return "".join(landline.groups()) if landline else ""


def _mark(kind: MarkKind, value: str) -> str:
    if not value:
        return ""
    mark = f"{kind.value}:{value}"
    if len(mark) <= LONGEST:
        return mark
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind.value}:{digest}"
