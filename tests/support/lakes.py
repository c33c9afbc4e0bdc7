"""Lakes for tests of the Spark steps: their tables, what the tables hold, TMDB's answers in Raw."""

import gzip
import json
from collections import Counter

from support.source_files import DAY

from datalake.core.errors import LakeError
from datalake.core.settings import load_settings
from datalake.questions.registry import TABLES
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import tmdb_folder
from datalake.spark.session import create_session
from datalake.spark.tables import Tables

MEDIA_TYPES = {Kind.MOVIE: "movie", Kind.SERIES: "tv"}


def settings_at(folder, **others):
    """Settings of a lake in that folder."""
    return load_settings(str(folder), cores="2", memory="2g", **others)


def tables_of(settings):
    """The lake's tables; a Spark must be running."""
    own = create_session(settings)
    own.conf.set("spark.sql.shuffle.partitions", "1")
    return Tables(own, settings.lake)


def rows_of(tables, table):
    """The published rows, sorted, each as a dictionary."""
    return sorted((row.asDict(recursive=True) for row in tables.read(table).collect()), key=str)


def held(tables, layers=("Trusted", "Refined", "Answers")):
    """Every table's rows by name, as texts that can be compared; None where it isn't published."""
    return {table.name: _texts(tables, table) for table in TABLES if table.layer in layers}


def _texts(tables, table):
    try:
        return Counter(map(str, tables.read(table).collect()))
    except LakeError:
        return None


def answer(title_id, kind=Kind.MOVIE, at="2026-01-10T12:00:00Z", outcome="found", **body):
    """A line of Raw: what TMDB answered on a title; its TMDB id is the number in `title_id`."""
    is_found = outcome == "found"
    return json.dumps(
        {
            "imdb_id": title_id,
            "media_type": MEDIA_TYPES[kind],
            "tmdb_id": int(title_id[2:]) if is_found else None,
            "outcome": outcome,
            "fetched_at": at,
            "body": {"id": int(title_id[2:])} | body if is_found else None,
        },
        ensure_ascii=False,
    )


def answered(lake, *lines, kind=Kind.MOVIE, day=DAY, name="part"):
    """Put the lines into Raw as one file of that day's answers."""
    with lake.storage.create(f"{tmdb_folder(kind, day)}/{name}.jsonl.gz") as file:
        file.write(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
