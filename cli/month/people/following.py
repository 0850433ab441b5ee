"""Reps follow their customers up, give some up, and sign some."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from functools import partial

from crm.activity.v1 import follow_ups_pb2 as activity
from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership

from cli.month.company import Company
from cli.month.days import Act, Day, spread
from cli.month.people.entering import library

SOON = timedelta(hours=48)
"""How far ahead of a deadline a rep looks after a customer."""
BY_CHANCE = 0.05
RELEASED = 0.004
TOPICS = ("续约方案", "招聘会展位", "套餐价格", "岗位发布", "简历下载量", "到期提醒", "人才库")
PLACES = ("公司前台", "人事办公室", "电话里", "会议室", "咖啡馆", "展会现场")
MOODS = ("对方表示下周答复", "约好再次上门", "需要和总经理商量", "要求书面报价", "暂不考虑")


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield a visit of every rep to her library, at some time of a working day."""
    if not day.working:
        return
    reps = company.at_work("sales_rep", day.date)
    company.random.shuffle(reps)
    for at, rep in zip(spread(day, 9, 17, len(reps)), reps, strict=True):
        yield Act(at, partial(_work_through, company, day, rep.staff_id))


def _work_through(company: Company, day: Day, who: str) -> None:
    """Follow up what is due soon, as carefully as the rep is; some customers are given up."""
    diligence = company.members[who].diligence
    for position in library(company, who):
        if _is_due(company, position) and company.random.random() < diligence:
            _follow_up(company, who, position.customer_id)
        elif company.random.random() < RELEASED and position.customer_id not in company.marked:
            _give_up(company, day, who, position.customer_id)


def _is_due(company: Company, position: ownership.Position) -> bool:
    """Whether the rep looks after a customer now: it is due soon, or she happens to call."""
    if company.random.random() < BY_CHANCE:
        return True
    due = position.due_time.ToDatetime(UTC)
    return position.HasField("due_time") and due - company.platform.now < SOON


def _follow_up(company: Company, who: str, customer_id: str) -> None:
    random = company.random
    title = random.choice(TOPICS)
    where, mood = random.choice(PLACES), random.choice(MOODS)
    number = random.randrange(1000)
    content = f"在{where}和负责人谈了{title}，第{number}号方案，{mood}。"
    whim = random.random()
    if whim < 0.04:
        content = "已联系。"
    elif whim < 0.06:
        title = ""
    request = activity.RecordFollowUpRequest(
        customer_id=customer_id,
        kind=random.choice((activity.FOLLOW_UP_KIND_VISIT, activity.FOLLOW_UP_KIND_CALL)),
        title=title,
        content=content,
    )
    company.ask(who, company.follow_ups.RecordFollowUp, request)


def _give_up(company: Company, day: Day, who: str, customer_id: str) -> None:
    mark = customers.SetMnemonicRequest(customer_id=customer_id, mnemonic=f"{day.date:%Y%m%d}删除")
    if company.ask(who, company.platform.customers.SetMnemonic, mark):
        company.marked.add(customer_id)
