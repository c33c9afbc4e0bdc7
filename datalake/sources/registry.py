"""The sources of titles: to add one, import it here and name it in `SOURCES`."""

from collections.abc import Iterable
from pathlib import Path

from datalake.core.errors import InputError, SettingsError
from datalake.sources.imdb_csv.files import IMDB_CSV
from datalake.sources.imdb_datasets.files import IMDB_DATASETS
from datalake.sources.source import FileSpec, TitleSource

SOURCES: tuple[TitleSource, ...] = (IMDB_CSV, IMDB_DATASETS)


def all_files() -> list[FileSpec]:
    """The files of every source."""
    return [spec for source in SOURCES for spec in source.files]


def file_names() -> str:
    """What a folder to ingest holds, in words: one source's files or another's."""
    return " or ".join(source.file_names for source in SOURCES)


def source_named(name: str) -> TitleSource:
    """The source of that name; `SettingsError` where there is none."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise SettingsError(f"--format {name}: no source; there are {names_of(SOURCES)}")


def source_in_folder(folder: Path, name: str | None = None) -> TitleSource:
    """The source of that name, else the one whose files the folder has.

    `InputError` where the folder lacks one of its files, has none, or has files of two sources.
    """
    sources = [s for s in SOURCES if any((folder / spec.name).exists() for spec in s.files)]
    if len(sources) > 1 and name is None:
        raise InputError(f"{folder}: holds files of {names_of(sources)}; choose one by --format")
    source = source_named(name) if name else sources[0] if sources else None
    if source is None:
        raise InputError(f"{folder}: no {file_names()} is there{_gzip_hint(folder)}")
    missing = [spec.name for spec in source.files if not (folder / spec.name).exists()]
    if missing:
        raise InputError(
            f"{folder}: no {', '.join(missing)} is there; {source.name} has"
            f" {source.file_names}{_gzip_hint(folder)}"
        )
    return source


def names_of(sources: Iterable[TitleSource]) -> str:
    """Their names, as a message has them."""
    return " and ".join(source.name for source in sources)


def _gzip_hint(folder: Path) -> str:
    """The command to run where a source's file is there, but not gzipped; else empty."""
    gzipped = [s.name for source in SOURCES for s in source.files if s.name.endswith(".gz")]
    names = [name.removesuffix(".gz") for name in gzipped]
    unzipped = [name for name in names if (folder / name).exists()]
    return f"; run: gzip {' '.join(unzipped)}" if unzipped else ""
