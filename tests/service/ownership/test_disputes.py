"""Evidence is gathered again when a service was away; nothing is ruled or credited twice."""

from datetime import timedelta
from typing import Any

import grpc
import pytest
from crm.ownership.v1 import rulings_pb2 as d

from tests.acceptance.actions import Company
from tests.acceptance.disputing import Disputing
from tests.announcing import announce

DISPUTED = "2026-03-09"


class _Away(grpc.RpcError):  # type: ignore[misc]
    """The peer cannot be reached."""

    def trailing_metadata(self) -> None:
        return None


class AwayServer:
    """A server that cannot be reached."""

    def unary_unary(self, path: str, *codecs: Any, **options: Any) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            raise _Away

        return call


@pytest.fixture
def scene() -> Disputing:
    scene = Disputing(Company())
    scene.at("2026-02-02")
    return scene


def disputed(scene: Disputing) -> str:
    """Let Wang sign a customer of Li's; return the customer's id."""
    customer = scene.company.acquire("li")
    scene.visit("li", customer, "2026-03-05")
    scene.sign_on("wang", customer, DISPUTED)
    return customer


@pytest.mark.parametrize("service", ["activity", "scheduler"])
def test_a_dispute_waits_for_a_service_that_is_away(scene: Disputing, service: str) -> None:
    customer = scene.company.acquire("li")
    scene.visit("li", customer, "2026-03-05")
    scene.at(DISPUTED)
    scene.sign("wang", customer, DISPUTED)
    scene.company.settle()
    servers: dict[str, Any] = scene.platform.servers
    reachable, servers[service] = servers[service], AwayServer()
    scene.platform.parts["ownership"].round(_proposing(scene), scene.platform.peers("ownership"))
    assert [one.state for one in scene.disputes()] == [d.DISPUTE_STATE_GATHERING]
    servers[service] = reachable
    scene.platform.now += timedelta(minutes=2)
    scene.platform.tick()
    (dispute,) = scene.disputes()
    assert (dispute.state, dispute.proposal.winner_id) == (d.DISPUTE_STATE_PROPOSED, "li")


def _proposing(scene: Disputing) -> Any:
    rounds = scene.platform.parts["ownership"].service.rounds
    return next(work for work in rounds.values() if work.__name__ == "propose_rulings")


def test_a_round_more_proposes_nothing_more(scene: Disputing) -> None:
    disputed(scene)
    for _ in range(3):
        scene.platform.now += timedelta(minutes=2)
        scene.platform.tick()
    assert len(scene.told("crm.ownership.dispute.proposed.v1")) == 1


def test_an_approval_told_twice_rules_once(scene: Disputing) -> None:
    disputed(scene)
    ruled = scene.confirm(scene.disputes()[0])
    (approved,) = [
        one
        for one in scene.told("crm.review.case.approved.v1")
        if one["reference_id"] == ruled.dispute_id
    ]
    announce(scene.platform, "crm.review.case.approved.v1", ruled.case_id, approved, sequence=99)
    assert [row["staff_id"] for row in scene.rows("credit")] == ["li"]
    assert len(scene.rows("ruling")) == 1
    assert len(scene.told("crm.ownership.dispute.ruled.v1")) == 1


def test_a_customer_unknown_here_yet_is_credited_once_it_is_known(scene: Disputing) -> None:
    data = {
        "signing_id": "s1",
        "customer_id": "late",
        "staff_id": "wang",
        "staff_name": "王芳",
        "sign_date": "2026-02-02",
        "amount_cents": 100,
        "full_name": "成都蓝海科技有限公司",
    }
    announce(scene.platform, "crm.activity.signing.recorded.v1", "late", data)
    assert scene.credits() == {}
    imported = {
        "customer_id": "late",
        "full_name": "成都蓝海科技有限公司",
        "category": "intended",
        "case_id": "",
        "approve_time": "",
    }
    announce(scene.platform, "crm.customers.customer.imported.v1", "late", imported)
    scene.platform.now += timedelta(minutes=10)
    scene.platform.parts["ownership"].inbox().retry_due()
    assert scene.credits() == {"wang": 100}
