"""Answers and page read by DuckDB: what Spark reads of the same lake."""

from dataclasses import replace

import pytest
from support.lakes import answer, answered, settings_at, tables_of
from support.source_files import ingested, line

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.pipeline.answers import answer_rows, build_answers
from datalake.pipeline.page_data import gather_page_data
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.questions.registry import TABLES
from datalake.sql.lake_query import lake_query

LINES = [line(id=f"tt000000{n}", nomeArtista=name) for n in range(1, 6) for name in ("Ana", "Bo")]


@pytest.fixture(scope="module")
def tables(spark, tmp_path_factory):
    settings = replace(settings_at(tmp_path_factory.mktemp("built") / "lake"), max_bad_share=1.0)
    ingested(settings.lake, tmp_path_factory.mktemp("source"), [*LINES, line(numeroVotos="many")])
    answered(settings.lake, *(answer(f"tt000000{n}", budget=n * 100) for n in range(1, 5)))
    tables = tables_of(settings)
    for build in (build_trusted, build_refined, build_answers):
        build(tables, settings)
    return tables


def test_both_engines_give_the_same_page_and_answers(tables):
    with lake_query(tables.lake) as query:
        data = gather_page_data(query, "0.1.0")
        assert data == gather_page_data(tables.query, "0.1.0")
        assert answer_rows(query) == answer_rows(tables.query)
    assert data.quarantine != []
    assert data.row_counts["Trusted.titles"] == len(data.chart_data["titles"]["year"]) == 6
    assert set(data.row_counts) == {f"{table.layer}.{table.name}" for table in TABLES}


def test_a_table_that_is_not_published_is_named(tmp_path):
    with (
        lake_query(Lake(str(tmp_path))) as query,
        pytest.raises(LakeError, match=r"no table Refined\.dim_title; run: datalake refined"),
    ):
        query("select * from {dim_title}")
