"""The typed model of the customers section, and the reason catalogue."""

import pytest
from pydantic import ValidationError

from chassis.kernel import Reason
from chassis.policy_faults import parameters_held
from services.customers.domain import likeness_reasons, reasons
from services.customers.domain.policy import CustomersPolicy
from tests.unit.customers.policy_example import haixin, rules_copy, section


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("form", "address_pattern", "("),
        ("form", "phones_min", -1),
        ("form", "allowed_categories", ["friend"]),
        ("duplicates", "likely_at", 101),
        ("duplicates", "on_same", "perhaps"),
        ("release_mark", "mnemonic_format", "删除"),
        ("form", "insurance_contact_suffix", "{contact}"),
    ],
)
def test_a_wrong_value_is_refused(group: str, key: str, value: object) -> None:
    rules = rules_copy()
    rules[group][key] = {**rules[group][key], "value": value}
    with pytest.raises(ValidationError):
        CustomersPolicy.model_validate(rules)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        CustomersPolicy.model_validate({**rules_copy(), "colour": "blue"})


def test_every_reason_has_its_own_code() -> None:
    said = [vars(module) for module in (likeness_reasons, reasons)]
    catalogue = [one for names in said for one in names.values() if isinstance(one, Reason)]
    assert len({reason.code for reason in catalogue}) == len(catalogue)
    assert all(reason.zh and reason.en and len(reason.code) <= 63 for reason in catalogue)


def test_every_parameter_is_in_force() -> None:
    assert section().parameters.keys() == {held.name for _, held in parameters_held(haixin())}
