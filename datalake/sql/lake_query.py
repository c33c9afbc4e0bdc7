"""Queries that DuckDB runs on a lake's published tables, in a folder or on S3."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

import duckdb

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.schemas.query import Query, Result, tables_in
from datalake.sql.connection import create_table, new_connection
from datalake.sql.snapshots import published_tables, read_snapshot, require_version
from datalake.sql.table_metadata import Metadata


@contextmanager
def lake_query(lake: Lake) -> Iterator[Query]:
    """A function that runs SQL on the tables as they were published when the block began.

    The files of tables on S3 that a query reads are downloaded to a temporary folder.
    """
    published = published_tables(lake, TABLES)
    with closing(new_connection()) as connection, TemporaryDirectory() as folder:
        created = set[str]()

        def query(sql: str) -> Result:
            for table in TABLES:
                if table.name in tables_in(sql) and table.name not in created:
                    _create(connection, lake, table, published.get(table), Path(folder))
                    created.add(table.name)
            return _run(connection, lake, sql.format_map({name: name for name in created}))

        yield query


def _run(connection: duckdb.DuckDBPyConnection, lake: Lake, sql: str) -> Result:
    try:
        cursor = connection.execute(sql)
        return Result([name for name, *_ in cursor.description or ()], cursor.fetchall())
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise LakeError(f"{lake.storage.url('')}: can't read the tables: {reason}") from error


def _create(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: Table,
    metadata: Metadata | None,
    folder: Path,
) -> None:
    if metadata is None:
        remedy, table_name = f"run: datalake {table.layer.lower()}", f"{table.layer}.{table.name}"
        raise LakeError(f"{lake.storage.url('')}: no table {table_name}; {remedy}")
    require_version(lake, table, metadata)
    snapshot = read_snapshot(lake, table, metadata)
    files = [_local_file(lake, key, folder) for key in snapshot.files]
    create_table(connection, table, snapshot._replace(files=files))


def _local_file(lake: Lake, key: str, folder: Path) -> str:
    """The file's path on this machine; one on S3 is fetched into the folder."""
    if not lake.on_s3:
        return lake.storage.url(key)
    path = folder / key.replace("/", "-")
    with lake.storage.open(key) as source, path.open("wb") as target:
        copyfileobj(source, target)
    return str(path)
