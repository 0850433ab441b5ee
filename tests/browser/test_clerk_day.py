"""A clerk's day: an import interrupted twice, and all customers looked through for twins."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.office import CLERK, FORM, Office
from tests.browser.people import Person

Seat = Callable[..., Person]
IMPORT = "**/v1/customers:import"
STOPPED = "已停下，可从停下的地方继续"
HEAD = ("企业全称", "经营地址", "HR负责人", "客户电话", "客户类别")


def table(names: list[str]) -> str:
    """Return a table as it is copied out of a spreadsheet."""
    rest = (FORM["business_address"], FORM["hr_lead"], FORM["phones"][0], "意向客户")
    return "\n".join("\t".join(cells) for cells in (HEAD, *((name, *rest) for name in names)))


def interrupt(person: Person, press: Callable[[], None], *, served: bool) -> None:
    """Lose the network, then load the page anew; `served` says whether only the answer is lost."""

    def lose(route: Route) -> None:
        if served:
            assert route.fetch().ok
        route.abort()

    person.page.route(IMPORT, lose)
    press()
    person.sees(STOPPED)
    person.page.unroute(IMPORT)
    person.page.reload()
    person.sees(STOPPED)
    lost = [told for told in person.complaints if "net::ERR_FAILED" in told]
    assert len(lost) == len(person.complaints)
    person.complaints.clear()


def test_an_import_goes_on_where_it_was_interrupted(seat: Seat, office: Office) -> None:
    names = office.fresh_names(3)
    person = seat(office.hire("customer_service"))
    person.open("/import")
    person.fill("粘贴表格内容（含表头）", table(names))
    person.press("读取")
    interrupt(person, lambda: person.press("试导入 3 行"), served=False)
    person.press("继续")
    person.sees("试导入完成：可导入 3 行")

    def enter() -> None:
        person.press("正式导入 3 行")
        person.press("确定", person.dialog())

    interrupt(person, enter, served=True)
    person.press("继续")
    person.sees("已导入 3 家客户，未导入 0 行")
    for name in names:
        expect(person.row(name)).to_contain_text("已导入")
        found = office.acting(CLERK).get("/v1/customers:suggest", query=name)
        assert [one["full_name"] for one in found["suggestions"]] == [name]


def test_all_customers_are_looked_through(seat: Seat, office: Office) -> None:
    one, other = office.twins()
    person = seat(office.hire("customer_service"))
    person.open("/duplicates")
    person.page.get_by_role("radio", name="全库查找重复").check(force=True)
    scan = person.page.get_by_role("region", name="全库查找重复")
    person.press(re.compile("^(开始|继续)查找$"), scan)
    asked = person.dialog()
    person.sees("最多发现 100 对后暂停", asked)
    person.press("确定", asked)
    person.sees("已开始查找")
    person.sees("已完成", scan)
    person.sees(office.name_of(person.name), scan)
    expect(scan.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    person.screenshot("duplicates-scan-done")

    scan.get_by_role("link", name="查看重复客户争议").click()
    row = person.page.get_by_role("row").filter(has_text=re.compile(f"{one}|{other}"))
    expect(row).to_contain_text("重复客户")


def test_who_may_not_look_through_all_is_not_asked_to(seat: Seat, office: Office) -> None:
    person = seat(office.hire("sales_rep"), language="en")
    person.open("/duplicates?tab=scan")
    expect(person.field("Full company names, one a line")).to_be_visible()
    assert person.page.get_by_text("Look through all").count() == 0
    status, _ = person.request("GET", "/v1/duplicateScans/latest")
    assert status == 403
