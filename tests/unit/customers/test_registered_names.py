"""The full-name rule on many real registered names, where the file is at hand."""

import os
from pathlib import Path

import pytest

from services.customers.domain.full_names import is_full
from tests.unit.customers.policy_example import haixin

NAMES = os.environ.get("CRM_REGISTERED_NAMES", "")


@pytest.mark.skipif(not NAMES, reason="CRM_REGISTERED_NAMES names no file of registered names")
def test_the_full_name_rule_accepts_real_registered_names() -> None:
    form = haixin().form
    limits = form.company_name_length.value
    lines = Path(NAMES).read_text(encoding="utf-8").splitlines()[1:]
    names = [line.split("\t")[0].strip() for line in lines]
    names = [name for name in names if limits.least <= len(name) <= limits.most]
    refused = [name for name in names if not is_full(name, form.name_endings.value)]
    assert len(refused) <= 0.005 * len(names), refused[:50]
