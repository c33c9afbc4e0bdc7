"""Checks of the lake's small files as they are read; an error names the damaged file."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from typing import IO, Any, TypeVar

from datalake.core.errors import LakeError
from datalake.core.storage import Storage

T = TypeVar("T")
PARSING_ERRORS = (
    *(ValueError, LookupError, TypeError, AttributeError),
    *(RecursionError, OverflowError, EOFError),
)


@contextmanager
def report_damage(storage: Storage, key: str, remedy: str) -> Iterator[None]:
    """Turn an error of parsing the file in the block into a `LakeError` that names it."""
    try:
        yield
    except PARSING_ERRORS as error:
        raise LakeError(f"{storage.url(key)}: damaged; {remedy}") from error


def load_json(file: IO[bytes]) -> Any:
    """The value in a small JSON file; `ValueError` where it can't be written as JSON again."""
    return parse_json(file.read())


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text; `ValueError` as in `load_json`."""
    value = json.loads(text)
    json.dumps(
        value, ensure_ascii=False, allow_nan=False
    ).encode()  # fails on half a surrogate pair
    return value


def checked(value: object, expected: type[T]) -> T:
    """The value; `TypeError` where it is not exactly of that type: true is no integer."""
    if type(value) is not expected:
        raise TypeError(f"not of type {expected.__name__}")
    return value


def checked_time(text: str) -> datetime:
    """A time of ISO 8601 in UTC; `ValueError` where it has no zone or no such time exists."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without zone")
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time that no calendar has") from error


def from_fields(cls: type[T], values: Mapping[str, Any]) -> T:
    """A flat dataclass from JSON; `TypeError` where a field is missing, unknown or mistyped."""
    for field in fields(cls):  # type: ignore[arg-type]
        if field.name in values:
            checked(values[field.name], field.type)  # type: ignore[arg-type]
    return cls(**values)
