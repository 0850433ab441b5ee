"""`crm demo`: a customer enters the company, seen by everybody who has a part in it."""

import random
from collections.abc import Iterator
from typing import Any

import click

from cli.names import generated, sample
from cli.refusals import Language
from cli.session import connection_options, find_platform
from cli.stage import Stage

REP, OTHER, REVIEWER, SUPERVISOR = "li", "wang", "zhou", "sun"
IMPORTED = 20
CHECKS = {"not_duplicate": True, "complete": True}
NOT_THE_SAME = "已核对营业执照，不是同一家。Checked the licences; not the same company."
FRESH = ("DUPLICATE_GRADE_NONE", "DUPLICATE_GRADE_SIMILAR", "DUPLICATE_GRADE_UNSPECIFIED")
COMPLETE = {
    "business_address": "成都市永丰路47号丰尚玉林商务港8楼801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456", "13800138000"],
    "category": "intended",
}


@click.command("demo")
@click.option("--days", type=click.IntRange(1, 90), help="Play so many days of a whole company.")
@click.option("--small", is_flag=True, help="With --days: ten reps instead of a hundred.")
@click.option("--pause", is_flag=True, help="Wait for Enter before each step.")
@click.option("--seed", type=int, help="Makes the names of this run.  [default: new ones]")
@connection_options
def command(
    days: int | None, small: bool, pause: bool, seed: int | None, lang: Language, **login: str
) -> None:
    """Play the first flow step by step: duplicate check, review, library, pool, claim, release.

    With --days a month of a company of a hundred reps is played instead, in databases of its own
    and in a few minutes: what the rules do day by day, and what each clause did in the end.
    """
    if seed is None:
        seed = random.SystemRandom().randrange(10**6)
    if days:
        from cli.month.report import show_month

        show_month(days, seed, small, lang)
        return
    platform = find_platform(login["url"], login["user"], login["password"], lang)
    click.echo(f"{platform.url}   --seed {seed}")
    stage = Stage(platform, pause)
    try:
        play(stage, generated(seed, sample()))
    finally:
        stage.close()


def play(stage: Stage, names: Iterator[str]) -> None:
    """Play every scene on one stage."""
    name, case_id = _new_customer(stage, names)
    customer_id = _kept_by_one(stage, name)
    _pool(stage, names)
    release_id = _release(stage, customer_id)
    _why(stage, customer_id, case_id, release_id)
    click.echo()


def _new_customer(stage: Stage, names: Iterator[str]) -> tuple[str, str]:
    name = next(names)
    stage.step("先查重，再录入", "A duplicate check comes first")
    form = {"full_name": name, **COMPLETE}
    stage.refused(REP, "/v1/cases", {"case_type": "new_customer", "form": form}, "CHECK_REQUIRED")
    name, check_id = _checked(stage, names, name)

    stage.step("资料不全不能提交", "An incomplete form is refused, every fault named")
    short = {"full_name": name, "business_address": "成都市", "phones": ["12345"]}
    case: dict[str, Any] = {"case_type": "new_customer", "check_id": check_id}
    stage.refused(REP, "/v1/cases", case | {"form": short}, "FORM_REFUSED")

    stage.step("补全后提交审核", "Completed, it goes to Customer Service")
    form = {"full_name": name, **COMPLETE}
    opened = stage.post(REP, "/v1/cases", case | {"form": form})["case"]
    stage.answer(f"审核单 {opened['case_id']}", f"case {opened['case_id']} is {opened['state']}")

    stage.step("客服部领取并通过", "Customer Service takes the case and approves it")
    _decide(stage, REVIEWER, opened["case_id"])
    return name, str(opened["case_id"])


def _checked(stage: Stage, names: Iterator[str], name: str) -> tuple[str, str]:
    """Check names until one is new to the platform; return it with its check's id."""
    while True:
        body = {"full_name": name}
        check = stage.post(REP, "/v1/duplicateChecks", body)["duplicate_check"]
        hits = "、".join(f"{hit['full_name']} {hit['score']:.0f}" for hit in check["hits"][:3])
        stage.answer(f"{name}：{hits or '无相似客户'}", f"{name}: {hits or 'nothing alike'}")
        if check["grade"] in FRESH:
            return name, check["check_id"]
        name = next(names)


