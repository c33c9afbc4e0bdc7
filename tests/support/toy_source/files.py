"""toy.tsv: what tells that a file is one, and its ids in scope. No Spark."""

from functools import partial

from datalake.core.errors import InputError
from datalake.schemas.kinds import Kind
from datalake.schemas.lists import split_list
from datalake.sources.source import FileSpec, TitleSource
from datalake.sources.source_file import newest_source_file
from datalake.sources.text_files import inspect_text

HEADER = "id\tgenres\tartist"
TOY_FILE = FileSpec("toy.tsv", "Raw/Toy/TSV", Kind.MOVIE)


def check_header(spec, text):
    if text != HEADER:
        raise InputError(f"expected the columns {HEADER!r}")


def ids_in_scope(lake, kind, genres, day=None, title_types=None):
    if kind is not TOY_FILE.kind:
        return
    with lake.storage.open(newest_source_file(lake, TOY_FILE, day).key) as lines:
        next(lines)
        for line in lines:
            title_id, names, _ = line.decode().split("\t")
            if set(split_list(names)) & set(genres):
                yield title_id


TOY = TitleSource(
    name="toy",
    files=(TOY_FILE,),
    inspect=partial(inspect_text, check_header=check_header),
    ids_in_scope=ids_in_scope,
    tables="support.toy_source.tables",
)
