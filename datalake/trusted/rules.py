"""Rules a row must keep; a row that breaks one is quarantined with every reason it gave."""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

_ID = r"tt\d{7,}"


class Rule(NamedTuple):
    """A reason to reject a row, and the condition that is true where it applies."""

    reason: str
    broken: Column


def judged(rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """The rows with `reasons`: an array of every broken rule's, null where the row is good."""
    broken = F.concat_ws("\n", *(F.when(rule.broken, rule.reason) for rule in rules))
    # A metric is a wall: without it, a filter on `reasons` is pushed down as one expression
    # in which every rule splits its line anew, 40 times slower.
    wall = F.count("*").alias("rows")
    return (
        rows.withColumn("broken", broken)
        .withColumn("reasons", F.when(F.col("broken") != "", F.split("broken", "\n")))
        .drop("broken")
        .observe(Observation(), wall)
    )


def number(text: str, value: str, lowest: float, highest: float | Column) -> tuple[Rule, Rule]:
    """The column `value`, cast from the column `text`, is a number within bounds, or null."""
    return (
        Rule(f"{text}: not a number", F.col(text).isNotNull() & F.col(value).isNull()),
        Rule(f"{text}: out of range", (F.col(value) < lowest) | (F.col(value) > highest)),
    )


def title_id(name: str) -> Rule:
    """Column `name` holds an IMDb title id."""
    return Rule(
        f"{name}: not an IMDb title id",
        F.col(name).isNull() | ~F.col(name).rlike(rf"^{_ID}\z"),
    )


def title_ids(name: str) -> Rule:
    """Column `name` holds a comma list of IMDb title ids, or null."""
    return Rule(f"{name}: not a list of IMDb title ids", ~F.col(name).rlike(rf"^{_ID}(,{_ID})*\z"))


def undamaged(line: Column) -> tuple[Rule, Rule]:
    """The text was UTF-8 and holds no NUL byte."""
    return (
        Rule("line: not UTF-8", F.contains(line, F.lit("\ufffd"))),
        Rule("line: holds a NUL byte", F.contains(line, F.lit("\x00"))),
    )
