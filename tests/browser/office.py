"""The rest of the company: what others do meanwhile, over the API, so that a person has a day."""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from cli.month.days import ZONE
from cli.names import generated, sample
from cli.refusals import Problem
from cli.session import Login, Platform, Session
from cli.setup import DEMO_PASSWORD

PATIENCE_SECONDS = 60
DUTIES = {
    "customer_service": ("客服部", ""),
    "general_manager": ("总经办", ""),
    "manager": ("销售部", ""),
    "sales_manager": ("销售部", ""),
    "sales_rep": ("销售部", "一组"),
}
"""Department and team of a role's people."""
CLERK, CHIEF, HR, ADMIN = "cs1", "gm", "hr", "admin"
ANYBODY = "rep001"
"""A rep, who sees what is in the pool, and nothing else of what the tests make."""
UNHEARD = (403, 404)
CHECKS = {"not_duplicate": True, "complete": True}
FORM = {
    "business_address": "成都市永丰路47号丰尚玉林商务港8楼801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456", "13800138000"],
    "category": "intended",
}


class Office:
    """Hires people and does what they do, so that no test depends on another."""

    def __init__(self, url: str) -> None:
        self._platform = Platform(url, "zh")
        self._open = ExitStack()
        self._sessions: dict[str, Session] = {}
        self._names = generated(random.SystemRandom().randrange(2**32), sample())
        self._hired = itertools.count(1)
        self._mark = uuid.uuid4().hex[:6]

    def close(self) -> None:
        """End every session."""
        self._open.close()

    def acting(self, who: str) -> Session:
        """Return the session of a person."""
        if who not in self._sessions:
            login = Login(who, DEMO_PASSWORD)
            self._sessions[who] = self._open.enter_context(self._platform.sign_in_as(login))
        return self._sessions[who]

    def hire(self, role: str) -> str:
        """Hire somebody with an account; return the staff id, which is the username too."""
        number = next(self._hired)
        staff_id = f"{role.replace('_', '')}-{self._mark}-{number}"
        department, team = DUTIES[role]
        staff = {
            "staff_id": staff_id,
            "display_name": f"{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{self._mark}{number}",
            "hire_date": (datetime.now(ZONE).date() - timedelta(days=900)).isoformat(),
            "department": department,
            "team": team,
            "roles": [role],
        }
        self.acting(HR).post("/v1/staff", {"staff": staff})
        account = {"username": staff_id, "password": DEMO_PASSWORD, "staff_id": staff_id}
        self.acting(ADMIN).post("/v1/accounts", account)
        return staff_id

    def name_of(self, staff_id: str) -> str:
        """Return how a person is called."""
        found = self.acting(HR).get(f"/v1/staff/{staff_id}")["staff"]["display_name"]
        return str(found)

    def fresh_names(self, count: int) -> list[str]:
        """Return names of companies that nobody knows, nor anything like them."""
        return list(itertools.islice(self._fresh(), count))

    def _fresh(self) -> Iterator[str]:
        for name in self._names:
            body = {"full_name": name}
            found = self.acting(CLERK).post("/v1/duplicateChecks", body)["duplicate_check"]
            if found["grade"] == "DUPLICATE_GRADE_NONE":
                yield name

    def pool(self, count: int) -> dict[str, str]:
        """Import complete customers into the pool; return their ids by name."""
        rows = [{"full_name": name, **FORM} for name in self.fresh_names(count)]
        done = self.acting(CLERK).post("/v1/customers:import", {"rows": rows})["rows"]
        found = {row["full_name"]: one["customer_id"] for row, one in zip(rows, done, strict=True)}
        for customer_id in found.values():
            self.until(ANYBODY, f"/v1/customers/{customer_id}", lambda _: True)
            self.until(ANYBODY, f"/v1/customers/{customer_id}/position", lambda _: True)
        return found

    def twins(self) -> list[str]:
        """Import two customers that are likely one; return their names."""
        ending = "有限公司"
        name = next(name for name in self._fresh() if name.endswith(ending))
        names = [name, f"{name.removesuffix(ending)}有限责任公司"]
        for each in names:
            row = {"full_name": each, **FORM}
            [done] = self.acting(CLERK).post("/v1/customers:import", {"rows": [row]})["rows"]
            self.until(ANYBODY, f"/v1/customers/{done['customer_id']}/position", lambda _: True)
        return names

    def catch(self, rep: str) -> None:
        """Find that a rep faked a call, as Customer Service; off the rota when it returns."""
        check = {
            "kind": "SPOT_CHECK_KIND_CALL",
            "staff_id": rep,
            "call_reference": "录音 20260302-17",
            "result": "SPOT_CHECK_RESULT_FAKED",
            "evidence": "录音里没有通话",
        }
        self.acting(CLERK).post("/v1/spotChecks", check)
        self.until(rep, "/v1/rotaBans", lambda found: bool(found["bans"]))

    def submit(self, rep: str, name: str) -> str:
        """Submit a new customer as a rep; return the case."""
        body = {"full_name": name}
        check = self.acting(rep).post("/v1/duplicateChecks", body)["duplicate_check"]
        case = {
            "case_type": "new_customer",
            "check_id": check["check_id"],
            "form": {"full_name": name, **FORM},
        }
        return str(self.acting(rep).post("/v1/cases", case)["case"]["case_id"])

    def approve(self, applicant: str, name: str) -> None:
        """Approve what somebody applied for, as Customer Service; carried out when it returns."""
        case_id = self.until(
            applicant,
            "/v1/cases",
            lambda found: bool(found["cases"]),
            view="CASE_VIEW_MINE",
            state="CASE_STATE_OPEN",
            query=name,
        )["cases"][0]["case_id"]
        path = f"/v1/cases/{case_id}"
        self.acting(CLERK).post(f"{path}:take")
        body = {"verdict": "VERDICT_APPROVE", "checks": CHECKS, "reason": "已核对营业执照"}
        self.acting(CLERK).post(f"{path}:decide", body)
        self.until(CLERK, path, lambda found: found["case"]["state"] == "CASE_STATE_DONE")

    def held(self, rep: str, count: int) -> dict[str, str]:
        """Bring customers of the pool into a rep's library; return their ids by name."""
        found = self.pool(count)
        for name, customer_id in found.items():
            claim = {"case_type": "pool_claim", "customer_id": customer_id, "form": FORM}
            self.acting(rep).post("/v1/cases", claim)
            self.approve(rep, name)
        return found

    def sign(self, rep: str, customer_id: str) -> None:
        """Record that a rep signed a customer today, be it another's."""
        signing = {
            "customer_id": customer_id,
            "staff_id": rep,
            "sign_date": datetime.now(ZONE).date().isoformat(),
            "amount_cents": "1280000",
        }
        self.acting(rep).post("/v1/signings", signing)

    def plan(self, parameter: str, reason: str) -> None:
        """Apply a policy version that counts so late that no test sees it in force.

        The parameter gets another value each time, also on a platform that was tested before.
        """
        value = random.SystemRandom().randrange(1_000, 1_000_000)
        admin, path = self.acting(ADMIN), "/v1/services/ownership/policies"
        change = {
            "changes": [{"name": parameter, "value": value}],
            "effective_time": (datetime.now(ZONE) + timedelta(days=900)).isoformat(),
            "etag": admin.get(path, page_size=1)["etag"],
            "reason": reason,
        }
        admin.post(path, change)

    def rule(self, name: str, winner: str) -> None:
        """Rule for somebody in the dispute that nobody's follow-ups decide, as general manager."""
        case_id = self.until(
            CHIEF,
            "/v1/cases",
            lambda found: bool(found["cases"]),
            view="CASE_VIEW_QUEUE",
            query=name,
        )["cases"][0]["case_id"]
        path = f"/v1/cases/{case_id}"
        self.acting(CHIEF).post(f"{path}:take")
        answers = {"reward_project": "春季新签奖励", "winner_id": winner}
        body = {"verdict": "VERDICT_APPROVE", "answers": answers}
        self.acting(CHIEF).post(f"{path}:decide", body)
        self.until(CHIEF, path, lambda found: found["case"]["state"] == "CASE_STATE_DONE")

    def until(
        self, who: str, path: str, done: Callable[[dict[str, Any]], bool], **parameters: Any
    ) -> dict[str, Any]:
        """Read until `done`: services hear of each other by events, a moment later."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                found = self.acting(who).get(path, **parameters)
            except Problem as problem:
                if problem.document.get("status") not in UNHEARD:
                    raise
            else:
                if done(found):
                    return found
            time.sleep(0.1)
        raise TimeoutError(f"{path} as {who}: nothing after {PATIENCE_SECONDS} s")
