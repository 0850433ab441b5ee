"""What people do, one gRPC message each."""

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as c
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from chassis import tables
from chassis.relay import Outgoing
from cli.pack_file import Pack
from tests.builders import BLUE_SEA, form
from tests.platform import Platform, haixin

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSED = {"not_duplicate": True, "complete": True}


class Company:
    """The company of the acceptance cases on Monday 2026-03-02, 09:00.

    Li, Wang and Zhao are reps of team 1, Sun their supervisor, Zhou and Chen are Customer Service.
    """

    def __init__(self, pack: Pack | None = None, urls: dict[str, str] | None = None) -> None:
        self.platform = Platform(urls=urls)
        if pack:
            self._set_up(pack)
        else:
            self.platform.begin("company", lambda: self._set_up(haixin()))

    def _set_up(self, pack: Pack) -> None:
        p = self.platform
        p.apply(pack)
        p.hire("li", "李雷", hired="2026-01-15")
        p.hire("wang", "王芳", hired="2025-12-02")
        p.hire("zhao", "赵敏", hired="2024-03-01", department="KA")
        p.hire("sun", "孙主管", ["supervisor"])
        for staff_id, name in (("zhou", "周舟"), ("chen", "陈晨")):
            p.hire(staff_id, name, ["customer_service"], department="cs")
        p.settle()

    def call(self, who: str, method: Any, request: Any) -> Any:
        """Call any method as a person."""
        return self.platform.call(method, request, who)

    def settle(self) -> list[Outgoing]:
        """Let everything that follows happen."""
        return self.platform.settle()

    def check(self, who: str, name: str, kind: str = "", contact: str = "") -> c.DuplicateCheck:
        """Check for duplicates."""
        request = c.CheckDuplicatesRequest(full_name=name, industry_kind=kind, contact=contact)
        answer = self.call(who, self.platform.customers.CheckDuplicates, request)
        found: c.DuplicateCheck = answer.duplicate_check
        return found

    def submit(self, who: str, data: dict[str, Any], check_id: str | None = None) -> Any:
        """Submit a new customer, after the check that it needs; return the whole answer."""
        if check_id is None:
            name, kind = data.get("full_name") or "无", data.get("industry_kind", "")
            check_id = self.check(who, name, kind, data.get("contact", "")).check_id
        request = r.SubmitCaseRequest(case_type="new_customer", check_id=check_id)
        request.form.update(data)
        return self.call(who, self.platform.review.SubmitCase, request)

    def claim(self, who: str, customer_id: str, remarks: str = "", **amendments: Any) -> r.Case:
        """Apply for a pool customer."""
        request = r.SubmitCaseRequest(
            case_type="pool_claim", customer_id=customer_id, remarks=remarks
        )
        request.form.update(amendments)
        found: r.Case = self.call(who, self.platform.review.SubmitCase, request).case
        return found

    def take(self, who: str, case_id: str) -> r.Case:
        """Take a case."""
        answer = self.call(who, self.platform.review.TakeCase, r.TakeCaseRequest(case_id=case_id))
        found: r.Case = answer.case
        return found

    def decide(
        self,
        who: str,
        case_id: str,
        approve: bool,
        reason: str = "",
        checks: dict[str, bool] | None = None,
    ) -> r.Case:
        """Decide a case that the person has taken."""
        request = r.DecideCaseRequest(
            case_id=case_id,
            verdict=r.VERDICT_APPROVE if approve else r.VERDICT_REJECT,
            reason=reason,
            checks=checks or {},
        )
        found: r.Case = self.call(who, self.platform.review.DecideCase, request).case
        return found

    def approve(self, case_id: str, who: str = "zhou") -> r.Case:
        """Take a case, approve it with every check passed, and let its effects happen."""
        self.settle()
        checks = dict.fromkeys(self.take(who, case_id).checks, True)
        self.decide(who, case_id, True, "", checks)
        self.settle()
        return self.case(who, case_id)

    def reject(self, case_id: str, reason: str, who: str = "zhou") -> r.Case:
        """Take a case, reject it, and let its effects happen."""
        self.settle()
        checks = dict.fromkeys(self.take(who, case_id).checks, False)
        self.decide(who, case_id, False, reason, checks)
        self.settle()
        return self.case(who, case_id)

    def case(self, who: str, case_id: str) -> r.Case:
        """Read a case."""
        answer = self.call(who, self.platform.review.GetCase, r.GetCaseRequest(case_id=case_id))
        found: r.Case = answer.case
        return found

    def queue(self, who: str) -> list[r.Case]:
        """List the cases that wait for a person."""
        return list(self.call(who, self.platform.review.ListCases, r.ListCasesRequest()).cases)

    def overdue(self, who: str) -> list[r.Case]:
        """List the cases that a person should have decided by now."""
        request = r.ListCasesRequest(overdue=True)
        return list(self.call(who, self.platform.review.ListCases, request).cases)

    def acquire(self, who: str, data: dict[str, Any] | None = None) -> str:
        """Bring a new customer into a person's library; return its id."""
        case_id = self.submit(who, data or form()).case.case_id
        customer_id: str = self.approve(case_id).customer_id
        return customer_id

    def enter_pool(self, *rows: dict[str, Any]) -> list[str]:
        """Import customers into the pool; return their ids."""
        return self.enter_pool_as("zhou", *rows)

    def enter_pool_as(self, who: str, *rows: dict[str, Any]) -> list[str]:
        """Import customers into the pool as anybody; return their ids."""
        request = c.ImportCustomersRequest(rows=[c.CustomerForm(**row) for row in rows])
        answer = self.call(who, self.platform.customers.ImportCustomers, request)
        assert all(row.accepted for row in answer.rows), answer
        self.settle()
        return [row.customer_id for row in answer.rows]

    def pool_customer(self, full_name: str = BLUE_SEA, **changes: Any) -> str:
        """Import one complete customer into the pool; return its id."""
        return self.enter_pool(form(full_name, **changes))[0]

    def pool(self, who: str) -> list[str]:
        """List the ids of the customers in the public pool."""
        answer = self.call(who, self.platform.ownership.ListPool, h.ListPoolRequest())
        return [position.customer_id for position in answer.positions]

    def library(self, who: str, whose: str = "me") -> dict[str, h.Position]:
        """List a private library, by customer id."""
        request = h.ListLibraryRequest(staff_id=whose, page_size=200)
        answer = self.call(who, self.platform.ownership.ListLibrary, request)
        return {position.customer_id: position for position in answer.positions}

    def position(self, customer_id: str, who: str = "zhou") -> h.Position:
        """Read where a customer is."""
        request = h.GetPositionRequest(customer_id=customer_id)
        found: h.Position = self.call(who, self.platform.ownership.GetPosition, request).position
        return found

    def quota(self, who: str) -> h.Quota:
        """Read a person's own quota."""
        request = h.GetQuotaRequest(staff_id="me")
        found: h.Quota = self.call(who, self.platform.ownership.GetQuota, request).quota
        return found

    def customer(self, who: str, customer_id: str) -> c.Customer:
        """Read a customer."""
        request = c.GetCustomerRequest(customer_id=customer_id)
        found: c.Customer = self.call(who, self.platform.customers.GetCustomer, request).customer
        return found

    def supplement(self, who: str, customer_id: str, reason: str, **changes: Any) -> c.Customer:
        """Correct or complete a customer."""
        request = c.SupplementCustomerRequest(
            customer_id=customer_id, reason=reason, form=c.CustomerForm(**changes)
        )
        found: c.Customer = self.call(
            who, self.platform.customers.SupplementCustomer, request
        ).customer
        return found

    def add_name(
        self,
        who: str,
        customer_id: str,
        name: str,
        kind: c.NameKind.ValueType = c.NAME_KIND_SHORT,
        etag: str = "",
    ) -> c.Customer:
        """Record another name of a customer."""
        request = c.AddOtherNameRequest(
            customer_id=customer_id,
            other_name=c.OtherName(name=name, kind=kind),
            reason="名片上这样写",
            etag=etag,
        )
        method = self.platform.customers.AddOtherName
        found: c.Customer = self.call(who, method, request).customer
        return found

    def remove_name(self, who: str, customer_id: str, name: str) -> c.Customer:
        """Take another name of a customer away."""
        request = c.RemoveOtherNameRequest(customer_id=customer_id, name=name, reason="已不用")
        method = self.platform.customers.RemoveOtherName
        found: c.Customer = self.call(who, method, request).customer
        return found

    def mark(self, who: str, customer_id: str, mnemonic: str) -> Any:
        """Set a mnemonic; return the whole answer."""
        request = c.SetMnemonicRequest(customer_id=customer_id, mnemonic=mnemonic)
        return self.call(who, self.platform.customers.SetMnemonic, request)

    def ask_release(self, who: str, customer_id: str) -> str:
        """Mark a customer for release today; return the id of the case that opens."""
        today = self.platform.now.astimezone(SHANGHAI).strftime("%Y%m%d")
        assert self.mark(who, customer_id, f"{today}删除").release_requested
        self.settle()
        mine = r.ListCasesRequest(mine=True, state=r.CASE_STATE_OPEN)
        cases = self.call(who, self.platform.review.ListCases, mine).cases
        (case_id,) = [case.case_id for case in cases if case.customer_id == customer_id]
        return str(case_id)

    def release(self, who: str, customer_id: str, consent: str = "sun") -> None:
        """Give a customer up with the supervisor's consent."""
        assert self.approve(self.ask_release(who, customer_id), consent).state == r.CASE_STATE_DONE

    def decisions(self, service: str, subject_id: str = "", who: str = "zhou") -> list[o.Decision]:
        """Read the decision log, newest first."""
        request = o.ListDecisionsRequest(service=service, subject_id=subject_id)
        stub = self.platform.operations(service)
        return list(self.call(who, stub.ListDecisions, request).decisions)

    def holds(self, who: str, counted: int, online: int = 0) -> None:
        """Put customers into a person's library behind the services' backs, as if held for long."""
        parts = self.platform.parts["ownership"]
        position = parts.service.metadata.tables["position"]
        counter = parts.service.metadata.tables["quota_counter"]
        rows = [
            {
                "customer_id": f"{who}-{number}",
                "full_name": f"{who}-{number}",
                "category": "intended" if number < counted else "online",
                "summary_sequence": 1,
                "location": "private_library",
                "holder_id": who,
                "counted": number < counted,
                "protected_at": self.platform.now,
                "arrived_at": self.platform.now,
                "releaser_count": 0,
            }
            for number in range(counted + online)
        ]

        def put(connection: sa.Connection) -> None:
            connection.execute(position.insert(), rows)
            mine = counter.update().where(counter.c.staff_id == who)
            connection.execute(mine.values(used=counted))

        parts.database.run(put)


KEPT_OF_REFUSALS = ("request", "decision", "decision_concern")
"""What a refusal adds to."""


def rows(platform: Platform, apart_from: tuple[str, ...] = KEPT_OF_REFUSALS) -> Any:
    """Count the rows of every table of every service."""
    counts = {}
    for name, parts in platform.parts.items():
        for metadata in (tables.metadata, parts.service.metadata):
            for table in metadata.sorted_tables:
                if table.name not in apart_from:
                    with parts.database.read() as connection:
                        count = sa.select(sa.func.count()).select_from(table)
                        counts[name, table.name] = connection.execute(count).scalar_one()
    return counts


def table(platform: Platform, service: str, name: str) -> list[Any]:
    """Return all rows of a table."""
    parts = platform.parts[service]
    for metadata in (parts.service.metadata, tables.metadata):
        if name in metadata.tables:
            with parts.database.read() as connection:
                selected = sa.select(metadata.tables[name])
                return list(connection.execute(selected).mappings())
    raise KeyError(name)
