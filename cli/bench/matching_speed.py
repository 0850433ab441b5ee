"""How long the duplicate check takes among many names, beside other ways to find them."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import grpc
from crm.customers.v1 import customers_pb2 as pb
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub

from chassis.call import Call
from chassis.identity import Signer, Verifier, new_key_pair
from chassis.kernel import Identity
from chassis.migrations import upgrade
from chassis.policies import Draft
from chassis.service import assemble
from chassis.telemetry import continue_trace
from cli.bench.measure import Report
from cli.bench.peer_finders import Finder, brute_force, plain_postings, tantivy, trigrams
from cli.bench.stock import stock
from cli.matcher.data import TEST
from cli.matcher.experiment import PACK, Experiment
from cli.matcher.questions import SHORT, Question, questions
from cli.pack_file import load_pack
from cli.session import ROOT
from services.customers.domain.names import parse
from services.customers.parts import CUSTOMERS
from services.customers.store import near_names

READER = Identity("zhou", "周舟", frozenset({"customer_service"}), "cs")
"""Sees every customer, so that what was found can be told from what was meant."""

SLOW = 40
"""So many questions are enough where each takes most of a second."""


def measure_speed(report: Report, folder: Path, experiment: Experiment, count: int) -> None:
    """Measure checks through gRPC, the index alone, and peers, with `count` questions."""
    from tests.system.debian import Unavailable
    from tests.system.servers import postgres

    try:
        with ExitStack() as stack:
            server = stack.enter_context(postgres(folder / "postgres"))()
            _measure(report, folder, server.url(), server.conninfo(), experiment, count)
    except Unavailable as reason:
        click.echo(f"Without PostgreSQL: {reason}", err=True)


def _measure(
    report: Report, folder: Path, url: str, conninfo: str, experiment: Experiment, count: int
) -> None:
    names = experiment.names
    click.echo(f"filling a database with {len(names)} names ...")
    parts = assemble(CUSTOMERS, url)
    upgrade(parts.database, CUSTOMERS.migrations, CUSTOMERS.metadata)
    pack = load_pack(PACK)
    draft = Draft(
        section=pack.sections["customers"].to_json(),
        pack=pack.meta.name,
        time_zone=pack.meta.time_zone,
        effective_at=pack.meta.effective_time,
    )
    parts.database.run(lambda c: parts.policies.apply(c, draft, parts.clock(), "bench"))
    stock(conninfo, names, experiment.index, experiment.identity)
    asked, before = _questions(experiment, count)
    few = asked[:SLOW]
    full = f"full check through gRPC, {len(names):,} names"
    with _served(folder, url) as check:
        for one in before:
            check(one.asked)  # what a replica remembers after its first minutes
        _measure_one(report, full, check, asked)
    key = (folder / "public.jwks").read_text(encoding="utf-8")
    door = parts.door(Verifier(key))

    def alone(name: str) -> list[str]:
        call = Call(door, "bench", None, READER, "", continue_trace("", door.new_id))
        parsed = parse(name)
        near = call.look(lambda uow: near_names.find(uow, parsed, ""))
        return [one.full_name for one in near.names]

    _measure_one(report, "the index alone", alone, asked, full)
    for kind in ("gin", "gist"):
        with trigrams(conninfo, names, kind) as find:
            wanted = asked if kind == "gin" else few
            _measure_one(report, f"pg_trgm {kind.upper()}, same scoring", find, wanted, full)
    with plain_postings(conninfo, names) as find:
        _measure_one(report, "plain posting table, same scoring", find, asked, full)
    _measure_one(report, "tantivy, same pieces and scoring", tantivy(names), asked, full)
    _measure_one(report, "RapidFuzz, all names", brute_force(names), few, full)
    parts.database.close()


def _measure_one(
    report: Report, name: str, find: Finder, asked: Sequence[Question], against: str = ""
) -> None:
    click.echo(f"asking {name} ...")
    answers: dict[str, list[str]] = {}

    def ask(text: str) -> None:
        answers[text] = find(text)

    name = name if not against else f"{name}, {against.rpartition(', ')[2]}"
    report.times(name, ask, [question.asked for question in asked], against)
    first = [answers[one.asked][:1] == [one.meant] for one in asked]
    shown = [one.meant in answers[one.asked] for one in asked]
    report.add(f"{name}, recall@1", "%", [100 * sum(first) / len(asked)])
    report.add(f"{name}, recall@10", "%", [100 * sum(shown) / len(asked)])


def _questions(experiment: Experiment, count: int) -> tuple[list[Question], list[Question]]:
    """Return questions of every kind, the listed short names apart, in a random order.

    Twice: those to be timed, and at most as many others to warm up with.
    """
    found = questions(experiment.data, experiment.names, TEST, experiment.each, experiment.seed)
    wanted = [one for one in found if one.same and one.kind != SHORT]
    choose = random.Random(experiment.seed)  # noqa: S311 - names, no secrets
    drawn = choose.sample(wanted, min(2 * count, len(wanted)))
    half = (len(drawn) + 1) // 2
    return drawn[:half], drawn[half:]


@contextmanager
def _served(folder: Path, url: str) -> Iterator[Finder]:
    """Run the service's own process; yield the check through gRPC as a reader of all sees it."""
    from tests.system.servers import free_ports

    private, public = new_key_pair("bench")
    keys = folder / "public.jwks"
    keys.write_text(public, encoding="utf-8")
    address = f"127.0.0.1:{free_ports(1)[0]}"
    environment = {key: value for key, value in os.environ.items() if key[:4] != "CRM_"}
    environment |= {
        "CRM_DATABASE_URL": url,
        "CRM_TOKEN_KEYS": str(keys),
        "CRM_LISTEN": address,
        "CRM_LOG_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "protos" / "gen"))),
    }
    command = [sys.executable, "-W", "ignore", "-m", "services.customers", "api"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        with grpc.insecure_channel(address) as channel:
            grpc.channel_ready_future(channel).result(timeout=60)
            customers = CustomerServiceStub(channel)
            token = Signer(private).sign(READER, datetime.now(UTC), timedelta(hours=2))
            metadata = (("authorization", f"Bearer {token}"),)

            def check(name: str) -> list[str]:
                request = pb.CheckDuplicatesRequest(full_name=name)
                answer = customers.CheckDuplicates(request, metadata=metadata, timeout=60)
                return [hit.full_name for hit in answer.duplicate_check.hits]

            yield check
    finally:
        process.terminate()
        process.wait(30)