def _decide(stage: Stage, who: str, case_id: str, checks: bool = True) -> None:
    """Take and approve a case, and wait until it is carried out."""
    stage.post(who, f"/v1/cases/{case_id}:take", {})
    body: dict[str, Any] = {"verdict": "VERDICT_APPROVE", "reason": NOT_THE_SAME}
    stage.post(who, f"/v1/cases/{case_id}:decide", body | ({"checks": CHECKS} if checks else {}))
    stage.wait(
        who, f"/v1/cases/{case_id}", lambda answer: answer["case"]["state"] == "CASE_STATE_DONE"
    )
    stage.answer("已通过并执行完毕", "approved and carried out")


def _kept_by_one(stage: Stage, name: str) -> str:
    stage.step(
        "客户在李雷的小库里，占一个名额", "The customer is in Li's library and takes one slot"
    )
    library = stage.wait(
        REP,
        "/v1/libraries/me/customers",
        lambda answer: any(one["full_name"] == name for one in answer["positions"]),
    )["positions"]
    customer_id = str(next(one["customer_id"] for one in library if one["full_name"] == name))
    quota = stage.get(REP, "/v1/staff/me/quota")["quota"]
    figures = f"{quota['used_count']}/{quota['limit_count']} [{quota['clause']}]"
    stage.answer(f"{figures} {quota['zh']}", f"{figures} {quota['en']}")

    stage.step("别的销售看不到，也不能申请", "Another rep may neither see nor claim it")
    stage.refused(OTHER, f"/v1/customers/{customer_id}", None, "FORBIDDEN")
    claim = {"case_type": "pool_claim", "customer_id": customer_id, "form": COMPLETE}
    stage.refused(OTHER, "/v1/cases", claim, "ALREADY_PROTECTED")

    stage.step("换个写法也是同一家", "Written differently it is still the same company")
    other = f"　{name[:2]} {name[2:]}".replace("有限公司", "（有限公司）")
    check = stage.post(OTHER, "/v1/duplicateChecks", {"full_name": other})["duplicate_check"]
    first = check["hits"][0]
    reasons = "; ".join(one[stage.language] for one in first["reasons"])
    stage.answer(f"{first['full_name']}: {reasons}", f"{first['full_name']}: {reasons}")
    case = {
        "case_type": "new_customer",
        "check_id": check["check_id"],
        "form": {"full_name": other, **COMPLETE},
    }
    stage.refused(OTHER, "/v1/cases", case, "DUPLICATE")
    return customer_id


