"""kill -9 of every process at every stage of the flow: it completes, with its effects once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.review.v1 import review_pb2 as review

from chassis.kernel import ADMINISTRATOR, Identity
from tests.builders import company_name
from tests.platform import haixin
from tests.system.cluster import Cluster, until

ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))
LI = Identity("li", "李雷", frozenset({"sales_rep"}), "sales", "1")
ZHOU = Identity("zhou", "周舟", frozenset({"customer_service"}), "cs", "1")
SERVED = ("customers", "ownership", "review")
"""The services that a new customer passes through."""
PROCESSES = list(product(SERVED, ("api", "worker")))
STAGES = ("checked", "submitting", "submitted", "approving", "approved")
IDS = [f"{name}-{role}" for name, role in PROCESSES]


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory,
    module_postgres_url: Callable[[str], str],
    module_amqp_url: str,
) -> Iterator[Cluster]:
    """A running cluster with the haixin pack, a rep and a reviewer."""
    databases = {name: module_postgres_url(name) for name in SERVED}
    made = Cluster(tmp_path_factory.mktemp("cluster"), databases, module_amqp_url)
    try:
        made.await_serving()
        _prepare(made)
        yield made
    finally:
        made.stop()


def _prepare(cluster: Cluster) -> None:
    cluster.apply(haixin(), ADMIN)
    for who in (LI, ZHOU):
        person = ownership.Staff(
            staff_id=who.staff_id,
            display_name=who.name,
            hire_date="2024-01-01",
            department=who.department,
            team=who.team,
            roles=sorted(who.roles),
        )
        cluster.call(cluster.staff.CreateStaff, ownership.CreateStaffRequest(staff=person), ADMIN)


class Flow:
    """One new customer on its way."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self.case_id = ""

    def check(self) -> review.SubmitCaseRequest:
        asked = customers.CheckDuplicatesRequest(full_name=self.name)
        found = self.cluster.call(self.cluster.customers.CheckDuplicates, asked, LI)
        request = review.SubmitCaseRequest(
            case_type="new_customer", check_id=found.duplicate_check.check_id
        )
        request.form.update(
            {
                "full_name": self.name,
                "business_address": "成都市永丰路47号丰尚玉林商务港801室",
                "hr_lead": "代春燕",
                "phones": ["028-85123456"],
                "category": "intended",
            }
        )
        return request

    def submit(self, request: review.SubmitCaseRequest) -> None:
        answer = self.cluster.call(self.cluster.review.SubmitCase, request, LI)
        self.case_id = answer.case.case_id

    def approve(self) -> None:
        take = review.TakeCaseRequest(case_id=self.case_id)
        self.cluster.call(self.cluster.review.TakeCase, take, ZHOU)
        decide = review.DecideCaseRequest(
            case_id=self.case_id,
            verdict=review.VERDICT_APPROVE,
            checks={"not_duplicate": True, "complete": True},
            reason="看过相似名称",
        )
        self.cluster.call(self.cluster.review.DecideCase, decide, ZHOU)

    def done(self) -> bool:
        asked = review.GetCaseRequest(case_id=self.case_id)
        case = self.cluster.call(self.cluster.review.GetCase, asked, LI).case
        assert case.state != review.CASE_STATE_FAILED, case.reason
        return bool(case.state == review.CASE_STATE_DONE)


@pytest.mark.parametrize("process", PROCESSES, ids=IDS)
def test_a_flow_survives_the_death_of_any_process_at_any_stage(
    cluster: Cluster, process: tuple[str, str]
) -> None:
    flows = []
    first = 10 * PROCESSES.index(process)
    for number, stage in enumerate(STAGES, first):
        flow = Flow(cluster, company_name(number))
        flows.append(flow)
        request = flow.check()
        if stage == "checked":
            cluster.kill(*process)
        with ThreadPoolExecutor(1) as hands:
            submitted = hands.submit(flow.submit, request)
            if stage == "submitting":
                cluster.kill(*process)
            submitted.result()
            if stage == "submitted":
                cluster.kill(*process)
            approved = hands.submit(flow.approve)
            if stage == "approving":
                cluster.kill(*process)
            approved.result()
            if stage == "approved":
                cluster.kill(*process)
    for flow in flows:
        until(flow.done)
    _check_effects_once(cluster, [flow.name for flow in flows])


def _check_effects_once(cluster: Cluster, names: list[str]) -> None:
    effects = {
        "customers": "SELECT full_name FROM customer",
        "ownership": "SELECT full_name FROM position WHERE holder_id = 'li'",
        "review": "SELECT full_name FROM review_case WHERE state = 'done'",
    }
    for service, query in effects.items():
        found = cluster.column(service, query)
        assert [found.count(name) for name in names] == [1] * len(names), service
    holdings = cluster.column("ownership", "SELECT 1 FROM position WHERE holder_id = 'li'")
    used_and_held = "SELECT used + 1000 * held FROM quota_counter WHERE staff_id = 'li'"
    assert cluster.column("ownership", used_and_held) == [len(holdings)]
    reserved = "SELECT 1 FROM identity WHERE case_id IS NOT NULL"
    assert cluster.column("customers", reserved) == []
