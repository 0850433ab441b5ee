"""Many at once on PostgreSQL: whoever comes first wins, once, and nobody passes a limit."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.review.v1 import review_pb2 as review
from google.rpc import error_details_pb2

from chassis.local import LocalRpcError
from chassis.service import assemble
from chassis.tables import metadata as chassis_tables
from services.customers.store.tables import customer, identity
from services.ownership.domain.reasons import QUOTA_FULL
from services.ownership.store import quotas
from services.ownership.store.tables import position, position_change, quota_counter
from services.review.store.tables import case_decision, review_case
from tests.platform import SERVICES, Platform
from tests.simulation.companies import COMPANIES
from tests.simulation.packs import with_values
from tests.system.plugin import NewDatabase

LIMIT = 7


class OnPostgres(Platform):
    """The platform over PostgreSQL, with many people at its doors at once."""

    def open(self, service: Any, url: str) -> Any:
        """Put a service together over a database whose tables exist."""
        return self.assemble(service, url)

    def rows(self, service: str, statement: sa.Select[Any]) -> list[Any]:
        """Read a service's database."""
        with self.parts[service].database.read() as connection:
            return list(connection.execute(statement))


def make_tables(url: str) -> None:
    """Create every service's tables; each service uses its own."""
    database = assemble(SERVICES[0], url).database
    with database.engine.begin() as connection:
        chassis_tables.create_all(connection)
        for service in SERVICES:
            service.metadata.create_all(connection)
    database.close()


@pytest.fixture
def platform(postgres_url: NewDatabase) -> Iterator[OnPostgres]:
    urls = {service.name: postgres_url(service.name, make_tables) for service in SERVICES}
    platform = OnPostgres(urls=urls)
    platform.apply(with_values({"claim.review": False, "quota.tenure_ge_3m": LIMIT}))
    for number in range(8):
        platform.hire(f"rep{number}", f"销售{number}")
    platform.hire("zhou", "周舟", ("customer_service",), department="cs")
    platform.hire("wu", "吴用", ("customer_service",), department="cs")
    yield platform
    for parts in platform.parts.values():
        parts.database.close()


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment; return the answers, or the reasons of the refusals."""
    outcomes: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def do(number: int) -> None:
        start.wait()
        try:
            outcomes[number] = works[number]()
        except LocalRpcError as error:
            outcomes[number] = reason_of(error)

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def reason_of(error: LocalRpcError) -> str:
    """Return the stable reason code of a refusal."""
    info = error_details_pb2.ErrorInfo()
    for detail in error.status().details:
        if detail.Unpack(info):
            return str(info.reason)
    return error.code().name


def refusals(outcomes: Sequence[Any]) -> Counter[str]:
    """Count the refusals by reason."""
    return Counter(outcome for outcome in outcomes if isinstance(outcome, str))


def fill_pool(platform: OnPostgres, count: int) -> list[str]:
    """Put customers into the pool; return their ids."""
    ids = [f"c{number:04}" for number in range(count)]
    row = {"full_name": "x", "category": "intended", "summary_sequence": 1, "counted": False}
    row |= {"location": "public_pool", "arrived_at": platform.now, "releaser_count": 0}
    with platform.parts["ownership"].database.engine.begin() as connection:
        connection.execute(position.insert(), [row | {"customer_id": one} for one in ids])
    return ids


def claim(platform: OnPostgres, who: str, customer_id: str) -> Any:
    request = ownership.ClaimCustomerRequest(customer_id=customer_id)
    return platform.call(platform.ownership.ClaimCustomer, request, who)


def check(platform: OnPostgres, who: str, name: str) -> str:
    request = customers.CheckDuplicatesRequest(full_name=name)
    answer = platform.call(platform.customers.CheckDuplicates, request, who)
    return str(answer.duplicate_check.check_id)


def submission(platform: OnPostgres, who: str, name: str) -> review.SubmitCaseRequest:
    request = review.SubmitCaseRequest(
        case_type="new_customer", check_id=check(platform, who, name)
    )
    request.form.update(COMPANIES[0].form(platform.random, "intended") | {"full_name": name})
    return request


def test_a_hundred_claim_one_customer_and_one_wins(platform: OnPostgres) -> None:
    for number in range(8, 100):
        platform.hire(f"rep{number}", f"销售{number}")
    (one,) = fill_pool(platform, 1)
    outcomes = at_once([partial(claim, platform, f"rep{n}", one) for n in range(100)])
    assert refusals(outcomes) == {"ALREADY_PROTECTED": 99}
    changes = platform.rows("ownership", sa.select(position_change.c.to_holder_id))
    held = platform.rows("ownership", sa.select(position.c.holder_id))
    assert changes == held
    used = platform.rows("ownership", sa.select(sa.func.sum(quota_counter.c.used)))
    assert used == [(1,)]


def claim_far_too_many(platform: OnPostgres) -> list[int]:
    """Let 3 people claim 12 customers each, all at once; return how many each of them holds."""
    ids = fill_pool(platform, 36)
    works = [partial(claim, platform, f"rep{n % 3}", one) for n, one in enumerate(ids)]
    outcomes = at_once(works)
    assert set(refusals(outcomes)) <= {"QUOTA_FULL"}
    count = sa.select(sa.func.count()).where(position.c.holder_id.is_not(None))
    return [row[0] for row in platform.rows("ownership", count.group_by(position.c.holder_id))]


def test_nobody_passes_the_limit_and_everybody_reaches_it(platform: OnPostgres) -> None:
    assert claim_far_too_many(platform) == [LIMIT] * 3
    used = platform.rows(
        "ownership", sa.select(quota_counter.c.used).where(quota_counter.c.used > 0)
    )
    assert used == [(LIMIT,)] * 3


def test_counting_first_and_writing_then_passes_the_limit(
    platform: OnPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above notices when the conditional update is replaced by a count."""

    def count_then_write(uow: Any, staff_id: str, limit: Any) -> None:
        held = sa.select(sa.func.count()).where(position.c.holder_id == staff_id)
        if uow.execute(held).scalar_one() >= limit.count:
            raise QUOTA_FULL.refuse(limit=limit.count, used=0, reserved=0)
        quotas.change(uow, staff_id, used=1)

    monkeypatch.setattr(quotas, "take_slot", count_then_write)
    assert max(claim_far_too_many(platform)) > LIMIT


