"""Old source files leave Raw; the newest and those that a snapshot of Trusted names stay."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from support.dataset_files import ROWS, write_datasets
from support.source_files import DAY

from datalake.cli.main import cli
from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.lease import leased
from datalake.pipeline.source_retention import purge_source_files
from datalake.sources.imdb_datasets.raw import BASICS, RATINGS
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import newest_source_file, source_files

KEEP = timedelta(days=30)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]  # in January


@pytest.fixture
def lake(tmp_path):
    """Three ratings of three days; all other files are of the first day only."""
    lake = Lake(str(tmp_path / "lake"))
    for number, day in enumerate(OLD, 1):
        rows = {RATINGS: ROWS[RATINGS] * number}
        ingest(lake, write_datasets(tmp_path / "imdb", rows), day)
    return lake


def days(lake, spec):
    return [file.day for file in source_files(lake, spec)]


def built_of(lake, *files):
    """A snapshot of a Trusted table that was built of the files."""
    inputs = json.dumps({"files": [file.id for file in files]})
    summaries = [{"datalake.inputs": inputs}, {}]
    snapshots = [
        {"snapshot-id": n, "manifest-list": "", "summary": s} for n, s in enumerate(summaries)
    ]
    place = lake.storage.url("Trusted/titles")
    with lake.storage.create("Trusted/titles/metadata/v1.metadata.json") as file:
        file.write(json.dumps({"location": place, "snapshots": snapshots}).encode())


def test_what_is_old_goes_and_the_newest_stays(lake):
    gone = purge_source_files(lake, KEEP, NOW)
    assert [(file.spec, file.day) for file in gone] == [(RATINGS, OLD[0]), (RATINGS, OLD[1])]
    assert (days(lake, RATINGS), days(lake, BASICS)) == ([OLD[2]], [OLD[0]])
    folder = "Raw/IMDb/TSV/TitleRatings"
    assert all(key.startswith(f"{folder}/2026/01/12/") for key in lake.storage.list(folder))


def test_ids_go_with_their_file(lake, tmp_path):
    ingest(lake, write_datasets(tmp_path / "imdb", {BASICS: ROWS[BASICS][:1]}), OLD[1])
    purge_source_files(lake, KEEP, NOW)
    key = newest_source_file(lake, BASICS).key
    assert lake.storage.list("Raw/IMDb/TSV/TitleBasics") == sorted(
        [key, f"{key}.ids.tsv.gz", f"{key}.manifest.json"]
    )


def test_what_a_snapshot_was_built_of_stays(lake):
    built_of(lake, source_files(lake, RATINGS)[0])
    assert [file.day for file in purge_source_files(lake, KEEP, NOW)] == [OLD[1]]
    assert days(lake, RATINGS) == [OLD[0], OLD[2]]


@pytest.mark.parametrize(("keep", "left"), [(48, 3), (47, 2), (1, 1)])
def test_days_count_from_the_file_s_day(lake, keep, left):
    purge_source_files(lake, timedelta(days=keep), datetime(2026, 2, 27, tzinfo=UTC))
    assert len(days(lake, RATINGS)) == left


def test_killed_in_the_middle_the_next_run_ends_it(lake, monkeypatch):
    delete = lake.storage.delete

    def die(key):
        if key.endswith("manifest.json"):
            raise KeyboardInterrupt
        delete(key)

    monkeypatch.setattr(lake.storage, "delete", die)
    with pytest.raises(KeyboardInterrupt):
        purge_source_files(lake, KEEP, NOW)
    monkeypatch.undo()
    assert len(purge_source_files(lake, KEEP, NOW)) == 2
    assert len(lake.storage.list("Raw/IMDb/TSV/TitleRatings")) == 2


def test_not_beside_an_ingestion(lake):
    with leased(lake.storage, "raw", "ingest"), pytest.raises(LakeError, match="ingest"):
        purge_source_files(lake, KEEP, NOW)


def test_the_command_keeps_them_all_unless_told(lake):
    def run(*words):
        return CliRunner().invoke(cli, ["purge", "--lake", lake.root, *words])

    run()
    assert len(days(lake, RATINGS)) == 3
    result = run("--keep-source-days", "1", "--dry-run")
    keys = [file.key for file in source_files(lake, RATINGS)[:2]]
    assert result.stdout.split() == keys
    assert "2 source files of " in result.stderr
    assert "bytes would be removed" in result.stderr
    assert len(days(lake, RATINGS)) == 3
    assert run("--keep-source-days", "1").stdout.split() == keys
    assert len(days(lake, RATINGS)) == 1
