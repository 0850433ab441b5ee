"""Identity keys: each belongs to one customer, or is reserved by one case (I3)."""

from collections.abc import Iterable

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.customers.domain.reasons import CASE_CLOSED
from services.customers.store.tables import identity as _t
from services.customers.store.tables import known_case

_ADD = _t.insert()
_OWNERS = sa.select(_t).where(_t.c.identity_key.in_(sa.bindparam("keys", expanding=True)))
_ASSIGN = (
    _t.update()
    .where(_t.c.identity_key == sa.bindparam("key"), _t.c.case_id == sa.bindparam("reserved_by"))
    .values(case_id=None, customer_id=sa.bindparam("customer"))
)
_KEY_OF = sa.select(_t.c.identity_key).where(_t.c.customer_id == sa.bindparam("customer"))
_GIVE_UP = _t.delete().where(_t.c.customer_id == sa.bindparam("customer"))
_FREE = _t.delete().where(_t.c.case_id == sa.bindparam("reserved_by"))


def _enter_statement(dialect: str) -> sa.Executable:
    insert = upsert(dialect, known_case)
    earliest = sa.func.coalesce(known_case.c.closed_at, insert.excluded.closed_at)
    return insert.on_conflict_do_update(
        index_elements=["case_id"], set_={"closed_at": earliest}
    ).returning(known_case.c.closed_at)


_ENTER = {dialect: _enter_statement(dialect) for dialect in ("postgresql", "sqlite")}


def owner_of(uow: UnitOfWork, key: str) -> tuple[str, str] | None:
    """Return (case id, customer id) of who has the key; one of the two is empty."""
    return owners_of(uow, [key]).get(key)


def owners_of(uow: UnitOfWork, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return who has each of the keys that are taken."""
    rows = uow.execute(_OWNERS, {"keys": list(keys)}).mappings()
    return {row["identity_key"]: (row["case_id"] or "", row["customer_id"] or "") for row in rows}


def reserve(uow: UnitOfWork, key: str, case_id: str) -> None:
    """Reserve a free key for a case. A lost race ends in an IntegrityError and runs again."""
    uow.execute(_ADD, {"identity_key": key, "case_id": case_id, "reserved_at": uow.now})


def assign(uow: UnitOfWork, key: str, customer_id: str, case_id: str) -> None:
    """Give a key to a customer: a free one, or the one its case reserved."""
    values = {"key": key, "reserved_by": case_id, "customer": customer_id}
    if uow.execute(_ASSIGN, values).rowcount == 0:
        row = {"identity_key": key, "customer_id": customer_id, "reserved_at": uow.now}
        uow.execute(_ADD, row)


def assign_free(uow: UnitOfWork, pairs: Iterable[tuple[str, str]]) -> None:
    """Give free keys to customers, as (key, customer id). A lost race is an IntegrityError."""
    rows = [
        {"identity_key": key, "customer_id": customer_id, "reserved_at": uow.now}
        for key, customer_id in pairs
    ]
    uow.execute(_ADD, rows)


def release(uow: UnitOfWork, customer_id: str) -> None:
    """Give up a customer's key, before it gets another."""
    uow.execute(_GIVE_UP, {"customer": customer_id})


def key_of(uow: UnitOfWork, customer_id: str) -> str:
    """Return a customer's key."""
    return str(uow.execute(_KEY_OF, {"customer": customer_id}).scalar() or "")


def free(uow: UnitOfWork, case_id: str) -> None:
    """Free what a case reserved and did not use."""
    uow.execute(_FREE, {"reserved_by": case_id})


def close_case(uow: UnitOfWork, case_id: str) -> None:
    """Free what a case reserved; what it asks for later is refused."""
    _enter(uow, case_id, closed=True)
    free(uow, case_id)


def require_open(uow: UnitOfWork, case_id: str) -> None:
    """Refuse a case that was closed; one that closes now waits until this transaction ends."""
    if _enter(uow, case_id, closed=False):
        raise CASE_CLOSED.refuse()


def _enter(uow: UnitOfWork, case_id: str, *, closed: bool) -> bool:
    """Take the row of a case for this transaction; return whether the case is closed."""
    row = {"case_id": case_id, "closed_at": uow.now if closed else None}
    return uow.connection.execute(_ENTER[uow.connection.dialect.name], row).scalar_one() is not None
