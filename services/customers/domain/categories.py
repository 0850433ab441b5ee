"""Who may say what category a customer has: some categories take no slot of a quota."""

from chassis.kernel import Identity
from chassis.rules import Parameter
from services.customers.domain.policy import Category
from services.customers.domain.reasons import CATEGORY_RESERVED


def may_give(
    category: Category, actor: Identity, given_by: Parameter[dict[Category, tuple[str, ...]]]
) -> bool:
    """Whether somebody may say that a customer is of a category."""
    roles = given_by.value.get(category)
    return roles is None or any(actor.has(role) for role in roles)


def check_giver(
    before: str, after: str, actor: Identity, given_by: Parameter[dict[Category, tuple[str, ...]]]
) -> None:
    """Refuse a change to or from a category that only other roles give (H-2.2d)."""
    if before == after:
        return
    for category, roles in given_by.value.items():
        if category in (before, after) and not may_give(category, actor, given_by):
            raise CATEGORY_RESERVED.refuse(
                clause=given_by.clause, category=category, roles=", ".join(roles)
            )
