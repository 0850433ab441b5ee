"""A unified social credit code belongs to one open customer, or to its branches."""

from chassis.unit import UnitOfWork
from services.customers.domain.evidence import same_branch
from services.customers.domain.form import CustomerForm
from services.customers.domain.marks import credit_code_mark
from services.customers.domain.names import parse
from services.customers.domain.policy import CustomersPolicy
from services.customers.store import known_marks


def owners_of(uow: UnitOfWork, forms: list[CustomerForm]) -> dict[str, list[tuple[str, str]]]:
    """Return (customer id, full name) of the open customers with the codes of forms, by mark."""
    asked = {mark for form in forms if (mark := credit_code_mark(form))}
    found: dict[str, list[tuple[str, str]]] = {}
    for mark, customer_id, full_name in known_marks.open_customers(uow, asked):
        found.setdefault(mark, []).append((customer_id, full_name))
    return found


def owner_of(uow: UnitOfWork, form: CustomerForm, apart_from: str = "") -> str:
    """Return the customer, apart from one, that has a form's code and branch; '' when none has.

    None either where policy does not refuse what exists already.
    """
    if uow.policy(CustomersPolicy).rules.duplicates.on_same.value != "refuse":
        return ""
    owners = owners_of(uow, [form]).get(credit_code_mark(form), [])
    return next(
        (
            customer_id
            for customer_id, full_name in owners
            if customer_id != apart_from and one_branch(form.full_name, full_name)
        ),
        "",
    )


def one_branch(one: str, other: str) -> bool:
    """Whether two full names are of the same branch, or neither of one."""
    return same_branch(parse(one), parse(other))
