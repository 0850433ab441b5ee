"""What the tests of ownership on time begin with."""

import pytest

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing


@pytest.fixture
def doing(company: Company) -> Doing:
    """Return what the company's people do with customers."""
    return Doing(company)
