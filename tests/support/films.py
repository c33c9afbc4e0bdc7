"""A small table of films, for tests of Iceberg tables."""

from support.lakes import rows_of

from datalake.schemas import Table
from datalake.schemas.table import columns

FILMS = Table(
    "Trusted", "films", "One row per film's name.", ("name",),
    columns(("name", "string", "What it's called, \\ and all"), ("year", "int", "Its year")),
)  # fmt: skip


def frame(tables, *rows):
    return tables.spark.createDataFrame(rows, "name string, year int")


def names(tables, table=FILMS):
    return [row["name"] for row in rows_of(tables, table)]


def put(tables, table, *rows):
    tables.stage(table, frame(tables, *rows))
    tables.publish()
