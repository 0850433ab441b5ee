"""What a draft is said to do tonight is what it does when it is applied."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import runs_pb2 as t
from crm.scheduler.v1 import scheduler_pb2 as s
from google.protobuf import json_format

from chassis.kernel import Identity
from services.ownership.app import forecasting, foresight
from tests.acceptance.actions import SHANGHAI, Company, rows
from tests.builders import company_name, form, variant
from tests.platform import haixin
from tests.refusals import refused
from tests.service.ownership.freezing import freeze, thaw
from tests.service.ownership.scheduling import items, list_runs, stub

FRIDAY = datetime(2026, 3, 6, 15, tzinfo=SHANGHAI)
TONIGHT = datetime(2026, 3, 7, 0, 5, tzinfo=SHANGHAI)
LATER = datetime(2026, 3, 13, 0, 5, tzinfo=SHANGHAI)
"""The first run for which deadlines of most are over under the pack's own five days."""
BOSS = Identity("boss", "总经理", frozenset({"general_manager"}))


@pytest.fixture
def company() -> Company:
    """Return a company on Friday, after a week of some events."""
    company = Company()
    company.platform.begin("a week", lambda: live_a_week(company))
    company.platform.now = FRIDAY
    return company


def live_a_week(company: Company) -> None:
    """Let two reps get customers every day, take leave, and have some frozen."""
    number = 0
    protected = []
    for day in range(2, 7):
        company.platform.pass_to(datetime(2026, 3, day, 10, tzinfo=SHANGHAI))
        for who in ("li", "wang"):
            number += 1
            protected.append(company.acquire(who, form(company_name(number))))
        if day == 3:
            away = s.RecordLeaveRequest(
                staff_id="wang", first_date="2026-03-04", last_date="2026-03-05"
            )
            company.call("sun", company.platform.scheduler.RecordLeave, away)
            freeze(company, protected[:1], reference_id="d1")
        if day == 4:
            freeze(company, protected[2:3], reference_id="d2")
        company.settle()
    thaw(company, protected[:1], reference_id="d1")
    company.supplement("zhou", protected[4], "续约", category="online")
    company.platform.pass_to(FRIDAY)
    company.settle()


def draft(service: str, **values: Any) -> o.PreviewPolicyRequest:
    request = o.PreviewPolicyRequest(service=service)
    for name, value in values.items():
        change = request.changes.add(name=name.replace("__", "."))
        json_format.ParseDict(value, change.value)
    return request


def preview(
    company: Company, who: Any = BOSS, **drafts: o.PreviewPolicyRequest
) -> t.PreviewReclaimResponse:
    request = t.PreviewReclaimRequest(**drafts)
    answer: t.PreviewReclaimResponse = company.call(who, stub(company).PreviewReclaim, request)
    return answer


def apply(company: Company, wanted: o.PreviewPolicyRequest, *, confirmed: bool = False) -> None:
    platform = company.platform
    request = o.ApplyPolicyRequest(
        service=wanted.service, changes=wanted.changes, etag="1", confirmed=confirmed
    )
    company.call("admin", platform.operations(wanted.service).ApplyPolicy, request)


def taken(company: Company, until: datetime = TONIGHT) -> dict[str, int]:
    """Let the night pass; return how many customers each holder lost."""
    since = company.platform.now
    company.platform.tick()
    company.platform.pass_to(until)
    taken = [
        item.staff_id
        for run in list_runs(company)
        for item in items(company, run.run_id).values()
        if item.outcome == "reclaimed" and item.item_time.ToDatetime(UTC) >= since
    ]
    return dict(Counter(taken))


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5])
def test_a_shorter_time_takes_what_was_foreseen(company: Company, days: int) -> None:
    wanted = draft("scheduler", reclaim__days=days)
    answer = preview(company, scheduler_draft=wanted)
    foreseen = {one.staff_id: one.draft_count for one in answer.top_holders if one.draft_count}
    assert (answer.in_force.count, answer.holdings_count) == (0, 10)
    assert answer.draft.count == sum(foreseen.values()) == answer.newly_count
    assert answer.draft.holder_count == len(foreseen)
    assert answer.run_time.ToDatetime(UTC) == TONIGHT
    assert {one.customer_id for one in answer.sample} == {
        one.customer_id for one in answer.sample if one.draft_due_time.ToDatetime(UTC) <= TONIGHT
    }
    assert len(answer.sample) == answer.draft.count
    if days == 5:
        assert refused(apply, company, wanted).reason == "POLICY_UNCHANGED"
        assert answer.draft.count == 0
        return
    apply(company, wanted)
    assert taken(company) == foreseen


