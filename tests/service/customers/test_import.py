"""Many customers at once go through the gates of typed ones."""

import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as pb
from crm.ownership.v1 import ownership_pb2 as ownership

from chassis import tables
from chassis.identity import system
from chassis.kernel import Event
from chassis.unit import UnitOfWork
from services.customers.app.recording import IMPORTED
from services.customers.store.tables import customer_fact, identity, known_name
from tests.platform import Platform, haixin

COMPLETE = {
    "business_address": "成都市永丰路47号丰尚玉林商务港801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456", "13800138000"],
    "category": "intended",
}
ROWS = [
    pb.CustomerForm(full_name="成都蓝海科技有限公司", **COMPLETE),
    pb.CustomerForm(full_name="蓝海"),
    pb.CustomerForm(full_name="绵阳青禾农业有限公司"),
    pb.CustomerForm(full_name="成都蓝海科技 有限公司"),
]


def platform() -> Platform:
    platform = Platform()
    platform.apply(haixin())
    platform.hire("zhou", "周舟", ["customer_service"], department="cs")
    platform.settle()
    return platform


def test_good_rows_enter_the_pool_and_bad_ones_say_why() -> None:
    crm = platform()
    answer = crm.call(
        crm.customers.ImportCustomers, pb.ImportCustomersRequest(rows=ROWS), "zhou"
    ).rows
    assert [row.accepted for row in answer] == [True, False, True, False]
    assert [(r.reason, r.clause) for r in answer[1].refusals] == [("NAME_LENGTH", "H-3.1d, H-3.1e")]
    assert [(r.reason, r.clause) for r in answer[3].refusals] == [("IDENTITY_TAKEN", "H-3.1c")]

    events = crm.settle()
    assert [event.subject for event in events if event.type.endswith("imported.v1")] == [
        answer[0].customer_id,
        answer[2].customer_id,
    ]
    pool = crm.call(crm.ownership.ListPool, ownership.ListPoolRequest(), "zhou").positions
    assert {position.full_name for position in pool} == {ROWS[0].full_name, ROWS[2].full_name}
    seen = crm.call(
        crm.customers.GetCustomer, pb.GetCustomerRequest(customer_id=answer[2].customer_id), "zhou"
    ).customer
    assert seen.incomplete_fields == ["business_address", "category", "hr_lead", "phones"]
    found = crm.call(
        crm.customers.CheckDuplicates,
        pb.CheckDuplicatesRequest(full_name="绵阳青禾农业公司"),
        "zhou",
    ).duplicate_check
    assert [hit.customer_id for hit in found.hits] == [answer[2].customer_id]


def test_a_rehearsal_says_the_same_and_keeps_nothing() -> None:
    crm = platform()
    told = [
        [
            (row.accepted, [refusal.reason for refusal in row.refusals])
            for row in crm.call(
                crm.customers.ImportCustomers,
                pb.ImportCustomersRequest(rows=ROWS, validate_only=rehearsal),
                "zhou",
            ).rows
        ]
        for rehearsal in (True, True, False)
    ]
    assert told[0] == told[1] == told[2]
    with crm.parts["customers"].database.read() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (identity, customer_fact, known_name)
        ]
        imported = sa.select(tables.outbox).where(tables.outbox.c.type == IMPORTED)
        events = len(connection.execute(imported).all())
    assert counts[0] == 2
    assert events == 2


def test_events_of_one_subject_are_counted_one_by_one() -> None:
    crm = platform()
    parts = crm.parts["customers"]

    def emit(connection: sa.Connection) -> None:
        uow = UnitOfWork(
            "customers", connection, crm.now, crm.new_id, system("test"), "c", "c", parts.policies
        )
        uow.emit_all([Event(IMPORTED, subject, {}) for subject in ("a", "b", "a")])
        uow.emit(Event(IMPORTED, "a", {}))

    parts.database.run(emit)
    with parts.database.read() as connection:
        rows = connection.execute(
            sa.select(tables.outbox.c.subject, tables.outbox.c.sequence)
            .where(tables.outbox.c.type == IMPORTED)
            .order_by(tables.outbox.c.position)
        ).all()
    assert rows == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]
