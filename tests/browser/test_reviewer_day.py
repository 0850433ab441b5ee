"""A reviewer's day: a queue worked off without a mouse, while new cases arrive."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.people import PATIENCE_MS, Person

CASES = 10
REJECTED = 3
"""Every so many-th case is rejected."""
REASON = "电话空号，资料无法核实"


def test_ten_cases_by_keyboard_alone(seat: Callable[..., Person], office: Office) -> None:
    rep = office.hire("sales_rep")
    *names, late = office.fresh_names(CASES + 1)
    for name in names:
        office.submit(rep, name)
    person = seat(office.hire("customer_service"))
    page, keys = person.page, person.page.keyboard
    person.open(f"/review?query={office.name_of(rep)}")
    begin = page.get_by_role("button", name="开始审核")
    expect(page.get_by_role("row").filter(has_text=names[-1])).to_be_visible(timeout=PATIENCE_MS)
    begin.focus()
    keys.press("Enter")

    queue = page.get_by_role("navigation", name="审核队列")
    waiting = queue.get_by_role("listitem").locator("strong")
    expect(waiting).to_have_count(CASES)
    title = page.get_by_role("article").get_by_role("heading", level=2)
    first, second, *_ = waiting.all_inner_texts()
    expect(title).to_have_text(first)
    keys.press("j")
    expect(title).to_have_text(second)
    keys.press("k")
    expect(title).to_have_text(first)

    office.submit(rep, late)
    expect(queue.get_by_text(late)).to_be_visible(timeout=PATIENCE_MS)
    decided: set[str] = set()
    for number in range(1, CASES + 2):
        name = title.inner_text().strip()
        assert name not in decided
        decided.add(name)
        if number % REJECTED:
            keys.type("12a")
            expect(page.get_by_role("button", name="确认通过")).to_be_focused()
            keys.press("Enter")
            person.sees(f"已通过：{name}")
        else:
            # Twice: passed, then not passed.
            keys.type("1122r")
            expect(person.field("理由")).to_be_focused()
            keys.press("Enter")
            person.sees("请填写理由")
            keys.type(REASON)
            keys.press("Enter")
            person.sees(f"已驳回：{name}")
            rejected = name
    person.sees("队列已清空")

    person.open(f"/review?view=CASE_VIEW_DECIDED&query={office.name_of(rep)}")
    person.sees(f"共 {CASES + 1} 条")
    person.row(rejected).get_by_role("link", name="查看").click()
    person.sees(REASON)
