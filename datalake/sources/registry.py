"""The sources of titles: to add one, import it here and name it in `SOURCES`."""

from pathlib import Path

from datalake.core.errors import InputError, LakeError
from datalake.core.lake import Lake
from datalake.sources.imdb_csv.files import IMDB_CSV
from datalake.sources.imdb_datasets.files import IMDB_DATASETS
from datalake.sources.source import TitleSource
from datalake.sources.source_file import has_source_files

SOURCES: tuple[TitleSource, ...] = (IMDB_CSV, IMDB_DATASETS)


def file_names() -> str:
    """What a folder to ingest holds, in words: one source's files or another's."""
    return " or ".join(source.file_names for source in SOURCES)


def source_in_folder(folder: Path) -> TitleSource:
    """The source whose files the folder has, the first of `SOURCES` where it has none.

    `InputError` where it has files of two.
    """
    sources = [s for s in SOURCES if any((folder / spec.name).exists() for spec in s.files)]
    if len(sources) > 1:
        raise InputError(
            f"{folder}: holds files of {_names(sources)}; give each source a folder of its own"
        )
    return sources[0] if sources else SOURCES[0]


def source_of_lake(lake: Lake) -> TitleSource:
    """The source whose files Raw has, the first of `SOURCES` where it has none.

    `LakeError` where it has files of two.
    """
    sources = _sources_in_raw(lake)
    if len(sources) > 1:
        raise LakeError(
            f"{lake.storage.url('Raw')}: holds files of {_names(sources)}; a lake has one source of"
            " titles: move one's files elsewhere"
        )
    return sources[0] if sources else SOURCES[0]


def check_same_source(lake: Lake, source: TitleSource) -> None:
    """`LakeError` where Raw has files of a source other than this one."""
    if others := [
        candidate for candidate in _sources_in_raw(lake) if candidate.name != source.name
    ]:
        raise LakeError(
            f"{lake.storage.url('Raw')}: holds files of {_names(others)}, not of {source.name};"
            " a lake has one source of titles: ingest into another --lake"
        )


def _sources_in_raw(lake: Lake) -> list[TitleSource]:
    return [s for s in SOURCES if any(has_source_files(lake, spec) for spec in s.files)]


def _names(sources: list[TitleSource]) -> str:
    return " and ".join(source.name for source in sources)
