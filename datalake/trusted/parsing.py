"""Columns from a source row's cells: text, numbers and lists, unknown as null."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from datalake.schemas.lists import SEPARATOR


def text(cell: Column) -> Column:
    r"""The cell's text; `\N` and the empty string are null."""
    return F.when((cell != r"\N") & (cell != ""), cell)


def listed(name: str) -> Column:
    """The comma list in the text column `name` as an array; null where there is none."""
    with_blanks = F.split(F.trim(name), SEPARATOR)
    # A regular expression is compiled anew for each row, and few rows need one.
    return F.when(F.contains(F.col(name), F.lit(" ")), with_blanks).otherwise(F.split(name, ","))


def number(name: str, kind: str) -> Column:
    """The text column `name` as a number of that SQL type; null where it is no such number."""
    return F.expr(f"try_cast({name} AS {kind})")


def decimal(name: str) -> Column:
    """The text column `name` as a double; null where it is no number in decimal digits.

    As a double, Spark takes "7.5d", "0x1p3" and "NaN" too; as a decimal it takes far longer.
    """
    has_letters = F.lower(name) != F.upper(name)
    exact = number(name, "DECIMAL(38, 10)").cast("double")
    return F.when(has_letters, exact).otherwise(number(name, "DOUBLE"))