def test_leave_and_pauses_are_looked_at_one_by_one(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their basis alone four would be due."""
    wanted = draft("scheduler", reclaim__days=2)
    exact = preview(company, scheduler_draft=wanted)
    counts = {one.staff_id: one.draft_count for one in exact.top_holders}
    assert counts == {"wang": 1}
    assert not exact.upper_bound
    monkeypatch.setattr(foresight, "PAGE", 1)
    paged = preview(company, scheduler_draft=wanted)
    assert paged == exact
    monkeypatch.setattr(forecasting, "MOST_PAGES", 1)
    rough = preview(company, scheduler_draft=wanted)
    assert rough.upper_bound
    assert rough.draft.count > exact.draft.count


@pytest.mark.real_servers
def test_it_foresees_the_same_on_postgresql(
    company: Company, postgres_url: Callable[[str], str]
) -> None:
    served = Company(urls={name: postgres_url(name) for name in ("ownership", "scheduler")})
    live_a_week(served)
    served.platform.now = FRIDAY
    drafts = {
        "scheduler_draft": draft("scheduler", reclaim__days=2),
        "ownership_draft": draft("ownership", reclaim__exclude_categories=[]),
    }
    for given in ({}, drafts, {"ownership_draft": drafts["ownership_draft"]}):
        told, here = preview(served, **given), preview(company, **given)
        for answer in (told, here):
            del answer.sample[:]
        assert told == here
    for one in served.platform.parts.values():
        one.database.close()


def test_nothing_is_kept(company: Company) -> None:
    before = rows(company.platform, ())
    preview(company, scheduler_draft=draft("scheduler", reclaim__days=2))
    assert rows(company.platform, ()) == before


def test_it_ends_when_nobody_waits_any_more(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = foresight.Foresight.read

    def noted(self: foresight.Foresight, *arguments: Any, **named: Any) -> foresight.Foreseen:
        asked.append(named.get("page", ""))
        return read(self, *arguments, **named)

    monkeypatch.setattr(foresight.Foresight, "read", noted)
    monkeypatch.setattr(foresight, "PAGE", 1)
    wanted = draft("scheduler", reclaim__days=2)
    preview(company, scheduler_draft=wanted)
    assert len([page for page in asked if page]) > 1
    asked.clear()
    monkeypatch.setattr("chassis.local._Context.is_active", lambda context: False)
    preview(company, scheduler_draft=wanted)
    assert not [page for page in asked if page]


def test_a_longer_time_spares_what_was_due(company: Company) -> None:
    company.platform.pass_to(LATER - timedelta(hours=1))
    wanted = draft("scheduler", reclaim__days=9)
    answer = preview(company, scheduler_draft=wanted)
    assert (answer.draft.count, answer.newly_count) == (0, 0)
    assert answer.spared_count == answer.in_force.count > 0
    apply(company, wanted)
    company.platform.tick()
    company.platform.pass_to(LATER)
    assert answer.run_time.ToDatetime(UTC) == LATER
    left = sum(len(company.library(who)) for who in ("li", "wang"))
    assert left == answer.holdings_count


def test_ownerships_own_rules_are_foreseen_too(company: Company) -> None:
    company.platform.pass_to(LATER - timedelta(hours=1))
    at_present = preview(company)
    assert at_present.draft.count == at_present.in_force.count > 0
    assert [one.customer_id for one in at_present.sample]
    spared = preview(
        company,
        ownership_draft=draft("ownership", reclaim__exclude_categories=["online", "intended"]),
    )
    assert (spared.draft.count, spared.spared_count) == (0, at_present.in_force.count)
    wanted = draft("ownership", reclaim__exclude_categories=[])
    foreseen = preview(company, ownership_draft=wanted)
    apply(company, wanted)
    counts = {one.staff_id: one.draft_count for one in foreseen.top_holders}
    assert taken(company, LATER) == {who: count for who, count in counts.items() if count}


def test_a_draft_for_later_is_foreseen_for_the_run_after_it(company: Company) -> None:
    wanted = draft("scheduler", reclaim__days=3)
    wanted.effective_time.FromDatetime(datetime(2026, 3, 9, 12, tzinfo=SHANGHAI))
    answer = preview(company, scheduler_draft=wanted)
    assert answer.run_time.ToDatetime(UTC) == datetime(2026, 3, 10, 0, 5, tzinfo=SHANGHAI)


def test_a_large_effect_must_be_confirmed(company: Company) -> None:
    platform = company.platform
    platform.apply(variant(haixin(), policy__confirm_from=3), platform.now)
    wanted = draft("scheduler", reclaim__days=1)
    answer = preview(company, scheduler_draft=wanted)
    assert answer.confirmation_required
    assert (answer.confirm_percent, answer.clause, answer.breaker_percent) == (
        5,
        "H-3.2b, H-6.7d",
        20,
    )
    stake = company.call(BOSS, platform.operations("scheduler").PreviewPolicy, wanted).stake
    assert stake.confirmation_required
    assert stake.count >= answer.newly_count
    request = o.ApplyPolicyRequest(service="scheduler", changes=wanted.changes, etag="2")
    method = platform.operations("scheduler").ApplyPolicy
    told = refused(company.call, BOSS, method, request)
    assert (told.reason, told.clause) == ("POLICY_UNCONFIRMED", "H-3.2b, H-6.7d")
    assert int(told.figures["count"]) == stake.count
    request.confirmed = True
    assert company.call(BOSS, method, request).policy.applier_id == "boss"


def test_a_small_effect_need_not_be_confirmed(company: Company) -> None:
    wanted = draft("scheduler", reclaim__days=4)
    assert not preview(company, scheduler_draft=wanted).confirmation_required
    apply(company, wanted)


@pytest.mark.parametrize("role", ["sales_rep", "customer_service", "hr", "supervisor"])
def test_who_may_not_foresee(company: Company, role: str) -> None:
    who = Identity("x", "某人", frozenset({role}))
    told = refused(preview, company, who, scheduler_draft=draft("scheduler", reclaim__days=1))
    assert told.code == "PERMISSION_DENIED"


def test_names_are_shown_to_whom_libraries_are_open(company: Company) -> None:
    wanted = draft("scheduler", reclaim__days=1)
    assert all(one.full_name for one in preview(company, scheduler_draft=wanted).sample)
    closed = Identity("y", "外人", frozenset({"sales_manager"}))
    readers = [{"role": "general_manager"}]
    company.platform.apply(
        variant(haixin(), visibility__library_readers=readers), company.platform.now
    )
    shown = preview(company, closed, scheduler_draft=wanted).sample
    assert shown
    assert not any(one.full_name for one in shown)


def test_a_wrong_draft_is_refused_as_it_would_be_applied(company: Company) -> None:
    told = refused(preview, company, scheduler_draft=draft("scheduler", reclaim__days=0))
    assert (told.reason, list(told.fields)) == (
        "POLICY_INVALID",
        ["parameters.reclaim.days.value"],
    )
