"""What a reclaim run would take, as messages."""

from collections.abc import Iterator

from crm.ownership.v1 import runs_pb2 as pb

from chassis.policies import Stake
from services.ownership.app.forecasting import Preview, Shown
from services.ownership.domain.forecast import forecast, hit_hardest, total
from services.ownership.domain.run_policy import ReclaimRules

MOST_HOLDERS = 10


def write_preview(found: Preview) -> pb.PreviewReclaimResponse:
    sums = total(found.tallies.values())
    operations = found.rules.operations
    rule = operations.confirm_share
    answer = pb.PreviewReclaimResponse(
        holdings_count=sums.holdings,
        in_force=_forecast(found, "in_force", found.outlook.in_force),
        draft=_forecast(found, "draft", found.outlook.draft),
        newly_count=sums.newly,
        spared_count=sums.spared,
        top_holders=[
            pb.HolderForecast(staff_id=who, in_force_count=one.in_force, draft_count=one.draft)
            for who, one in hit_hardest(found.tallies, MOST_HOLDERS)
        ],
        sample=_sample(found.sample),
        upper_bound=found.upper_bound,
        confirmation_required=Stake(sums.newly, sums.holdings).must_be_confirmed(operations),
        confirm_percent=rule.value if rule else 0,
        clause=rule.clause if rule else "",
        zh=rule.zh if rule else "",
        en=rule.en if rule else "",
        breaker_percent=found.outlook.draft.breaker_share.value,
    )
    answer.run_time.FromDatetime(found.outlook.run_at)
    return answer


def _forecast(found: Preview, which: str, rules: ReclaimRules) -> pb.ReclaimForecast:
    told = forecast(found.tallies, which, rules)
    return pb.ReclaimForecast(
        count=told.count,
        holder_count=told.holders,
        share_percent=told.share_percent,
        stops=told.stops,
    )


def _sample(shown: tuple[Shown, ...]) -> Iterator[pb.ForeseenCustomer]:
    for one in shown:
        position = one.position
        customer = pb.ForeseenCustomer(
            customer_id=position.customer_id,
            full_name=position.full_name if one.named else "",
            category=position.category,
            holder_id=position.holder_id or "",
        )
        for field, moment in (
            (customer.basis_time, position.due_basis_at),
            (customer.due_time, position.due_at),
            (customer.draft_due_time, one.draft_due_at),
        ):
            if moment:
                field.FromDatetime(moment)
        yield customer
