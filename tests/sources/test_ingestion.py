"""Source files that have not changed are neither read nor locked again."""

import os
import time

import pytest
from support.file_times import file_times
from support.source_files import DAY, write_source

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import newest_source_file

LONG_AGO_NS = time.time_ns() - 60_000_000_000


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def folder(tmp_path):
    folder = write_source(tmp_path / "csv")
    for path in folder.iterdir():
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return folder


def read_files(lake, folder, **options):
    """The names of the files that an ingestion reads."""
    read = []
    ingest(lake, folder, DAY, lambda what, *_: read.append(what), **options)
    return {what.removeprefix("check ") for what in read if what.startswith("check ")}


def test_the_second_ingestion_reads_and_writes_nothing(lake, folder):
    assert read_files(lake, folder) == {"movies.csv", "series.csv"}
    before = file_times(lake)
    assert read_files(lake, folder) == set()
    assert file_times(lake) == before


def test_force_reads_them_anew(lake, folder):
    ingest(lake, folder, DAY)
    assert read_files(lake, folder, force=True) == {"movies.csv", "series.csv"}


@pytest.mark.parametrize("change", ["time", "size"])
def test_a_file_of_another_size_or_time_is_read(lake, folder, change):
    ingest(lake, folder, DAY)
    path = folder / "movies.csv"
    if change == "size":
        path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS + (change == "time")))
    assert read_files(lake, folder) == {"movies.csv"}


def test_a_file_that_was_just_written_is_not_known_by_its_time(lake, folder):
    path = folder / "movies.csv"
    path.touch()
    ingest(lake, folder, DAY)
    before = file_times(lake)
    assert newest_source_file(lake, FILES[Kind.MOVIE]).contents.modified_ns == 0
    assert read_files(lake, folder) == {"movies.csv"}
    assert file_times(lake) == before, "the bytes are in Raw: no lease is taken"
