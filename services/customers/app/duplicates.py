"""The duplicate check 查重: recorded, graded, masked for those who may not see the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.call import Answer, Call
from chassis.kernel import Sentence
from chassis.keysets import Order, Total
from chassis.unit import UnitOfWork
from services.customers.app.sight import in_sight, may_read, show
from services.customers.domain.identity import identity_key
from services.customers.domain.likeness_reasons import FORMER_NAME, SHORT_NAME
from services.customers.domain.masking import mask
from services.customers.domain.matching import Candidate, Grade, Match, rank
from services.customers.domain.names import parse
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import (
    CHECK_UNKNOWN,
    CLOSED_COPY,
    RESERVED_IDENTITY,
)
from services.customers.store import near_names
from services.customers.store.custodies import NOWHERE
from services.customers.store.near_names import NearName
from services.customers.store.tables import duplicate_check

GRAVITY = {Grade.NONE: 0, Grade.SIMILAR: 1, Grade.LIKELY: 2, Grade.SAME: 3}


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that resembles the one asked about, as far as the caller may see it."""

    customer_id: str
    full_name: str
    location: str
    grade: str
    score: float
    reasons: tuple[tuple[str, Sentence], ...]
    ignored: tuple[str, ...]
    masked: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, gravest first; `owner` of the key is (case id, customer id)."""

    key: str
    owner: tuple[str, str] | None
    grade: Grade
    ignored: tuple[str, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody looks for."""

    full_name: str
    industry_kind: str
    contact: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was made: of which name, what was found, and when."""

    check_id: str
    name: Name
    found: Found
    checked_at: datetime


def check_names(uow: UnitOfWork, names: Sequence[Name]) -> list[Found]:
    """Return what the caller may see of the customers that resemble each of the names.

    One statement for each name, which reads the policy in force, too; it may be assumed before.
    """
    policy = uow.policy(CustomersPolicy).rules
    policy.access.check_duplicates.require(uow.actor)
    return [
        search(uow, name.full_name, name.industry_kind, name.contact, masked=True) for name in names
    ]


def keep_checks(call: Call, checks: Sequence[Check], answer: Answer) -> Answer:
    """Keep checks as `answer` tells them, and return it; a single one in one statement."""
    rows = [
        {
            "check_id": check.check_id,
            "checker_id": call.actor.staff_id,
            "full_name": check.name.full_name,
            "identity_key": check.found.key,
            "grade": check.found.grade.value,
            "ignored": list(check.found.ignored),
            "hits": [_hit_to(hit) for hit in check.found.hits],
            "checked_at": check.checked_at,
        }
        for check in checks
    ]
    if len(rows) == 1:
        return call.keep(duplicate_check, rows[0], answer)

    def insert(uow: UnitOfWork) -> Answer:
        uow.execute(duplicate_check.insert(), rows)
        return answer

    return call.commit(insert, type(answer))


def read_check(uow: UnitOfWork, check_id: str) -> dict[str, Any]:
    """Return a recorded check to its author, or to a reader of every library."""
    row = uow.one(sa.select(duplicate_check).where(duplicate_check.c.check_id == check_id))
    policy = uow.policy(CustomersPolicy).rules
    if row is None or (
        row["checker_id"] != uow.actor.staff_id and not may_read(uow.actor, NOWHERE, policy)
    ):
        raise CHECK_UNKNOWN.refuse()
    return dict(row)


def list_checks(
    uow: UnitOfWork, query: str, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total]:
    """Return a page of the caller's own checks, newest first, and how many there are.

    Those of a name that contains `query`, in either case; `keysets.keys` finds a row again.
    """
    uow.policy(CustomersPolicy).rules.access.check_duplicates.require(uow.actor)
    columns = duplicate_check.c
    listed = sa.select(duplicate_check).where(columns.checker_id == uow.actor.staff_id)
    if query:
        listed = listed.where(columns.full_name.icontains(query, autoescape=True))
    newest = Order((columns.checked_at, columns.check_id), descending=True)
    return keysets.read(uow, listed, newest, after, limit), keysets.count(uow, listed)


def search(
    uow: UnitOfWork,
    full_name: str,
    industry_kind: str,
    contact: str,
    *,
    masked: bool,
    apart_from: str = "",
) -> Found:
    """Find customers that resemble a name, `apart_from` one; `masked` as the caller may see."""
    policy = uow.policy(CustomersPolicy).rules
    rules = policy.duplicates
    key = identity_key(full_name, industry_kind, contact, policy.identity)
    name = parse(full_name)
    near = near_names.find(uow, name, key)
    others = {one.customer_id: one for one in near.names if apart_from not in _records_of(one)}
    candidates = [_candidate(one) for one in near.names if one.customer_id in others]
    matches = rank(Candidate("", key, name), candidates, rules, rules.hits_shown.value)
    hits = tuple(_hit(uow, match, others[match.ref], policy, masked) for match in matches)
    if near.owner and near.owner[0]:
        hits = (_reserved(), *hits)
    grade = max((Grade(hit.grade) for hit in hits), key=GRAVITY.__getitem__, default=Grade.NONE)
    return Found(key, near.owner, grade, tuple(item.text for item in name.ignored), hits)


def _candidate(near: NearName) -> Candidate:
    """Compare a customer by the name that was found; only the one it has now makes it the same."""
    name = parse(near.known_as)
    if near.known_as == near.full_name:
        return Candidate(near.customer_id, near.identity_key, name)
    return Candidate(near.customer_id, "", name, near.known_as, near.short)


def _records_of(near: NearName) -> tuple[str, str]:
    """Return a record and the one that was kept instead of it, if it was closed."""
    return near.customer_id, near.kept_id


def _hit(
    uow: UnitOfWork, match: Match, near: NearName, policy: CustomersPolicy, masked: bool
) -> Hit:
    reasons = [(ground.code, ground.say) for ground in match.grounds]
    if near.kept_id != near.customer_id:
        reasons.append((CLOSED_COPY.code, Sentence(CLOSED_COPY.zh, CLOSED_COPY.en)))
    custody = near.custody
    readable = not masked or in_sight(uow.actor, custody, policy)
    if match.alias:
        told = match.alias
        if not readable:
            told = mask(told, policy.visibility.mask_name_keep.value)
        known = SHORT_NAME if match.short else FORMER_NAME
        reasons.append((known.code, Sentence(known.zh, known.en).fill({"name": told})))
    rules = policy.visibility
    shown = show(near.kept_id, near.full_name, near.contact, custody, rules, whole=readable)
    return Hit(
        customer_id=shown.customer_id,
        full_name=shown.full_name,
        location=shown.location,
        grade=match.grade.value,
        score=round(match.score, 1),
        reasons=tuple(reasons),
        ignored=() if shown.masked else tuple(item.text for item in match.ignored),
        masked=shown.masked,
    )


def _reserved() -> Hit:
    reason = RESERVED_IDENTITY
    return Hit(
        "",
        "****",
        "",
        Grade.SAME.value,
        100.0,
        ((reason.code, Sentence(reason.zh, reason.en)),),
        (),
        True,
    )


def _hit_to(hit: Hit) -> dict[str, Any]:
    return {
        "customer_id": hit.customer_id,
        "full_name": hit.full_name,
        "location": hit.location,
        "grade": hit.grade,
        "score": hit.score,
        "reasons": [{"code": code, "zh": say.zh, "en": say.en} for code, say in hit.reasons],
        "ignored": list(hit.ignored),
        "masked": hit.masked,
    }
