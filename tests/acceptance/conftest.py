"""The company that every case begins with."""

import pytest

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing


@pytest.fixture
def company() -> Company:
    """Return the spec's people on Monday 2026-03-02, 09:00, under the haixin rules."""
    return Company()


@pytest.fixture
def doing(company: Company) -> Doing:
    """Return what the company's people do with customers."""
    return Doing(company)
