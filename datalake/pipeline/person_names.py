"""Puts people's names where rows hold their keys."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.questions.question import PersonName

K = TypeVar("K")
V = TypeVar("V")


def resolve_names(rows: Mapping[K, V], dim_person: DataFrame) -> dict[K, V]:
    """The rows, at any depth of lists and mappings, with each `PersonName` replaced by the name.

    The names are fetched at once: some thousands at most.
    """
    keys = sorted({name.person_key for name in _person_names(rows)})
    spark = dim_person.sparkSession
    key_rows = spark.createDataFrame([(key,) for key in keys], "person_key long")
    with_names = dim_person.join(F.broadcast(key_rows), on="person_key", how="inner")
    names = {row.person_key: row.name for row in with_names.select("person_key", "name").collect()}
    resolved: dict[K, V] = _replace(rows, names)
    return resolved


def _person_names(value: Any) -> Iterator[PersonName]:
    if isinstance(value, PersonName):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _person_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _person_names(item)


def _replace(value: Any, names: Mapping[int, str]) -> Any:
    if isinstance(value, PersonName):
        return names[value.person_key]
    if isinstance(value, Mapping):
        return {key: _replace(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace(item, names) for item in value]
    return value
