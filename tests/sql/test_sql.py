"""`datalake sql` and the views, on Iceberg tables as the steps write them."""

import csv
import json
import shutil
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pytest
from click.testing import CliRunner
from support.command import call
from support.sql_oracle import (
    PAIRS,
    answer_rows,
    create,
    create_oracle,
    differences_from_answers,
    differences_from_oracle,
    oracle_views,
)

from datalake.cli.main import cli
from datalake.core.errors import LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.core.table_paths import newest_metadata
from datalake.pipeline.status import read_status
from datalake.schemas import REFINED
from datalake.schemas.trusted import TITLES
from datalake.sql.connection import connect
from datalake.sql.query import run_query, write_rows


@pytest.fixture(scope="module")
def lake(home, ran):
    """The lake of a whole run."""
    assert ran[0] == 0, ran[2]
    return Lake(str(home / "demo/lake"))


@pytest.fixture(scope="module")
def connection(lake):
    with connect(lake) as connection:
        create_oracle(connection)
        yield connection


def run(lake, *words):
    """The command's output; an error of ours is raised."""
    arguments = ["sql", "--lake", lake.root, *words]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False).output


def fails(lake, *words):
    """The one line that the command ends with."""
    error = CliRunner().invoke(cli, ["sql", "--lake", lake.root, *words]).exception
    assert isinstance(error, SettingsError | LakeError)
    assert "\n" not in str(error)
    return str(error)


def test_rows_stand_below_each_other_if_you_wish(lake):
    query = "select 1 as n, null as no_value, 'Cidade\nde Deus' as title union all select 2, 3, 'Z'"
    assert run(lake, "--vertical", query) == (
        "─── row 1 ───\n       n  1\nno_value\n   title  Cidade de Deus\n"
        "─── row 2 ───\n       n  2\nno_value  3\n   title  Z\n"
    )


@pytest.mark.parametrize("view", PAIRS)
def test_sql_computes_the_same_answers(connection, view):
    differences, compared = differences_from_answers(
        connection, view, partial(answer_rows, connection)
    )
    assert differences == []
    assert compared > 10


@pytest.mark.parametrize("view", PAIRS)
def test_views_show_what_sql_computes(connection, view):
    differences, compared = differences_from_oracle(connection, view)
    assert differences == []
    assert compared > 10


def test_a_wrong_figure_would_be_noticed(lake):
    with connect(lake) as other:
        create_oracle(other)
        (view,) = (view for view in oracle_views() if view.name == "trends_per_decade")
        wrong = view.select_statement("duckdb").replace("10 *", "10.0001 *")
        create(other, view, wrong)
        answers = partial(answer_rows, other)
        assert differences_from_answers(other, "trends_per_decade", answers)[0] != []
        assert differences_from_oracle(other, "trends_per_decade")[0] != []


def test_tables_have_the_rows_that_were_published(connection, lake):
    expected = {row["table"]: row["rows"] for row in read_status(lake)["tables"]}
    counts = {
        name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in expected
    }
    assert counts == expected


def test_a_lake_without_answers_has_the_other_views(lake, tmp_path):
    copy = tmp_path / "lake"
    (copy / "Refined").mkdir(parents=True)
    for table in REFINED:
        (copy / "Refined" / table.name).symlink_to(Path(lake.root) / "Refined" / table.name)
    output = run(Lake(str(copy)))
    assert "titles_by_genre" in output
    assert "popularity_and_cost" not in output


def test_columns_that_an_older_table_lacks_are_null(lake, tmp_path):
    copy = tmp_path / "lake"
    shutil.copytree(Path(lake.root) / "Answers/q2_people", copy / "Answers/q2_people")
    for file in (copy / "Answers/q2_people/metadata").glob("*.metadata.json"):
        older = json.loads(file.read_text())
        for schema in older["schemas"]:
            schema["fields"] = [f for f in schema["fields"] if f["name"] != "chance_of_first"]
        file.write_text(json.dumps(older))
    with connect(Lake(str(copy))) as other:
        query = "select count(*), count(score), count(chance_of_first) from best_rated_people"
        rows, scores, chances = other.execute(query).fetchone()
        assert rows == scores > chances == 0


def test_a_table_is_printed(lake):
    output = run(lake, "select genre, in_scope from dim_genre where in_scope order by genre")
    assert "genre" in output
    assert "Crime" in output
    assert "True" in output


def test_long_results_say_how_much_more_there_is(lake):
    output = run(lake, "select * from range(1000)")
    assert "… and 800 rows more" in output


def test_without_a_query_it_lists_tables_and_questions(lake):
    output = run(lake)
    assert "Are films that cost more more popular?" in output
    assert "One row per title and load." in output


