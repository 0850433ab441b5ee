"""`crm check-names` against the real platform over HTTP: every name answered once, at last."""

import csv
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from cli import name_checking, session
from tests.service.cli.conftest import Company

BLUE = "成都蓝湖查重科技有限公司"


@pytest.fixture(scope="module")
def stocked(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company, with a customer in its pool."""
    file = tmp_path_factory.mktemp("stock") / "pool.csv"
    file.write_text(f"企业全称\n{BLUE}\n", encoding="utf-8")
    assert company.crm("import", str(file)).exit_code == 0
    return company


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def names_file(path: Path, count: int) -> list[str]:
    """Write a file of names that look like nothing, the last one like a customer."""
    names = [
        f"绵阳{chr(0x4E10 + 7 * n)}{chr(0x5110 + 11 * n)}餐饮有限公司" for n in range(count - 1)
    ]
    path.write_text("\n".join([*names, "", f"  {BLUE} "]), encoding="utf-8")
    return [*names, BLUE]


def test_each_name_gets_its_grade_its_hits_and_why(stocked: Company, tmp_path: Path) -> None:
    file, result = tmp_path / "名单.xlsx", tmp_path / "结果.xlsx"
    book = Workbook()
    for row in (
        ("客户名称", "备注"),
        ("成都藍湖查重科技（有限公司）", "x"),
        ("蓝湖查重科技股份公司", None),
        (None, "nothing"),
        ("长" * 201, None),
        ("+坏名字", None),
        ("昆明鸟语花香餐饮有限公司", None),
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(file)
    done = stocked.crm("check-names", str(file), "--result", str(result))
    assert done.exit_code == 0, done.output
    header, *rows = load_workbook(result).worksheets[0].iter_rows(values_only=True)
    assert header == name_checking.HEADER
    found = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    assert [(row["line"], row["grade"], row["hit"]) for row in found] == [
        (2, "same", BLUE),
        (3, "likely", BLUE),
        (5, "error", None),
        (6, "none", None),
        (7, "none", None),
    ]
    assert found[0]["score"] == 100
    assert found[0]["location"] == "public_pool"
    assert "The core is equal." in str(found[1]["reasons"])
    assert "200" in str(found[2]["error"])
    assert done.output.splitlines()[-3] == "same: 1, likely: 1, similar: 0, none: 2, error: 1"
    assert set(tmp_path.iterdir()) == {file, result}


class Failing(httpx.HTTPTransport):
    """Breaks down after some checks."""

    left = 3

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(":batch"):
            Failing.left -= 1
            if Failing.left < 0:
                return httpx.Response(500, json={"reason": "INTERNAL"})
        return super().handle_request(request)


def test_a_run_that_broke_down_goes_on_where_it_stopped(
    stocked: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "names.txt"
    names = names_file(file, 320)
    with monkeypatch.context() as patched:
        patched.setattr(session.httpx, "HTTPTransport", Failing)
        broken = stocked.crm("check-names", str(file), "--at-once", "2")
    assert broken.exit_code != 0
    unfinished = tmp_path / "names.txt.checked.csv.unfinished"
    kept = [json.loads(line) for line in unfinished.read_text("utf-8").splitlines()][1:]
    assert 1 <= len(kept) <= 3
    with unfinished.open("a") as torn:
        torn.write('{"number": 99, "con')

    asked: list[Any] = []
    real = session.Session.post

    def post(self: session.Session, path: str, body: Any = None) -> Any:
        asked.extend(body["names"])
        return real(self, path, body)

    monkeypatch.setattr(session.Session, "post", post)
    done = stocked.crm("check-names", str(file))
    assert done.exit_code == 0, done.output
    assert len(asked) == 320 - name_checking.BATCH * len(kept)
    rows = read(tmp_path / "names.txt.checked.csv")
    assert [row["full_name"] for row in rows] == names
    assert [row["grade"] for row in rows] == ["none"] * 319 + ["same"]
    assert rows[-1]["line"] == "321"
    assert len({row["check_id"] for row in rows}) == 320
    assert not unfinished.exists()


def test_another_content_of_the_file_is_begun_anew(stocked: Company, tmp_path: Path) -> None:
    file, unfinished = tmp_path / "n.txt", tmp_path / "n.txt.checked.csv.unfinished"
    unfinished.write_text('{"run": "another"}\n{"number": 0, "content": [["?"]]}\n', "utf-8")
    file.write_text(BLUE, encoding="gb18030")
    assert stocked.crm("check-names", str(file)).exit_code == 0
    assert [row["grade"] for row in read(tmp_path / "n.txt.checked.csv")] == ["same"]


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("a.csv", "城市\n成都".encode(), "企业全称"),
        ("b.xlsx", b"no workbook", "not an XLSX workbook"),
        ("c.txt", b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
    ],
)
def test_what_holds_no_names_is_told(
    stocked: Company, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = stocked.crm("check-names", str(tmp_path / name))
    assert (done.exit_code, told in done.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [name]
