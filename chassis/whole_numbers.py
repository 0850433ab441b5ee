"""Numbers that JSON over protobuf turned into floats become integers again."""

from typing import Any


def whole_numbers(value: Any) -> Any:
    """Return JSON-ready data with every float that is whole as an integer: 4.0 as 4."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    return [whole_numbers(item) for item in value] if isinstance(value, list) else value
