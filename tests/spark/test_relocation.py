"""A lake that was moved or copied: its tables point at its own folder, the original stays."""

import json
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import fastavro
import pytest
from pyiceberg.table import StaticTable
from support.films import FILMS, frame, names, put
from support.lakes import settings_at, tables_of

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.table_paths import RELOCATION, newest_metadata
from datalake.pipeline.status import read_status
from datalake.schemas.trusted import TITLES
from datalake.spark.maintenance import expire_snapshots, maintain
from datalake.spark.publishing import current_snapshot_id, load_table
from datalake.spark.relocation import moved_tables, relocate_tables
from datalake.sql.connection import connect

ONE_TITLE = ", ".join(
    f"CAST(NULL AS {column.type.replace('long', 'bigint')}) AS {column.name}"
    for column in TITLES.columns
)


@pytest.fixture(scope="module")
def original(spark, tmp_path_factory):
    """A lake with two loads of films, one of titles, and a stage that nobody published."""
    folder = tmp_path_factory.mktemp("original") / "lake"
    tables = tables_of(settings_at(folder))
    put(tables, FILMS, ("Old", 1999))
    put(tables, FILMS, ("New", 2000), ("Newer", 2001))
    tables.stage(TITLES, tables.spark.sql(f"SELECT {ONE_TITLE}"))
    tables.publish()
    tables.stage(FILMS, frame(tables, ("Staged", 2002)))
    return folder


@pytest.fixture
def copy(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "copy"))


