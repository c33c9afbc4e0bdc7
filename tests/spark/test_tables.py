"""Staging shows nobody anything; publishing shows everything, also after a kill in between."""

import json
import shutil
from pathlib import Path

import pytest
from support.films import FILMS, frame, names, put
from support.lakes import rows_of, settings_at, tables_of

from datalake.core.errors import LakeError, QualityError
from datalake.core.lake import Lake
from datalake.questions.registry import TABLES
from datalake.schemas import Table
from datalake.schemas.table import columns
from datalake.spark.tables import Tables

SHOWS = Table(
    "Refined", "shows", "One row per show and year.", ("name",),
    columns(("name", "string", "What it is called"), ("year", "int", "Its year")),
    partitioned_by=("year",),
)  # fmt: skip


def test_what_is_staged_is_nobody_s_before_it_is_published(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    staged = tables.stage(FILMS, frame(tables, ("New", 2000), ("Newer", 2001)))
    assert sorted(row.name for row in staged.collect()) == ["New", "Newer"]
    assert names(tables) == names(tables_of(settings)) == ["Old"]
    tables.publish()
    assert names(tables) == names(tables_of(settings)) == ["New", "Newer"]
    assert settings.lake.storage.list("Publishing") == []


def test_a_table_staged_for_the_first_time_is_not_there_yet(tables, settings):
    tables.stage(FILMS, frame(tables, ("New", 2000)))
    with pytest.raises(LakeError, match=r"no table Trusted\.films; run: datalake trusted$"):
        tables_of(settings).read(FILMS)
    tables.publish()
    assert names(tables_of(settings)) == ["New"]


def test_what_a_dead_run_staged_is_never_published(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    dead = tables_of(settings)
    dead.stage(FILMS, frame(dead, ("Lost", 2000)))
    survivor = tables_of(settings)
    assert names(survivor) == ["Old"]
    survivor.stage(SHOWS, frame(survivor, ("Show", 2000)))
    survivor.publish()
    assert names(survivor) == ["Old"]
    put(survivor, FILMS, ("New", 2001))
    assert names(survivor) == ["New"]


class Dying:
    """A storage whose process dies as soon as the intent to publish is written."""

    def __init__(self, storage):
        self._storage = storage

    def open(self, key):
        raise KeyboardInterrupt

    def __getattr__(self, name):
        return getattr(self._storage, name)


def dying(lake):
    copy = Lake(lake.root)
    vars(copy)["storage"] = Dying(lake.storage)
    return copy


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_kill_while_publishing_is_made_good_by_the_next_run(tables, settings, done):
    put(tables, FILMS, ("Old", 1999))
    put(tables, SHOWS, ("Old", 1999))
    tables.stage(FILMS, frame(tables, ("New", 2000)))
    tables.stage(SHOWS, frame(tables, ("New", 2000)))
    tables.lake = dying(settings.lake)
    with pytest.raises(KeyboardInterrupt):
        tables.publish()
    tables.lake = settings.lake
    intent = json.load(settings.lake.storage.open("Publishing/intent.json"))
    assert len(intent) == 2
    for name, (_, snapshot) in list(intent.items())[:done]:
        tables.spark.sql(f"CALL lake.system.set_current_snapshot('{name}', {snapshot})")

    reader, before = tables_of(settings), files_of(settings.lake.root)
    assert names(reader, FILMS) == names(reader, SHOWS) == ["New"]
    assert reader.has(FILMS)
    assert files_of(settings.lake.root) == before

    following = tables_of(settings)
    following.recover()
    assert names(following, FILMS) == names(following, SHOWS) == ["New"]
    assert settings.lake.storage.list("Publishing") == []
    put(following, FILMS, ("Newest", 2001))
    assert names(tables_of(settings)) == ["Newest"]


def test_a_reader_that_pinned_tables_sees_them_as_they_were(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    reader = tables_of(settings)
    reader.pin((FILMS, SHOWS))
    put(tables, FILMS, ("New", 2000))
    put(tables, SHOWS, ("New", 2000))
    assert names(reader, FILMS) == ["Old"]
    assert names(tables_of(settings), FILMS) == ["New"]


def test_what_a_failed_step_staged_is_not_published_by_the_next(tables, settings):
    def step(table, *rows):
        with tables.step():
            given_up = tables.stage(table, frame(tables, *rows))
            if given_up.count() > 1:
                raise QualityError("too many")

    with pytest.raises(QualityError):
        step(FILMS, ("Bad", 1), ("Worse", 2))
    step(SHOWS, ("Good", 3))
    assert names(tables, SHOWS) == ["Good"]
    with pytest.raises(LakeError):
        tables.read(FILMS)


def test_a_part_is_replaced_and_the_rest_stays(tables):
    put(tables, SHOWS, ("A", 1999), ("B", 2000))
    tables.stage(SHOWS, frame(tables, ("C", 2000)), replace="year = 2000")
    tables.publish()
    assert names(tables, SHOWS) == ["A", "C"]


def test_nothing_published_is_an_empty_table_not_a_missing_one(tables, settings):
    put(tables, FILMS)
    assert rows_of(tables_of(settings), FILMS) == []


def test_lakes_of_one_process_do_not_mix(tables, spark, tmp_path):
    other = tables_of(settings_at(tmp_path / "other"))
    put(tables, FILMS, ("Mine", 1999))
    put(other, FILMS, ("Theirs", 1999))
    assert (names(tables), names(other)) == (["Mine"], ["Theirs"])


def test_grain_and_comments_are_in_the_catalog(tables):
    put(tables, FILMS)
    rows = tables.spark.sql("DESCRIBE EXTENDED lake.Trusted.films").collect()
    comments = {row.col_name: row.comment for row in rows}
    assert comments["name"] == "What it's called, \\ and all"
    assert {row.col_name: row.data_type for row in rows}["Comment"] == FILMS.grain
    properties = {
        row.key: row.value
        for row in tables.spark.sql("SHOW TBLPROPERTIES lake.Trusted.films").collect()
    }
    assert properties["format-version"] == "2"
    assert properties["write.parquet.compression-codec"] == "zstd"


def test_progress_names_the_table(spark, settings):
    steps = []
    tables = Tables(tables_of(settings).spark, settings.lake, lambda *step: steps.append(step))
    put(tables, FILMS)
    assert ("write Trusted.films", 0, 0) in steps


def test_every_table_says_its_grain_and_has_its_key():
    for table in TABLES:
        assert table.grain.startswith("One row per ")
        assert set(table.key) | set(table.partitioned_by) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
        assert all(column.comment for column in table.columns)
    assert len({table.name for table in TABLES}) == len(TABLES)


def test_a_copied_lake_is_refused_and_the_original_stays_as_it_is(tables, settings, tmp_path):
    put(tables, FILMS, ("Old", 1999))
    shutil.copytree(settings.lake.root, tmp_path / "copy")
    before = files_of(settings.lake.root)
    copy = tables_of(settings_at(tmp_path / "copy"))
    refused = r"/copy/Trusted/films: the lake was moved or copied, .* points to /.*/lake/Trusted/"
    for act in (copy.read, copy.has, copy.prepare):
        with pytest.raises(LakeError, match=refused):
            act(FILMS)
    with pytest.raises(LakeError, match=refused):
        copy.stage(FILMS, frame(copy, ("New", 2000)))
    intent = tmp_path / "copy" / "Publishing" / "intent.json"
    intent.parent.mkdir(exist_ok=True)
    intent.write_text('{"lake.Trusted.films": [1, 2]}')
    with pytest.raises(LakeError, match=refused):
        tables_of(settings_at(tmp_path / "copy")).recover()
    assert files_of(settings.lake.root) == before


def test_a_lake_reached_by_a_link_is_the_same_lake(tables, settings, tmp_path):
    put(tables, FILMS, ("Old", 1999))
    (tmp_path / "link").symlink_to(settings.lake.root)
    assert names(tables_of(settings_at(tmp_path / "link"))) == ["Old"]


def files_of(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_a_query_may_name_no_table(tables):
    assert tables.query("select 1 as n").as_dicts() == [{"n": 1}]


def test_java_names_are_looked_up_once(spark):
    jvm = spark.sparkContext._jvm
    assert jvm.functions is jvm.functions