def test_one_company_by_two_doors_enters_once(platform: OnPostgres) -> None:
    outcomes: Counter[str] = Counter()
    for company in COMPANIES[:5]:
        name, written_otherwise = company.spellings[0][0], company.spellings[1][0]
        submit = submission(platform, "rep0", name)
        imported = customers.ImportCustomersRequest()
        imported.rows.add(full_name=written_otherwise)
        results = at_once(
            [
                partial(platform.call, platform.review.SubmitCase, submit, "rep0"),
                partial(platform.call, platform.customers.ImportCustomers, imported, "zhou"),
            ]
        )
        submitted = results[0] if isinstance(results[0], str) else "submitted"
        row = results[1].rows[0]
        entered = "imported" if row.accepted else row.refusals[0].reason
        assert (submitted, entered) in {
            ("submitted", "IDENTITY_TAKEN"),
            ("DUPLICATE", "imported"),
        }
        outcomes[submitted] += 1
    keys = platform.rows("customers", sa.select(identity.c.identity_key))
    assert len(keys) == 5


def test_one_company_submitted_by_many_at_once_is_admitted_once(platform: OnPostgres) -> None:
    spellings = [name for name, _ in COMPANIES[0].spellings]
    requests = [
        (f"rep{n % 8}", submission(platform, f"rep{n % 8}", spellings[n % len(spellings)]))
        for n in range(64)
    ]
    outcomes = at_once(
        [partial(platform.call, platform.review.SubmitCase, r, w) for w, r in requests]
    )
    assert refusals(outcomes) == {"DUPLICATE": 63}
    assert len(platform.rows("customers", sa.select(identity.c.identity_key))) == 1
    assert platform.rows("review", sa.select(review_case.c.state)) == [("open",)]
    held = platform.rows("ownership", sa.select(sa.func.sum(quota_counter.c.held)))
    assert held == [(1,)]


def test_two_reviewers_decide_a_case_once(platform: OnPostgres) -> None:
    for company in COMPANIES[:5]:
        case_id = platform.call(
            platform.review.SubmitCase,
            submission(platform, "rep0", company.spellings[0][0]),
            "rep0",
        ).case.case_id

        def take_and_decide(who: str, verdict: int, case_id: str = case_id) -> Any:
            take = review.TakeCaseRequest(case_id=case_id)
            platform.call(platform.review.TakeCase, take, who)
            decide = review.DecideCaseRequest(
                case_id=case_id,
                verdict=verdict,  # type: ignore[arg-type]
                reason="已核实",
                checks={"not_duplicate": True, "complete": verdict == review.VERDICT_APPROVE},
            )
            return platform.call(platform.review.DecideCase, decide, who)

        outcomes = at_once(
            [
                lambda: take_and_decide("zhou", review.VERDICT_APPROVE),
                lambda: take_and_decide("wu", review.VERDICT_REJECT),
                lambda: take_and_decide("zhou", review.VERDICT_REJECT),
            ]
        )
        told = refusals(outcomes)
        assert sum(told.values()) == 2
        assert set(told) <= {"CASE_TAKEN", "CASE_NOT_OPEN", "CASE_NOT_TAKEN", "STALE"}
    decided = platform.rows("review", sa.select(case_decision.c.case_id))
    assert len(decided) == len(set(decided)) == 5


def test_one_request_sent_many_times_has_one_effect_and_one_answer(platform: OnPostgres) -> None:
    imported = customers.ImportCustomersRequest(request_id="r-1")
    imported.rows.add(full_name=COMPANIES[0].spellings[0][0])
    submit = submission(platform, "rep0", COMPANIES[1].spellings[0][0])
    submit.request_id = "r-2"
    for method, request, who in (
        (platform.customers.ImportCustomers, imported, "zhou"),
        (platform.review.SubmitCase, submit, "rep0"),
    ):
        answers = at_once([partial(platform.call, method, request, who)] * 16)
        assert refusals(answers) == {}
        assert len({answer.SerializeToString(deterministic=True) for answer in answers}) == 1
    assert len(platform.rows("customers", sa.select(customer.c.customer_id))) == 1
    assert len(platform.rows("review", sa.select(review_case.c.case_id))) == 1
