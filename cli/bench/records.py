"""Follow-ups end to end over PostgreSQL, beside bare rows with an event each."""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from crm.activity.v1 import follow_ups_pb2 as activity
from crm.activity.v1.follow_ups_pb2_grpc import FollowUpServiceStub

from chassis import outbox, tables
from chassis.db import Database
from chassis.kernel import Event, Identity
from chassis.policies import PolicyStore
from chassis.rules import PolicySection
from chassis.service import random_id, utc_now
from chassis.unit import UnitOfWork
from cli.bench.doors import Doors
from cli.bench.measure import Report

CUSTOMERS = 500
EVENT = "crm.activity.follow_up.recorded.v1"
BARE = sa.Table(
    "bare_follow_up",
    sa.MetaData(),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)


def measure_follow_ups(
    report: Report, doors: Doors, url: str, bare: str, count: int, reps: Sequence[Identity]
) -> None:
    """Measure rows with an event each, then follow-ups through gRPC, by as many people at once."""
    database = Database(bare)
    tables.metadata.create_all(database.engine)
    BARE.metadata.create_all(database.engine)
    policies = PolicyStore(PolicySection)

    def commit(connection: sa.Connection) -> None:
        actor = reps[0]
        uow = UnitOfWork(
            "activity", connection, utc_now(), random_id, actor, "bench", "bench", policies
        )
        connection.execute(BARE.insert(), {"id": random_id(), "body": "x" * 300})
        outbox.append(uow, [Event(EVENT, random_id(), {"body": "x" * 300})])

    def commits(_rep: Identity) -> None:
        for _ in range(count):
            database.run(commit)

    def together(work: object) -> None:
        with ThreadPoolExecutor(len(reps)) as pool:
            list(pool.map(work, reps))  # type: ignore[arg-type]

    baseline = "insert, outbox and commit, PostgreSQL"
    report.rate(baseline, count * len(reps), lambda: together(commits))
    database.close()
    held = _hold(url, reps)
    stub = FollowUpServiceStub(doors.channel_to("activity"))

    def record(rep: Identity) -> None:
        for number in range(count):
            request = activity.RecordFollowUpRequest(
                customer_id=held[rep.staff_id][number % CUSTOMERS],
                kind=activity.FOLLOW_UP_KIND_CALL,
                title="回访",
                content=f"今天上门拜访了人事经理谈了续约的事情{uuid.uuid4().hex}",
            )
            doors.call(stub.RecordFollowUp, request, rep)

    report.rate(
        "follow-ups through gRPC, PostgreSQL",
        count * len(reps),
        lambda: together(record),
        against=baseline,
    )


def _hold(url: str, reps: Sequence[Identity]) -> dict[str, list[str]]:
    """Let every rep hold customers, as if ownership had announced it."""
    from services.activity.store.tables import custody

    held = {rep.staff_id: [random_id() for _ in range(CUSTOMERS)] for rep in reps}
    rows = [
        {"customer_id": one, "location": "private_library", "holder_id": who, "sequence": 1}
        for who, ids in held.items()
        for one in ids
    ]
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(custody.insert(), rows)
    database.close()
    return held