def test_rows_go_to_files(connection, lake, tmp_path):
    query = "select row_number() over (order by genre), genre from dim_genre where in_scope -- all"
    assert "2 rows" in run(lake, query, "--output", str(tmp_path / "genres.csv"))
    for suffix in ("parquet", "json"):
        assert write_rows(connection, query, tmp_path / f"genres.{suffix}") == 2
    rows = [(1, "Crime"), (2, "War")]
    with (tmp_path / "genres.csv").open() as file:
        assert [(int(key), genre) for key, genre in list(csv.reader(file))[1:]] == rows
    written = json.loads((tmp_path / "genres.json").read_text())
    assert [tuple(row.values()) for row in written] == rows
    assert duckdb.sql(f"from '{tmp_path / 'genres.parquet'}'").fetchall() == rows
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("select * frm dim_title", "syntax error"),
        ("select nope from dim_title", 'column "nope" not found'),
        ("select * from nope", "nope does not exist"),
        ("select cast('x' as int)", "Could not convert"),
        ("drop view dim_title", "DROP can't be done; the lake is read only"),
        ("insert into dim_genre values (1)", "INSERT can't be done"),
        ("copy dim_genre to 'x.csv'", "COPY can't be done"),
        ("set memory_limit = '1GB'", "SET can't be done"),
        ("attach 'x.db'", "ATTACH can't be done"),
        ("select 1; select 2", "2 statements; give one"),
        (" ; ", "0 statements"),
    ],
)
def test_queries_that_can_not_run_end_in_one_line(connection, query, says):
    with pytest.raises(SettingsError) as error:
        run_query(connection, query)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("query", "name", "says"),
    [
        ("select 1", "a.txt", "must end in .csv, .parquet, .json"),
        ("select 1", "no/a.csv", "there is no folder"),
        ("select cast('x' as int)", "a.csv", "Could not convert"),
        ("drop view dim_title", "a.csv", "the lake is read only"),
    ],
)
def test_outputs_that_can_not_be_written_leave_nothing(connection, tmp_path, query, name, says):
    with pytest.raises(SettingsError) as error:
        write_rows(connection, query, tmp_path / name)
    assert says in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_lake_without_tables_and_one_on_s3_are_refused(tmp_path):
    assert "there is no lake" in fails(Lake(str(tmp_path)), "select 1")
    assert "query this one in Athena" in fails(Lake("s3://bucket/lake"), "select 1")


def test_a_lost_file_is_named(tmp_path):
    copy = tmp_path / "lake"
    folder = copy / "Refined/dim_genre/metadata"
    folder.mkdir(parents=True)
    (folder / "version-hint.text").write_text("99")
    message = fails(Lake(str(copy)), "select 1")
    assert str(folder / "v99.metadata.json") in message


def test_a_table_that_was_never_published_is_left_out(lake, tmp_path):
    copy = tmp_path / "lake"
    (copy / "Refined").mkdir(parents=True)
    (copy / "Refined/dim_genre").symlink_to(Path(lake.root) / "Refined/dim_genre")
    created = copy / "Refined/dim_title/metadata"
    created.mkdir(parents=True)
    fields = json.loads(
        Path(lake.root, newest_metadata(lake, "Refined/dim_genre")).read_text(encoding="utf-8")
    )
    fields |= {"location": str(created.parent), "current-snapshot-id": -1}
    fields |= {"refs": {}, "snapshots": [], "snapshot-log": [], "metadata-log": []}
    (created / "v1.metadata.json").write_text(json.dumps(fields))
    assert "dim_genre" in run(Lake(str(copy)))
    assert "nope does not exist" not in run(Lake(str(copy)), "select count(*) from dim_genre")
    assert "dim_title does not exist" in fails(Lake(str(copy)), "select 1 from dim_title")


def test_readers_see_what_a_run_killed_in_publishing_was_about_to(tables, settings, monkeypatch):
    cells = (
        f"CAST(NULL AS {column.type.replace('long', 'bigint')}) AS {column.name}"
        for column in TITLES.columns
    )
    rows = tables.spark.sql(f"SELECT {', '.join(cells)}")
    tables.stage(TITLES, rows)
    tables.publish()
    tables.stage(TITLES, rows.union(rows))
    killed = Mock(side_effect=RuntimeError("killed"))
    with monkeypatch.context() as patch:
        patch.setattr("datalake.spark.tables.apply_intent", killed)
        with pytest.raises(RuntimeError, match="killed"):
            tables.publish()
    with connect(settings.lake) as duck:
        assert duck.execute("SELECT count(*) FROM titles").fetchone() == (2,)
    assert [table["rows"] for table in read_status(settings.lake)["tables"]] == [2]
    tables.recover()
    assert tables.read(TITLES).count() == 2


def test_the_command_ends_with_one_line_and_status_1(lake, tmp_path):
    status, output, errors = call("sql", "--lake", lake.root, "select nope", cwd=tmp_path)
    assert (status, output) == (1, "")
    assert errors.startswith("datalake: sql: ")
    assert errors.count("\n") == 1
