"""The customers section of the haixin pack."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from cli.pack_file import Section, load_pack
from services.customers.domain.policy import CustomersPolicy

PACK = Path(__file__).parents[3] / "policies" / "haixin-pool.yaml"


@cache
def section() -> Section:
    """Return the section as the loader reads it."""
    return load_pack(PACK).sections["customers"]


@cache
def haixin() -> CustomersPolicy:
    """Return the typed rules."""
    return CustomersPolicy.model_validate(section().rules)


def rules_copy() -> dict[str, Any]:
    """Return the rules untyped, free to be changed."""
    return deepcopy(section().rules)
