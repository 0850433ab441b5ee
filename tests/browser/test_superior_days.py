"""The days of those above: a run that was wrong is undone and planned anew; a dispute is ruled."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.people import PATIENCE_MS, Person

Seat = Callable[..., Person]


def test_a_wrong_run_is_undone_and_planned_anew(seat: Seat, office: Office) -> None:
    person = seat(office.hire("manager"))
    person.open("/distribution?kind=RUN_KIND_DISTRIBUTION&state=RUN_STATE_DONE")
    run = person.row("已分配")
    counted = re.search(r"已分配 (\d+)", run.inner_text())
    assert counted, "a run of the lived days has distributed something"
    person.press("明细", run)
    items = person.page.get_by_role("dialog", name=re.compile("批次的明细"))
    expect(items.get_by_role("row").filter(has_text="已分配")).to_have_count(int(counted[1]))
    customer = items.get_by_role("row").filter(has_text="已分配").first.get_by_role("link").first
    name = customer.inner_text()
    items.get_by_role("link", name="为什么").first.click()
    why = person.page.get_by_role("dialog", name="为什么")
    person.sees("H-6.7", why)
    for drawer in (why, items):
        person.page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()

    person.press("撤销", run)
    asked = person.dialog()
    person.press("确定", asked)
    person.sees("请填写原因", asked)
    asked.get_by_role("textbox").fill("方案有误，重新分配")
    person.press("确定", asked)
    person.sees("已开始撤销")
    person.open("/distribution?kind=RUN_KIND_UNDO")
    undo = person.row("已完成")
    person.sees(f"已撤销 {counted[1]}", undo)
    expect(undo).to_contain_text("方案有误，重新分配")

    chief = seat("gm")
    chief.open("/distribution?tab=plan")
    chief.page.get_by_role("radio", name="按人平均").check(force=True)
    chief.press("试算")
    chief.sees(name)
    chief.press("确定此方案")
    chief.sees("方案已确定，从下一批次起生效")
    card = chief.page.get_by_role("region", name="当前方案")
    expect(card).to_contain_text("按人平均")


def test_a_dispute_is_ruled(seat: Seat, office: Office) -> None:
    holder, signer, winner = (office.hire("sales_rep") for _ in range(3))
    [(customer, number)] = office.held(holder, 1).items()

    person = seat(signer)
    person.open("/disputes?tab=signings")
    person.press("登记签单")
    dialog = person.dialog()
    person.page.get_by_role("combobox", name="客户").fill(number)
    person.page.get_by_role("option", name=f"按编号 {number}").click()
    dialog.get_by_role("spinbutton", name="金额（元）").fill("12800")
    person.press("提交", dialog)
    person.sees("已登记签单")
    person.open("/disputes")
    person.press("详情", person.row("业绩争议"))
    person.sees("争议结束前客户冻结")

    chief = seat(office.hire("general_manager"))
    chief.open(f"/disputes?query={customer}")
    expect(chief.row(customer)).to_contain_text("审理中", timeout=PATIENCE_MS)
    chief.press("详情", chief.row(customer))
    found = chief.dialog()
    chief.sees("期限内无人跟进", found)
    chief.sees("H-6.3d", found)
    expect(found.get_by_role("table").first).to_contain_text(office.name_of(holder))
    found.get_by_role("link", name="审理案件").click()
    verdict = chief.page.get_by_role("region", name="审核意见")
    verdict.get_by_label("奖励项目。").fill("春季新签奖励")
    verdict.get_by_role("combobox").fill(office.name_of(winner))
    chief.page.get_by_role("option", name=office.name_of(winner)).click()
    chief.press(re.compile("^通过"), verdict)
    chief.press(re.compile("^确认通过"), verdict)
    chief.sees("已通过：")

    person = seat(winner)
    person.open("/disputes?tab=credits")
    credit = person.row(customer)
    expect(credit).to_contain_text("12,800", timeout=PATIENCE_MS)
    credit.get_by_role("link", name="为什么").click()
    person.sees("H-6.3d", person.dialog())


def test_an_appeal_is_decided_in_english(seat: Seat, office: Office) -> None:
    holder, signer, winner = (office.hire("sales_rep") for _ in range(3))
    [(customer, number)] = office.held(holder, 1).items()
    office.sign(signer, number)
    office.rule(customer, winner)

    person = seat(holder, language="en")
    person.open("/disputes")
    person.press("Details", person.row(customer))
    found = person.page.get_by_role("dialog", name="Dispute")
    expect(found.get_by_role("region", name="Ruling")).to_contain_text("H-6.3d")
    person.press("Appeal", found)
    asked = person.page.get_by_role("dialog", name="Appeal")
    asked.get_by_role("textbox").fill("I visited them twice this month.")
    person.press("Confirm", asked)
    person.sees("Appeal made")

    chief = seat(office.hire("general_manager"), language="en")
    chief.open(f"/review?query={customer}")
    chief.press("Start")
    verdict = chief.page.get_by_role("region", name="Decision")
    verdict.get_by_role("combobox").fill(office.name_of(holder))
    chief.page.get_by_role("option", name=office.name_of(holder)).click()
    chief.press(re.compile("^Approve"), verdict)
    chief.press(re.compile("^Confirm approval"), verdict)
    chief.sees(f"Approved: {customer}")

    person.open("/disputes?tab=credits")
    credit = person.row(customer)
    expect(credit).to_contain_text("12,800", timeout=PATIENCE_MS)
    person.open(f"/disputes?kind=DISPUTE_KIND_APPEAL&query={customer}")
    person.press("Details", person.row(customer))
    person.sees("Overturned", found)


def test_who_was_off_the_rota_is_reinstated(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    office.catch(rep)
    name = office.name_of(rep)
    person = seat(office.hire("sales_manager"))
    person.open(f"/rota?tab=bans&staff_id={rep}")
    row = person.row(name)
    expect(row).to_contain_text("H-4.5g")
    expect(row).to_contain_text("取消中")
    person.press("恢复资格", row)
    asked = person.dialog()
    person.sees(f"{name} 将重新参加值班轮转", asked)
    person.press("确定", asked)
    person.sees("请填写原因", asked)
    asked.get_by_role("textbox").fill("已当面说明并改正")
    person.press("确定", asked)
    person.sees("已恢复值班资格")
    expect(row).to_contain_text("已恢复")
    expect(row).to_contain_text("已当面说明并改正")
    expect(row).to_contain_text(office.name_of(person.name))
    expect(row.get_by_role("button", name="恢复资格")).to_have_count(0)


def test_an_open_screen_shows_the_version_that_a_colleague_applies(
    seat: Seat, office: Office
) -> None:
    person = seat(office.hire("general_manager"))
    person.open("/policy?tab=versions")
    person.sees("haixin-pool")
    reason = f"旺季名额 {person.name}"
    office.plan("quota.ka", reason)
    expect(person.row(reason)).to_be_visible()
