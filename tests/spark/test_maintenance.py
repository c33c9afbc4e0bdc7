"""Lakes of other versions, snapshots that go, tables that go back."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from support.command import call
from support.films import FILMS, frame, names, put
from support.lakes import settings_at, tables_of

from datalake.core.errors import LakeError, SettingsError
from datalake.pipeline.status import read_status
from datalake.schemas.trusted import TITLES
from datalake.spark.maintenance import expire_snapshots, maintain, referenced_files, roll_back
from datalake.spark.publishing import current_snapshot_id, load_table

pytestmark = pytest.mark.slow


def test_two_that_publish_one_table_do_not_undo_one_another(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    other = tables_of(settings)
    tables.stage(FILMS, frame(tables, ("Mine", 2000)))
    other.stage(FILMS, frame(other, ("Theirs", 2001)))
    other.publish()
    with pytest.raises(LakeError, match=r"another run has published lake\.Trusted\.films"):
        tables.publish()
    assert names(tables) == ["Theirs"]
    assert "Publishing/intent.json" not in settings.lake.storage.list("Publishing")


def test_an_intent_of_the_dead_does_not_undo_what_came_after(tables, settings):
    put(tables, FILMS, ("Old", 1999))
    old = current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(FILMS)))
    put(tables, FILMS, ("Newer", 2000))
    put(tables, FILMS, ("Newest", 2001))
    with settings.lake.storage.create("Publishing/intent.json") as file:
        file.write(b'{"lake.Trusted.films": [1, %d]}' % old)
    next_run = tables_of(settings)
    assert names(next_run) == ["Newest"]
    next_run.recover()
    assert names(next_run) == ["Newest"]
    assert "Publishing/intent.json" not in settings.lake.storage.list("Publishing")


def test_a_table_goes_back_to_a_snapshot_that_was_current(tables):
    rows = tables.spark.createDataFrame([], TITLES.ddl)
    tables.stage(TITLES, rows)
    tables.publish()
    first = current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES)))
    tables.stage(TITLES, rows)
    tables.publish()
    tables.stage(TITLES, rows)
    staged = tables._staged[tables.name(TITLES)].swap.new
    with pytest.raises(SettingsError, match=r"^--snapshot \d+: Trusted\.titles was never that"):
        roll_back(tables, "Trusted.titles", staged)
    roll_back(tables, "Trusted.titles", first)
    assert current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES))) == first
    with pytest.raises(SettingsError, match=r"^--table Trusted\.tittles: the lake has no such"):
        roll_back(tables, "Trusted.tittles", first)


def test_maintenance_leaves_the_last_snapshots_and_their_rows(tables, settings):
    row = f"SELECT {', '.join(f'CAST(NULL AS {c.type}) AS {c.name}' for c in TITLES.columns)}"
    for _ in range(4):
        tables.stage(TITLES, tables.spark.sql(row.replace("long", "bigint")))
        tables.publish()
    before = settings.lake.storage.list("Trusted/titles/data")
    assert expire_snapshots(tables, TITLES, timedelta(days=30), 1) == 0
    assert expire_snapshots(tables, TITLES, timedelta(0), 2) == 2
    assert len(settings.lake.storage.list("Trusted/titles/data")) < len(before)
    assert tables.read(TITLES).count() == 1


TITLE = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in TITLES.columns)
A_TITLE = f"SELECT {TITLE}".replace("long", "bigint")


def put_title(tables):
    tables.stage(TITLES, tables.spark.sql(A_TITLE))
    tables.publish()


def aged(folder, days=4):
    """Make every file of the folder that old."""
    then = time.time() - days * 86_400
    for path in Path(folder).rglob("*"):
        os.utime(path, (then, then))


def test_maintenance_spares_what_a_run_at_work_has_staged(tables, settings):
    put_title(tables)
    tables.stage(TITLES, tables.spark.sql(f"{A_TITLE} UNION ALL {A_TITLE}"))
    aged(settings.lake.root)
    (removed,) = maintain(tables_of(settings), 0, 1)
    assert (removed.snapshots, removed.orphans) == (0, [])
    tables.publish()
    assert tables.read(TITLES).count() == 2


def test_maintenance_deletes_old_orphans_alone_and_a_dry_run_nothing(tables, settings, tmp_path):
    put_title(tables)
    put_title(tables)
    folder = Path(settings.lake.root) / "Trusted/titles"
    hint = "metadata/0a-version-hint.temp"
    kept = ("data/notes.txt", "data/.hidden")
    for name in ("data/old.parquet", "metadata/old-m0.avro", hint, *kept):
        (folder / name).write_text("left behind")
    outside = tmp_path / "outside.parquet"
    outside.write_text("another's")
    (folder / "data/link.parquet").symlink_to(outside)
    aged(tmp_path)
    (folder / "data/young.parquet").write_text("of a run at work")
    before = files_of(settings.lake.root)
    (would,) = maintain(tables, 0, 1, dry_run=True)
    assert files_of(settings.lake.root) == before
    (removed,) = maintain(tables, 0, 1)
    old = ["data/link.parquet", "data/old.parquet", hint, "metadata/old-m0.avro"]
    assert removed.orphans == would.orphans == [f"Trusted/titles/{name}" for name in old]
    assert removed.snapshots == would.snapshots == 1
    assert outside.read_text() == "another's"
    for name in (*kept, "data/young.parquet"):
        assert (folder / name).exists()
    assert tables.read(TITLES).count() == 1


def test_maintenance_of_a_lake_reached_by_a_link_deletes_nothing_it_needs(
    tables, settings, tmp_path
):
    put_title(tables)
    (tmp_path / "link").symlink_to(settings.lake.root)
    linked = tables_of(settings_at(tmp_path / "link"))
    put_title(linked)
    aged(settings.lake.root)
    (removed,) = maintain(linked, 30, 5)
    assert (removed.snapshots, removed.orphans) == (0, [])
    assert tables.read(TITLES).count() == 1


def test_maintenance_while_the_lake_is_written(tables, settings):
    put_title(tables)
    writer = tables_of(settings)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [put_title(writer) for _ in range(6)])
        while not writing.done():
            maintain(tables_of(settings), 0, 1)
        writing.result()
    assert tables.read(TITLES).count() == 1
    missing = [
        key for key in referenced_files(tables) if not (Path(settings.lake.root) / key).exists()
    ]
    assert missing == []


def files_of(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_upkeep_of_a_copy_deletes_nothing_of_the_original(tables, settings, tmp_path):
    tables.stage(TITLES, tables.spark.createDataFrame([], TITLES.ddl))
    tables.publish()
    shutil.copytree(settings.lake.root, tmp_path / "copy")
    before = settings.lake.storage.list("")
    words = ("maintain", "--lake", tmp_path / "copy", "--keep-days", "0", "--memory", "1g")
    status, _, errors = call(*words, cwd=tmp_path)
    assert (status, "Traceback" in errors) == (0, False)
    assert f"the lake was moved from {settings.lake.root}: its tables now point here" in errors
    assert settings.lake.storage.list("") == before


def test_the_commands_set_back_and_tidy_up(tables, settings, tmp_path):
    rows = tables.spark.createDataFrame([], TITLES.ddl)
    for _ in range(2):
        tables.stage(TITLES, rows)
        tables.publish()
    (row,) = read_status(settings.lake)["tables"]
    newest, first = (snapshot["id"] for snapshot in row["snapshots"])
    where = ("--lake", settings.lake.root, "--memory", "1g")
    words = ("rollback", *where, "--table", "Trusted.titles", "--snapshot")
    assert call(*words, first, cwd=tmp_path)[:2] == (0, f"Trusted.titles is at {first}\n")
    assert current_snapshot_id(load_table(tables.spark, tables.lake, tables.name(TITLES))) == first
    key = "Raw/Local/CSV/Movies/2026/01/10/movies.csv"
    with settings.lake.storage.create(key) as file:
        file.write(b"id|genero\n")
    ended, output, _ = call("maintain", *where, "--keep-days", "0", "--keep", "1", cwd=tmp_path)
    assert (ended, output.splitlines()) == (
        0,
        [
            "Trusted.titles: 1 snapshots, 0 orphaned files deleted",
            f"{key}: has no manifest, so no step reads it; ingest it again, or delete it",
        ],
    )
    assert settings.lake.storage.holds("Raw")
    assert call(*words, newest, cwd=tmp_path)[0] == 1
