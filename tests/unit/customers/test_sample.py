"""The sample that the project carries."""

import csv
from pathlib import Path

from services.customers.domain.completeness import check
from services.customers.domain.form import CustomerForm, Door
from services.customers.domain.identity import identity_key
from tests.unit.customers.policy_example import haixin

SAMPLE = Path(__file__).parents[3] / "cli" / "samples" / "companies.csv"


def test_every_sample_name_is_accepted_and_distinct() -> None:
    policy = haixin()
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        names = [row["full_name"] for row in csv.DictReader(file)]
    assert len(names) == 300
    assert [n for n in names if check(CustomerForm(full_name=n), policy, Door.POOL)[0]] == []
    assert len({identity_key(n, "general", "", policy.identity) for n in names}) == len(names)
