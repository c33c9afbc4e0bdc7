"""One query: checked to be one that reads, run, and shown or written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datalake.core.errors import SettingsError

_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_FORMATS = {
    ".csv": "FORMAT csv, HEADER",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
    ".json": "FORMAT json, ARRAY true",
}


def one_that_reads(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """The text's only statement; `SettingsError` for several, or for one that would change data."""
    with _translate_errors():
        statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise SettingsError(f"sql: {len(statements)} statements; give one")
    if statements[0].type not in _READS:
        raise SettingsError(f"sql: {statements[0].type.name} can't be done; the lake is read only")
    return str(statements[0].query).strip().rstrip(";")


def ask(connection: duckdb.DuckDBPyConnection, text: str) -> duckdb.DuckDBPyConnection:
    """The query's result, ready to be fetched."""
    with _translate_errors():
        return connection.execute(one_that_reads(connection, text))


def write(connection: duckdb.DuckDBPyConnection, text: str, target: Path) -> int:
    """Write the query's rows to the file, whole or not at all, and count them."""
    form = _FORMATS.get(target.suffix.lower())
    if form is None:
        raise SettingsError(f"--output {target}: the name must end in {', '.join(_FORMATS)}")
    if not target.parent.is_dir():
        raise SettingsError(f"--output {target}: there is no folder {target.parent}")
    query = one_that_reads(connection, text)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        with _translate_errors():
            name = str(temporary).replace("'", "''")
            found = connection.execute(f"COPY (\n{query}\n) TO '{name}' ({form})").fetchone()
        temporary.replace(target)
    except OSError as error:
        raise SettingsError(f"--output {target}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return int(found[0]) if found else 0


@contextmanager
def _translate_errors() -> Iterator[None]:
    """What DuckDB complains of, in one line."""
    try:
        yield
    except duckdb.Error as error:
        told = str(error).split("\nLINE ")[0]
        raise SettingsError(f"sql: {' '.join(told.split())}") from error
