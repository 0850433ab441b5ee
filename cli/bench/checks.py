"""The duplicate check among many names: alone, and through gRPC, beside a bare echo."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as pb
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.db import Database
from chassis.identity import Verifier
from chassis.kernel import Identity
from chassis.service import assemble
from cli.bench.doors import embedded, set_up
from cli.bench.measure import Report
from cli.names import generated
from services.customers.domain.names import parse
from services.customers.store.name_index import write
from services.customers.store.tables import customer, identity

BATCH = 2_000
TYPOS = "华海天明金新"


def measure_checks(
    report: Report, folder: Path, size: int, count: int, known: Sequence[tuple[str, str]]
) -> None:
    """Measure `count` checks in every round, of names that are known, misspelt, and shortened."""
    place = folder / f"check{size}"
    names = list(islice(generated(1, known), size))
    asked = questions(names, count)
    with embedded(place) as doors:
        (rep,) = set_up(doors, 1)
        url = f"sqlite:///{place / 'customers.db'}"
        fill(url, names)
        echo = f"gRPC echo ({size})"
        health: Any = health_pb2_grpc.HealthStub(doors.channel)
        report.times(echo, lambda _: health.Check(health_pb2.HealthCheckRequest()), asked)
        through = f"duplicate check through gRPC, {size} names"
        metadata = tuple(doors.metadata(rep))

        def check(name: str) -> None:
            doors.customers.CheckDuplicates(
                pb.CheckDuplicatesRequest(full_name=name), metadata=metadata
            )

        report.times(through, check, asked, against=echo)
        alone = f"duplicate check in process, {size} names"
        search = _use_case(url, place, rep)
        report.times(alone, search, asked, against=echo)


def questions(names: Sequence[str], count: int) -> list[str]:
    """Return names to ask about: a third as they are, a third misspelt, a third without region."""
    choose = random.Random(2)  # noqa: S311 - names, no secrets
    asked = []
    for number, name in enumerate(choose.choices(names, k=count)):
        if number % 3 == 1:
            at = choose.randrange(len(name))
            name = name[:at] + choose.choice(TYPOS) + name[at + 1 :]  # noqa: PLW2901
        elif number % 3 == 2:
            parts = parse(name)
            name = parts.core + parts.legal_form  # noqa: PLW2901
        asked.append(name)
    return asked


def fill(url: str, names: Sequence[str]) -> None:
    """Put customers with these names into a database, as registering them would."""
    database = Database(url)
    now = datetime.now(UTC)
    for start in range(0, len(names), BATCH):
        part = [(f"c{start + at}", name) for at, name in enumerate(names[start : start + BATCH])]
        with database.engine.begin() as connection:
            connection.execute(customer.insert(), [_customer(*one, now) for one in part])
            connection.execute(
                identity.insert(),
                [
                    {"identity_key": f"name {name}", "customer_id": ref, "reserved_at": now}
                    for ref, name in part
                ],
            )
            write(connection, [{"customer_id": ref, "full_name": name} for ref, name in part])
    if database.dialect == "postgresql":
        with database.engine.connect() as connection:
            connection.execute(sa.text("ANALYZE"))
    database.close()


def _customer(ref: str, name: str, now: datetime) -> dict[str, object]:
    return {
        "customer_id": ref,
        "full_name": name,
        "category": "",
        "form": {},
        "mnemonic": "",
        "incomplete": [],
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def _use_case(url: str, place: Path, rep: Identity) -> Callable[[str], None]:
    """Return a function that checks a name in this process and keeps the check."""
    from chassis.call import Call
    from chassis.telemetry import continue_trace
    from services.customers.app.duplicates import Check, Name, check_names, keep_checks
    from services.customers.domain.form import GENERAL
    from services.customers.parts import CUSTOMERS

    parts = assemble(CUSTOMERS, url)
    verifier = Verifier((place / "keys" / "public.jwks").read_text(encoding="utf-8"))
    door = parts.door(verifier)

    def search(name: str) -> None:
        call = Call(door, "bench", None, rep, "", continue_trace("", door.new_id))
        asked = Name(name, GENERAL, "")
        (found,) = call.look(lambda uow: check_names(uow, [asked]))
        check = Check(door.new_id(), asked, found, door.clock())
        keep_checks(call, [check], pb.CheckDuplicatesResponse())

    return search
