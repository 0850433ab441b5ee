"""Freezing customers as the areas of ownership do it."""

from collections.abc import Sequence

from chassis.unit import UnitOfWork
from services.ownership.app import freezes
from tests.acceptance.actions import Company


def freeze(
    company: Company,
    customer_ids: Sequence[str],
    cause: freezes.Cause = "dispute",
    reference_id: str = "d1",
) -> list[str]:
    """Freeze customers; return those that were."""

    def work(uow: UnitOfWork) -> None:
        done.extend(freezes.freeze(uow, customer_ids, cause, reference_id))

    done: list[str] = []
    company.platform.parts["ownership"].tick(work)
    return done


def thaw(
    company: Company,
    customer_ids: Sequence[str],
    cause: freezes.Cause = "dispute",
    reference_id: str = "d1",
) -> list[str]:
    """End a cause's freeze; return the customers that it froze."""

    def work(uow: UnitOfWork) -> None:
        done.extend(freezes.thaw(uow, customer_ids, cause, reference_id))

    done: list[str] = []
    company.platform.parts["ownership"].tick(work)
    return done
