"""Who may say what category a customer has: some categories take no slot of a quota."""

from chassis.kernel import Identity
from chassis.rules import Parameter
from services.customers.domain.policy import Category
from services.customers.domain.reasons import CATEGORY_RESERVED


def check_giver(
    before: str, after: str, actor: Identity, given_by: Parameter[dict[Category, tuple[str, ...]]]
) -> None:
    """Refuse a change to or from a category that only other roles give (H-2.2d)."""
    if before == after:
        return
    for category, roles in given_by.value.items():
        if category in (before, after) and not any(actor.has(role) for role in roles):
            raise CATEGORY_RESERVED.refuse(
                clause=given_by.clause, category=category, roles=", ".join(roles)
            )
