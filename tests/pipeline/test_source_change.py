"""A lake that goes from the CSV files to the datasets: the same titles, and earlier loads stay."""

from datetime import date

import pytest
from support.lakes import rows_of, settings_at, tables_of

from datalake.demo.sample import write_sample
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.refined import DIM_PERSON, DIM_TITLE, FACT_SEASON, FACT_TITLE
from datalake.sources.ingestion import ingest

FIRST, THEN = date(2026, 1, 1), date(2026, 1, 2)

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def changed(spark, tmp_path_factory):
    """The lake's tables after both loads, fact_title's rows after the first, and what was told."""
    folder = tmp_path_factory.mktemp("change")
    tables = tables_of(settings_at(folder / "lake"))
    told, first = [], []
    for day, name in ((FIRST, "imdb-csv"), (THEN, "imdb-datasets")):
        sample = write_sample(folder / name, 200, source_format=name).folder
        settings = settings_at(folder / "lake", day=day)
        ingest(settings.lake, sample, day, source_name=name, tell=told.append)
        build_trusted(tables, settings)
        build_refined(tables, settings)
        first = first or rows_of(tables, FACT_TITLE)
    return tables, first, told


def test_one_line_says_what_the_change_means(changed):
    (line,) = changed[2]
    assert line.startswith("from 2026-01-02 on this lake's titles are of imdb-datasets")
    assert "earlier loads of fact_title stay" in line


def test_earlier_loads_are_as_they_were_and_the_titles_are_the_same(changed):
    tables, first, _ = changed
    loads = {day: [] for day in (FIRST, THEN)}
    for row in rows_of(tables, FACT_TITLE):
        loads[row["load_date"]].append(row)
    assert loads[FIRST] == first
    before, now = ({row["title_key"] for row in loads[day]} for day in (FIRST, THEN))
    known = {row["title_key"] for row in rows_of(tables, DIM_TITLE)}
    assert before < now <= known
    votes = {row["title_key"]: row["imdb_votes"] for row in loads[THEN]}
    assert all(row["imdb_votes"] == votes[row["title_key"]] for row in first)


def test_people_have_ids_and_series_have_seasons_now(changed):
    tables, _, _ = changed
    people = [row["person_id"] for row in rows_of(tables, DIM_PERSON) if row["person_key"]]
    assert None not in people
    assert len(set(people)) == len(people)
    assert {row["source"] for row in rows_of(tables, FACT_SEASON)} == {"imdb"}
