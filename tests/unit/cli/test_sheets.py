from pathlib import Path

import pytest

from cli.sheets import Row, Unreadable, open_sheet

TEXT = (
    "企业全称,HR 负责人,客户电话,客户类型,*Phone\n成都甲有限公司,王,028-1；138/139、140,保险,x\n\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_values_and_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT.replace(",*Phone", ",备注"), encoding=encoding)
    sheet = open_sheet(file)
    assert sheet.unknown == ("备注",)
    assert list(sheet.rows()) == [
        Row(
            2,
            {
                "full_name": "成都甲有限公司",
                "hr_lead": "王",
                "phones": ["028-1", "138", "139", "140"],
                "industry_kind": "insurance_individual",
            },
        )
    ]


def test_a_field_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(Unreadable, match="more than one column for phones"):
        open_sheet(file)


def test_a_quoted_line_break_does_not_move_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('name\tphone\n"甲\n有限公司"\t1\n乙有限公司\t2\n', encoding="utf-8")
    assert [row.line for row in open_sheet(file).rows()] == [2, 4]
