"""Quality rules; a row that breaks any is quarantined with all its reasons."""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.schemas.lists import SEPARATOR

_ID = r"tt\d{7,}"


class Rule(NamedTuple):
    """A reason to reject a row, and the condition that is true for rows to reject."""

    reason: str
    broken: Column


def apply_rules(
    rows: DataFrame, rules: Sequence[Rule], keep: Sequence[str], counts: Observation | None = None
) -> DataFrame:
    """The columns `keep` and `reasons`: every broken rule's, null where the row is good.

    Reasons that the rows have already are kept. `counts` gets `rows` and `bad` of each kind, as
    `movie_rows`, `movie_bad` and so on.
    """
    return without_pushdown(reasons_against(rows, rules, keep), counts, *_counts_by_kind())


def without_pushdown(
    rows: DataFrame, counts: Observation | None = None, *aggregates: Column
) -> DataFrame:
    """The rows, with a barrier to the optimizer; `counts` gets the aggregates.

    Metrics are such a barrier: without it, a filter on `reasons` is pushed down as one expression
    in which every rule splits its line anew, 40 times slower.
    """
    return rows.observe(counts or Observation(), *(aggregates or [F.count("*").alias("rows")]))


def reasons_against(rows: DataFrame, rules: Sequence[Rule], keep: Sequence[str]) -> DataFrame:
    """The columns `keep` and `reasons`, as `apply_rules` has them, without its barrier."""
    earlier = [F.col("reasons")] if "reasons" in rows.columns else []
    broken = F.concat_ws("\n", *earlier, *(F.when(rule.broken, rule.reason) for rule in rules))
    reasons = F.array_distinct(F.split("broken", "\n"))
    return rows.withColumn("broken", broken).select(
        *keep, F.when(F.col("broken") != "", reasons).alias("reasons")
    )


def _counts_by_kind() -> list[Column]:
    bad = F.col("reasons").isNotNull()
    is_of_kind = {kind.value: F.col("kind") == kind.value for kind in Kind}
    return [F.count_if(is_kind).alias(f"{kind}_rows") for kind, is_kind in is_of_kind.items()] + [
        F.count_if(bad & is_kind).alias(f"{kind}_bad") for kind, is_kind in is_of_kind.items()
    ]


def number(text: str, value: str, lowest: float, highest: float | Column) -> tuple[Rule, Rule]:
    """Rules: column `value`, cast from column `text`, is a number within bounds, or null."""
    return (
        Rule(f"{text}: not a number", F.col(text).isNotNull() & F.col(value).isNull()),
        Rule(f"{text}: out of range", (F.col(value) < lowest) | (F.col(value) > highest)),
    )


def title_id(name: str) -> Rule:
    """The rule that the column `name` holds an IMDb title id."""
    return Rule(
        f"{name}: not an IMDb title id",
        F.col(name).isNull() | ~F.col(name).rlike(rf"^{_ID}\z"),
    )


def title_ids(name: str) -> Rule:
    """The rule that the column `name` holds a comma list of IMDb title ids, or null."""
    ids = rf"^ *{_ID}({SEPARATOR}{_ID})* *\z"
    return Rule(f"{name}: not a list of IMDb title ids", ~F.col(name).rlike(ids))


def undamaged(line: Column) -> tuple[Rule, Rule]:
    """Rules: the text was UTF-8 and holds no NUL byte."""
    return (
        Rule("line: not UTF-8", F.contains(line, F.lit("\ufffd"))),
        Rule("line: holds a NUL byte", F.contains(line, F.lit("\x00"))),
    )
