"""A rep's day: names checked, a customer entered, one claimed and followed up, and every why."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.office import FORM, Office
from tests.browser.people import PATIENCE_MS, Person

Seat = Callable[..., Person]
DATE = re.compile(r"\d{4}-\d\d-\d\d")
WRITTEN = "与HR负责人电话沟通了春季招聘计划，约定下周上门演示并报价"


def due_date(text: str) -> str:
    """Return the first date of a text."""
    found = DATE.search(text)
    assert found, text
    return found[0]


def my_customer(person: Person, name: str) -> Locator:
    """Return the row of a customer in the rep's own list."""
    person.open(f"/customers?query={name}")
    row = person.row(name)
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    return row


def test_new_customer(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    [pooled] = office.pool(1)
    wanted, other = office.fresh_names(2)
    person = seat(rep)

    person.open("/duplicates")
    person.fill(
        "企业全称，每行一个", f"{wanted}\n  {pooled.replace('有限', '（有限）')}\n{other}\n"
    )
    person.press("查重（3 个）")
    found = person.page.get_by_role("region", name="查重结果")
    person.sees("已查 3 / 3", found)
    known = found.get_by_role("region", name=pooled.replace("有限", "（有限）"))
    expect(known.get_by_role("row").filter(has_text=pooled)).to_contain_text("公海")
    fresh = found.get_by_role("region", name=wanted)
    person.sees("没有发现相似的客户。", fresh)
    person.press("登记为新客户", fresh)

    expect(person.field("企业全称")).to_have_value(wanted)
    person.fill("经营地址", "成都市高新区")
    person.fill("HR负责人", FORM["hr_lead"])
    person.fill("电话 1", FORM["phones"][0])
    person.choose("客户类别", "意向客户")
    expect(person.page.get_by_role("alert").first).to_contain_text("路")
    person.press("提交审核")
    expect(person.field("经营地址")).to_be_focused()
    person.fill("经营地址", FORM["business_address"])
    person.press("提交审核")
    person.sees("已提交，等待审核")
    state = person.page.get_by_role("status").filter(has_text="待审核")
    expect(state).to_be_visible(timeout=PATIENCE_MS)

    office.approve(rep, wanted)
    person.press("查看客户")
    drawer = person.dialog()
    expect(drawer.get_by_role("heading", name=wanted)).to_be_visible()
    expect(my_customer(person, wanted)).to_contain_text("剩")


def test_claim_shows_what_it_means(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    [name] = office.pool(1)
    person = seat(rep)
    person.open("/pool")
    person.fill("客户名称", name)
    person.page.keyboard.press("Enter")
    person.press("领取", person.row(name))
    dialog = person.dialog()
    person.sees("占用 1 个名额，剩余 249 个（上限 250", dialog)
    told = due_date(dialog.get_by_text("须在").first.inner_text())
    person.press("提交申请", dialog)
    person.sees("申请已提交，等待审核")

    office.approve(rep, name)
    row = my_customer(person, name)
    assert due_date(row.inner_text()) == told
    person.sees("剩余 249")


def test_follow_up_and_why(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    [name] = office.held(rep, 1)
    person = seat(rep)
    row = my_customer(person, name)
    row.get_by_role("link", name=name).click()
    drawer = person.page.get_by_role("dialog").filter(
        has=person.page.get_by_role("article", name=name)
    )

    person.press("写跟进", drawer)
    dialog = person.dialog()
    person.fill("标题", "电话沟通春季招聘计划", dialog)
    person.fill("内容", "打过电话。", dialog)
    person.sees("不足 15 个字（不含标点），视为无效。 H-6.3f", dialog)
    expect(dialog.get_by_role("button", name="仍然提交")).to_be_visible()
    person.fill("内容", WRITTEN, dialog)
    person.sees("这条记录有效。", dialog)
    promised = due_date(dialog.get_by_text("须在").inner_text())
    person.press("提交", dialog)
    person.sees("已提交，记录有效")
    drawer.get_by_role("tab", name="跟进记录").click()
    person.sees(WRITTEN, drawer)
    expect(drawer).to_contain_text(promised)

    drawer.get_by_role("button", name="为什么").click()
    counted = person.page.get_by_role("tooltip").get_by_role("table")
    expect(counted).to_be_visible(timeout=PATIENCE_MS)
    drawer.get_by_role("heading", name=name).click()
    expect(counted).to_be_hidden()
    drawer.get_by_role("tab", name="决策说明").click()
    drawer.get_by_role("link", name="为什么").last.click()
    why = person.page.get_by_role("dialog", name="为什么")
    expect(why.get_by_role("region", name="依据条款")).to_contain_text("H-3.2c")
    running = why.get_by_role("region", name="现在的期限")
    expect(running).to_contain_text(promised)
    expect(running.get_by_role("table").first).to_contain_text(str(int(promised[-2:])))


def test_a_signing_is_recorded_for_a_customer_chosen_by_typing(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    name, other = office.held(rep, 2)
    person = seat(rep)
    person.open("/disputes?tab=signings")
    person.press("登记签单")
    dialog = person.dialog()
    typed = person.page.get_by_role("combobox", name="客户")
    typed.fill(other)
    expect(person.page.get_by_role("option", name=other)).to_be_visible()
    # What was typed last counts, however the answers come.
    typed.press_sequentially("不存在")
    typed.fill(name[:-4])
    person.page.get_by_role("option", name=name).click()
    expect(dialog).to_contain_text(name)
    dialog.get_by_role("spinbutton", name="金额（元）").fill("5600")
    person.press("提交", dialog)
    person.sees("已登记签单")
    signed = person.row(name)
    expect(signed).to_contain_text("5,600.00")
    expect(person.page.get_by_role("row").filter(has_text=other)).to_have_count(0)