def files_of(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def data_files(folder):
    """The data files of the films, as an outsider finds them: PyIceberg by the version hint."""
    io = {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}
    table = StaticTable.from_metadata(f"{folder}/Trusted/films", io)
    return [task.file.file_path for task in table.scan().plan_files()]


def metadata_of(folder):
    return json.loads((folder / newest_metadata(Lake(str(folder)), "Trusted/films")).read_text())


def assert_points_at(folder, other):
    """The metadata names files of `folder` that are there, and no file of `other`."""
    files = data_files(folder)
    assert files
    assert all(file.startswith(f"{folder}/") and Path(file).is_file() for file in files)
    for path in folder.rglob("metadata/*"):
        content = path.read_bytes()
        if path.suffix == ".avro":
            with path.open("rb") as file:
                content = str(list(fastavro.reader(file))).encode()
        assert str(other).encode() not in content, path


def test_a_copy_has_its_own_tables_and_the_original_stays_as_it_is(original, copy, caplog):
    before = files_of(original)
    relocate_tables(Lake(str(copy)))
    assert [record.getMessage() for record in caplog.records] == [
        f"{copy}: the lake was moved from {original}: its tables now point here"
    ]
    assert_points_at(copy, original)
    tables = tables_of(settings_at(copy))
    assert names(tables) == ["New", "Newer"]
    snapshots = [entry["snapshot-id"] for entry in metadata_of(original)["snapshot-log"]]
    roll_back_to(tables, snapshots[0])
    assert names(tables) == ["Old"]
    put(tables, FILMS, ("Mine", 2003))
    assert names(tables) == ["Mine"]
    expire_snapshots(tables, FILMS, timedelta(0), 1)
    maintain(tables, 0, 1)
    assert names(tables) == ["Mine"]
    assert files_of(original) == before
    assert data_files(original)


def roll_back_to(tables, snapshot):
    name = tables.name(FILMS)
    tables.spark.sql(f"CALL lake.system.set_current_snapshot('{name}', {snapshot})")
    assert current_snapshot_id(load_table(tables.spark, tables.lake, name)) == snapshot


def test_history_and_unpublished_stages_come_along(original, copy):
    def history(folder):
        metadata = metadata_of(folder)
        snapshots = [(s["snapshot-id"], s["summary"]) for s in metadata["snapshots"]]
        return snapshots, metadata["snapshot-log"], metadata["refs"], metadata["schemas"]

    relocate_tables(Lake(str(copy)))
    assert history(copy) == history(original)
    tables = tables_of(settings_at(copy))
    rows = {
        snapshot["snapshot-id"]: tables._rows_at(FILMS, snapshot["snapshot-id"]).count()
        for snapshot in metadata_of(copy)["snapshots"]
    }
    assert list(rows.values()) == [1, 2, 1]


def test_a_moved_lake_works_also_with_signs_in_its_path(original, tmp_path):
    old, new = tmp_path / "lake", tmp_path / "Meus Filmes, 100% ção"
    relocate_tables(Lake(str(shutil.copytree(original, old))))
    old.rename(new)
    relocate_tables(Lake(str(new)))
    assert_points_at(new, old)
    assert names(tables_of(settings_at(new))) == ["New", "Newer"]


def test_a_copy_of_a_copy(original, copy, tmp_path):
    for is_settled in (False, True):
        if is_settled:
            relocate_tables(Lake(str(copy)))
        second = Path(shutil.copytree(copy, tmp_path / f"second{is_settled}"))
        before = files_of(copy)
        relocate_tables(Lake(str(second)))
        assert_points_at(second, copy)
        assert files_of(copy) == before


class Killed(BaseException):
    """The process died here."""


class Dying:
    """A storage whose process dies at its nth file."""

    def __init__(self, storage, creations):
        self._storage, self._left = storage, creations

    @contextmanager
    def create(self, key):
        self._left -= 1
        if self._left < 0:
            raise Killed
        with self._storage.create(key) as file:
            yield file

    def __getattr__(self, name):
        return getattr(self._storage, name)


def kill_at(folder, creations):
    """Whether the relocation was killed before its end."""
    lake = Lake(str(folder))
    vars(lake)["storage"] = Dying(lake.storage, creations)
    try:
        relocate_tables(lake)
    except Killed:
        return True
    return False


def test_a_kill_at_any_point_is_made_good_by_the_next_run(original, tmp_path):
    creations = 0
    while True:
        folder = Path(shutil.copytree(original, tmp_path / f"at{creations}"))
        was_killed = kill_at(folder, creations)
        relocate_tables(Lake(str(folder)))
        assert_points_at(folder, original)
        assert not (folder / RELOCATION).exists()
        if not was_killed:
            break
        creations += 1
    assert creations > 10


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("creations", [1, 3, 6, 9])
def test_a_lake_moved_again_after_a_kill(original, tmp_path, back, creations):
    first, second = tmp_path / "first", tmp_path / "second"
    relocate_tables(Lake(str(shutil.copytree(original, first))))
    first.rename(second)
    assert kill_at(second, creations)
    third = first if back else tmp_path / "third"
    second.rename(third)
    relocate_tables(Lake(str(third)))
    assert_points_at(third, second)


def test_a_path_outside_the_old_lake_is_refused_before_anything_is_written(copy, original):
    path = copy / newest_metadata(Lake(str(copy)), "Trusted/films")
    metadata = json.loads(path.read_text())
    metadata["snapshots"][0]["manifest-list"] = "/elsewhere/snap-1.avro"
    path.write_text(json.dumps(metadata))
    before = files_of(copy)
    with pytest.raises(LakeError, match=r"films: its metadata names /elsewhere/snap-1\.avro"):
        relocate_tables(Lake(str(copy)))
    assert files_of(copy) == before


def test_a_copy_that_lacks_files_is_one_line(copy):
    next(copy.glob("Trusted/films/metadata/*-m0.avro")).unlink()
    with pytest.raises(LakeError, match=r"-m0\.avro: No such file or directory; copy"):
        relocate_tables(Lake(str(copy)))


def test_a_table_whose_version_hint_went_with_a_killed_writer_moves_too(original, tmp_path):
    """Iceberg deletes the hint before it renames the new one."""
    moved = Path(shutil.copytree(original, tmp_path / "moved"))
    for table in ("films", "titles"):
        (moved / f"Trusted/{table}/metadata/version-hint.text").unlink()
    lakes = Lake(str(original)), Lake(str(moved))
    before, after = (read_status(lake)["tables"] for lake in lakes)
    assert [row["rows"] for row in after] == [row["rows"] for row in before] == [1]
    relocate_tables(Lake(str(moved)))
    tables = tables_of(settings_at(moved))
    assert names(tables) == ["New", "Newer"]
    put(tables, FILMS, ("Newest", 2003))
    assert names(tables) == ["Newest"]


def test_a_lake_reached_by_a_link_is_not_rewritten(original, tmp_path):
    (tmp_path / "link").symlink_to(original)
    before = files_of(original)
    linked = Lake(str(tmp_path / "link"))
    assert moved_tables(linked) == []
    relocate_tables(linked)
    assert files_of(original) == before


def test_sql_and_status_read_a_moved_lake_and_write_nothing(original, tmp_path):
    moved = tmp_path / "moved"
    relocate_tables(Lake(str(shutil.copytree(original, tmp_path / "first"))))
    (tmp_path / "first").rename(moved)
    before = files_of(moved)
    with connect(Lake(str(moved))) as connection:
        assert connection.execute("SELECT count(*) FROM titles").fetchone() == (1,)
    (row,) = read_status(Lake(str(moved)))["tables"]
    assert (row["table"], row["rows"]) == ("Trusted.titles", 1)
    assert files_of(moved) == before
