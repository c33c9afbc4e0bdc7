"""A wild star: its answers, and its tables in another engine."""

import pytest
from support.answers import answers_of
from support.sql_oracle import create_base_views, create_oracle
from support.star_rows import SHARED, duck_tables, wild_star


@pytest.fixture(scope="session")
def answers(spark, tmp_path_factory):
    return answers_of(spark, wild_star(), tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="session")
def duck(tmp_path_factory):
    with duck_tables(wild_star(), tmp_path_factory.mktemp("duck")) as connection:
        create_base_views(connection, [table.name for table in SHARED])
        connection.execute(
            """create view newest_facts as
            select * from fact_title where load_date = (select max(load_date) from fact_title)"""
        )
        create_oracle(connection)
        yield connection
