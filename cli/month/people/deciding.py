"""What superiors decide: the distribution plan, stopped runs, what a leaver leaves behind."""

from collections.abc import Iterator
from functools import partial

from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1 import reallocations_pb2 as reallocations
from crm.ownership.v1 import runs_pb2 as runs

from cli.month.cast import team_name
from cli.month.company import Company
from cli.month.days import Act, Day
from cli.month.people.entering import library

PLANNED_ON = 6
"""The day on which the general manager first sees that there is no plan."""
LEAVES_ON = 8


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the decisions of a day."""
    if day.number == PLANNED_ON:
        yield Act(day.at(9), partial(_set_plan, company))
    if day.number > 1:
        yield Act(day.at(9, 40), partial(_let_runs_go_on, company))
    if day.number == LEAVES_ON:
        yield Act(day.at(9), partial(_leave, company, day))
    if day.working and company.leaver:
        yield Act(day.at(10, 30), partial(_plan_for_leaver, company))
        yield Act(day.at(17, 30), partial(_execute, company, day))


def _set_plan(company: Company) -> None:
    plan = runs.DistributionPlan(mode=runs.PLAN_MODE_EVEN_BY_GROUP)
    request = runs.SetDistributionPlanRequest(plan=plan)
    company.ask("gm", company.runs.SetDistributionPlan, request)


def _let_runs_go_on(company: Company) -> None:
    """The general manager looks at what stopped itself, and lets it go on."""
    request = runs.ListRunsRequest(state=runs.RUN_STATE_STOPPED)
    for run in company.ask("gm", company.runs.ListRuns, request).runs:
        resume = runs.ResumeRunRequest(run_id=run.run_id)
        company.ask("gm", company.runs.ResumeRun, resume)


def _leave(company: Company, day: Day) -> None:
    """A rep of the first team leaves; the customers are frozen until a plan is carried out."""
    team = [one for one in company.role("sales_rep") if one.team == team_name(1)]
    leaver = team[len(team) // 2].staff_id
    request = ownership.RecordDepartureRequest(
        staff_id=leaver,
        kind=ownership.DEPARTURE_KIND_LEFT,
        departure_date=day.date.isoformat(),
        reason="个人原因",
    )
    company.leaving = [one.customer_id for one in library(company, leaver)]
    if company.ask("hr", company.platform.staff.RecordDeparture, request):
        company.gone.add(leaver)
        company.leaver = leaver


def _plan_for_leaver(company: Company) -> None:
    """The supervisor spreads the leaver's customers over the team; one goes into the pool."""
    if company.plan_id or not company.leaver:
        return
    team = [one.staff_id for one in company.role("sales_rep") if one.team == team_name(1)]
    request = reallocations.ProposeReallocationRequest(staff_id=company.leaver, reason="离职交接")
    for number, customer_id in enumerate(company.leaving):
        item = request.items.add(customer_id=customer_id)
        if number == 0:
            item.to_location = ownership.LOCATION_PUBLIC_POOL
        else:
            item.to_staff_id = team[number % len(team)]
    method = company.reallocations.ProposeReallocation
    answer = company.ask(company.supervisor_of(company.leaver), method, request)
    if answer:
        company.plan_id = answer.reallocation.reallocation_id


def _execute(company: Company, day: Day) -> None:
    """Customer Service tries to carry the plan out, until every superior has consented."""
    if company.plan_id and not company.plan_done:
        request = reallocations.ExecuteReallocationRequest(reallocation_id=company.plan_id)
        method = company.reallocations.ExecuteReallocation
        company.plan_done = bool(company.ask(company.clerk(day.date), method, request))
