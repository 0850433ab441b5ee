"""Registrations end to end and the relay, on SQLite, and on PostgreSQL with RabbitMQ."""

import json
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
import kombu
import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as customers
from crm.review.v1 import review_pb2 as review

from chassis import broker, tables
from chassis.db import Database
from chassis.kernel import Identity
from chassis.relay import Relay
from chassis.service import utc_now
from cli import packs
from cli.bench.doors import REVIEWER, Doors, embedded, patience, set_up
from cli.bench.measure import Report
from cli.bench.records import measure_follow_ups
from cli.names import generated

AT_ONCE = 8
TYPE = "crm.customers.customer.registered.v1"
FORM = {
    "business_address": "成都市永丰路47号丰尚玉林商务港8楼801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456", "13800138000"],
    "category": "intended",
}
CHECKS = {"not_duplicate": True, "complete": True}
BARE = sa.Table(
    "bare",
    sa.MetaData(),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)


def measure_flows(
    report: Report,
    folder: Path,
    count: int,
    known: Sequence[tuple[str, str]],
    servers: bool,
    wanted: Sequence[str],
) -> None:
    """Measure registrations and relays with every server that can be had."""
    names = generated(3, known)
    if "register" in wanted:
        with embedded(folder / "sqlite") as doors:
            bare = f"sqlite:///{folder / 'sqlite' / 'bare.db'}"
            reps = set_up(doors, AT_ONCE)
            measure_registrations(report, "SQLite", doors, bare, names, count, reps)
    if not servers:
        return
    from tests.system.debian import Unavailable
    from tests.system.servers import real_servers

    try:
        with real_servers(folder / "servers") as running:
            urls = {}
            server = Database(running.postgres.url())
            with server.engine.connect() as connection:
                automatic = connection.execution_options(isolation_level="AUTOCOMMIT")
                for name in (*packs.SERVICES, "bare"):
                    automatic.execute(sa.text(f'CREATE DATABASE "{name}"'))
                    urls[name] = running.postgres.url(name)
            server.close()
            amqp = running.rabbitmq.url()
            if "register" in wanted or "follow-ups" in wanted:
                _cluster(report, folder / "cluster", urls, amqp, names, count, wanted)
            if "relay" in wanted:
                measure_relay(report, urls["bare"], amqp, count)
    except Unavailable as reason:
        click.echo(f"Without PostgreSQL and RabbitMQ: {reason}", err=True)


def _cluster(
    report: Report,
    folder: Path,
    urls: dict[str, str],
    amqp: str,
    names: Iterator[str],
    count: int,
    wanted: Sequence[str],
) -> None:
    from tests.system.cluster import Cluster

    folder.mkdir()
    databases = {name: url for name, url in urls.items() if name != "bare"}
    cluster = Cluster(folder, databases, amqp)
    try:
        cluster.await_serving()
        label = "PostgreSQL + RabbitMQ"
        reps = set_up(cluster, AT_ONCE)
        if "register" in wanted:
            measure_registrations(report, label, cluster, urls["bare"], names, count, reps)
        if "follow-ups" in wanted:
            measure_follow_ups(report, cluster, urls["activity"], urls["bare"], count, reps)
    finally:
        cluster.stop()


def measure_registrations(
    report: Report,
    label: str,
    doors: Doors,
    bare: str,
    names: Iterator[str],
    count: int,
    reps: Sequence[Identity],
) -> None:
    """Measure bare commits, then customers from the duplicate check to the holding granted."""
    database = Database(bare)
    BARE.metadata.create_all(database.engine)
    baseline = f"insert and commit, {label}"

    def commit(connection: sa.Connection) -> None:
        connection.execute(BARE.insert(), {"id": str(uuid.uuid4()), "body": "x" * 300})

    def commits() -> None:
        for _ in range(count):
            database.run(commit)

    report.rate(baseline, count, commits)
    database.close()
    name = f"registrations, {label}"

    def register_all() -> None:
        batch = list(islice(names, count))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            shares = [batch[at::AT_ONCE] for at in range(AT_ONCE)]
            list(pool.map(lambda pair: _register(doors, *pair), zip(reps, shares, strict=True)))

    report.rate(name, count, register_all, against=baseline)


def _register(doors: Doors, rep: Identity, names: Sequence[str]) -> None:
    """Bring customers in one after another; return when all of them are held."""
    opened = []
    for name in names:
        asked = customers.CheckDuplicatesRequest(full_name=name)
        check = doors.call(doors.customers.CheckDuplicates, asked, rep).duplicate_check
        request = review.SubmitCaseRequest(case_type="new_customer", check_id=check.check_id)
        request.form.update({"full_name": name, **FORM})
        case_id = doors.call(doors.review.SubmitCase, request, rep).case.case_id
        doors.call(doors.review.TakeCase, review.TakeCaseRequest(case_id=case_id), REVIEWER)
        decision = review.DecideCaseRequest(
            case_id=case_id, verdict=review.VERDICT_APPROVE, checks=CHECKS, reason="已核对"
        )
        doors.call(doors.review.DecideCase, decision, REVIEWER)
        opened.append(case_id)
    for case_id in opened:
        for _ in patience():
            read = review.GetCaseRequest(case_id=case_id)
            state = doors.call(doors.review.GetCase, read, rep).case.state
            if state == review.CASE_STATE_DONE:
                break


def measure_relay(report: Report, url: str, amqp: str, count: int) -> None:
    """Measure events from the outbox to confirmed, beside plain publishing by kombu."""
    events = count * 10
    broker.declare(amqp, ["customers"], [("bench", TYPE)])
    bare = "publish by kombu, each confirmed"
    body = json.dumps({"data": "x" * 600})

    def publish() -> None:
        with kombu.Connection(amqp, transport_options={"confirm_publish": True}) as connection:
            producer = kombu.Producer(connection, exchange=broker.exchange_of("customers"))
            for _ in range(events):
                producer.publish(body, routing_key=TYPE, delivery_mode=2)

    report.rate(bare, events, publish)
    database = Database(url)
    tables.metadata.create_all(database.engine)
    publisher = broker.BrokerPublisher(amqp, "customers", {TYPE})
    relay = Relay(database, utc_now, publisher, "bench")
    for _ in range(report.rounds):
        _fill_outbox(database, events, body)

    def drain() -> None:
        sent = 0
        while sent < events:
            sent += relay.run_once()

    report.rate("relay: outbox to broker", events, drain, against=bare)
    publisher.close()
    database.close()


def _fill_outbox(database: Database, count: int, body: str) -> None:
    now = datetime.now(UTC)
    rows = [
        {
            "event_id": str(uuid.uuid4()),
            "type": TYPE,
            "subject": str(uuid.uuid4()),
            "sequence": 1,
            "body": body,
            "happened_at": now,
            "next_at": now,
        }
        for _ in range(count)
    ]
    with database.engine.begin() as connection:
        connection.execute(tables.outbox.insert(), rows)
