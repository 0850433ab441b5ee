"""One company, written 64 ways, at the doors of four replicas at once: one gets in (I3)."""

import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from threading import Barrier
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as c
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.operations.v1 import operations_pb2 as operations
from crm.operations.v1.operations_pb2_grpc import OperationsServiceStub
from grpc_status import rpc_status

from chassis.identity import PEER, PEER_METADATA, Signer, join_keys, new_key_pair, system
from chassis.kernel import ADMINISTRATOR, Identity
from chassis.migrations import upgrade
from chassis.service import assemble
from services.customers.parts import CUSTOMERS
from services.customers.store.tables import customer, identity
from tests.builders import form
from tests.platform import haixin
from tests.refusals import read
from tests.system.cluster import ROOT
from tests.system.plugin import NewDatabase
from tests.system.servers import free_ports

PROCESSES = 4
WAYS = 64
ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))
REPS = [
    Identity(f"rep{n}", f"销售{n}", frozenset({"sales_rep"}), "sales", "1") for n in range(WAYS)
]
ZHOU = Identity("zhou", "周舟", frozenset({"customer_service"}), "cs", "1")
Attempt = Callable[[], str]


class Replicas:
    """Four api processes of customers over one database."""

    def __init__(self, folder: Path, url: str) -> None:
        private, public = new_key_pair("people")
        peer, its_public = new_key_pair(f"{PEER}review")
        (folder / "public.jwks").write_text(join_keys(public, its_public))
        self._person, self._peer = Signer(private), Signer(peer)
        parts = assemble(CUSTOMERS, url)
        upgrade(parts.database, CUSTOMERS.migrations, CUSTOMERS.metadata)
        self.database = parts.database
        addresses = [f"127.0.0.1:{port}" for port in free_ports(PROCESSES)]
        environment = {key: value for key, value in os.environ.items() if key[:4] != "CRM_"}
        environment |= {
            "CRM_DATABASE_URL": url,
            "CRM_TOKEN_KEYS": str(folder / "public.jwks"),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "protos" / "gen"))),
        }
        command = [sys.executable, "-W", "ignore", "-m", "services.customers", "api"]
        self._processes = [
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment | {"CRM_LISTEN": address},
                stdout=subprocess.DEVNULL,
            )
            for address in addresses
        ]
        self._channels = [grpc.insecure_channel(address) for address in addresses]
        self.stubs = [CustomerServiceStub(channel) for channel in self._channels]

    def apply_policy(self) -> None:
        """Put the haixin rules in force as soon as a process serves."""
        pack = haixin()
        request = operations.ApplyPolicyRequest(
            service="customers",
            pack=pack.meta.name,
            time_zone=pack.meta.time_zone,
            request_id="policy",
        )
        request.effective_time.FromDatetime(pack.meta.effective_time)
        request.section.update(pack.sections["customers"].to_json())
        for channel in self._channels:
            grpc.channel_ready_future(channel).result(60)
        self.call(OperationsServiceStub(self._channels[0]).ApplyPolicy, request, ADMIN)

    def call(self, method: Any, request: Any, who: Identity) -> Any:
        """Call a method as a person, through review where only a peer may."""
        now = datetime.now(UTC)
        token = self._person.sign(who, now, timedelta(minutes=5))
        peer = self._peer.sign(system("review"), now, timedelta(minutes=5))
        metadata = [("authorization", f"Bearer {token}"), (PEER_METADATA, peer)]
        return method(request, timeout=30.0, metadata=metadata)

    def check(self, number: int, name: str) -> c.DuplicateCheck:
        """Check a name at one of the processes."""
        request = c.CheckDuplicatesRequest(full_name=name)
        found: c.DuplicateCheck = self.call(
            self.stubs[number % PROCESSES].CheckDuplicates, request, REPS[number]
        ).duplicate_check
        return found

    def submitting(self, number: int, name: str) -> Attempt:
        """Return the reservation that review makes when a case is submitted."""
        request = c.PrepareCaseRequest(
            case_id=f"case-{name}",
            flow=c.CASE_FLOW_REGISTER,
            form=c.CustomerForm(**form(name)),
            check_id=self.check(number, name).check_id,
        )
        method = self.stubs[number % PROCESSES].PrepareCase

        def attempt() -> str:
            try:
                self.call(method, request, REPS[number])
            except grpc.RpcError as error:
                status = rpc_status.from_call(error)  # type: ignore[arg-type]
                assert status
                told = read(status)
                assert told.reason == "DUPLICATE"
                for another in set(REPS) - {REPS[number]}:
                    assert another.name not in told.text
                return told.zh.replace(name.strip(), "…")
            return ""

        return attempt

    def importing(self, number: int, name: str) -> Attempt:
        """Return the import of one row into the pool."""
        request = c.ImportCustomersRequest(rows=[c.CustomerForm(**form(name))])
        request.request_id = str(uuid.uuid4())
        method = self.stubs[number % PROCESSES].ImportCustomers

        def attempt() -> str:
            (row,) = self.call(method, request, ZHOU).rows
            assert [refusal.reason for refusal in row.refusals] in ([], ["IDENTITY_TAKEN"])
            return "".join(refusal.zh for refusal in row.refusals)

        return attempt

    def column(self, wanted: sa.Select[Any]) -> list[Any]:
        """Read a column of the database."""
        with self.database.read() as connection:
            return list(connection.execute(wanted).scalars())

    def stop(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(30)
        for channel in self._channels:
            channel.close()
        self.database.close()


@pytest.fixture(scope="module")
def replicas(
    tmp_path_factory: pytest.TempPathFactory, module_postgres_url: NewDatabase
) -> Iterator[Replicas]:
    made = Replicas(tmp_path_factory.mktemp("replicas"), module_postgres_url("customers"))
    try:
        made.apply_policy()
        yield made
    finally:
        made.stop()


def ways(core: str, traditional: str) -> list[str]:
    """Write a company's name in 64 ways that are one identity."""
    cities = ("成都", "(成都)", "（成都）", " 成都 ")
    cores = (core, traditional)
    forms = ("科技有限公司", "科技　有限公司", "科技（有限公司）", "科技〔有限公司〕")
    gaps = ("", " ")
    names = ["".join(parts) for parts in product(cities, cores, gaps, forms)]
    assert len(set(names)) == WAYS
    return names


def at_once(attempts: Sequence[Attempt]) -> list[str]:
    """Make every attempt at the same moment; return what each was told, '' for the winner."""
    start = Barrier(len(attempts))

    def go(attempt: Attempt) -> str:
        start.wait()
        return attempt()

    with ThreadPoolExecutor(len(attempts)) as threads:
        return list(threads.map(go, attempts))


UNDER_REVIEW = "“…”已有人提交，正在审核中，不能重复添加。"
ROW_UNDER_REVIEW = "该客户已有人提交，正在审核中。"


def test_64_submissions_of_one_company_reserve_it_once(replicas: Replicas) -> None:
    names = ways("蓝海", "藍海")
    told = at_once([replicas.submitting(number, name) for number, name in enumerate(names)])
    assert Counter(told) == {"": 1, UNDER_REVIEW: WAYS - 1}
    cases = [f"case-{name}" for name in names]
    owner = sa.select(identity.c.case_id).where(identity.c.case_id.in_(cases))
    assert replicas.column(owner) == [cases[told.index("")]]
    assert_known_everywhere(replicas, names)


def test_64_imports_of_one_company_enter_it_once(replicas: Replicas) -> None:
    names = ways("东风", "東風")
    told = at_once([replicas.importing(number, name) for number, name in enumerate(names)])
    winner = names[told.index("")].strip()
    entered = replicas.column(sa.select(customer.c.full_name).where(customer.c.full_name == winner))
    assert entered == [winner]
    assert Counter(told) == {"": 1, f"系统中已有该客户：{winner}。": WAYS - 1}
    assert_known_everywhere(replicas, names)


def test_one_company_at_both_doors_gets_in_by_one(replicas: Replicas) -> None:
    names = ways("龙马", "龍馬")
    doors = (replicas.submitting, replicas.importing)
    attempts = [doors[number % 2](number, name) for number, name in enumerate(names)]
    told = at_once(attempts)
    won = told.index("")
    if won % 2:
        pooled = names[won].strip()
        by_form = f"“…”已在系统中（{pooled}），不能重复添加。"
        by_row = f"系统中已有该客户：{pooled}。"
    else:
        by_form, by_row = UNDER_REVIEW, ROW_UNDER_REVIEW
    half = WAYS // 2
    assert Counter(told) == Counter({"": 1, by_form: half - 1 + won % 2, by_row: half - won % 2})
    assert_known_everywhere(replicas, names)


def assert_known_everywhere(replicas: Replicas, names: Sequence[str]) -> None:
    """Every process sees what another has committed, however it is written."""
    for number in range(PROCESSES):
        found = replicas.check(number, names[number * 7])
        assert found.grade == c.DUPLICATE_GRADE_SAME
