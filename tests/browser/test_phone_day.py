"""A rep on the way, at 390 pixels: a follow-up with a photo and the place, and a claim."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.people import PATIENCE_MS, PHONE, Person
from tests.pictures import photo

Seat = Callable[..., Person]
WRITTEN = "上门拜访了人力资源总监，确认了下季度的招聘需求和预算"


def narrow(person: Person) -> None:
    """See that nothing stands out of the small screen."""
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_follow_up_with_photo_and_place(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    [name] = office.held(rep, 1)
    person = seat(rep, phone=True)
    person.open("/m")
    person.sees("1/250")
    person.page.get_by_text("写跟进").click()
    person.sees("选择要跟进的客户")
    person.page.get_by_text(name).click()
    person.fill("标题", "上门拜访")
    person.fill("内容", "已拜访")
    person.sees(re.compile("不足 15 个字"))
    person.fill("内容", WRITTEN)
    person.sees(re.compile("这条记录有效"))
    file = {"name": "门头.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 900)}
    person.page.locator("input[type=file]").set_input_files(file)
    expect(person.page.locator(".van-uploader__preview-image")).to_be_visible()
    person.page.get_by_text("点击定位").click()
    person.sees("已定位，精度 12 米")
    narrow(person)
    person.press("提交")
    person.sees("已保存，记录有效")

    person.open("/m/customers")
    person.page.get_by_text(name).click()
    person.sees(WRITTEN)
    expect(person.page.get_by_role("img", name="门头.jpg")).to_be_visible(timeout=PATIENCE_MS)
    narrow(person)
    found = office.acting(rep).get("/v1/followUps")["follow_ups"][0]
    assert round(found["place"]["latitude"], 4) == 30.6586
    assert [one["file_name"] for one in found["attachments"]] == ["门头.jpg"]


def test_claim(seat: Seat, office: Office) -> None:
    rep = office.hire("sales_rep")
    [name] = office.pool(1)
    person = seat(rep, phone=True)
    person.open("/m/pool")
    person.page.get_by_role("searchbox").fill(name)
    person.page.get_by_text(name).click()
    sheet = person.dialog()
    person.sees("领取后占用 1 个名额，剩余 249 个。", sheet)
    due = re.search(r"\d{4}-\d\d-\d\d", sheet.inner_text())
    assert due
    narrow(person)
    person.press("领取", sheet)
    person.sees("领取申请已提交，等待审核")

    office.approve(rep, name)
    person.open("/m/customers")
    expect(person.page.locator(".van-cell").filter(has_text=name)).to_contain_text(due[0])
    narrow(person)