def _pool(stage: Stage, names: Iterator[str]) -> None:
    stage.step("客服部导入公共库", "Customer Service imports customers into the public pool")
    rows = [{"full_name": name} for name in (next(names), *(n for n, _ in sample()[:IMPORTED]))]
    done = stage.post(REVIEWER, "/v1/customers:import", {"rows": rows})["rows"]
    entered = [row["customer_id"] for row in done if row["accepted"]]
    stage.answer(
        f"进入公共库 {len(entered)} 家，已存在 {len(done) - len(entered)} 家",
        f"{len(entered)} entered, {len(done) - len(entered)} existed already",
    )
    if not done[0]["accepted"]:
        raise click.ClickException(f"{rows[0]['full_name']} exists already; take another --seed")
    customer_id = done[0]["customer_id"]
    stage.wait(
        OTHER,
        f"/v1/customers/{customer_id}/claimPreview",
        lambda answer: answer["reason"] != "CUSTOMER_UNKNOWN",
    )

    stage.step("资料不全的申请只能驳回", "A claim of an incomplete record can only be rejected")
    claim: dict[str, Any] = {
        "case_type": "pool_claim",
        "customer_id": customer_id,
        "form": {"category": "intended"},
    }
    opened = stage.post(OTHER, "/v1/cases", claim)["case"]
    path = f"/v1/cases/{opened['case_id']}"
    stage.post(REVIEWER, f"{path}:take", {})
    approve = {"verdict": "VERDICT_APPROVE", "checks": CHECKS, "reason": NOT_THE_SAME}
    stage.refused(REVIEWER, f"{path}:decide", approve, "CHECK_CONTRADICTED")
    reject = {
        "verdict": "VERDICT_REJECT",
        "checks": CHECKS | {"complete": False},
        "reason": "缺经营地址、HR负责人和电话。Address, HR lead and telephone are missing.",
    }
    rejected = stage.post(REVIEWER, f"{path}:decide", reject)["case"]
    stage.answer(f"驳回：{rejected['reason']}", f"rejected: {rejected['reason']}")

    stage.step("备注写明正确资料后通过", "With the right data in the remarks it is approved")
    stage.wait(
        OTHER,
        f"/v1/customers/{customer_id}/claimPreview",
        lambda answer: not answer["reason"],
    )
    claim |= {"form": COMPLETE, "remarks": "已电话核实，资料如下。Verified by telephone."}
    opened = stage.post(OTHER, "/v1/cases", claim)["case"]
    _decide(stage, REVIEWER, opened["case_id"])


def _release(stage: Stage, customer_id: str) -> str:
    stage.step(
        "放弃保护：日期不对的标识不算", "A release mark with another day's date does not count"
    )
    path = f"/v1/customers/{customer_id}:setMnemonic"
    wrong = stage.refused(REP, path, {"mnemonic": "20090413删除"}, "RELEASE_MARK_DATE")

    stage.step("当天的标识提交放弃申请", "Today's mark asks for the release")
    stage.post(REP, path, {"mnemonic": wrong["figures"]["expected"]})
    queue = stage.wait(
        SUPERVISOR,
        "/v1/cases?state=CASE_STATE_OPEN&page_size=200",
        lambda answer: any(case["customer_id"] == customer_id for case in answer["cases"]),
    )["cases"]
    case_id = next(case["case_id"] for case in queue if case["customer_id"] == customer_id)

    stage.step(
        "主管同意，客户等待分配", "The supervisor consents; the customer awaits distribution"
    )
    _decide(stage, SUPERVISOR, case_id, checks=False)
    position = stage.wait(
        REVIEWER,
        f"/v1/customers/{customer_id}/position",
        lambda answer: answer["position"]["location"] == "LOCATION_AWAITING_DISTRIBUTION",
    )["position"]
    stage.answer(position["location"], position["location"])

    stage.step("客服部的放弃统计", "Customer Service keeps count of releases")
    released = stage.get(REVIEWER, "/v1/releasedCustomers", customer_id=customer_id)["customers"]
    for one in released:
        by = "、".join(f"{r['display_name']} {r['release_time'][:10]}" for r in one["releases"])
        line = f"{one['full_name']}: {one['releaser_count']} ({by})"
        stage.answer(line, line)
    return str(case_id)


def _why(stage: Stage, customer_id: str, *case_ids: str) -> None:
    stage.step("为什么：每个决定都有条款", "Why: every decision with its clause")
    moves = stage.get(REVIEWER, f"/v1/customers/{customer_id}/positionChanges")["changes"]
    for move in moves:
        line = f"{move['manner']}: {move['to_location']} [{move['clause']}]"
        stage.note(line, line)
    asked = [("review", case_id) for case_id in case_ids]
    asked += [(service, customer_id) for service in ("ownership", "customers", "review")]
    for service, subject_id in asked:
        path = f"/v1/services/{service}/decisions"
        decisions = stage.get(REVIEWER, path, subject_id=subject_id)["decisions"]
        for one in reversed(decisions):
            head = f"{one['action']} → {one['outcome']} [{one['clause']}] "
            stage.note(head + one["zh"], head + one["en"])
