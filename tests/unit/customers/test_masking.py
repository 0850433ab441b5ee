"""What others may see of a customer."""

import pytest

from chassis.kernel import Identity
from services.customers.domain.masking import Hit, mask, show
from tests.unit.customers.policy_example import haixin

HIT = Hit(
    customer_id="c1",
    full_name="中国人民保险集团有限公司（代春燕）",
    phones=("13800138000",),
    location="private_library",
    holder_id="wang",
    contact="代春燕",
)


def test_a_reader_sees_all() -> None:
    shown = show(HIT, readable=True, rules=haixin().visibility)
    assert (shown.customer_id, shown.full_name, shown.masked) == ("c1", HIT.full_name, False)


def test_others_learn_only_that_it_exists() -> None:
    shown = show(HIT, readable=False, rules=haixin().visibility)
    assert (shown.full_name, shown.phones) == ("中国人民****", ("138****",))
    assert (shown.customer_id, shown.location, shown.masked) == ("", "", True)
    assert "代春燕" not in repr(shown)
    assert "wang" not in repr(shown)


@pytest.mark.parametrize(("text", "masked"), [("", "****"), ("蓝", "****"), ("蓝海", "蓝****")])
def test_at_most_half_is_kept(text: str, masked: str) -> None:
    assert mask(text, 4) == masked


@pytest.mark.parametrize(
    ("role", "team", "allowed"),
    [
        ("sales_rep", "east", False),
        ("supervisor", "east", True),
        ("supervisor", "west", False),
        ("customer_service", "", True),
        ("general_manager", "", True),
        ("marketing_centre", "", False),
    ],
)
def test_who_besides_the_holder_reads_a_library(role: str, team: str, allowed: bool) -> None:
    actor = Identity("someone", "someone", frozenset({role}), "sales", team)
    assert haixin().visibility.library_readers.allows(actor, "sales", "east") is allowed
