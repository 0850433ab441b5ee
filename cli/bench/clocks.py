"""Clocks fired and moved among very many pending ones, beside APScheduler and a bare UPDATE."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import psycopg
import sqlalchemy as sa
from apscheduler.executors.debug import DebugExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.base import BaseScheduler  # type: ignore[import-untyped]
from psycopg.types.json import Jsonb

from chassis import events
from chassis.identity import system
from chassis.kernel import Event
from chassis.policies import Draft
from chassis.rounds import Peers, Round
from chassis.service import Parts, assemble
from chassis.unit import UnitOfWork
from cli.bench.doors import PACK
from cli.bench.measure import Report
from cli.pack_file import load_pack
from services.scheduler.app import firing, reckonings, rounds
from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.standing import term_of
from services.scheduler.parts import SCHEDULER
from services.scheduler.store import clocks

RECORDED = "crm.activity.follow_up.recorded.v1"
BARE = "bare UPDATE of an indexed time"
PEER = "APScheduler, SQLAlchemyJobStore: jobs fired"
_BARE = sa.Table(
    "bare_clock",
    sa.MetaData(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("due_at", sa.DateTime(timezone=True), index=True, nullable=False),
)
_COLUMNS = (
    "subject_id clock party_id state start_mark started_at kept stop_mark move_mark pauses "
    "plain basis_at due_at warn_at version policy_version calendar_version"
)


def measure_clocks(report: Report, folder: Path, pending: int, count: int) -> None:
    """Measure on PostgreSQL with `pending` clocks; `count` are fired or moved in every round."""
    from tests.system.debian import Unavailable
    from tests.system.servers import postgres

    place = folder / "clocks"
    place.mkdir()
    place.chmod(0o711)
    try:
        with postgres(place / "postgres") as started:
            server = started()
            url = server.url()
            now = datetime.now(UTC)
            parts = _prepare(url)
            _fill(server.conninfo(), pending, now)
            _measure_fired(report, parts, server.conninfo(), pending, count)
            _measure_moved(report, parts, pending, count)
            parts.database.close()
    except Unavailable as reason:
        click.echo(f"Without PostgreSQL: {reason}", err=True)


def _prepare(url: str) -> Parts:
    parts = assemble(SCHEDULER, url)
    parts.create_tables()
    _BARE.metadata.create_all(parts.database.engine)
    pack = load_pack(PACK)

    def apply(connection: sa.Connection) -> None:
        draft = Draft(
            section=pack.sections["scheduler"].to_json(),
            pack=pack.meta.name,
            time_zone=pack.meta.time_zone,
            effective_at=pack.meta.effective_time,
        )
        parts.policies.apply(connection, draft, parts.clock(), "bench")

    parts.database.run(apply)
    rounds.go(Round(parts, Peers()))
    return parts


def _fill(conninfo: str, pending: int, now: datetime) -> None:
    """Put clocks and jobs into the database that are due one after another, later than today."""
    moments = (now + timedelta(days=5, seconds=number) for number in range(pending))
    started = now - timedelta(days=1)
    empty, kept = Jsonb([]), Jsonb({"full_name": "成都蓝海科技有限公司", "category": "intended"})

    def rows() -> Iterator[Sequence[Any]]:
        for number, due in enumerate(moments):
            party = f"rep{number % 2000}"
            fixed = (started, kept, 0, 0, empty, True, started)
            ends = (due, due - timedelta(days=1), 1, 1, 1)
            yield (_key(number), "reclaim", party, "armed", 1, *fixed, *ends)

    bare = ((_key(number), now + timedelta(days=5, seconds=number)) for number in range(pending))
    with psycopg.connect(conninfo) as connection:
        _copy(connection, "clock", _COLUMNS.split(), rows())
        _copy(connection, "bare_clock", ["id", "due_at"], bare)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE clock")
        connection.execute("VACUUM ANALYZE bare_clock")


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Iterable[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _key(number: int) -> str:
    return f"{number * 2_654_435_761 % 4_294_967_296:08x}-{number:012d}"


def _measure_fired(report: Report, parts: Parts, conninfo: str, pending: int, count: int) -> None:
    """Fire `count` clocks in every round: state, event and outbox in one transaction a batch."""
    numbers = itertools.count()
    batch = min(count * 10, pending // (2 * (report.rounds + 1)))

    def make_due() -> None:
        chosen = [_key(next(numbers)) for _ in range(batch)]
        with psycopg.connect(conninfo) as connection:
            connection.execute(
                "UPDATE clock SET due_at = now() - interval '1 hour' WHERE subject_id = ANY(%s)",
                [chosen],
            )

    def fire() -> None:
        round_ = Round(parts, Peers())
        while round_.run(firing.fire):
            pass

    report.add(PEER, "1/s", _apscheduler(parts, conninfo, pending, count // 4, report.rounds))
    values = []
    for _ in range(report.rounds):
        make_due()
        values.append(_rate(batch, fire))
    report.add(f"clocks fired, {pending} pending", "1/s", values, against=PEER)


def nothing() -> None:
    """What the jobs of the compared scheduler do."""


class _Stepping(BaseScheduler):  # type: ignore[misc]
    """A scheduler that looks at its jobs when it is told to."""

    def wakeup(self) -> None:
        """Do nothing: the benchmark says when to look."""

    def shutdown(self, wait: bool = True) -> None:
        """End it."""
        super().shutdown(wait)

    def look(self) -> None:
        """Run what is due, in this thread."""
        self._process_jobs()


def _apscheduler(parts: Parts, conninfo: str, pending: int, count: int, times: int) -> list[float]:
    """Return how many jobs in a second APScheduler runs that do nothing, in every round."""
    store = SQLAlchemyJobStore(engine=parts.database.engine)
    scheduler = _Stepping(
        jobstores={"default": store}, executors={"default": DebugExecutor()}, timezone=UTC
    )
    scheduler.start()
    now = datetime.now(UTC)

    def add(due: datetime) -> str:
        job: str = scheduler.add_job(
            nothing, "date", run_date=due, misfire_grace_time=None, id=str(uuid.uuid4())
        ).id
        return job

    add(now + timedelta(days=5))
    table = store.jobs_t
    with parts.database.engine.connect() as reading:
        state = reading.execute(sa.select(table.c.job_state)).scalar_one()
    moments = (now + timedelta(days=5, seconds=number) for number in range(pending))
    with psycopg.connect(conninfo) as connection:
        rows = ((_key(n), due.timestamp(), state) for n, due in enumerate(moments))
        _copy(connection, table.name, ["id", "next_run_time", "job_state"], rows)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(b"VACUUM ANALYZE " + table.name.encode())
    values = []
    for _ in range(times):
        for number in range(count):
            add(now - timedelta(hours=1, seconds=number))
        values.append(_rate(count, scheduler.look))
    with psycopg.connect(conninfo) as connection:
        connection.execute(b"DROP TABLE " + table.name.encode())
    return values


def _measure_moved(report: Report, parts: Parts, pending: int, count: int) -> None:
    """Move clocks one in a transaction: the bare write, the clock's, and the whole event."""
    step = max(1, pending // (2 * count))
    chosen = [_key(pending - 1 - number * step) for number in range(count)]
    database = parts.database
    seconds = itertools.count(1)
    bare = (
        _BARE.update()
        .where(_BARE.c.id == sa.bindparam("b_id"))
        .values(due_at=sa.bindparam("b_due_at"))
    )

    def write(key: str) -> None:
        due = datetime.now(UTC) + timedelta(days=9, seconds=next(seconds))
        database.run(lambda connection: connection.execute(bare, {"b_id": key, "b_due_at": due}))

    report.times(BARE, write, chosen)
    round_ = Round(parts, Peers())
    policy, company = round_.read(
        lambda uow: (
            uow.policy(SchedulerPolicy),
            reckonings.of_company(uow, uow.policy(SchedulerPolicy)),
        )
    )
    term = term_of(policy.rules.clocks["reclaim"], None)

    def move(key: str) -> None:
        moved_at = datetime.now(UTC)

        def work(uow: UnitOfWork) -> None:
            moved = clocks.move(
                uow,
                key,
                "reclaim",
                mark=next(seconds),
                moved_at=moved_at,
                due=deadline(moved_at, term, company),
                policy_version=policy.version,
                calendar_version=company.calendar.version,
            )
            assert moved is not None

        round_.run(work)

    report.times("clock moved", move, chosen, against=BARE)
    inbox = parts.inbox()

    def hear(key: str) -> None:
        inbox.receive(_followed_up(key, next(seconds)))

    report.times("follow-up heard: inbox, clock moved, announced", hear, chosen, against=BARE)


def _followed_up(key: str, sequence: int) -> str:
    now = datetime.now(UTC)
    return events.encode(
        Event(RECORDED, key, {"customer_id": key, "last_valid_time": now.isoformat()}),
        event_id=str(uuid.uuid4()),
        service="activity",
        sequence=sequence,
        time=now,
        correlation_id="bench",
        causation_id="bench",
        trace_parent="",
        actor=system("activity"),
    )


def _rate(count: int, work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)
