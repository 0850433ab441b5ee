"""The duplicate check 查重: recorded, graded, masked for those who may not see the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Sentence
from chassis.keysets import Order, Total
from chassis.unit import UnitOfWork
from services.customers.app.sight import in_sight, may_read
from services.customers.domain import masking
from services.customers.domain.identity import identity_key
from services.customers.domain.matching import Candidate, Grade, Match, rank
from services.customers.domain.names import parse
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.reasons import CHECK_UNKNOWN, CLOSED_COPY, RESERVED_IDENTITY
from services.customers.store import custodies, identities, name_index, records
from services.customers.store.custodies import NOWHERE
from services.customers.store.tables import customer, duplicate_check

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


def check_duplicates(uow: UnitOfWork, names: Sequence[Name]) -> list[tuple[str, Found]]:
    """Check names and keep the checks; return of each its id and what the caller may see."""
    policy = uow.policy(CustomersPolicy).rules
    policy.access.check_duplicates.require(uow.actor)
    checks = [
        (uow.new_id(), search(uow, name.full_name, name.industry_kind, name.contact, masked=True))
        for name in names
    ]
    uow.execute(
        duplicate_check.insert(),
        [
            {
                "check_id": check_id,
                "checker_id": uow.actor.staff_id,
                "full_name": name.full_name,
                "identity_key": found.key,
                "grade": found.grade.value,
                "ignored": list(found.ignored),
                "hits": [_hit_to(hit) for hit in found.hits],
                "checked_at": uow.now,
            }
            for name, (check_id, found) in zip(names, checks, strict=True)
        ],
    )
    return checks


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
    near = name_index.candidates(uow, name)
    owner = identities.owner_of(uow, key)
    if owner and owner[1] and all(candidate.ref != owner[1] for candidate in near):
        near.append(_candidate(uow, owner[1], key))
    near = _apart_from(uow, near, apart_from)
    matches = rank(Candidate("", key, name), near, rules, rules.hits_shown.value)
    hits = _hits(uow, matches, policy, masked)
    if owner and owner[0]:
        hits = (_reserved(), *hits)
    grade = max((Grade(hit.grade) for hit in hits), key=GRAVITY.__getitem__, default=Grade.NONE)
    return Found(key, owner, grade, tuple(item.text for item in name.ignored), hits)


def _apart_from(uow: UnitOfWork, near: list[Candidate], customer_id: str) -> list[Candidate]:
    """Leave out one customer, with the copies that were closed in its favour."""
    if not customer_id:
        return near
    own = {customer_id, *(copy.customer_id for copy in records.copies(uow, customer_id))}
    return [candidate for candidate in near if candidate.ref not in own]


def _candidate(uow: UnitOfWork, customer_id: str, key: str) -> Candidate:
    row = uow.one(sa.select(customer.c.full_name).where(customer.c.customer_id == customer_id))
    assert row is not None
    return Candidate(customer_id, key, parse(row["full_name"]))


def _hits(
    uow: UnitOfWork, matches: list[Match], policy: CustomersPolicy, masked: bool
) -> tuple[Hit, ...]:
    ids = [match.ref for match in matches]
    columns = ("customer_id", "full_name", "form", "duplicate_of")
    rows = sa.select(*(customer.c[name] for name in columns)).where(customer.c.customer_id.in_(ids))
    found = {row["customer_id"]: row for row in uow.execute(rows).mappings()} if ids else {}
    kept = {ref: row["duplicate_of"] or ref for ref, row in found.items()}
    where = custodies.find_all(uow, sorted(kept.values()))
    hits = []
    for match in matches:
        record, kept_id = found[match.ref], kept[match.ref]
        custody = where.get(kept_id, NOWHERE)
        reasons = [(ground.code, ground.say) for ground in match.grounds]
        if kept_id != match.ref:
            reasons.append((CLOSED_COPY.code, Sentence(CLOSED_COPY.zh, CLOSED_COPY.en)))
        shown = masking.show(
            masking.Hit(
                kept_id,
                record["full_name"],
                (),
                custody.location,
                custody.holder_id,
                record["form"].get("contact", ""),
            ),
            readable=not masked or in_sight(uow.actor, custody, policy),
            rules=policy.visibility,
        )
        hits.append(
            Hit(
                customer_id=shown.customer_id,
                full_name=shown.full_name,
                location=shown.location,
                grade=match.grade.value,
                score=round(match.score, 1),
                reasons=tuple(reasons),
                ignored=() if shown.masked else tuple(item.text for item in match.ignored),
                masked=shown.masked,
            )
        )
    return tuple(hits)


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
