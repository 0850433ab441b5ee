"""What the tests of whole services begin with."""

import pytest

from tests.acceptance.actions import Company
from tests.platform import Platform, haixin


@pytest.fixture
def company() -> Company:
    """Return the spec's people on Monday 2026-03-02, 09:00, under the haixin rules."""
    return Company()


@pytest.fixture
def platform() -> Platform:
    """Return the three services under the haixin rules, without people."""
    platform = Platform()
    platform.begin("rules", lambda: platform.apply(haixin()))
    return platform
