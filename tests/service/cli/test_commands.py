"""The commands against the real platform over HTTP."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from cli.session import ROOT
from tests.platform import haixin
from tests.service.cli.conftest import Company

SAMPLE = ROOT / "cli" / "samples" / "companies.csv"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PACK = ROOT / "policies" / "haixin-pool.yaml"


def read_result(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_demo_plays_to_its_end_again_and_again(company: Company) -> None:
    for seed in ("1", "2"):
        shown = company.crm("demo", "--seed", seed)
        assert shown.exit_code == 0, shown.output
    for clause in ("H-3.1b", "H-3.1c", "H-2.2f", "H-2.2g", "H-6.7b", "H-3.3d"):
        assert clause in shown.output
    assert "LOCATION_AWAITING_DISTRIBUTION" in shown.output


def test_the_sample_is_rehearsed_imported_and_repeats_nothing(
    company: Company, tmp_path: Path
) -> None:
    file = tmp_path / "sample.csv"
    file.write_bytes(SAMPLE.read_bytes())
    rehearsed = company.crm("import", str(file), "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "Columns not used: province, city" in rehearsed.output
    first = company.crm("import", str(file))
    rows = read_result(tmp_path / "sample.csv.result.csv")
    again = company.crm("import", str(file))
    assert read_result(tmp_path / "sample.csv.result.csv") == rows
    assert first.output.splitlines()[-2:] == again.output.splitlines()[-2:]
    assert [int(row["line"]) for row in rows][:2] == [2, 3]
    assert len({row["line"] for row in rows}) == 300

    anew = company.crm("import", str(file), "--again")
    assert anew.exit_code == 0
    decided = read_result(tmp_path / "sample.csv.result.csv")
    assert {row["reason"] for row in decided} == {"IDENTITY_TAKEN"}
    assert {row["clause"] for row in decided} == {"H-3.1c"}


def workbook(path: Path, *rows: tuple[Any, ...]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)


def test_a_workbook_in_chinese_tells_every_ground_by_line(company: Company, tmp_path: Path) -> None:
    file, result = tmp_path / "客户.xlsx", tmp_path / "结果.xlsx"
    workbook(
        file,
        ("企业全称", "客户电话", "客户类别", "备注"),
        ("成都蓝海表格科技有限公司", 13800138000.0, "意向客户", "x"),
        (None, None, None, None),
        ("蓝海", "12", None, None),
        ("成都蓝海表格科技（有限公司）", None, None, None),
        ("长" * 300 + "有限公司", None, None, None),
        ("+坏名字", None, None, None),
    )
    done = company.crm("import", str(file), "--result", str(result))
    assert done.exit_code == 0, done.output
    sheet = load_workbook(result).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))[1:]
    told = [(row[0], row[2], row[4], row[7]) for row in rows]
    assert told == [
        (2, "entered", "advice", "SECOND_NUMBER"),
        (4, "refused", "refusal", "NAME_LENGTH"),
        (4, "refused", "refusal", "PHONE_FORMAT"),
        (5, "refused", "refusal", "IDENTITY_TAKEN"),
        (5, "refused", "note", "REPEATED_IN_FILE"),
        (6, "refused", "refusal", "FIELD_INVALID"),
        (7, "refused", "refusal", "NAME_NOT_FULL"),
    ]
    assert "备注" in done.output
    assert "entered: 1, refused: 4" in done.output


def test_a_rehearsal_finds_a_company_that_the_file_holds_twice(
    company: Company, tmp_path: Path
) -> None:
    file = tmp_path / "gb.csv"
    names = [f"成都重复{number}号科技有限公司" for number in range(1, 204)]
    file.write_text("\n".join(["企业全称", *names, names[0]]), encoding="gb18030")
    done = company.crm("import", str(file), "--dry-run")
    assert done.exit_code == 0, done.output
    last = read_result(tmp_path / "gb.csv.result.csv")[-1]
    assert (last["line"], last["verdict"], last["reason"]) == ("205", "refused", "REPEATED_IN_FILE")
    assert "line 2 " in last["en"]


def test_what_is_no_table_of_customers_is_told(company: Company, tmp_path: Path) -> None:
    for name, content, told in (
        ("a.csv", "城市\n成都".encode(), "企业全称"),
        ("b.xlsx", b"no workbook", "not an XLSX workbook"),
        ("c.csv", "企业全称\n".encode() + b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        done = company.crm("import", str(file))
        assert (done.exit_code, told in done.output) == (1, True), done.output


def test_a_refusal_is_one_readable_block(company: Company, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("企业全称\n成都可读科技有限公司\n", encoding="utf-8")
    person = ("--user", "li", "--password", "correct horse")
    refused = company.crm("import", str(file), *person)
    assert refused.exit_code == 1
    assert "Refused (403) · FORBIDDEN · clause H-2.1a" in refused.output
    assert "Customer Service may import customers into the pool." in refused.output
    chinese = company.crm("import", str(file), *person, "--lang", "zh")
    assert (
        "被拒绝 (403) · FORBIDDEN · 条款 H-2.1a\n  客服部可以把客户导入公共库。" in chinese.output
    )
    wrong = company.crm("import", str(file), "--user", "li", "--password", "wrong")
    assert (wrong.exit_code, "SIGN_IN_REFUSED" in wrong.output) == (1, True)


@pytest.fixture
def changing(company: Company) -> Iterator[Company]:
    """The company, where the pack is in force again after the test."""
    yield company
    company.platform.apply(haixin(), company.platform.now)


def test_a_pack_is_checked_compared_applied_and_shown(changing: Company, tmp_path: Path) -> None:
    company, now = changing, changing.platform.now
    changed, wrong = tmp_path / "changed.yaml", tmp_path / "wrong.yaml"
    text = PACK.read_text(encoding="utf-8")
    idle = "{value: 5, unit: minutes, clauses: [H-2.2a], zh: 茶歇。, en: Tea.}"
    stated = "    quota.tenure_lt_3m:\n      value: 310"
    newer = text.replace(
        "    quota.tenure_lt_3m:\n      value: 300", f"    tea.break: {idle}\n{stated}"
    ).replace("所有销售代表均可以申请保护公共库客户", "销售代表均可以申请保护公共库客户")
    changed.write_text(newer, encoding="utf-8")
    wrong.write_text(text.replace("value: 300", "value: many"), encoding="utf-8")

    assert company.crm("policy", "check", str(PACK)).exit_code == 0
    refused = company.crm("policy", "check", str(wrong))
    assert refused.exit_code == 1
    assert "ownership.quota.limits.1.limit.value: Input should be a valid integer" in refused.output
    assert "wrong.yaml:" in refused.output
    wrong.write_text(text.replace("value: 在线客户管理制度", 'value: ""'), encoding="utf-8")
    warned = company.crm("policy", "check", str(wrong))
    assert (warned.exit_code, "online.external_policy" in warned.output) == (0, True)

    assert "everything in force already" in company.crm("policy", "diff", str(PACK)).output
    told = company.crm("policy", "diff", str(changed)).output
    assert "parameters.quota.tenure_lt_3m" in told
    assert "claim.permission.zh" in told
    assert ("300" in told, "310" in told, "H-2.2a" in told) == (True, True, True)

    moment = now.astimezone(SHANGHAI).replace(tzinfo=None).isoformat()
    applied = company.crm("policy", "apply", str(changed), "--effective", moment)
    assert applied.exit_code == 0, applied.output
    shown = company.crm("policy", "status").output
    line = next(line for line in shown.splitlines() if "quota.tenure_lt_3m" in line)
    assert ("310" in line, "in force" in line, "source" in line) == (True, True, True)
    waiting = next(line for line in shown.splitlines() if "tea.break" in line)
    assert "not yet in force" in waiting


def test_parameters_are_changed_in_every_section_that_states_them(changing: Company) -> None:
    company = changing
    readers = 'visibility.library_readers=[{"role": "manager"}]'
    changed = company.crm("policy", "change", readers, "quota.ka=331", "--reason", "旺季", "--yes")
    assert changed.exit_code == 0, changed.output
    lines = [line for line in changed.output.splitlines() if "applied" in line]
    assert [line.split()[1] for line in lines] == ["customers", "ownership", "activity"]
    assert "330" in changed.output
    line = next(
        line for line in company.crm("policy", "status").output.splitlines() if "quota.ka" in line
    )
    assert ("331 " in line, "331.0" in line) == (True, False)
    history = company.crm("policy", "versions").output
    assert sum("旺季" in line for line in history.splitlines()) == 3
    refused = company.crm("policy", "change", "quota.ka=many", "--yes")
    assert (refused.exit_code, "quota/ka" in refused.output) == (1, True)
    unknown = company.crm("policy", "change", "quota.nothing=1", "--yes")
    assert "no such parameter: quota.nothing" in unknown.output
