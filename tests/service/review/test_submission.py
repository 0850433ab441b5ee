"""A submission that breaks off leaves nothing reserved, however it is repeated."""

import copy
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as customers
from crm.review.v1 import review_pb2 as review

from chassis.local import LocalRpcError
from services.customers.store.tables import identity
from services.review.store.tables import review_case
from tests.platform import Platform, haixin

FORM: dict[str, Any] = {
    "full_name": "成都蓝海科技有限公司",
    "business_address": "成都市永丰路47号丰尚玉林商务港801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456"],
    "category": "intended",
}


class _Away(grpc.RpcError):  # type: ignore[misc]
    """The peer cannot be reached."""

    def trailing_metadata(self) -> None:
        return None


class Interrupted(Platform):
    """Ownership can be out of reach."""

    away = False

    def channel(self, name: str) -> Any:
        """Return a channel that fails while ownership is away."""
        platform = self

        class Channel:
            def unary_unary(self, path: str, *codecs: Any, **options: Any) -> Any:
                reach = platform.servers[name].unary_unary(path, *codecs, **options)

                def call(*arguments: Any, **more: Any) -> Any:
                    if platform.away and name == "ownership":
                        raise _Away
                    return reach(*arguments, **more)

                return call

        return Channel()


@pytest.fixture
def platform() -> Interrupted:
    platform = Interrupted()
    platform.apply(haixin())
    platform.hire("li", "李雷")
    platform.hire("zhou", "周舟", ("customer_service",), department="cs")
    platform.settle()
    return platform


def broken_off(platform: Interrupted) -> review.SubmitCaseRequest:
    """Submit a new customer while ownership is away: its identity is reserved already."""
    check = platform.call(
        platform.customers.CheckDuplicates,
        customers.CheckDuplicatesRequest(full_name=FORM["full_name"]),
        "li",
    )
    request = review.SubmitCaseRequest(
        case_type="new_customer", check_id=check.duplicate_check.check_id
    )
    request.form.update(FORM)
    platform.away = True
    assert refusal(platform, request) is grpc.StatusCode.UNAVAILABLE
    platform.away = False
    assert len(reserved(platform)) == 1
    return request


def refusal(platform: Platform, request: review.SubmitCaseRequest) -> grpc.StatusCode:
    with pytest.raises(LocalRpcError) as refused:
        platform.call(platform.review.SubmitCase, request, "li")
    return refused.value.code()


def reserved(platform: Platform) -> list[Any]:
    with platform.parts["customers"].database.read() as connection:
        return list(connection.execute(sa.select(identity.c.case_id)).scalars())


def test_a_repetition_completes_it(platform: Interrupted) -> None:
    request = broken_off(platform)
    answer = platform.call(platform.review.SubmitCase, request, "li")
    assert answer.case.state == review.CASE_STATE_OPEN
    assert reserved(platform) == [answer.case.case_id]


def test_a_repetition_that_is_refused_frees_what_was_reserved_before(
    platform: Interrupted,
) -> None:
    request = broken_off(platform)
    stricter = copy.deepcopy(haixin())
    stricter.sections["customers"].parameters["phones.min"]["value"] = 2
    platform.apply(stricter, platform.now)
    assert refusal(platform, request) is grpc.StatusCode.INVALID_ARGUMENT
    platform.settle()
    assert reserved(platform) == []
    with platform.parts["review"].database.read() as connection:
        assert connection.execute(sa.select(review_case.c.state)).scalars().all() == ["refused"]


def test_a_repetition_with_another_form_is_told_so(platform: Interrupted) -> None:
    request = broken_off(platform)
    request.form["hr_lead"] = "李明"
    assert refusal(platform, request) is grpc.StatusCode.INVALID_ARGUMENT
    request.form["hr_lead"] = FORM["hr_lead"]
    platform.call(platform.review.SubmitCase, request, "li")
