"""`datalake sql` and the views, on Iceberg tables as the steps write them."""

import csv
import json
from functools import partial

import duckdb
import pytest
from click.testing import CliRunner
from support.command import call
from support.sql_answers import PAIRS, answered, differences

from datalake.cli.main import cli
from datalake.core.errors import LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.pipeline.status import status
from datalake.schemas import REFINED
from datalake.sql.connection import connect, empty
from datalake.sql.query import ask, write
from datalake.sql.views import views


@pytest.fixture(scope="module")
def lake(home, ran):
    """The lake of a whole run."""
    assert ran[0] == 0, ran[2]
    return Lake(str(home / "demo/lake"))


@pytest.fixture(scope="module")
def connection(lake):
    with connect(lake) as found:
        yield found


def run(lake, *words):
    """The command's output; an error of ours is raised."""
    ran = CliRunner().invoke(cli, ["sql", "--lake", lake.root, *words], catch_exceptions=False)
    return ran.output


def fails(lake, *words):
    """The one line that the command ends with."""
    found = CliRunner().invoke(cli, ["sql", "--lake", lake.root, *words]).exception
    assert isinstance(found, SettingsError | LakeError)
    assert "\n" not in str(found)
    return str(found)


@pytest.mark.parametrize("view", PAIRS)
def test_views_say_what_the_answers_say(connection, view):
    found, compared = differences(connection, view, partial(answered, connection))
    assert found == []
    assert compared > 10


def test_a_wrong_view_would_be_noticed(lake):
    with connect(lake) as other:
        (view,) = (one for one in views() if one.name == "trends_per_decade")
        wrong = view.select("duckdb").replace("10 *", "10.0001 *")
        other.execute(f"create or replace view refined.trends_per_decade as {wrong}")
        answers = partial(answered, other)
        assert differences(other, "trends_per_decade", answers)[0] != []


def test_tables_have_the_rows_that_were_published(connection, lake):
    told = {row["table"]: row["rows"] for row in status(lake)["tables"]}
    found = {
        name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in told
    }
    assert found == told


def test_every_view_says_its_question_and_its_grain():
    for view in views():
        first, second = view.text.splitlines()[:2]
        assert first.startswith("-- ")
        assert first.endswith("?")
        assert "One row per" in second
        assert f"CREATE OR REPLACE VIEW {view.name} AS" in view.text


def test_views_come_after_what_they_read():
    seen = {table.name for table in REFINED}
    for view in views():
        assert view.reads <= seen
        seen.add(view.name)


def test_the_empty_tables_are_those_of_the_schemas():
    with empty() as connection:
        for table in REFINED:
            found = connection.execute(f"describe {table.name}").fetchall()
            assert [name for name, *_ in found] == list(table.names)


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
        assert write(connection, query, tmp_path / f"genres.{suffix}") == 2
    rows = [(1, "Crime"), (2, "War")]
    with (tmp_path / "genres.csv").open() as file:
        assert [(int(key), genre) for key, genre in list(csv.reader(file))[1:]] == rows
    found = json.loads((tmp_path / "genres.json").read_text())
    assert [tuple(row.values()) for row in found] == rows
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
def test_what_can_not_be_done_is_one_line(connection, query, says):
    with pytest.raises(SettingsError) as told:
        ask(connection, query)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


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
    with pytest.raises(SettingsError) as told:
        write(connection, query, tmp_path / name)
    assert says in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_a_lake_without_tables_and_one_on_s3_are_told(tmp_path):
    assert "no tables yet; run: datalake run" in fails(Lake(str(tmp_path)), "select 1")
    assert "query this in Athena" in fails(Lake("s3://bucket/lake"), "select 1")


def test_a_lost_file_is_told(tmp_path):
    copy = tmp_path / "lake"
    folder = copy / "Refined/dim_genre/metadata"
    folder.mkdir(parents=True)
    (folder / "version-hint.text").write_text("99")
    assert "v99.metadata.json: can't read the table" in fails(Lake(str(copy)), "select 1")


def test_the_command_ends_with_one_line_and_status_1(lake, tmp_path):
    status, output, errors = call("sql", "--lake", lake.root, "select nope", cwd=tmp_path)
    assert (status, output) == (1, "")
    assert errors.startswith("datalake: sql: ")
    assert errors.count("\n") == 1
