"""The company that every case begins with."""

import pytest

from tests.acceptance.actions import Company


@pytest.fixture
def company() -> Company:
    """Return the spec's people on Monday 2026-03-02, 09:00, under the haixin rules."""
    return Company()
