"""A pack that cannot be used says where: file, line, key."""

from pathlib import Path

import pytest

from cli.pack_file import PackError, load_pack
from tests.platform import PACK, SERVICES, haixin

MODELS = {service.name: service.policy for service in SERVICES}
TEXT = PACK.read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def problems(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in TEXT
    file = tmp_path / "pack.yaml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    try:
        return list(load_pack(file).problems(MODELS))
    except PackError as error:
        return error.problems


def test_the_haixin_pack_has_no_error() -> None:
    assert list(haixin().problems(MODELS)) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (
            "    take_minutes: !param queue.take_minutes",
            "    take_minutez: !param queue.take_minutes",
            "  queue:\n    take",
            "review.queue.take_minutes: Field required",
        ),
        (
            "    take_minutes: !param queue.take_minutes",
            "    take_minutes: !param queue.take_minutez",
            "    take_minutes: !param",
            "no parameter named queue.take_minutez",
        ),
        (
            "      clauses: [H-2.2c]",
            "      clauses: []",
            "      clauses: [H-2.2c]",
            "ownership.quota.limits.0.limit.clauses",
        ),
        (
            "      clauses: [H-2.2c]",
            "      clauses: [quota]",
            "      clauses: [H-2.2c]",
            "ownership.quota.limits.0.limit.clauses.0",
        ),
        (
            "    quota.ka:\n",
            "    quota.ka:\n      value: 1\n",
            "      value: 330",
            "value: given twice",
        ),
        (
            "department == 'KA'",
            "departmant == 'KA'",
            "department == 'KA'",
            "ownership.quota.limits.0",
        ),
    ],
)
def test_an_error_names_file_line_and_key(
    tmp_path: Path, old: str, new: str, at: str, says: str
) -> None:
    found = problems(tmp_path, old, new)
    assert any(says in problem for problem in found), found
    assert all(problem.startswith("pack.yaml:") for problem in found)
    (line,) = {problem.split(":")[1] for problem in found if says in problem}
    assert abs(int(line) - line_of(TEXT, at)) <= 2


def test_sections_that_contradict_each_other(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "value: [intended, expired_member, online]",
        "value: [intended, online]",
    )
    assert len(found) == 1
    assert "library.allowed_categories: differs from customers" in found[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a pack is a mapping of sections"),
        ("- a\n- b\n", "a pack is a mapping of sections"),
        ("customers: {}\n", "meta: missing"),
        ("meta: {name: x}\n", "meta.title: Field required"),
        ("meta: [\n", "pack.yaml"),
        ("meta: !!python/object/apply:os.system [id]\n", "pack.yaml"),
    ],
)
def test_what_is_no_pack(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(text)
    with pytest.raises(PackError, match=says):
        load_pack(file)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="No such file"):
        load_pack(tmp_path / "none.yaml")


CHILD = """\
meta:
  name: child
  title: {{zh: 子, en: child}}
  effective_time: 2026-01-01T00:00:00+08:00
  time_zone: Asia/Shanghai
  calendar: CN
  extends: {extends}
ownership:
  parameters:
    quota.ka:
      value: 7
"""


def test_a_pack_extends_another_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text(CHILD.format(extends="base.yaml"), encoding="utf-8")
    pack = load_pack(child)
    assert pack.meta.name == "child"
    assert list(pack.problems(MODELS)) == []
    limit = pack.sections["ownership"].rules["quota"]["limits"][0]["limit"]
    assert (limit["value"], limit["clauses"]) == (7, ["H-2.2c"])
    assert pack.sections["review"].rules == haixin().sections["review"].rules


def test_a_pack_that_extends_itself_or_nothing(tmp_path: Path) -> None:
    child = tmp_path / "child.yaml"
    child.write_text(CHILD.format(extends="child.yaml"), encoding="utf-8")
    with pytest.raises(PackError, match="extends"):
        load_pack(child)
    child.write_text(CHILD.format(extends="none.yaml"), encoding="utf-8")
    with pytest.raises(PackError, match="No such file"):
        load_pack(child)


@pytest.mark.parametrize("value", ['""', ""])
def test_a_missing_document_is_a_warning(tmp_path: Path, value: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(TEXT.replace("value: 在线客户管理制度", f"value: {value}"), encoding="utf-8")
    pack = load_pack(file)
    assert list(pack.problems(MODELS)) == []
    at = line_of(TEXT, "value: 在线客户管理制度")
    assert list(pack.warnings()) == [
        f"pack.yaml:{at}: activity.online.external_policy: names no document"
    ]
    assert list(haixin().warnings()) == []
