"""The form of a new customer: what the rules in force ask for, and what is wrong with one."""

from dataclasses import dataclass

from chassis.kernel import Advice, Violation
from chassis.unit import UnitOfWork
from services.customers.domain import completeness
from services.customers.domain.categories import may_give
from services.customers.domain.form import GENERAL, LABELS, CustomerForm, tidy
from services.customers.domain.form_fields import AskedFor, asked_for
from services.customers.domain.policy import CustomersPolicy, Form


@dataclass(frozen=True, slots=True)
class Description:
    """What the form asks for, in order; its kinds, the general one first; what one may give."""

    fields: tuple[AskedFor, ...]
    kinds: tuple[str, ...]
    categories: tuple[str, ...]
    rules: Form


def describe_form(uow: UnitOfWork) -> Description:
    """Describe the form of a new customer to whoever may read customers."""
    policy = uow.policy(CustomersPolicy).rules
    policy.access.read.require(uow.actor)
    rules = policy.form
    return Description(
        fields=tuple(asked_for(name, policy) for name in LABELS),
        kinds=tuple(sorted(policy.identity.key_parts.value, key=lambda kind: kind != GENERAL)),
        categories=tuple(
            category
            for category in rules.allowed_categories.value
            if may_give(category, uow.actor, rules.category_given_by)
        ),
        rules=rules,
    )


def check_form(
    uow: UnitOfWork, form: CustomerForm
) -> tuple[CustomerForm, list[Violation], list[Advice]]:
    """Return a form as it would be stored, what is wrong with it, what would be better."""
    policy = uow.policy(CustomersPolicy).rules
    policy.access.read.require(uow.actor)
    violations, advice = completeness.check(form, policy)
    return tidy(form, policy), violations, advice
