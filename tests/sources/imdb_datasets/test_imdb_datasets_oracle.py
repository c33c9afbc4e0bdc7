"""Each table of IMDb's datasets, row by row as DuckDB makes it of the same files."""

import gzip
import sys
from collections import Counter

import pytest
from support.dataset_files import gz
from support.lakes import settings_at, tables_of
from support.paths import ROOT
from support.source_files import DAY

from datalake.demo.sample import write_sample
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.schemas import REFINED, TRUSTED
from datalake.schemas.trusted import RECONCILIATION
from datalake.sources.imdb_datasets.raw import CREW
from datalake.sources.ingestion import ingest

pytestmark = pytest.mark.slow

sys.path.append(str(ROOT / "benchmarks"))
import duckdb_datasets  # noqa: E402

TABLES = {f"{table.layer}.{table.name}": table for table in (*TRUSTED, *REFINED)}
COUNTS = """
    WITH listed AS (
        SELECT unnest(string_split(concat_ws(',', directors, writers), ',')) AS person_id
        FROM tsv('title.crew') SEMI JOIN titles ON tconst = title_id
        WHERE coalesce(directors, writers) IS NOT NULL)
    SELECT count(*) AS raw_rows, count_if(titleType IN ('movie', 'tvSeries', 'tvMiniSeries'))
        + (SELECT count(*) FROM episodes) AS trusted_rows, 0 AS dangling_rows, 0 AS dangling_ids
    FROM basics
    UNION ALL
    SELECT count(*), (SELECT count(imdb_rating) FROM titles)
        + (SELECT count(imdb_rating) FROM episodes),
        count_if(tconst NOT IN (SELECT tconst FROM basics)), 0
    FROM tsv('title.ratings')
    UNION ALL
    SELECT count(*), (SELECT count(*) FROM principals),
        count_if(tconst NOT IN (SELECT tconst FROM basics)
            OR tconst IN (SELECT title_id FROM titles)
            AND nconst NOT IN (SELECT person_id FROM names)), 0
    FROM tsv('title.principals')
    UNION ALL
    SELECT count(*), count_if(tconst IN (SELECT title_id FROM titles)),
        count_if(tconst NOT IN (SELECT tconst FROM basics)),
        (SELECT count(*) FROM listed WHERE person_id NOT IN (SELECT person_id FROM names))
    FROM tsv('title.crew')
    UNION ALL
    SELECT count(*), (SELECT count(*) FROM episodes),
        count_if(parentTconst NOT IN (SELECT tconst FROM basics)
            OR parentTconst IN (SELECT title_id FROM titles WHERE kind = 'series')
            AND tconst NOT IN (SELECT tconst FROM basics)), 0
    FROM tsv('title.episode')
    UNION ALL
    SELECT count(*), (SELECT count(*) FROM persons), 0, 0 FROM tsv('name.basics')
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, 60, source_format="imdb-datasets")
    crew = folder / CREW.name
    lines = gzip.decompress(crew.read_bytes())
    crew.write_bytes(gz(lines.replace(b"\tnm", b"\tnm9999999,nm", 40)))  # who has no row
    return folder


@pytest.fixture(scope="module")
def lake(spark, source, tmp_path_factory):
    """The tables of a lake of that sample."""
    settings = settings_at(tmp_path_factory.mktemp("datasets") / "lake")
    ingest(settings.lake, source, DAY)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    build_refined(tables, settings)
    return tables


@pytest.fixture(scope="module")
def oracle(source):
    with duckdb_datasets.build(source) as database:
        yield database


@pytest.mark.parametrize(
    ("name", "query"), list(duckdb_datasets.queries()), ids=lambda text: text[:30]
)
def test_a_table_is_as_duckdb_makes_it(lake, oracle, name, query):
    expected = oracle.sql(query)
    rows = lake.read(TABLES[name]).select(*expected.columns).collect()
    assert Counter(map(_text, rows)) == Counter(map(_text, expected.fetchall()))
    assert len(rows) > 1


def test_every_rows_fate_is_as_duckdb_counts_it(lake, oracle):
    columns = ("source", "raw_rows", "trusted_rows", "dangling_rows", "dangling_ids")
    rows = {row[0]: tuple(row[1:]) for row in lake.read(RECONCILIATION).select(*columns).collect()}
    assert sorted(rows.values()) == sorted(oracle.sql(COUNTS).fetchall())
    assert rows[CREW.name][-1] == 40


def _text(row):
    """The row as text; floats as short as they are equal in both engines."""
    return str([round(v, 9) if isinstance(v, float) else v for v in row])
