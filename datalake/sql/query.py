"""One read-only query: checked, run, and its rows written to a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datalake.core.errors import SettingsError
from datalake.core.files import atomic_path

_READ_ONLY = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_FORMATS = {
    ".csv": "FORMAT csv, HEADER",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
    ".json": "FORMAT json, ARRAY true",
}


def require_read_only(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The query without its semicolon; `SettingsError` unless it is one that only reads."""
    with _translate_errors():
        statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise SettingsError(f"sql: {len(statements)} statements; give one")
    if statements[0].type not in _READ_ONLY:
        raise SettingsError(f"sql: {statements[0].type.name} can't be done; the lake is read only")
    return str(statements[0].query).strip().rstrip(";")


def run_query(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyConnection:
    """The query's result, ready to be fetched; `SettingsError` where it can't be run."""
    with _translate_errors():
        return connection.execute(require_read_only(connection, query))


def write_rows(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write the query's rows to the file, atomically, and return their number."""
    options = _FORMATS.get(target.suffix.lower())
    if options is None:
        raise SettingsError(f"--output {target}: the name must end in {', '.join(_FORMATS)}")
    if not target.parent.is_dir():
        raise SettingsError(f"--output {target}: there is no folder {target.parent}")
    select = require_read_only(connection, query)
    try:
        with atomic_path(target) as temporary, _translate_errors():
            name = str(temporary).replace("'", "''")
            count = connection.execute(f"COPY (\n{select}\n) TO '{name}' ({options})").fetchone()
    except OSError as error:
        raise SettingsError(f"--output {target}: {error.strerror}") from error
    return int(count[0]) if count else 0


@contextmanager
def _translate_errors() -> Iterator[None]:
    """DuckDB's errors as a `SettingsError` of one line."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error).split("\nLINE ")[0]
        raise SettingsError(f"sql: {' '.join(message.split())}") from error
