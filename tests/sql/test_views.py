"""The views: their order, their texts, their statements for Athena, the empty tables below them."""

import sqlglot
from sqlglot import expressions as exp

from datalake.questions.registry import ANSWERS, TABLES
from datalake.schemas import REFINED
from datalake.sql.connection import connect_empty
from datalake.sql.views import all_views


def test_every_view_says_its_question_and_its_grain():
    for view in all_views():
        first, second = view.text.splitlines()[:2]
        assert first.startswith("-- ")
        assert first.endswith("?")
        assert "One row per" in second
        assert f"CREATE OR REPLACE VIEW {view.name} AS" in view.text


def test_views_come_after_what_they_read():
    seen = {table.name for table in (*REFINED, *ANSWERS)}
    for view in all_views():
        assert view.dependencies <= seen
        seen.add(view.name)


def test_in_athena_every_table_has_the_database_of_its_layer():
    databases = {table.name: f"films_{table.layer.lower()}" for table in TABLES}
    for view in all_views():
        statement = sqlglot.parse_one(view.create_statement("films_"), read="athena")
        for table in statement.find_all(exp.Table):
            if table.name in databases:
                # The views are in Refined's database, whose tables need no name before theirs.
                assert (table.db or "films_refined") == databases[table.name]


def test_the_empty_tables_are_those_of_the_schemas():
    with connect_empty() as connection:
        for table in REFINED:
            described = connection.execute(f"describe {table.name}").fetchall()
            assert [name for name, *_ in described] == list(table.names)
