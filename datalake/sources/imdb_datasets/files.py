"""IMDb's datasets as a source: the check of their headers, and its registration."""

from functools import partial

from datalake.core.errors import InputError
from datalake.sources.gzip_files import inspect_gzip
from datalake.sources.imdb_datasets.raw import COLUMNS, FILES
from datalake.sources.imdb_datasets.scope import ids_in_scope, write_ids
from datalake.sources.source import FileSpec, TitleSource


def check_header(spec: FileSpec, text: str) -> None:
    """`InputError` where the header isn't that of the spec's file, column by column."""
    expected, columns = COLUMNS[spec], tuple(text.split("\t"))
    if columns == expected:
        return
    if other := next((file.name for file in FILES if columns == COLUMNS[file]), None):
        raise InputError(f"renamed: its columns are those of {other}")
    if missing := [name for name in expected if name not in columns]:
        raise InputError(
            f"no column {', '.join(missing)}; expected {' '.join(expected)} with tabs between"
        )
    if extra := [name for name in columns if name not in expected]:
        raise InputError(f"unknown column {', '.join(extra)}; {spec.name} has no such one")
    raise InputError(f"the columns are in another order than {' '.join(expected)}")


IMDB_DATASETS = TitleSource(
    name="imdb-datasets",
    files=FILES,
    inspect=partial(inspect_gzip, check_header=check_header),
    ids_in_scope=ids_in_scope,
    tables="datalake.sources.imdb_datasets.tables",
    write_ids=write_ids,
)
