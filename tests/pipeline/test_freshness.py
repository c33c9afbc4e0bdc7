"""What is older than promised is named."""

from datetime import UTC, datetime, timedelta

import pytest
from support.command import call

from datalake.pipeline.freshness import lake_figures, stale_parts

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ago(hours):
    return (NOW - timedelta(hours=hours)).isoformat()


def status(files=1, responses=1, table=1):
    folder = "Raw/Local/CSV/Movies"
    return {
        "source_files": [
            {"key": f"{folder}/2026/11/01/movies.csv", "at": ago(900)},
            {"key": f"{folder}/2026/11/20/movies.csv", "at": ago(files)},
        ],
        "tmdb": {"newest_run": {"started_at": ago(responses)}},
        "tables": [{"table": "Refined.dim_title", "at": ago(table)}],
    }


@pytest.mark.parametrize(
    ("hours", "lines"),
    [
        ({}, []),
        ({"files": 37}, ["Raw/Local/CSV/Movies: 37 h old"]),
        ({"responses": 37}, ["TMDB's responses: 37 h old"]),
        ({"table": 37}, ["Refined.dim_title: 37 h old"]),
        ({"files": 36, "responses": 36, "table": 36}, []),
    ],
)
def test_each_part_is_judged_by_its_newest(hours, lines):
    assert stale_parts(status(**hours), timedelta(hours=36), NOW) == lines


def test_what_is_not_there_is_not_fresh():
    empty = {"source_files": [], "tmdb": {"newest_run": None}, "tables": []}
    lines = ["source files: none", "TMDB's responses: none", "tables: none"]
    assert stale_parts(empty, timedelta(hours=36), NOW) == lines


def test_the_command_exits_with_1_where_something_is_too_old(tmp_path):
    (tmp_path / "lake" / "Raw").mkdir(parents=True)
    (tmp_path / "lake" / "Raw" / "note.txt").touch()
    code, output, _ = call(
        "status", "--lake", str(tmp_path / "lake"), "--max-age", "36h", cwd=tmp_path
    )
    assert (code, output.splitlines()[0]) == (1, "source files: none")
    code, _, errors = call(
        "status", "--lake", str(tmp_path / "lake"), "--max-age", "soon", cwd=tmp_path
    )
    assert code == 2
    assert "soon: not an age such as 36h or 8d" in errors


def test_a_metric_tells_the_same_age_and_the_rows():
    rows = [{"table": "Trusted.titles", "rows": 9}, {"table": "Trusted.quarantine", "rows": 2}]
    lake = status(files=2, responses=37, table=5)
    lake["tables"] = [table | {"at": ago(5)} for table in rows]
    assert lake_figures(lake, NOW) == {
        "oldest_hours": 37.0,
        "titles": 9,
        "tmdb_titles": 0,
        "quarantined_rows": 2,
    }


def test_an_empty_lake_has_no_age():
    empty = {"source_files": [], "tmdb": {"newest_run": None}, "tables": []}
    assert lake_figures(empty, NOW)["oldest_hours"] == 0
