"""Which customer an inbound lead is about, as its duplicate check tells."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.rules import Rule
from services.ownership.domain.reasons import (
    IN_CASE,
    LEAD_HIT_OPEN,
    LEAD_NOT_A_HIT,
    LEAD_UNCHECKED,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that the check found; no id when its new-customer case is under way.

    For a record that was closed as a duplicate the id is that of the record that was kept.
    """

    customer_id: str
    grade: Literal["same", "likely", "similar", "none"]


@dataclass(frozen=True, slots=True)
class Check:
    """A recorded duplicate check."""

    checker_id: str
    full_name: str
    hits: Sequence[Hit]


def choose(
    full_name: str,
    caller_id: str,
    check: Check | None,
    customer_id: str,
    *,
    not_listed: bool,
    rule: Rule,
) -> str:
    """Return the customer's id, or "" for one that is not in the books.

    A hit that is the same decides. Likely hits want a choice: `customer_id`, or `not_listed`.
    Refused when the check is not the caller's own of this name (LEAD_UNCHECKED), the choice is
    missing (LEAD_HIT_OPEN) or is not a hit (LEAD_NOT_A_HIT), or the same company waits for its
    review as a new customer (CUSTOMER_IN_CASE).
    """
    own = check is not None and check.checker_id == caller_id
    if check is None or not own or _plain(check.full_name) != _plain(full_name):
        raise LEAD_UNCHECKED.refuse(clause=rule.clause, full_name=full_name)
    same = [hit.customer_id for hit in check.hits if hit.grade == "same"]
    known = [found for found in same if found]
    if known:
        if customer_id not in ("", known[0]) or not_listed:
            raise LEAD_NOT_A_HIT.refuse(clause=rule.clause)
        return known[0]
    if same:
        raise IN_CASE.refuse(clause=rule.clause)
    if customer_id:
        if not_listed or customer_id not in {hit.customer_id for hit in check.hits}:
            raise LEAD_NOT_A_HIT.refuse(clause=rule.clause)
        return customer_id
    likely = {hit.customer_id for hit in check.hits if hit.grade == "likely"}
    if likely and not not_listed:
        raise LEAD_HIT_OPEN.refuse(clause=rule.clause, count=len(likely))
    return ""


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
