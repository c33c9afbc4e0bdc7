"""Puts people's names where rows hold their keys."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from datalake.questions.question import PersonName
from datalake.schemas.query import Query

K = TypeVar("K")
V = TypeVar("V")
_PLAIN = {bool, int, float, str, type(None)}


def resolve_names(rows: Mapping[K, V], query: Query) -> dict[K, V]:
    """The rows, at any depth of lists and mappings, with each `PersonName` replaced by the name.

    The names are fetched at once: some thousands at most.
    """
    keys = ", ".join(map(str, sorted({name.person_key for name in _person_names(rows)})))
    names = f"select person_key, name from {{dim_person}} where person_key in ({keys or 'null'})"
    resolved: dict[K, V] = _replace(rows, dict(query(names).rows))
    return resolved


def _person_names(value: Any) -> Iterator[PersonName]:
    if isinstance(value, PersonName):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _person_names(item)
    elif isinstance(value, list) and not _is_plain(value):
        for item in value:
            yield from _person_names(item)


def _replace(value: Any, names: Mapping[int, str]) -> Any:
    if isinstance(value, PersonName):
        return names[value.person_key]
    if isinstance(value, Mapping):
        return {key: _replace(item, names) for key, item in value.items()}
    if isinstance(value, list) and not _is_plain(value):
        return [_replace(item, names) for item in value]
    return value


def _is_plain(values: list[Any]) -> bool:
    """Whether they are numbers and texts alone, as most of the page's million values are."""
    return set(map(type, values)) <= _PLAIN
