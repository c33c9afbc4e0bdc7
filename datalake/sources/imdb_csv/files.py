"""movies.csv and series.csv as a source: the check of their headers, and its registration."""

from functools import partial

from datalake.core.errors import InputError
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.imdb_csv.scope import ids_in_scope
from datalake.sources.source import FileSpec, TitleSource
from datalake.sources.text_files import inspect_text

_OTHER_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}


def check_header(spec: FileSpec, text: str) -> None:
    """`InputError` where the header isn't that of the spec's file, column by column."""
    expected, columns = header(spec.kind or Kind.MOVIE), tuple(text.split("|"))
    if len(columns) == 1:
        raise InputError(f"no | in the header; columns must be separated by |{_separator(text)}")
    if any(name.strip('"') in expected and name not in expected for name in columns):
        raise InputError("every cell is quoted; export it without quotes")
    if missing := [name for name in expected if name not in columns]:
        raise InputError(f"no column {', '.join(missing)}; the header has {len(columns)}")
    if extra := [name for name in columns if name not in expected]:
        raise InputError(f"unknown column {', '.join(extra)}; {spec.name} has no such one")
    if columns != expected:
        raise InputError(f"the columns are in another order than {'|'.join(expected)}")


def _separator(header: str) -> str:
    """The separator the header seems to use instead, in words; empty where unclear."""
    counts = {words: header.count(mark) for mark, words in _OTHER_SEPARATORS.items()}
    commonest = max(counts, key=counts.__getitem__)
    return f", not by {commonest}" if counts[commonest] >= len(_OTHER_SEPARATORS) else ""


IMDB_CSV = TitleSource(
    name="imdb-csv",
    files=tuple(FILES.values()),
    inspect=partial(inspect_text, check_header=check_header),
    ids_in_scope=ids_in_scope,
    tables="datalake.sources.imdb_csv.tables",
)
