"""Values of a TMDB body, whatever type they come in."""

from typing import Any

_MAX_ID = 2**63 - 1


def integer(value: object) -> int | None:
    """The integer from 0 that the value is exactly (7, 7.0 and "7" are 7); None beyond 64 bits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= _MAX_ID else None


def objects_in(value: object) -> list[dict[str, Any]]:
    """The JSON objects in an array; none where it is no array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
