"""Every refusal that the platform can give has one shape, and its code is that of one table."""

import importlib
import pkgutil
from collections.abc import Iterator

import grpc
import pytest

import chassis
import services
from chassis.grpc_errors import CODES, from_status, to_status
from chassis.kernel import Figure, Kind, Reason
from tests.refusals import read

TABLE = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.DUPLICATE: grpc.StatusCode.ALREADY_EXISTS,
    Kind.STATE: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.POLICY: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.QUOTA: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.STALE: grpc.StatusCode.ABORTED,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    Kind.RATE: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}


class AnyFigure(dict[str, Figure]):
    """Has a figure for every name that a sentence quotes."""

    def __missing__(self, name: str) -> Figure:
        return f"«{name}»"


def modules() -> Iterator[str]:
    for package in (chassis, services):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith(("__main__", "worker")) and ".migrations" not in found.name:
                yield found.name


def reasons() -> dict[tuple[str, str], Reason]:
    """Return every reason of the platform's catalogues by module and code."""
    found = {}
    for name in modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, Reason):
                found[name, value.code] = value
    return found


ALL = sorted({reason.code: reason for reason in reasons().values()}.items())


def test_the_table_of_codes() -> None:
    assert CODES == TABLE
    assert set(CODES) == set(Kind)


def test_there_are_reasons_to_look_at() -> None:
    assert len(ALL) > 70


@pytest.mark.parametrize("reason", [reason for _, reason in ALL], ids=[code for code, _ in ALL])
def test_a_reason_has_the_shape(reason: Reason) -> None:
    figures = AnyFigure()
    pure = {"zh": "原因", "en": "a reason", "problem": "问题 a problem"}
    for name in names(reason):
        figures[name] = pure.get(name, "7")
    refusal = reason.refuse("H-2.2a", **figures)
    told = read(to_status(refusal, "customers"))
    assert told.reason == reason.code
    assert told.clause == "H-2.2a"
    assert told.code == TABLE[reason.kind].name
    assert "{" not in told.zh + told.en
    back = from_status(to_status(refusal, "customers"))
    if reason.code != "INTERNAL":
        assert (back.reason, back.kind, back.say) == (reason.code, reason.kind, refusal.say)
        assert (back.clause, back.advice) == (refusal.clause, refusal.advice)


def names(reason: Reason) -> set[str]:
    """Return the names of the figures that a reason's sentences quote."""
    asked = set()

    class Asking(dict[str, str]):
        def __missing__(self, name: str) -> str:
            asked.add(name)
            return ""

    for text in (reason.zh, reason.en, reason.next_zh, reason.next_en):
        text.format_map(Asking())
    return asked


@pytest.mark.parametrize("reason", [reason for _, reason in ALL], ids=[code for code, _ in ALL])
def test_advice_comes_in_both_languages(reason: Reason) -> None:
    assert bool(reason.next_zh) == bool(reason.next_en)


def test_one_code_means_one_kind_of_refusal() -> None:
    kinds: dict[str, set[Kind]] = {}
    for reason in reasons().values():
        kinds.setdefault(reason.code, set()).add(reason.kind)
    ambiguous = {code for code, found in kinds.items() if len(found) > 1}
    assert ambiguous <= {"CATEGORY_NOT_ALLOWED"}
