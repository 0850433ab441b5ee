"""A morning's reclaim run over very many due customers, beside bare conditional updates."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click
import psycopg
import sqlalchemy as sa

from chassis.unit import UnitOfWork
from cli.bench.doors import PACK
from cli.bench.measure import Report
from cli.pack_file import Pack, load_pack
from cli.rehearsal.platform import Rehearsal
from services.ownership.app import reclaiming, runs
from services.ownership.app.rounds import carry_on

REPS = 2000
BARE = "bare conditional updates, 100 a transaction"
_BARE = sa.Table(
    "bare_holding",
    sa.MetaData(),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(64)),
    sa.Column("version", sa.Integer, nullable=False),
)


def measure_reclaim(report: Report, folder: Path, due: int) -> None:
    """Measure one run over `due` customers on PostgreSQL, follow-ups asked of the real service."""
    from tests.system.debian import Unavailable
    from tests.system.servers import postgres

    place = folder / "reclaim"
    place.mkdir()
    place.chmod(0o711)
    try:
        with postgres(place / "postgres") as started:
            server = started()
            names = ("ownership", "activity")
            with psycopg.connect(server.conninfo(), autocommit=True) as connection:
                for name in names:
                    connection.execute(f'CREATE DATABASE "{name}"'.encode())
            platform = Rehearsal(datetime.now(UTC), urls={name: server.url(name) for name in names})
            platform.apply(_unbroken(load_pack(PACK)))
            _fill(server.conninfo("ownership"), due, platform.now)
            _measure_bare(report, platform, due)
            _measure_run(report, platform, due)
            platform.close()
    except Unavailable as reason:
        click.echo(f"Without PostgreSQL: {reason}", err=True)


def _unbroken(pack: Pack) -> Pack:
    """Return the pack with a breaker that lets everything pass, but looks every time."""
    pack.sections["ownership"].parameters["reclaim.breaker_share"]["value"] = 100
    return pack


def _fill(conninfo: str, due: int, now: datetime) -> None:
    """Let reps hold customers for a week whose time was over at midnight."""
    began, over = now - timedelta(days=7), now - timedelta(hours=1)
    staff = ("staff_id", "display_name", "phone", "gender", "hire_date", "department", "team")
    fixed = ("", "", "2024-01-01", "sales", "1", '["sales_rep"]', 0, 1, began)
    held = ("intended", 1, "private_library")
    since = (True, began, began, 0, over, began, 1)
    with psycopg.connect(conninfo) as connection:
        cursor = connection.cursor()
        columns = (*staff, "roles", "personal_limit", "version", "updated_at")
        _copy(cursor, "staff", columns, [(f"rep{n}", f"销售{n}", *fixed) for n in range(REPS)])
        slots = [(f"rep{n}", len(range(n, due, REPS)), 0) for n in range(REPS)]
        _copy(cursor, "quota_counter", ("staff_id", "used", "held"), slots)
        position = (
            "customer_id full_name category summary_sequence location holder_id counted "
            "protected_at arrived_at releaser_count due_at due_basis_at clock_version"
        )
        rows = [
            (f"c{n:08d}", "成都蓝海科技有限公司", *held, f"rep{n % REPS}", *since)
            for n in range(due)
        ]
        _copy(cursor, "position", position.split(), rows)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE position")


def _copy(
    cursor: psycopg.Cursor[object],
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _measure_bare(report: Report, platform: Rehearsal, due: int) -> None:
    database = platform.parts["ownership"].database
    _BARE.metadata.create_all(database.engine)
    keys = [f"c{number:08d}" for number in range(min(due, 20_000))]
    with database.engine.begin() as connection:
        connection.execute(
            _BARE.insert(), [{"id": key, "holder": "rep", "version": 1} for key in keys]
        )
    change = (
        _BARE.update()
        .where(_BARE.c.id == sa.bindparam("key"), _BARE.c.version == 1)
        .values(holder=None, version=2)
    )
    batches = [keys[at : at + reclaiming.BATCH] for at in range(0, len(keys), reclaiming.BATCH)]
    began = time.perf_counter()
    for batch in batches:
        rows = [{"key": key} for key in batch]
        database.run(partial(_execute, change, rows))
    report.add(BARE, "1/s", [len(keys) / (time.perf_counter() - began)])


def _execute(change: sa.Update, rows: list[dict[str, str]], connection: sa.Connection) -> None:
    connection.execute(change, rows)


def _measure_run(report: Report, platform: Rehearsal, due: int) -> None:
    parts = platform.parts["ownership"]

    def begin(uow: UnitOfWork) -> None:
        runs.reclaim_due(uow, uow.today())

    parts.tick(begin)
    began = time.perf_counter()
    parts.round(carry_on, platform.peers("ownership"))
    seconds = time.perf_counter() - began
    with parts.database.read() as connection:
        left = connection.execute(
            sa.text("SELECT count(*) FROM position WHERE holder_id IS NOT NULL")
        ).scalar_one()
    if left:
        raise RuntimeError(f"{left} of {due} customers were not reclaimed")
    report.add(f"reclaim run over {due}", "customers/s", [due / seconds], against=BARE)
    report.add(f"reclaim run over {due}, whole", "s", [seconds])
