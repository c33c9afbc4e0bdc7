"""IMDb's datasets as a source: the check of its files, and its registration."""

from functools import partial

from datalake.sources.gzip_files import inspect_gzip
from datalake.sources.imdb_datasets.raw import COLUMNS, FILES
from datalake.sources.imdb_datasets.scope import ids_in_scope, write_ids
from datalake.sources.source import TitleSource

IMDB_DATASETS = TitleSource(
    name="imdb-datasets",
    files=FILES,
    inspect=partial(inspect_gzip, columns=COLUMNS),
    ids_in_scope=ids_in_scope,
    tables="datalake.sources.imdb_datasets.tables",
    write_ids=write_ids,
)
